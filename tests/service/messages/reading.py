"""How long a message takes to read, up to where its details begin."""

from __future__ import annotations

from integrations.channels.message import Message


def words_before_details(message: Message) -> int:
    pieces = [message.lead]
    for part in message.sections:
        if part.role == "card":
            break
        pieces += [part.heading, *part.lines]
    return len(" ".join(pieces).split())
