"""The warning sign that stands, in words: shown above everything else, without any exercise or distance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rules.diary import Diary
from rules.signs import OFFICIAL_LINE, Urgency, most_urgent, standing_signs, urgency_of
from service.messages.signs import named_signs, official_line, what_to_do


@dataclass(frozen=True)
class Stop:
    """What to do first, by the most urgent sign; `signs` are all that stand, in words."""

    urgency: Urgency
    words: str
    official_line: str
    signs: tuple[str, ...]

    @property
    def is_emergency(self) -> bool:
        return self.urgency is Urgency.EMERGENCY


def stop_of(diary: Diary, at: datetime, country: str) -> Stop | None:
    """`None` while no warning sign stands. `country` is where the runner is, for the number to call."""
    standing = standing_signs(diary, diary.present(at))
    leading = most_urgent(standing)
    if leading is None:
        return None
    urgency, codes = urgency_of(leading.code), {sign.code for sign in standing}
    return Stop(
        urgency, what_to_do(urgency, country), official_line() if OFFICIAL_LINE in codes else "", named_signs(codes)
    )
