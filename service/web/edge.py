"""What every request and answer passes: headers that keep strangers out, and the language."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.language import speaking
from service.settings import Settings
from service.web.regions import preferences
from service.web.visit import Visit


def security_headers(settings: Settings) -> dict[str, str]:
    """For every answer. Forms may lead to us and on to Strava's consent page, nothing else may load or frame us."""
    return {
        "Content-Security-Policy": policy(settings),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


def policy(settings: Settings, *, style: str = "'self'", images: str = "'self'") -> str:
    """The Content-Security-Policy; no script runs at all."""
    strava = urlsplit(settings.strava_oauth_base)
    return (
        f"default-src 'none'; style-src {style}; img-src {images}; "
        f"form-action 'self' {strava.scheme}://{strava.netloc}; frame-ancestors 'none'; base-uri 'none'"
    )


class Guarded:
    """Adds the headers that an answer does not bring itself."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)


class Speaking:
    """Answers in the language of who is signed in, else in the browser's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with speaking(language_of(scope)):
            await self._app(scope, receive, send)


def language_of(scope: Scope) -> str:
    wanted = Visit(scope.get("session", {})).language
    return wanted or preferences(Headers(scope=scope).get("accept-language", "")).language
