"""What the runner found not useful: when to offer to hear less of a rule."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from rules.checks import all_rules
from rules.diary import Diary

#: So many answers "not useful" to one rule within so many days bring the offer.
NOT_USEFUL, WITHIN = 2, timedelta(days=60)


def offer_due(diary: Diary, at: datetime) -> tuple[str, ...]:
    """The rules, by code, for which to offer at that local moment to mute them or to raise their threshold.

    Pain and warning signs are never among them, nor what is never sent or muted already.
    """
    recent = (one for one in diary.usefulness if not one.useful and at - WITHIN <= one.at <= at)
    answers = Counter(one.rule for one in recent)
    return tuple(
        rule.code
        for rule in all_rules()
        if answers[rule.code] >= NOT_USEFUL
        and rule.pushes
        and not rule.outranks
        and not _is_muted(diary, rule.code, at)
    )


def _is_muted(diary: Diary, code: str, at: datetime) -> bool:
    return any(snooze.rule in (None, code) and snooze.since <= at < snooze.until for snooze in diary.snoozes)
