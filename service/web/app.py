"""The program that answers browsers, Strava's pushes and health checks."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any, Protocol

from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from service.bootstrap import Service
from service.web import (
    api,
    caught_mail,
    checking_in,
    connecting,
    declaring,
    destinations,
    drawings,
    health,
    held,
    importing,
    inbox,
    joining,
    leaving,
    leaving_out,
    metrics,
    operating,
    own_runs,
    preferences,
    problems,
    pushes,
    ranges,
    reading,
    rule_states,
    self_check,
    setting_up,
    signing_in,
    summary,
    training,
)
from service.web.edge import Guarded, Speaking, security_headers
from service.web.rendering import STATIC
from service.web.visit import COOKIE, SESSION_LIFE

#: Our largest form has a few hundred bytes.
LARGEST_BODY = 65_536

PAGES = (
    setting_up.router,
    connecting.router,
    joining.router,
    signing_in.router,
    signing_in.signed_in,
    importing.router,
    inbox.router,
    ranges.router,
    checking_in.router,
    training.router,
    own_runs.router,
    own_runs.uploads,
    api.router,
    rule_states.router,
    destinations.router,
    preferences.router,
    declaring.router,
    leaving_out.router,
    self_check.router,
    summary.router,
    drawings.router,
    held.router,
    leaving.router,
    operating.router,
    reading.router,
)


class MailCatcher(Protocol):
    """What keeps the demo's mails, oldest first."""

    @property
    def messages(self) -> Sequence[EmailMessage]: ...


def create_app(service: Service, demo_mail: MailCatcher | None = None) -> FastAPI:
    """All pages of a running service. With `demo_mail`, the mails that it caught are shown, too."""
    app = FastAPI(title="Afterrun", docs_url=None, redoc_url=None, openapi_url=None, max_body_size=LARGEST_BODY)
    app.state.service = service
    app.state.push_door = pushes.Door(service)
    app.state.demo_mail = demo_mail
    for router in (health.router, metrics.router, pushes.router, *PAGES):
        app.include_router(router)
    if demo_mail is not None:
        app.include_router(caught_mail.router)
    app.mount("/static", KeptFiles(directory=STATIC))
    problems.install(app)
    _add_edges(app, service)
    return app


class KeptFiles(StaticFiles):
    """Style and pictures: every address changes with its content, so browsers may keep them."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _add_edges(app: FastAPI, service: Service) -> None:
    """What every request passes, the innermost first."""
    app.add_middleware(Speaking)
    app.add_middleware(
        SessionMiddleware,
        secret_key=service.vault.signing_key("session"),
        session_cookie=COOKIE,
        max_age=int(SESSION_LIFE.total_seconds()),
        same_site="lax",
        https_only=service.settings.base_url.startswith("https://"),
    )
    app.add_middleware(Guarded, headers=security_headers(service.settings))
