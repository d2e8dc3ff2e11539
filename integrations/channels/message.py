"""A message as every channel is given it: finished words in fixed roles, free of any channel's details."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

Kind = Literal["alert", "race", "welcome", "receipt", "digest", "connection", "test", "code"]


class Link(BaseModel):
    """A link with its text. The role `strava` is set bold, underlined and in Strava's orange, as its guideline asks."""

    model_config = ConfigDict(frozen=True)

    text: str
    url: str
    role: Literal["plain", "strava"] = "plain"


class Picture(BaseModel):
    """A drawing by its code, and what it shows in words for who does not see it."""

    model_config = ConfigDict(frozen=True)

    code: str
    alt: str


class Section(BaseModel):
    """A part of a message: a heading (may be empty), lines of text, and label/value rows.

    Roles: `text` plain paragraphs, `action` the one thing to do, `prompt` the stretch or strength prompt,
    `card` the explanation (inputs, threshold, source), `example` a message shown as it would have read.
    `offers` marks exercises, distances and what to do about running: they do not hold while a warning sign stands.
    """

    model_config = ConfigDict(frozen=True)

    role: Literal["text", "action", "prompt", "card", "example"] = "text"
    heading: str = ""
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    picture: Picture | None = None
    offers: bool = False

    @model_validator(mode="before")
    @classmethod
    def _offers_unless_it_says_otherwise(cls, given: Any) -> Any:
        """What to do, what to try and a message as it would have read offer something, and so do numbered steps."""
        if not isinstance(given, dict) or "offers" in given:
            return given
        role = given.get("role")
        return {
            **given,
            "offers": role in ("action", "prompt", "example") or (role == "card" and bool(given.get("lines"))),
        }


class Message(BaseModel):
    """One message to one runner. `id` is stable over every retry and channel; `data` is what machines read."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: Kind
    event: str
    created_at: datetime
    language: str
    subject: str
    lead: str
    sections: tuple[Section, ...] = ()
    footer: tuple[str, ...] = ()
    footer_links: tuple[Link, ...] = ()
    data: dict[str, Any] = {}
