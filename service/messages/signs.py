"""Warning signs in words: what the runner named, and by when someone has to look at it."""

from __future__ import annotations

from collections.abc import Iterable

from rules.signs import OFFICIAL_LINE, SIGNS, Urgency, urgency_of
from service.language import _
from service.messages.emergency import emergency_number, urgent_line


def named_signs(codes: Iterable[str]) -> tuple[str, ...]:
    """The words of these signs, the most urgent first, among equals the official line for the upper back."""
    ordered = sorted(codes, key=lambda code: (-urgency_of(code), code != OFFICIAL_LINE, code))
    words = (_(SIGNS[code].words) if code in SIGNS else _("Another warning sign") for code in ordered)
    return tuple(dict.fromkeys(words))


def what_to_do(urgency: Urgency, country: str = "") -> str:
    """What comes first now, by how urgent the most urgent sign is: no exercise, no distance.

    `country` (ISO 3166) is where the runner is, for the number to call.
    """
    if urgency is Urgency.URGENT:
        ask = " ".join(filter(None, (_("Ask for an urgent appointment today"), urgent_line(country))))
        return _("You named a warning sign. %(ask)s. Do not run, and do no exercises.") % {"ask": ask}
    return {
        Urgency.EMERGENCY: _(
            "You named a warning sign. Call the emergency number now: %(number)s. Do not run, and do no exercises."
        )
        % {"number": emergency_number(country)},
        Urgency.WITHIN_DAYS: _(
            "You named a warning sign. Stop running and be examined within days: questions cannot rule out bone "
            "stress. Do no exercises until then."
        ),
        Urgency.SEE_SOMEONE_FIRST: _(
            "You named something that comes before any exercise: see a doctor first, and do not run until then."
        ),
    }[urgency]


def official_line() -> str:
    """The official advice on pain between the shoulder blades, said first and unsoftened."""
    return _(
        "Official advice: with pain that comes from the top of the back, between the shoulders, ask for an urgent "
        "appointment (in the UK your GP or 111)."
    )
