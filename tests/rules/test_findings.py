"""Every finding says whose it is: by its rule, that rule's version and the day, whatever the rule looks at."""

from __future__ import annotations

import pytest

from rules.checks import all_rules
from rules.diary import Diary
from rules.history import CadenceFade, ShoeDistance, TrainingHistory
from rules.model import Finding
from rules.rule import Rule
from rules.signs import UPPER_BACK
from tests.rules.builders import TODAY, ordinary_weeks, run, runs
from tests.rules.diaries import answers, pain, sign
from tests.rules.weeks import by_day

LONG_RUNS = [run(7, 10, moving_time_s=3600), run(0, 10, moving_time_s=3600)]
USUAL = [10, 0, 10, 0, 10, 0, 10]

#: For each rule that speaks a history that it speaks at today. A new rule needs a line here.
STORIES = {
    "back-context": TrainingHistory.of([run()], diary=answers(pain(2, place=UPPER_BACK), desk_days=True)),
    "fortnight-rise": TrainingHistory.of(by_day(*[10, 0, 0, 10, 0, 0, 10] * 4, *[10] * 14)),
    "late-cadence-fade": TrainingHistory.of(LONG_RUNS, fades=[CadenceFade(one.id, -0.05, True) for one in LONG_RUNS]),
    "monotony": TrainingHistory.of(by_day(*USUAL * 12, *[16, 0, 8, 0, 20, 4, 8], *[8] * 7)),
    "no-rest-month": TrainingHistory.of(by_day(*USUAL * 12, *[10] * 28)),
    "pain": TrainingHistory.of([run()], diary=answers(pain(5))),
    "red-flag": TrainingHistory.of([run()], diary=Diary(signs=(sign("fever"),))),
    "return-from-break": TrainingHistory.of([*runs(range(20, 104, 2), 10), run(0, 10)]),
    "run-spike": TrainingHistory.of([*ordinary_weeks(10), run(0, 21)]),
    "shoe": TrainingHistory.of([run()], shoes=[ShoeDistance("g1", 800_000, run().id)]),
    "stair-climb": TrainingHistory.of(by_day(*[km for week in (10, 12, 14, 17) for km in [week, 0, 0, week, 0, 0, 5]])),
    "streak": TrainingHistory.of(by_day(*[5, 0, 0] * 20, *[5] * 8)),
}


def said_by(rule: Rule) -> Finding | None:
    """What the rule says at the last run of its story, or to what was answered."""
    seen = STORIES[rule.code].as_seen_at(TODAY)
    return rule.check(seen, seen.runs[-1]) or rule.check_diary(seen, TODAY)


@pytest.mark.parametrize("rule", [rule for rule in all_rules() if rule.pushes], ids=lambda rule: rule.code)
def test_every_finding_names_its_rule_the_version_of_the_rule_and_the_day(rule: Rule):
    finding = said_by(rule)
    assert finding is not None
    assert (finding.rule, finding.version, finding.day) == (rule.code, rule.version, TODAY.date())
