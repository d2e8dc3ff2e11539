"""Whether the runner told of a complaint: pain, or a week that was felt."""

from __future__ import annotations

from datetime import date, timedelta

from rules.diary import Diary

#: From here a pain entry counts (0 to 10): 0 to 2 settles by itself (evidence: green, amber, red).
LEAST_PAIN = 3
#: From here a weekly answer counts (0 to 3).
LEAST_FELT = 2


def complained(diary: Diary, last_day: date, days: int) -> bool:
    """Whether pain of 3 or more, or a week that was clearly felt or changed, was told in those days."""
    first = last_day - timedelta(days=days - 1)
    pain = any(entry.pain >= LEAST_PAIN and first <= entry.at.date() <= last_day for entry in diary.check_ins)
    return pain or any(
        max(answer.felt, answer.changed) >= LEAST_FELT and first <= answer.day <= last_day for answer in diary.weekly
    )
