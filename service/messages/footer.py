"""What stands at the end of every message, above all the way to the warning signs."""

from __future__ import annotations

from integrations.channels.message import Link
from service.language import _
from service.messages.pages import Pages


def warning_signs(pages: Pages) -> Link:
    text = _("Chest pain, numbness in the legs or pain after a fall? Read this first")
    return Link(text=text, url=pages.warning_signs)


def official_advice(pages: Pages) -> Link:
    """The official line for the upper back in short; in full it is `signs.official_line`."""
    text = _("Pain between the shoulders: official advice is an urgent appointment")
    return Link(text=text, url=pages.warning_signs)


def what_this_is_not() -> str:
    return _("This does not diagnose or predict.")


def what_this_is() -> str:
    return _("This describes how unusual the run was for you; it does not diagnose or predict.")


def standing_links(message_id: str, pages: Pages) -> tuple[Link, ...]:
    """The warning signs, one tap away from every message; this message on its page; and where messages go."""
    return (
        warning_signs(pages),
        Link(text=_("Open this message"), url=pages.message(message_id)),
        Link(text=_("Change where messages go"), url=pages.destinations),
    )
