"""The usual range in words: up to which distance a run would be nothing unusual, and from where a message would come.

Distances are rounded down to 0.1 of the runner's unit. They describe what is usual: no word calls one of them good.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from integrations.channels.message import Section
from rules.diary import OwnLimit
from rules.model import Grade
from rules.return_ladder import GRADE as LADDER_GRADE
from rules.return_ladder import LadderStep, Wait
from rules.usual_range import BELOW_M, STARTING_STEP_M, STARTING_STEP_MINUTES, DayRange, Lowered
from service.language import _, ngettext, speaking
from service.messages.days import short_day
from service.messages.footer import warning_signs
from service.messages.pages import Pages
from service.messages.reasons import grade_words
from service.messages.units import distance, duration
from service.messages.verdict import Row
from service.store.records import Units

#: Today and tomorrow have a row of their own; the days after them share one as long as the same is said of them.
OWN_ROWS = 2
#: The rule of thumb for too little history is experience (rules/usual_range.py).
STARTING_GRADE = Grade.D
#: While the runner waits for one of the first, no exercise is shown, not even their own; for one of all, none of ours.
NO_EXERCISE = frozenset({Wait.WARNING_SIGN, Wait.PAIN})
UNWELL = NO_EXERCISE | {Wait.INJURED, Wait.ILL}


def range_section(ranges: Sequence[DayRange], units: Units, language: str) -> Section:
    """Today, tomorrow and the coming days, with what lowers them or what to wait for. `ranges` begin with today."""
    with speaking(language):
        return Section(
            offers=True,
            heading=_("What would be nothing unusual"),
            lines=tuple(_lines(ranges, units)),
            rows=() if _waits_throughout(ranges) else range_rows(ranges, units),
        )


def range_rows(ranges: Sequence[DayRange], units: Units) -> tuple[Row, ...]:
    """A row for today, one for tomorrow, and one for each stretch of later days of which the same is said.

    What decides a day stands in its row only where it is not the same for all; `lowered_words` names all of today's.
    """
    differ = len({one.reasons[:1] for one in ranges}) > 1
    said = [(one, day_words(one, units, with_reason=differ)) for one in ranges]
    own, later = said[:OWN_ROWS], said[OWN_ROWS:]
    stretches = [(words, [one for one, _words in days]) for words, days in groupby(later, key=lambda pair: pair[1])]
    labels = _own_labels([one for one, _words in own])
    return (
        *((label, words) for label, (_day, words) in zip(labels, own, strict=True)),
        *((_stretch(days), words) for words, days in stretches),
    )


def day_words(day: DayRange, units: Units, *, with_reason: bool = True) -> str:
    """`nothing unusual up to 11.0 km; a message from 13.0 km`, or what stands in the way of a distance.

    Of what lowers it, the one that decides is named `with_reason`.
    """
    if day.waits_for is not None:
        return _("no distance: %(wait)s") % {"wait": wait_words(day.waits_for)}
    extent = _extent(day, units)
    if not extent:
        return _("too little to compare yet")
    said = _("as a rule of thumb up to %(extent)s") if day.starting else _("nothing unusual up to %(extent)s")
    words = said % {"extent": extent}
    if day.line_m is not None:
        line = distance(day.line_m + BELOW_M, units, down=True)
        return _("%(range)s; a message from %(line)s") % {"range": words, "line": line}
    if with_reason and day.reasons:
        return _("%(range)s (%(why)s)") % {"range": words, "why": _lowered(day.reasons[0], day.step)}
    return words


def lowered_words(day: DayRange) -> str:
    """Everything that lowers that day, in one sentence; empty where nothing does."""
    reasons = "; ".join(_lowered(reason, day.step) for reason in day.reasons)
    return _("What lowers it today: %(reasons)s.") % {"reasons": reasons} if reasons else ""


def wait_words(wait: Wait) -> str:
    """What has to come or go before a distance is named again."""
    return {
        Wait.WARNING_SIGN: _("first the warning sign that you named has to be looked at and cleared"),
        Wait.PAIN: _("wait for an answer of 0 to 2 that has settled by the next morning"),
        Wait.INJURED: _("wait until you tell us that the injury is over; then short runs lead back"),
        Wait.ILL: _("wait until you tell us that you are well again; then short runs lead back"),
        Wait.EXPECTING: _(
            "our comparisons are not made for this time; go by how it feels and by what you were advised"
        ),
        Wait.OWN_LIMIT_WEEK: _("the runs of your own limit for 7 days are done"),
    }[wait]


def comes_first(wait: Wait | None, limit: OwnLimit | None) -> bool:
    """Whether there is something to wait for before any advice, ours or, with pain or a warning sign, the runner's."""
    return wait in NO_EXERCISE or (wait in UNWELL and limit is None)


def waiting_section(wait: Wait, pages: Pages) -> Section:
    """In place of all advice: what comes first."""
    return Section(
        role="action",
        offers=False,
        heading=_("Before anything else"),
        lines=(_("No exercise and no distance is named: %(wait)s.") % {"wait": wait_words(wait)},),
        links=(warning_signs(pages),),
    )


def step_section(step: LadderStep, units: Units) -> Section:
    """The step as the one thing to do."""
    lines = (_("The next step of the way back"), step_words(step, units))
    return Section(role="action", heading=_("One thing to do"), lines=lines, offers=True)


