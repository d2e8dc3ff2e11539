"""A received call: as handlers read it, and as the log keeps it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request

Parameters = ImmutableMultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP call with its parameters, read completely."""

    method: str
    path: str
    query: Parameters
    form: Parameters
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    query_string: str = ""
    object_id: int = 0
    object_name: str = ""
    json: Mapping[str, object] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        """A parameter, from the form or else from the query; None where absent or empty."""
        return self.form.get(name) or self.query.get(name) or None

    @property
    def bearer(self) -> str:
        """The access token of the header."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def basic(self) -> tuple[str, str] | None:
        """User and password of HTTP Basic."""
        scheme, _, encoded = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return user, password


@dataclass(frozen=True, slots=True)
class ReceivedCall:
    """A line of the log. `endpoint` names the kind of call, `status` is None where the connection was dropped.

    `athlete_id` is whose access token came with the call. Secrets are not kept.
    """

    at: datetime
    method: str
    path: str
    endpoint: str
    athlete_id: int | None
    status: int | None
    query: Mapping[str, str] = field(default_factory=dict)


_SECRETS = {"client_secret", "access_token", "refresh_token", "code", "token", "verify_token"}


def without_secrets(parameters: Parameters) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if name not in _SECRETS}


async def read_call(request: Request) -> Call:
    """Read a request to its end."""
    async with request.form() as form:
        fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    return Call(
        method=request.method,
        path=request.url.path,
        query=ImmutableMultiDict(request.query_params.multi_items()),
        form=ImmutableMultiDict(fields),
        headers=request.headers,
        cookies=request.cookies,
        query_string=request.url.query,
        object_id=number if isinstance(number := request.path_params.get("id"), int) else 0,
        object_name=str(request.path_params.get("id", "")),
        json=await _json(request),
    )


async def _json(request: Request) -> dict[str, object]:
    """A JSON object in the body; what cannot be read as one says nothing."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        return {}
    try:
        content = json.loads(await request.body())
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
