"""The mail with a six-digit code."""

from __future__ import annotations

from datetime import datetime

from integrations.channels.message import Message, Section
from service.language import _, ngettext, speaking


def code_message(message_id: str, language: str, code: str, *, valid_minutes: int, now: datetime) -> Message:
    """The code that confirms an address or signs a runner in. `data` stays empty: a code is for one reader only."""
    with speaking(language):
        lasts = ngettext("It works for %(count)d minute.", "It works for %(count)d minutes.", valid_minutes)
        return Message(
            id=message_id,
            kind="code",
            event="code.created",
            created_at=now,
            language=language,
            subject=_("%(code)s is your Afterrun code") % {"code": code},
            lead=_("Your code: %(code)s") % {"code": code},
            sections=(
                Section(
                    lines=(
                        _("Enter it on the page that asked for it.") + " " + lasts % {"count": valid_minutes},
                        _("If you did not ask for it, ignore this mail: without the code nothing happens."),
                    )
                ),
            ),
        )
