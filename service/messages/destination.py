"""The message behind "send a test"."""

from __future__ import annotations

from datetime import datetime

from integrations.channels.message import Message, Section
from service.language import _, speaking
from service.messages.footer import standing_links
from service.messages.pages import Pages
from service.store.records import Athlete


def destination_test_message(message_id: str, athlete: Athlete, pages: Pages, now: datetime) -> Message:
    """Shows that a destination works."""
    with speaking(athlete.language):
        return Message(
            id=message_id,
            kind="test",
            event="destination.test",
            created_at=now,
            language=athlete.language,
            subject=_("A test from Afterrun"),
            lead=_("It works: messages about your runs arrive here."),
            sections=(Section(lines=(_("You asked for this test. There is nothing to do."),)),),
            footer_links=standing_links(message_id, pages),
        )
