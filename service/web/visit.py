"""What a browser carries in its signed cookie: its session, its form token, and what was entered before Strava."""

from __future__ import annotations

import json
import secrets
from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request
from pydantic import ValidationError

from service.bootstrap import Service
from service.connect import Draft
from service.store.records import Athlete

COOKIE = "afterrun"
SESSION_LIFE = timedelta(days=90)
#: How long a sign-in may stay open at Strava.
DRAFT_LIFE = timedelta(hours=1)
#: A cookie holds 4 KB, and what does not fit is lost with the session in it: a receiver's long answer is cut before.
#: Counted as it is written, where a letter beyond ASCII takes six bytes.
LONGEST_NOTE_BYTES = 900
MOST_NOTES = 2


class Visit:
    """The cookie's content as named values; what is set here is sent back signed."""

    def __init__(self, content: MutableMapping[str, Any]) -> None:
        self._content = content

    @property
    def secret(self) -> str | None:
        """The secret of the session in the database, where somebody is signed in."""
        secret = self._content.get("sid")
        return secret if isinstance(secret, str) else None

    @property
    def csrf(self) -> str:
        """The token that every form of this browser carries; made when first asked for."""
        token = self._content.get("csrf")
        if not isinstance(token, str):
            token = self._content["csrf"] = secrets.token_urlsafe(24)
        return token

    def knows_csrf(self, token: str) -> bool:
        """Whether a form came from one of our pages in this very browser."""
        kept = self._content.get("csrf")
        return isinstance(kept, str) and secrets.compare_digest(kept.encode(), token.encode("utf-8", "surrogatepass"))

    @property
    def language(self) -> str | None:
        language = self._content.get("language")
        return language if isinstance(language, str) else None

    def speak(self, language: str) -> None:
        """Answer in this language from now on."""
        self._content["language"] = language

    @property
    def may_set_up(self) -> bool:
        """Whether the code from the log was entered in this browser."""
        return self._content.get("setup") is True

    def open_set_up(self) -> None:
        self._content["setup"] = True

    def draft(self, now: datetime) -> Draft | None:
        """What was entered before going to Strava, unless that is too long ago."""
        kept = self._content.get("draft")
        try:
            until = datetime.fromisoformat(self._content["draft_until"])
            return Draft.model_validate(kept) if until > now else None
        except (KeyError, TypeError, ValueError, ValidationError):
            return None

    def keep_draft(self, draft: Draft, now: datetime) -> None:
        self._content["draft"] = draft.model_dump(mode="json")
        self._content["draft_until"] = (now + DRAFT_LIFE).isoformat()

    def want(self, path: str) -> None:
        """Remember the page that somebody asked for before signing in."""
        if path.startswith("/") and not path.startswith("//"):
            self._content["wanted"] = path[:200]

    def take_wanted(self) -> str | None:
        """The page that was asked for before signing in, once."""
        wanted: str | None = self._content.pop("wanted", None)
        return wanted

    @property
    def email(self) -> str:
        """The address for which a sign-in code was asked."""
        return str(self._content.get("email", ""))

    def keep_email(self, email: str) -> None:
        self._content["email"] = email[:320]

    def note(self, text: str) -> None:
        """Say this on the next page."""
        while len(json.dumps(text)) > LONGEST_NOTE_BYTES:
            text = text[: len(text) * 9 // 10]
        self._content["notes"] = [*self._content.get("notes", []), text][-MOST_NOTES:]

    def take_notes(self) -> list[str]:
        """What is to be said now, once."""
        notes: list[str] = self._content.pop("notes", [])
        return notes

    def begin(self, secret: str, language: str) -> None:
        """Somebody signed in: nothing of the visit before stays, so a planted cookie is worth nothing."""
        self.end()
        self._content["sid"] = secret
        self._content["language"] = language

    def end(self) -> None:
        self._content.clear()


def visit_of(request: Request) -> Visit:
    return Visit(request.session)


def sign_in(service: Service, visit: Visit, athlete: Athlete) -> str:
    """Start a session for this athlete in this browser. Returns where to go next."""
    wanted, before, now = visit.take_wanted(), visit.secret, service.wall()
    with service.store.transaction() as tx:
        if before is not None:
            tx.sessions.end(before)
        secret = tx.sessions.start(athlete.id, now, now + SESSION_LIFE)
    visit.begin(secret, athlete.language)
    return wanted or "/inbox"


def sign_out(service: Service, visit: Visit) -> None:
    """End this browser's session."""
    if visit.secret is not None:
        with service.store.transaction() as tx:
            tx.sessions.end(visit.secret)
    visit.end()
