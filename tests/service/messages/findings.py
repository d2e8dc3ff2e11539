"""A finding of every rule, as the rules themselves give it: what the tests of words start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from rules.checks import all_rules
from rules.diary import Absence, AbsenceKind, CheckIn, Diary, WeeklyAnswer
from rules.history import CadenceFade, ShoeDistance, TrainingHistory
from rules.model import Activity, Finding, Severity
from rules.policy import Decision, Outcome
from rules.rule import Rule
from tests.rules.builders import TODAY, ordinary_weeks, run, runs
from tests.rules.diaries import pain, sign, week
from tests.rules.weeks import by_day

#: Four days of 10 km in 7, and two weeks of the same length and very different monotony.
FOUR_IN_SEVEN = [10, 0, 10, 0, 10, 0, 10]
EVEN, VARIED = [8, 8, 4, 12, 4, 12, 8], [16, 0, 8, 0, 20, 4, 8]


def rule_of(code: str) -> Rule:
    return next(rule for rule in all_rules() if rule.code == code)


def decided(code: str, activities: Sequence[Activity], **known: Any) -> Decision:
    """What a rule finds at the last of these runs, with whatever else is known, and tells."""
    seen = TrainingHistory.of(activities, **known)
    done = seen.runs[-1]
    finding = rule_of(code).check(seen, done)
    assert finding is not None, f"{code} found nothing at {done}"
    return Decision(finding, done, Outcome.TOLD)


def streaked(days: int = 8, usual: int = 3, diary: Diary | None = None) -> Decision:
    """So many days in a row after streaks of that length; a caution from 6 days on, high from 10."""
    pattern = [*[8] * usual, 0] * (60 // (usual + 1))
    return decided("streak", by_day(*pattern, *[8] * days), diary=diary or Diary())


def declared_streak(days: int = 40) -> Decision:
    """One unbroken streak of a runner who declared it, told only for the complaint beside it."""
    diary = Diary(streak_runner=True, check_ins=(pain(4, ago=1),))
    return decided("streak", by_day(*[8] * days), diary=diary)


def hardly_rested(rest: int = 2, diary: Diary | None = None) -> Decision:
    last = [10, *[0] * rest, *[10] * (27 - rest)]
    return decided("no-rest-month", by_day(*FOUR_IN_SEVEN * 12, *last), diary=diary or Diary())


def alike(severity: Severity = Severity.CAUTION, *, equal: bool = False) -> Decision:
    """Two even weeks in a row, or (a note) one; `equal` makes every day of the last week the same."""
    before = VARIED if severity is Severity.NOTE else EVEN
    return decided("monotony", by_day(*FOUR_IN_SEVEN * 12, *before, *([8] * 7 if equal else EVEN)))


def climbed() -> Decision:
    weeks = [30.0] * 12 + [33.3, 37.2, 42.0]
    third = [(index, km / 3) for index, km in enumerate(reversed(weeks))]
    return decided("stair-climb", [run(7 * index + day, km) for index, km in reversed(third) for day in (6, 3, 0)])


def returned(
    off: int = 20, km: float = 9, *, more: Sequence[float] = (), told: AbsenceKind | None = None, **given: Any
) -> Decision:
    """The first run after so many days off and three runs of 10 km in 7 days before; `more` are runs in the days
    since. 20 days off are answered with a caution, 28 and a longer run with high."""
    weeks = sorted(off + 1 + len(more) + day for start in range(0, 84, 7) for day in (start, start + 2, start + 4))
    since = [run(len(more) - index, one) for index, one in enumerate([km, *more])]
    absences = () if told is None else (Absence(told, since[0].local_day - timedelta(days=off)),)
    since[-1] = replace(since[-1], **given)
    return decided("return-from-break", [*runs(weeks, 10), *since], diary=Diary(absences=absences))


def faded() -> Decision:
    long_runs = [run(ago, 12) for ago in (14, 7, 0)]
    fades = [CadenceFade(one.id, change, True) for one, change in zip(long_runs, (-0.05, -0.01, -0.052), strict=True)]
    return decided("late-cadence-fade", [*ordinary_weeks(), *long_runs], fades=fades)


def worn(km: float = 712.4) -> Decision:
    return decided("shoe", [*ordinary_weeks(), run()], shoes=[ShoeDistance("g1", km * 1000, run().id)])


def back_context(**told: Any) -> Finding:
    """A sore upper back beside long desk days, and with `spike=True` beside a run far beyond the usual."""
    told = {"check_ins": (pain(3, place="upper-back"),), "desk_days": True, **told}
    activities = [*ordinary_weeks(12.5), *([run(2, 18.2)] if told.pop("spike", False) else [])]
    return _answered("back-context", Diary(**told), activities)


def back_context_at_a_run() -> Decision:
    """The same, found when the next run comes in."""
    diary = Diary(check_ins=(pain(3, ago=1, place="upper-back"),), desk_days=True)
    return decided("back-context", [*ordinary_weeks(12.5), run()], diary=diary)


def hurting(*answers: CheckIn, weekly: Sequence[WeeklyAnswer] = ()) -> Finding:
    """What pain says of these answers."""
    return _answered("pain", Diary(check_ins=answers, weekly=tuple(weekly)))


def warned(*codes: str) -> Finding:
    """What red-flag says while these signs stand."""
    return _answered("red-flag", Diary(signs=tuple(sign(code) for code in codes)))


def _answered(code: str, diary: Diary, activities: Sequence[Activity] = ()) -> Finding:
    finding = rule_of(code).check_diary(TrainingHistory.of(activities, diary=diary), TODAY)
    assert finding is not None, f"{code} found nothing in {diary}"
    return finding


def every_pain() -> list[Finding]:
    """Amber, and red for each of its reasons."""
    return [
        hurting(pain(4)),
        hurting(pain(1, next_morning=True)),
        hurting(pain(7, place="lower-back", at_night=False)),
        hurting(pain(3, ago=6), pain(4, ago=3), pain(5, ago=0)),
        hurting(pain(2, altered_stride=True, place="something-new")),
        hurting(pain(3, place="calf", at_night=True)),
        hurting(pain(3, ago=3), pain(3)),
        hurting(weekly=[week(participation=3)]),
        hurting(pain(6), weekly=[week(changed=2, felt=3, place="knee")]),
    ]


def every_warning() -> list[Finding]:
    """A sign of each urgency, several at once, and one that is not in the list."""
    return [
        warned("chest-pain"),
        warned("between-shoulder-blades"),
        warned("bony-spot"),
        warned("missed-periods"),
        warned("chest-pain", "between-shoulder-blades", "bony-spot"),
        warned("no-longer-listed"),
    ]


def every_run_finding() -> list[Decision]:
    """What the rules on runs find beside run-spike and fortnight-rise, in every variant with words of its own."""
    complaint = Diary(check_ins=(pain(4, ago=1),))
    return [
        streaked(),
        streaked(12, usual=2),
        streaked(8, diary=complaint),
        declared_streak(),
        hardly_rested(),
        hardly_rested(1, diary=complaint),
        hardly_rested(0),
        alike(),
        alike(Severity.NOTE),
        alike(Severity.NOTE, equal=True),
        climbed(),
        returned(),
        returned(40, 12),
        returned(20, 6, more=[6, 12]),
        returned(told=AbsenceKind.OTHER_SPORT),
        returned(told=AbsenceKind.INJURED),
        faded(),
        worn(),
        back_context_at_a_run(),
    ]
