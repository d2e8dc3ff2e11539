"""The season in chapters, what the runner answers in the last one, and what must be said: read off the story alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from integrations.strava.simulator import SimulatedActivity
from integrations.strava.simulator.season import Season
from rules.checks.fortnight_rise import RULE as FORTNIGHT_RISE
from rules.model import RUN_FAMILY
from service.language import _

#: How far the first chapter goes on after the run that stands out.
AFTERMATH = timedelta(days=2)
EVENING, MORNING, NIGHT = time(20), time(8), time(21)
SORE_PLACE = "knee"
#: From this pain on an answer asks for something (0 to 10).
PAINFUL = 3
#: Both of the last two weeks have to be so far above the usual one.
RISE = FORTNIGHT_RISE.caution
RECEIPTS = 3


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of the season up to a local moment, under a title, with what happens in it in a sentence."""

    title: str
    text: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What the runner answers about pain at a local moment."""

    at: datetime
    pain: int
    next_morning: bool = False


def chapters_of(season: Season) -> tuple[Chapter, ...]:
    """The five chapters, in order of time; each ends where the next begins."""
    back = season.return_run.start_local
    return (
        Chapter(
            _("1. Ordinary runs, and one far beyond the longest"),
            _("Anna connects, runs as ever, and then much further than in the last 30 days."),
            season.big_run.start_local + AFTERMATH,
        ),
        Chapter(_("2. A break"), _("Then three weeks without a run: only the digest comes, on Sundays."), back),
        Chapter(
            _("3. The return"),
            _("Her first run back is nearly as long as the longest before; the next ones are short."),
            _night(season.rise_from - timedelta(days=1)),
        ),
        Chapter(
            _("4. A sustained rise"),
            _("For two weeks she runs more often and further than usual, though no single run stands out."),
            _night(season.sore_from - timedelta(days=1)),
        ),
        Chapter(
            _("5. A week of pain"),
            _("Her knee hurts after two runs, is quiet on the mornings after, and she takes days off."),
            _night(season.until),
        ),
    )


def answers_of(season: Season) -> tuple[Answer, ...]:
    """What is answered in the week that hurts, after each run and on the next morning, in order of time."""
    monday = season.sore_from
    return (
        _after_run(monday, pain=4),
        _next_morning(monday),
        _after_run(monday + timedelta(days=2), pain=4),
        _next_morning(monday + timedelta(days=2)),
        _after_run(season.until, pain=1),
    )


def _after_run(day: date, pain: int) -> Answer:
    return Answer(datetime.combine(day, EVENING), pain)


def _next_morning(day: date) -> Answer:
    return Answer(datetime.combine(day + timedelta(days=1), MORNING), 0, next_morning=True)


def _night(day: date) -> datetime:
    return datetime.combine(day, NIGHT)


@dataclass(frozen=True, slots=True)
class Expected:
    """What must go out: how many messages of each kind, and every alert as (rule, run id or day), in order."""

    kinds: Counter[str]
    alerts: tuple[tuple[str, str], ...]


def expected_of(season: Season, run_ids: Sequence[int], connected: datetime) -> Expected:
    """Counted from the story itself. `run_ids` belong to its activities, in order; `connected` is the local moment."""
    ids = dict(zip((one.start_local for one in season.activities), run_ids, strict=True))
    alerts = (
        ("run-spike", str(ids[season.big_run.start_local])),
        ("return-from-break", str(ids[season.return_run.start_local])),
        ("fortnight-rise", _day_of_the_rise(season).isoformat()),
        *(("pain", answer.at.date().isoformat()) for answer in answers_of(season) if answer.pain >= PAINFUL),
    )
    end = chapters_of(season)[-1].until
    first_runs = [one for one in season.activities if one.start_local > connected and _is_run(one)][:RECEIPTS]
    kinds = {
        "welcome": 1,
        "receipt": sum(one is not season.big_run for one in first_runs),
        "digest": _sundays(connected, end),
        "alert": len(alerts),
    }
    return Expected(Counter(kinds), alerts)


def _day_of_the_rise(season: Season) -> date:
    """The first day with a run on which both of the last two weeks are far enough above the usual one."""
    days = sorted({one.start_local.date() for one in season.activities})
    return next(
        day
        for day in days
        if day >= season.rise_from
        and all(_week_m(season, day, back) > RISE * _usual_week_m(season, day) for back in (0, 7))
    )


def _usual_week_m(season: Season, day: date) -> float:
    """The median of the twelve weeks before the last two: the four before those hold the break and are no measure."""
    return median(_week_m(season, day, 7 * back) for back in range(2, 14))


def _week_m(season: Season, day: date, back: int) -> float:
    """Metres run in the 7 days that end so many days before that day."""
    last = day - timedelta(days=back)
    first = last - timedelta(days=6)
    return sum(float(one.body["distance"]) for one in season.activities if first <= one.start_local.date() <= last)


def _sundays(after: datetime, until: datetime) -> int:
    """How many Sundays, 18:00, lie between two local moments."""
    days = ((after + timedelta(days=ahead)).date() for ahead in range((until - after).days + 2))
    digests = (datetime.combine(day, time(18)) for day in days if day.weekday() == 6)
    return sum(after < digest <= until for digest in digests)


def _is_run(activity: SimulatedActivity) -> bool:
    return activity.body["sport_type"] in RUN_FAMILY
