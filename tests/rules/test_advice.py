"""What a runner is offered: never something to leave out, never the same thing day after day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from itertools import chain, combinations, cycle, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.advice import catalogue, pick, pick_action, pick_prompt
from rules.checks import all_rules
from rules.model import Advice, Grade, Severity

MONDAY = date(2026, 3, 2)
LOAD_SEVERITIES = (Severity.NOTE, Severity.CAUTION, Severity.HIGH)
SETS = ("C1", "C2", "C3", "C4", "C5")
ASKED = [None, *(frozenset(some) for some in chain.from_iterable(combinations(SETS, n) for n in range(6)))]
RULES = sorted(
    {"run-spike", "fortnight-rise", "stair-climb", "streak", "no-rest-month", "return-from-break", "monotony"}
    | {"late-cadence-fade", "shoe", "back-context", "a-rule-of-tomorrow"}
    | {rule.code for rule in all_rules() if not rule.outranks}
)
EXERCISES = [item for item in catalogue().values() if item.kind in ("mobility", "strength")]
HISTORIES = {
    "new": {},
    "after-a-stretch": {"half-kneeling-hip-stretch": MONDAY - timedelta(days=3)},
    "after-both": {
        "standing-calf-stretch": MONDAY - timedelta(days=6),
        "band-row": MONDAY - timedelta(days=1),
    },
    "all-seen": {item.code: MONDAY - timedelta(days=n % 40) for n, item in enumerate(EXERCISES)},
    "a-retired-item": {"an-item-of-the-past": MONDAY},
}


def prompt(
    shown: Mapping[str, date] | None = None,
    today: date = MONDAY,
    *,
    upper_back: bool = False,
    asked: frozenset[str] | None = None,
    race: bool = False,
) -> Advice:
    return pick_prompt(upper_back=upper_back, shown=shown or {}, today=today, asked_exclusions=asked, race=race)


def is_open_to(item: Advice, asked: frozenset[str] | None) -> bool:
    return not item.exclusions if asked is None else not item.exclusions & asked


def test_nobody_is_offered_what_they_should_leave_out_nor_an_upper_back_they_did_not_name() -> None:
    seen = set()
    # The prompt knows nothing of the finding, so that the findings take turns over all that it does know.
    runners = product((False, True), (False, True), ASKED, HISTORIES.values())
    findings = cycle(product(RULES, LOAD_SEVERITIES))
    for (race, upper_back, asked, history), (rule, severity) in zip(runners, findings, strict=False):
        choice = pick(
            rule, severity, race=race, upper_back=upper_back, shown=history, today=MONDAY, asked_exclusions=asked
        )
        for item in (choice.action, choice.prompt):
            assert is_open_to(item, asked)
            assert upper_back or "upper-back" not in item.body
        assert choice.action.kind in ("form", "load", "care")
        assert choice.prompt.kind in ("mobility", "strength")
        assert not race or choice.prompt.kind == "mobility"
        seen.add(choice.prompt.kind)
    assert seen == {"mobility", "strength"}


@given(
    shown=st.dictionaries(
        st.sampled_from([item.code for item in EXERCISES]), st.dates(date(2025, 1, 1), date(2026, 12, 31))
    ),
    today=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    upper_back=st.booleans(),
    asked=st.sampled_from(ASKED),
    race=st.booleans(),
)
def test_whatever_was_shown_before_the_prompt_fits_the_runner_and_is_the_same_when_asked_again(
    shown: dict[str, date], today: date, upper_back: bool, asked: frozenset[str] | None, race: bool
) -> None:
    first = prompt(shown, today, upper_back=upper_back, asked=asked, race=race)
    backwards = dict(reversed(shown.items()))
    assert prompt(backwards, today, upper_back=upper_back, asked=asked, race=race) is first
    assert is_open_to(first, asked)
    assert upper_back or "upper-back" not in first.body


@pytest.mark.parametrize("name", ["C0", "pregnant", ""])
def test_an_exclusion_that_nobody_knows_is_refused_rather_than_overlooked(name: str) -> None:
    with pytest.raises(ValueError, match="unknown exclusions"):
        prompt(asked=frozenset({"C1", name}))


@pytest.mark.parametrize(
    ("rule", "severity"),
    [("pain", Severity.CAUTION), ("pain", Severity.HIGH), ("red-flag", Severity.STOP), ("run-spike", Severity.STOP)],
)
def test_pain_and_warning_signs_never_come_with_an_exercise(rule: str, severity: Severity) -> None:
    with pytest.raises(ValueError, match="no exercise"):
        pick(rule, severity, race=False, upper_back=False, shown={}, today=MONDAY, asked_exclusions=frozenset())


@pytest.mark.parametrize(
    ("rule", "severity", "item"),
    [
        ("run-spike", Severity.NOTE, "P1"),
        ("run-spike", Severity.CAUTION, "P2"),
        ("run-spike", Severity.HIGH, "P2"),
        ("fortnight-rise", Severity.CAUTION, "P3"),
        ("fortnight-rise", Severity.HIGH, "P3"),
        ("stair-climb", Severity.NOTE, "P4"),
        ("monotony", Severity.CAUTION, "P4"),
        ("streak", Severity.CAUTION, "T1"),
        ("no-rest-month", Severity.NOTE, "T1"),
        ("return-from-break", Severity.CAUTION, "P5"),
        ("late-cadence-fade", Severity.NOTE, "F5"),
        ("shoe", Severity.NOTE, "G1"),
        ("back-context", Severity.CAUTION, "K3"),
        ("pain", Severity.CAUTION, "K2"),
        ("pain", Severity.HIGH, "K4"),
        ("red-flag", Severity.STOP, "K7"),
        ("a-rule-of-tomorrow", Severity.CAUTION, "P4"),
    ],
)
def test_each_finding_gets_its_one_thing_to_do(rule: str, severity: Severity, item: str) -> None:
    assert pick_action(rule, severity).item == item


def test_what_leads_for_a_rule_also_answers_it() -> None:
    for rule, severity in product(RULES, LOAD_SEVERITIES):
        action = pick_action(rule, severity)
        assert rule in action.answers or action.code == "mix-hard-and-easy-days"


@pytest.mark.parametrize("rule", RULES)
def test_after_a_race_the_thing_to_do_is_to_recover(rule: str) -> None:
    action = pick_action(rule, Severity.HIGH, race=True)
    assert (action.code, action.grade) == ("recover-after-race", Grade.D)


def test_a_race_does_not_hide_what_to_do_about_pain() -> None:
    assert pick_action("pain", Severity.HIGH, race=True).item == "K4"
    assert pick_action("red-flag", Severity.STOP, race=True).item == "K7"


@pytest.mark.parametrize("rule", [*RULES, "pain", "red-flag"])
@pytest.mark.parametrize("race", [False, True])
def test_a_warning_sign_always_means_to_get_help(rule: str, race: bool) -> None:
    assert pick_action(rule, Severity.STOP, race=race).item == "K7"


def test_a_declared_streak_runner_never_reads_that_days_off_are_due() -> None:
    for rule, severity in product(RULES, LOAD_SEVERITIES):
        assert pick_action(rule, severity, streak_runner=True).code != "take-run-free-days"
    choice = pick(
        "streak",
        Severity.CAUTION,
        race=False,
        upper_back=False,
        shown={},
        today=MONDAY,
        asked_exclusions=None,
        streak_runner=True,
    )
    assert choice.action.code == "swap-in-an-easy-day"


def test_the_first_prompt_is_a_stretch_and_the_next_a_strength_item() -> None:
    first = prompt()
    assert first.kind == "mobility"
    assert prompt({first.code: MONDAY}, MONDAY + timedelta(days=2)).kind == "strength"


def test_who_named_the_upper_back_gets_it_first_and_the_legs_in_time() -> None:
    prompts = live(every=4, days=365, upper_back=True, asked=frozenset())
    kinds = ["upper-back" in item.body for _, item in prompts]
    assert all(kinds[:14])
    assert not all(kinds)


def test_who_named_the_upper_back_but_was_asked_nothing_gets_only_what_suits_everyone() -> None:
    prompts = live(every=4, days=365, upper_back=True)
    assert all(not item.exclusions for _, item in prompts)
    assert prompts[0][1].code == "childs-pose-side-reach"


@cache
def live(
    every: int, days: int, *, upper_back: bool = False, asked: frozenset[str] | None = None
) -> list[tuple[date, Advice]]:
    """The prompts of a runner who gets one every so many days."""
    shown: dict[str, date] = {}
    prompts = []
    for day in (MONDAY + timedelta(days=n) for n in range(0, days, every)):
        item = prompt(shown, day, upper_back=upper_back, asked=asked)
        shown[item.code] = day
        prompts.append((day, item))
    return prompts


CADENCES = pytest.mark.parametrize("every", [1, 2, 3, 5, 7, 10, 30])
RUNNERS = pytest.mark.parametrize(
    ("upper_back", "asked"),
    [(False, None), (True, None), (False, frozenset()), (True, frozenset()), (True, frozenset({"C1", "C2"}))],
)


@CADENCES
@RUNNERS
def test_over_a_year_stretches_and_strength_take_turns(
    every: int, upper_back: bool, asked: frozenset[str] | None
) -> None:
    kinds = [item.kind for _, item in live(every, 365, upper_back=upper_back, asked=asked)]
    assert kinds == (["mobility", "strength"] * len(kinds))[: len(kinds)]


@CADENCES
@RUNNERS
def test_over_a_year_no_stretch_comes_again_within_14_days_while_others_fit(
    every: int, upper_back: bool, asked: frozenset[str] | None
) -> None:
    fitting = {
        item.code
        for item in EXERCISES
        if item.kind == "mobility" and is_open_to(item, asked) and (upper_back or "upper-back" not in item.body)
    }
    last: dict[str, date] = {}
    for day, item in live(every, 365, upper_back=upper_back, asked=asked):
        if item.kind != "mobility":
            continue
        recent = {code for code, when in last.items() if day - when <= timedelta(days=14)}
        assert item.code not in recent or recent == fitting
        last[item.code] = day
    assert every > 7 or set(last) == fitting


@CADENCES
@RUNNERS
def test_over_a_year_a_strength_item_stays_for_its_four_weeks_and_then_changes(
    every: int, upper_back: bool, asked: frozenset[str] | None
) -> None:
    strength = [(day, item) for day, item in live(every, 365, upper_back=upper_back, asked=asked) if item.muscles]
    blocks: dict[int, list[str]] = {}
    for day, item in strength:
        if item.kind == "strength":
            blocks.setdefault((day.toordinal() - 1) // 28, []).append(item.code)
    items = [codes[0] for codes in blocks.values()]
    assert all(len(set(codes)) == 1 for codes in blocks.values())
    assert all(now != after for now, after in pairwise(items))
    assert every > 7 or len(set(items)) >= 8


def test_a_new_answer_ends_a_strength_item_that_no_longer_fits_at_once() -> None:
    shown = {"band-row": MONDAY, "standing-calf-stretch": MONDAY + timedelta(days=1)}
    day = MONDAY + timedelta(days=2)
    assert prompt(shown, day, upper_back=True, asked=frozenset()).code == "band-row"
    changed = prompt(shown, day, upper_back=True, asked=frozenset({"C2"}))
    assert changed.kind == "strength"
    assert "C2" not in changed.exclusions


def test_without_the_upper_back_prompts_are_for_legs_hips_and_trunk_and_there_is_choice() -> None:
    offered = [item for item in EXERCISES if "upper-back" not in item.body]
    assert all(item.body <= {"legs", "hips", "trunk"} for item in offered)
    assert len([item for item in offered if item.body & {"legs", "hips"}]) >= 8
    assert {item.kind for item in offered if not item.exclusions} == {"mobility", "strength"}