def step_words(step: LadderStep, units: Units) -> str:
    """One step of the way back from a break: its number, how far a run and 7 days go, and how sure that is."""
    if step.waits_for is not None or step.run_m is None:
        wait = wait_words(step.waits_for) if step.waits_for else _("too little to compare yet")
        return _("The way back has no distance yet: %(wait)s.") % {"wait": wait}
    given = {
        "number": step.number,
        "of": step.of,
        "days": _days_off(step.break_days),
        "run": distance(step.run_m, units, down=True),
        "week": _week_words(step, units),
        "grade": grade_words(LADDER_GRADE),
    }
    if step.code == "run-walk":
        return (
            _(
                "Step %(number)d of %(of)d after %(days)s: running and walking in turns, up to %(run)s at a time and "
                "%(week)s. Strength of evidence: %(grade)s."
            )
            % given
        )
    return (
        _(
            "Step %(number)d of %(of)d after %(days)s: easy runs up to %(run)s, and %(week)s. Strength of evidence: "
            "%(grade)s."
        )
        % given
    )


def _week_words(step: LadderStep, units: Units) -> str:
    """`18.0 km in 7 days`, and what the last 7 days leave of it."""
    week_m, left_m = step.week_m or 0.0, step.left_m or 0.0
    given = {"week": distance(week_m, units, down=True), "left": distance(left_m, units, down=True)}
    if left_m < week_m:
        return _("%(week)s in 7 days, of which %(left)s are left") % given
    return _("%(week)s in 7 days") % given


def step_data(step: LadderStep) -> dict[str, Any]:
    """A step for machines, in metres."""
    return {
        "number": step.number,
        "of": step.of,
        "code": step.code,
        "break_days": step.break_days,
        "run_m": step.run_m,
        "week_m": step.week_m,
        "left_m": step.left_m,
        "waits_for": step.waits_for.value if step.waits_for else None,
    }


def range_data(ranges: Sequence[DayRange]) -> list[dict[str, Any]]:
    """The days for machines, in metres, not rounded."""
    return [
        {
            "day": one.day.isoformat(),
            "range_m": one.range_m,
            "range_minutes": one.range_minutes,
            "message_from_m": one.line_m,
            "lowered_by": [reason.value for reason in one.reasons],
            "waits_for": one.waits_for.value if one.waits_for else None,
            "starting": one.starting,
        }
        for one in ranges
    ]


def _own_labels(own: Sequence[DayRange]) -> tuple[str, ...]:
    patterns = (_("Today, %(day)s"), _("Tomorrow, %(day)s"))
    return tuple(pattern % {"day": short_day(one.day)} for pattern, one in zip(patterns, own, strict=False))


def _stretch(days: Sequence[DayRange]) -> str:
    first, last = short_day(days[0].day), short_day(days[-1].day)
    return first if len(days) == 1 else _("%(first)s to %(last)s") % {"first": first, "last": last}


def _extent(day: DayRange, units: Units) -> str:
    """`4.5 km`, `30 min` or `4.5 km or 30 min`; empty where there is nothing to go by."""
    metres = distance(day.range_m, units, down=True) if day.range_m is not None else ""
    minutes = duration(int(day.range_minutes) * 60) if day.range_minutes is not None else ""
    if metres and minutes:
        return _("%(distance)s or %(time)s") % {"distance": metres, "time": minutes}
    return metres or minutes


def _lowered(reason: Lowered, step: LadderStep | None) -> str:
    if reason is Lowered.RETURN and step is not None:
        return _("step %(number)d of %(of)d of the way back") % {"number": step.number, "of": step.of}
    return {
        Lowered.AFTER_SPIKE: _("an unusually long run in the 7 days before"),
        Lowered.AFTER_LONG_RACE: _("a long race in the 7 days before"),
        Lowered.SPIKE_NOT_COUNTED: _("a run far beyond the others, not counted as your longest yet"),
        Lowered.RETURN: _("the way back after a break"),
        Lowered.AMBER_PAIN: _("your last check-in, by a quarter"),
        Lowered.OWN_LIMIT: _("your own limit"),
    }[reason]


def _lines(ranges: Sequence[DayRange], units: Units) -> Iterator[str]:
    if _waits_throughout(ranges):
        first = ranges[0].waits_for
        yield _("No distance is named: %(wait)s.") % {"wait": wait_words(first) if first else ""}
        return
    yield _("It goes by your own runs and says what is usual for you, nothing more.")
    if any(one.starting for one in ranges):
        yield _starting_words(units)
    today = ranges[0]
    if lowered := lowered_words(today):
        yield lowered
    if today.step and Lowered.RETURN in today.reasons:
        yield step_words(today.step, units)


def _starting_words(units: Units) -> str:
    minutes = int(STARTING_STEP_MINUTES)
    thumb = ngettext(
        "Too little to compare yet. The rule of thumb is your longest so far and %(distance)s or %(count)d minute "
        "more. Strength of evidence: %(grade)s.",
        "Too little to compare yet. The rule of thumb is your longest so far and %(distance)s or %(count)d minutes "
        "more. Strength of evidence: %(grade)s.",
        minutes,
    )
    step = distance(STARTING_STEP_M, units, down=True)
    return thumb % {"distance": step, "count": minutes, "grade": grade_words(STARTING_GRADE)}


def _waits_throughout(ranges: Sequence[DayRange]) -> bool:
    """Whether no day has a distance, all for the same reason: then one line says it."""
    return ranges[0].waits_for is not None and len({one.waits_for for one in ranges}) == 1


def _days_off(days: int) -> str:
    return ngettext("%(count)d day off", "%(count)d days off", days) % {"count": days}
