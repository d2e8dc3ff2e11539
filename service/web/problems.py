"""Every way in which something did not work, as a page that says what happened and what to do now."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from integrations.errors import AdapterError, OperatorNeeded, RetryLater, SignInAgain
from service import connect
from service.errors import Conflict, NotAllowed, NotFound, ServiceError
from service.language import _, speaking
from service.web.access import ForeignForm, SetUpFirst, SignInFirst, service_of
from service.web.api import BadKey
from service.web.edge import language_of, security_headers
from service.web.rendering import page, redirect
from service.web.uploading import TooLarge
from service.web.visit import visit_of


@dataclass(frozen=True)
class WayOut:
    """Where to go from a page that says what did not work."""

    text: str
    path: str


def problem_page(request: Request, status: int, title: str, *lines: str, way_out: WayOut | None = None) -> Response:
    if _is_api(request):
        return JSONResponse({"detail": " ".join(lines) or title}, status_code=status)
    if _wants_json(request):
        return JSONResponse({"detail": title}, status_code=status)
    way_out = way_out or WayOut(_("Go to the start page"), "/")
    return page(request, "problem.html", status=status, title=title, lines=lines, way_out=way_out)


def sign_in_problem(request: Request, error: ServiceError | AdapterError) -> Response:
    """How a sign-in ended that did not succeed, and what to do about it."""
    again = WayOut(_("Try again"), "/connect")
    if isinstance(error, connect.StateMismatch):
        return problem_page(request, 400, _("This sign-in cannot be finished here"), *_words(error), way_out=again)
    if isinstance(error, connect.Refused):
        return problem_page(request, 403, _("Access was not allowed"), *_words(error), way_out=again)
    if isinstance(error, connect.RunsNotGranted):
        hint = _("Try again and leave the box for your activities ticked; the one for private activities is up to you.")
        return problem_page(request, 403, _("Your runs cannot be read"), *_words(error), hint, way_out=again)
    if isinstance(error, connect.AdultNotConfirmed):
        hint = _("There is no account for this Strava athlete yet. Connect from the start page, where that is asked.")
        return problem_page(request, 403, _("One thing is missing"), *_words(error), hint, way_out=again)
    if isinstance(error, connect.NotInvited):
        return problem_page(request, 403, _("By invitation"), *_words(error), _nothing_stored())
    if isinstance(error, OperatorNeeded):
        return _operator_needed(request, error)
    if isinstance(error, RetryLater):
        hint = _("Nothing is wrong with your account. Please try again in a few minutes.")
        return problem_page(request, 503, _("Strava does not answer at the moment"), hint, str(error), way_out=again)
    return problem_page(request, 502, _("Strava did not accept this sign-in"), str(error), way_out=again)


def _operator_needed(request: Request, error: OperatorNeeded) -> Response:
    settings = service_of(request).settings
    who = settings.operator_email or settings.operator_name or _("the person who runs it")
    hint = _("You cannot mend this; please tell %(who)s.") % {"who": who}
    return problem_page(request, 503, _("Strava does not accept this installation"), str(error), hint)


def _nothing_stored() -> str:
    return _("Nothing about you was stored.")


def _words(error: ServiceError | AdapterError) -> tuple[str, ...]:
    return (_(str(error)),)


def install(app: FastAPI) -> None:
    """Have every error answered by a page in our look, or by JSON where that was asked for."""
    app.add_exception_handler(ServiceError, _service_error)
    app.add_exception_handler(AdapterError, _adapter_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(Exception, _broken)


#: What a service's error is to a browser; every other is a 400.
STATUS: dict[type[Exception], int] = {
    NotFound: 404,
    NotAllowed: 403,
    ForeignForm: 403,
    Conflict: 409,
    BadKey: 401,
    TooLarge: 413,
}
SIGN_IN_ERRORS = (
    connect.Refused,
    connect.StateMismatch,
    connect.RunsNotGranted,
    connect.AdultNotConfirmed,
    connect.NotInvited,
)


def _service_error(request: Request, error: Exception) -> Response:
    if isinstance(error, SetUpFirst):
        return _elsewhere(request, "/setup", error)
    if isinstance(error, SignInFirst):
        if request.method == "GET":
            visit_of(request).want(request.url.path)
        return _elsewhere(request, "/sign-in", error)
    if isinstance(error, SIGN_IN_ERRORS):
        return sign_in_problem(request, error)
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    if status == 404:
        return _not_found(request)
    return problem_page(request, status, _("This did not work"), _(str(error)))


def _elsewhere(request: Request, path: str, error: Exception) -> Response:
    if _wants_json(request):
        return JSONResponse({"detail": str(error)}, status_code=401)
    return redirect(path)


def _adapter_error(request: Request, error: Exception) -> Response:
    status = 503 if isinstance(error, RetryLater | OperatorNeeded | SignInAgain) else 502
    return problem_page(request, status, _("Somebody else's machine did not do its part"), str(error))


def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return _not_found(request)
    return problem_page(request, status, _("This did not work"), HTTPStatus(status).description or str(status))


def _not_found(request: Request) -> Response:
    text = _("There is nothing at this address, or it is not yours to see.")
    return problem_page(request, 404, _("Nothing here"), text)


def _unreadable(request: Request, error: Exception) -> Response:
    text = _("What was sent is not what this page asks for. Please go back and try again.")
    return problem_page(request, 422, _("This could not be read"), text)


def _broken(request: Request, error: Exception) -> Response:
    """The outermost answer: no other part of the frame has had its say, so the headers are put on here."""
    with speaking(language_of(request.scope)):
        text = _("The error is ours and stands in the log. Nothing you entered before is lost.")
        try:
            response = problem_page(request, 500, _("Something broke"), text)
        except Exception:  # the frame itself needs the database, which may be what broke
            response = JSONResponse({"detail": text}, status_code=500)
    response.headers.update(security_headers(service_of(request).settings))
    return response


def _is_api(request: Request) -> bool:
    """Programs read what went wrong and what to do about it, whatever they accept."""
    return request.url.path.startswith("/api/")


def _wants_json(request: Request) -> bool:
    accepts = request.headers.get("accept", "")
    return "application/json" in accepts and "text/html" not in accepts
