"""A message without its exercises and distances: as it is sent and shown while a warning sign stands or pain is red."""

from __future__ import annotations

from typing import Any

from integrations.channels.message import Message, Section
from service.language import _, speaking
from service.messages.footer import warning_signs
from service.messages.pages import Pages

#: What machines read of exercises and distances.
OFFERED = ("advice", "step", "range", "ranges")


def without_offers(message: Message, pages: Pages) -> Message:
    """The same message, with a line in place of what it offered."""
    kept = tuple(section for section in message.sections if not section.offers)
    if kept == message.sections:
        return message
    with speaking(message.language):
        note = Section(
            lines=(
                _("By what you told, please do not run or exercise for now. So what was suggested is left out here."),
            ),
            links=(warning_signs(pages),),
        )
    return message.model_copy(update={"sections": (note, *kept), "data": _without(message.data)})


def _without(data: dict[str, Any]) -> dict[str, Any]:
    return {name: None if name in OFFERED else value for name, value in data.items()}
