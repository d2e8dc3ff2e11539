"""The question after two weeks, and when somebody has to be seen whatever the plan says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.diary import WarningSign
from rules.self_check.outcome import CareFirst, care_for
from rules.signs import Urgency
from rules.words import N_

WHEN_TO_BE_SEEN = N_(
    "Not better in two weeks: be seen by a physiotherapist or a doctor. If it gets worse, or a warning sign comes up, "
    "stop at once and be seen before that."
)
#: Until a clinician has read this self-check and is named with it, it says so.
NOT_REVIEWED = N_("This self-check was not yet reviewed by a clinician.")


class Change(StrEnum):
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Recheck:
    """What follows from the answer: its words, whether the plan stops, and the advice that says where to turn."""

    change: Change
    words: str
    stops: bool
    care: str | None


_FOLLOWS = {
    Change.BETTER: Recheck(
        Change.BETTER,
        N_("Good. Keep what you like of it, two or three days a week. If it comes back, go through the check again."),
        stops=False,
        care=None,
    ),
    Change.SAME: Recheck(
        Change.SAME,
        N_("Two weeks without a change: make an appointment. The plan ends here; what you like of it you can keep."),
        stops=True,
        care=Urgency.WITHIN_DAYS.care,
    ),
    Change.WORSE: Recheck(
        Change.WORSE,
        N_("Stop the exercises and do not run. Ask for an urgent appointment (in the UK your GP or 111)."),
        stops=True,
        care=Urgency.URGENT.care,
    ),
}


def recheck(change: Change, at: datetime, signs: Iterable[str] = ()) -> Recheck | CareFirst:
    """What follows from how it is after two weeks, or on any day before; with any warning sign, care first."""
    return care_for(WarningSign(code, at) for code in signs) or _FOLLOWS[change]
