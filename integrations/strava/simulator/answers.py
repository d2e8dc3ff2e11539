"""Answers in the simulated Strava's own words: the JSON shapes, the error table, and broken answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

JSON = "application/json; charset=utf-8"


class Refusal(Exception):
    """Ends a call with an error answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class BrokenOff(Response):
    """An answer whose connection ends in the middle of the body."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", JSON.encode()), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'[{"resource_state":2,', "more_body": True})


def reply(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status, dict(headers or {}), media_type=JSON)


def empty(status: int = 200) -> Response:
    return Response(b"", status, media_type=JSON)


def page(html: str, status: int = 200) -> Response:
    return Response(html, status, media_type="text/html; charset=utf-8")


def error(status: int, message: str, *errors: tuple[str, str, str]) -> Response:
    """An error in Strava's form; each entry of `errors` is (resource, field, code)."""
    entries = [{"resource": resource, "field": field, "code": code} for resource, field, code in errors]
    return reply({"message": message, "errors": entries}, status)


def bad_request(resource: str, field: str, code: str = "invalid") -> Response:
    return error(400, "Bad Request", (resource, field, code))


def unauthorized(resource: str, field: str, code: str = "invalid") -> Response:
    return error(401, "Authorization Error", (resource, field, code))


def scope_missing(scope: str) -> Response:
    return unauthorized("AccessToken", scope, "missing")


def bad_token() -> Response:
    return unauthorized("Athlete", "access_token")


def inactive() -> Response:
    return error(403, "Forbidden", ("Application", "Status", "Inactive"))


def not_found() -> Response:
    """Recorded answers for a missing activity have no body at all."""
    return empty(404)


def no_such_path() -> Response:
    return error(404, "Record Not Found", ("resource", "path", "invalid"))


def rate_limited(words: str = "overall rate limit") -> Response:
    """The refusal of one call too many: `words` is the field it names, or 2018 for the body of that year."""
    if words == "2018":
        return reply({"errors": "Rate Limit Exceeded", "status": 429, "message": "Too Many Requests"}, 429)
    return error(429, "Rate Limit Exceeded", ("Application", words, "exceeded"))


def too_many_athletes() -> Response:
    """How a code is refused when the application has all the athletes it may have. Strava's own form is not known."""
    return error(403, "Limit of connected athletes exceeded", ("Application", "athletes", "exceeded"))


def broken() -> Response:
    return reply({"message": "error"}, 500)


def maintenance() -> Response:
    """A page where JSON was asked for, as gateways send it."""
    return page("<!doctype html><title>Sorry</title><h1>This page is taking a break.</h1>")


def created(content: Mapping[str, Any]) -> Response:
    return reply(content, 201)
