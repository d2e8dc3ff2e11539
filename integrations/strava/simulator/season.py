"""A season made from a story: after the one big run come a break, a return, a sustained rise and a week that hurts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from integrations.strava.simulator.activity import SimulatedActivity, consistent, start_of, zulu
from integrations.strava.simulator.generator import STEADY_DAYS, Story, tell_story
from integrations.strava.simulator.personas import Persona

#: What the weeks are for, counted from the Monday after the big run; all others are ordinary.
BREAK_WEEKS, RETURN_WEEK, EASING_WEEK, RISE_WEEKS, SORE_WEEK = (0, 1, 2), 3, 4, (5, 6), 7
WEEKS = SORE_WEEK + 1
#: The first run back, as a share of the longest run of the twelve weeks before the break.
RETURN_SHARE = 0.9
#: How the other runs of the weeks around it are cut.
RETURNING, EASING, SORE, AFTER_SORE = 0.6, 0.85, 0.6, 0.5
#: The weeks of the rise, as a multiple of the usual week: in more and longer runs, none of them the longest.
RISE = 1.85
WEDNESDAY, SUNDAY = 2, 6
LONG_RUN = "Long run"


@dataclass(frozen=True, slots=True)
class Season:
    """Months of training with a story's big run and four chapters after it.

    The break is the days without a run between `off_from` and `return_run`, which is far too long for a first one.
    The rise begins on the Monday `rise_from` and lasts two weeks. In the week from the Monday `sore_from` something
    hurts: runs are short and few. `until` is that week's Sunday; later weeks are ordinary.
    """

    activities: tuple[SimulatedActivity, ...]
    big_run: SimulatedActivity
    return_run: SimulatedActivity
    off_from: date
    rise_from: date
    sore_from: date
    usual_week_m: float

    @property
    def until(self) -> date:
        return self.sore_from + timedelta(days=SUNDAY)


def tell_season(persona: Persona, seed: int, *, first_day: date, import_day: date, days_after: int = 0) -> Season:
    """The persona's months up to `import_day`, the story that `tell_story` tells after it, and the season from there.

    It needs a persona who runs on Wednesday and rests on Thursday and Saturday. `days_after` counts from the big run;
    the season is told to its end, however few they are.
    """
    story = tell_story(
        persona, seed, first_day=first_day, import_day=import_day, days_after=max(days_after, 7 * (WEEKS + 1))
    )
    monday = _next_monday(story.big_run.start_local.date())
    plan = _Plan(persona, monday, RETURN_SHARE * _longest(story, monday + timedelta(weeks=BREAK_WEEKS[0])))
    shaped = tuple(plan.shape(story.activities))
    return Season(
        activities=shaped,
        big_run=story.big_run,
        return_run=next(one for one in shaped if one.start_local.date() >= plan.first_day(RETURN_WEEK)),
        off_from=plan.first_day(BREAK_WEEKS[0]),
        rise_from=plan.first_day(RISE_WEEKS[0]),
        sore_from=plan.first_day(SORE_WEEK),
        usual_week_m=_usual_week(story, import_day),
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What becomes of each run after the big one, by the week in which it lies."""

    persona: Persona
    monday: date
    return_m: float

    def first_day(self, week: int) -> date:
        return self.monday + timedelta(weeks=week)

    def shape(self, activities: Iterable[SimulatedActivity]) -> Iterator[SimulatedActivity]:
        """The runs as the season has them, in order of start."""
        for activity in activities:
            day = activity.start_local.date()
            week = (day - self.monday).days // 7
            if week in RISE_WEEKS:
                yield from self._risen(activity)
            elif week == SORE_WEEK:
                yield from self._sore(activity)
            elif week not in BREAK_WEEKS:
                yield self._eased(activity, week)

    def _eased(self, activity: SimulatedActivity, week: int) -> SimulatedActivity:
        """One of the runs of the return, or an ordinary one as it is."""
        if activity.start_local.date() == self.first_day(RETURN_WEEK):
            return _scaled(activity, self.return_m / float(activity.body["distance"]))
        factor = {RETURN_WEEK: RETURNING, EASING_WEEK: EASING}.get(week)
        return activity if factor is None else _scaled(activity, factor)

    def _risen(self, activity: SimulatedActivity) -> Iterator[SimulatedActivity]:
        """The long run as it was, the others longer, and one more on Thursday."""
        if activity.body["name"] == LONG_RUN:
            yield activity
            return
        longer = _scaled(activity, self._rise_of_others())
        yield longer
        if activity.start_local.weekday() == WEDNESDAY:
            yield _next_day(longer)

    def _rise_of_others(self) -> float:
        """By how much the runs beside the long one must grow, with one more of them, for the week to be the rise."""
        others = sum(letter in "EH" for letter in self.persona.week)
        share = 1 - self.persona.long_share
        return (RISE - self.persona.long_share) / (others + 1) / (share / others)

    def _sore(self, activity: SimulatedActivity) -> Iterator[SimulatedActivity]:
        """Short runs until Wednesday, days off, and a shorter one on Sunday."""
        weekday = activity.start_local.weekday()
        if weekday <= WEDNESDAY:
            yield _scaled(activity, SORE)
        elif weekday == SUNDAY:
            yield _scaled(activity, AFTER_SORE)


def _next_monday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def _longest(story: Story, before: date) -> float:
    """The longest run (m) of the 84 days before."""
    days = (before - timedelta(days=84), before)
    return max(float(one.body["distance"]) for one in story.activities if days[0] <= one.start_local.date() < days[1])


def _usual_week(story: Story, import_day: date) -> float:
    """Metres of the mean week in the even weeks before the import."""
    first = import_day - timedelta(days=STEADY_DAYS)
    even = [one for one in story.activities if first <= one.start_local.date() < import_day]
    return sum(float(one.body["distance"]) for one in even) / (STEADY_DAYS / 7)


def _scaled(activity: SimulatedActivity, factor: float) -> SimulatedActivity:
    """The same run, longer or shorter at the same pace; it reaches Strava as much later or earlier."""
    body = activity.body
    elapsed = round(body["elapsed_time"] * factor)
    later = timedelta(seconds=elapsed - body["elapsed_time"])
    changed = {
        "distance": round(body["distance"] * factor, 1),
        "moving_time": round(body["moving_time"] * factor),
        "elapsed_time": elapsed,
        "total_elevation_gain": round(body["total_elevation_gain"] * factor, 1),
    }
    return replace(activity, body=consistent(dict(body) | changed), uploaded_at=activity.uploaded_at + later)


def _next_day(activity: SimulatedActivity) -> SimulatedActivity:
    """One more run like it a day later. The clocks must not change in between."""
    day = timedelta(days=1)
    moved = {
        "start_date": _zulu_after(start_of(activity.body), day),
        "start_date_local": _zulu_after(activity.start_local, day),
        "name": "Evening Run",
    }
    return replace(activity, body=dict(activity.body) | moved, uploaded_at=activity.uploaded_at + day)


def _zulu_after(moment: datetime, span: timedelta) -> str:
    return zulu(moment + span)
