"""The two exits, each with a page that says what will be deleted and one that says what was."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from starlette.responses import Response

from service import leaving
from service.language import _
from service.messages.connection import deleted_words
from service.web.access import Runner, ServiceHere, VisitHere, pages_for, runner
from service.web.rendering import page

router = pages_for(runner)

#: Typed in capitals to delete an account; the same word in every language.
DELETE = "DELETE"


@router.get("/settings/disconnect")
def ask_disconnect(request: Request, athlete: Runner) -> Response:
    return page(request, "disconnect.html")


@router.post("/settings/disconnect")
def disconnect(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    deleted = leaving.disconnect(service, athlete)
    words = deleted_words(deleted.activities, deleted.findings, deleted.messages)
    return page(request, "disconnected.html", deleted=words, revoked=deleted.revoked)


@router.get("/settings/delete")
def ask_delete(request: Request, athlete: Runner) -> Response:
    return page(request, "delete.html", word=DELETE, problem="")


@router.post("/settings/delete")
def delete(
    request: Request, service: ServiceHere, visit: VisitHere, athlete: Runner, word: Annotated[str, Form()] = ""
) -> Response:
    if word.strip().upper() != DELETE:
        problem = _("Please type %(word)s to confirm. Nothing was deleted.") % {"word": DELETE}
        return page(request, "delete.html", status=422, word=DELETE, problem=problem)
    deleted = leaving.delete_account(service, athlete)
    visit.end()
    request.state.athlete = None  # from here on nobody is signed in, and the frame has nobody to show
    words = deleted_words(deleted.activities, deleted.findings, deleted.messages)
    return page(request, "deleted.html", deleted=words, revoked=deleted.revoked)
