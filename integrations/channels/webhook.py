"""Webhooks by the Standard Webhooks specification: signed JSON to an address the runner gives."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import ssl
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_serializer, field_validator
from pydantic_core import to_jsonable_python
from standardwebhooks import Webhook

from integrations.addresses import GuardedTransport, Refused, Resolver, check_url, resolve
from integrations.channels import Channel, Surroundings
from integrations.channels.message import Message
from integrations.clock import Clock, wall_clock
from integrations.errors import GiveUp, RetryLater

TIMEOUT_S = 15.0
USER_AGENT = "Afterrun"
SECRET_PREFIX = "whsec_"  # noqa: S105 the form of a secret, not one
SECRET_BYTES = range(24, 65)  # the specification's bounds
KEPT_ANSWER_CHARS = 500
LONGEST_WAIT = timedelta(days=1)

#: Answers that say "not now" rather than "no"; every 5xx says so too.
NOT_NOW = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


class Gone(GiveUp):
    """The receiver answered 410: it wants no further messages."""


def new_secret(token_bytes: Callable[[int], bytes] = secrets.token_bytes) -> SecretStr:
    """A fresh signing secret in the form receivers' libraries read: `whsec_` and 32 bytes in base64."""
    return SecretStr(SECRET_PREFIX + base64.b64encode(token_bytes(32)).decode())


class Address(BaseModel):
    """Where to post, and the secret that signs. JSON holds the secret in clear: it is what is stored, encrypted."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    url: str = Field(max_length=2000)
    secret: SecretStr = Field(default_factory=new_secret)

    @field_validator("secret")
    @classmethod
    def _check_secret(cls, secret: SecretStr) -> SecretStr:
        text = secret.get_secret_value()
        with suppress(binascii.Error, ValueError):
            if text.startswith(SECRET_PREFIX) and len(_key(text)) in SECRET_BYTES:
                return secret
        raise ValueError("A signing secret is whsec_ followed by 24 to 64 bytes in base64; leave it out for a new one.")

    @field_serializer("secret", when_used="json")
    def _reveal(self, secret: SecretStr) -> str:
        return secret.get_secret_value()


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)


def guarded_address(local_targets: Collection[str]) -> type[Address]:
    """`Address` that takes no private or plain-http target, except those the operator allows."""

    class GuardedAddress(Address):
        @field_validator("url")
        @classmethod
        def _check_url(cls, url: str) -> str:
            return check_url(url, local_targets)

    return GuardedAddress


class WebhookChannel:
    """Posts each message once, signed; follows no redirect and uses no proxy."""

    code: str = "webhook"

    def __init__(
        self,
        local_targets: Collection[str] = (),
        *,
        clock: Clock = wall_clock,
        tls: ssl.SSLContext | None = None,
        resolver: Resolver = resolve,
    ) -> None:
        self.Address: type[BaseModel] = guarded_address(local_targets)
        self._local_targets = local_targets
        self._clock = clock
        self._tls = tls or httpx.create_ssl_context()
        self._resolver = resolver

    def send(self, address: Address, message: Message) -> str:
        """Post and judge the answer. Returns e.g. `200 OK`; raises `RetryLater`, `GiveUp` or `Gone`."""
        url, host = address.url, httpx.URL(address.url).host
        body = payload(message)
        headers = signed_headers(address.secret, message.id, self._clock(), body)
        try:
            with self._client() as client, client.stream("POST", url, content=body, headers=headers) as response:
                return judge(response, host, self._clock())
        except Refused as refused:
            raise GiveUp(str(refused)) from None
        except httpx.TimeoutException as error:
            raise RetryLater(f"{host} did not answer within {TIMEOUT_S:.0f} seconds") from error
        except httpx.HTTPError as error:
            raise RetryLater(f"{host} could not be reached: {_one_line(str(error))}") from error

    def _client(self) -> httpx.Client:
        transport = GuardedTransport(self._local_targets, tls=self._tls, resolver=self._resolver, limit_s=TIMEOUT_S)
        return httpx.Client(transport=transport, timeout=TIMEOUT_S, follow_redirects=False, trust_env=False)


def build(surroundings: Surroundings) -> Channel:
    return WebhookChannel(surroundings.local_targets)


def payload(message: Message) -> str:
    """The body: type, timestamp and data as the specification names them; numbers JSON cannot hold become null."""
    words = message.model_dump(mode="json", include={"language", "subject", "lead", "sections"})
    content = {
        "type": message.event,
        "timestamp": message.created_at.isoformat(),
        "data": {**message.data, "message": words},
    }
    return json.dumps(to_jsonable_python(content, inf_nan_mode="null"), allow_nan=False)


def signed_headers(secret: SecretStr, message_id: str, now: datetime, body: str) -> dict[str, str]:
    """Headers of one attempt: the id stays the same over every retry, time and signature do not."""
    return {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        "accept-encoding": "identity",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret.get_secret_value()).sign(message_id, now, body),
    }


def judge(response: httpx.Response, host: str, now: datetime) -> str:
    """What the receiver's answer means for the delivery: returned in a few words, or raised."""
    status = response.status_code
    answer = f"{status} {response.reason_phrase}".strip()
    if response.is_success:
        return answer
    if response.is_redirect:
        raise GiveUp(f"{host} redirects ({answer}) to {_target(response)}; enter the final address instead")
    told = f"{host} answered {answer}: {_excerpt(response)}".removesuffix(": ")
    if status == HTTPStatus.GONE:
        raise Gone(told)
    if status in NOT_NOW or response.is_server_error:
        raise RetryLater(told, at=retry_after(response.headers.get("retry-after", ""), now))
    raise GiveUp(told)


def retry_after(header: str, now: datetime) -> datetime | None:
    """The instant a Retry-After header names, as seconds or as a date, at most a day ahead; None if it names none."""
    if header.strip().isdecimal():
        wait = timedelta(seconds=min(float(header), LONGEST_WAIT.total_seconds()))
        return now + wait
    try:
        at = parsedate_to_datetime(header)
    except (TypeError, ValueError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(now, min(at, now + LONGEST_WAIT)).astimezone(UTC)


def _target(response: httpx.Response) -> str:
    """Where a redirect leads, without login and query, which may be secret."""
    try:
        target = response.url.join(response.headers["location"])
    except (KeyError, ValueError, httpx.InvalidURL):
        return "nowhere"
    return _one_line(str(target.copy_with(username=None, password=None, query=None, fragment=None)))


def _excerpt(response: httpx.Response) -> str:
    """The beginning of the answer; its bytes as they came, since unpacking could blow them up."""
    taken = b""
    with suppress(httpx.HTTPError):
        for chunk in response.iter_raw():
            taken += chunk
            if len(taken) > 4 * KEPT_ANSWER_CHARS:
                break
    return _one_line(taken.decode("utf-8", "replace"))


def _one_line(text: str) -> str:
    visible = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(visible.split())[:KEPT_ANSWER_CHARS]
