"""What a runner is offered: never something to leave out, never the same thing day after day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import chain, combinations, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.advice import Choice, Occasion, Prompt, Runner, Why, catalogue, pick, pick_action, pick_prompt, traits_of
from rules.advice.loader import ASKED_EQUIPMENT, AT_HOME
from rules.checks import all_rules
from rules.diary import Diary, Exclusions
from rules.model import Advice, Grade, Severity
from rules.signs import LIMBS, TRUNK
from tests.rules.builders import TODAY, run
from tests.rules.diaries import answers, pain

MONDAY = date(2026, 3, 2)
LOAD_SEVERITIES = (Severity.NOTE, Severity.CAUTION, Severity.HIGH)
SETS = ("C1", "C2", "C3", "C4", "C5")
LOAD_RULES = ("run-spike", "fortnight-rise", "stair-climb", "streak", "no-rest-month", "return-from-break", "monotony")
RULES = sorted(
    {*LOAD_RULES, "late-cadence-fade", "shoe", "back-context", "a-rule-of-tomorrow"}
    | {rule.code for rule in all_rules() if not rule.outranks}
)
EXERCISES = [item for item in catalogue().values() if item.kind in ("mobility", "strength")]
PROMPTS = [item for item in catalogue().values() if item.kind in ("mobility", "strength", "form")]
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


def subsets(of: tuple[str, ...]) -> Iterator[frozenset[str]]:
    yield from map(frozenset, chain.from_iterable(combinations(of, n) for n in range(len(of) + 1)))


ASKED = [None, *subsets(SETS)]
EQUIPPED = list(subsets(tuple(sorted(ASKED_EQUIPMENT))))
WITH_ALL = Runner(exclusions=frozenset(), equipment=ASKED_EQUIPMENT)
UPPER_BACK = Runner(upper_back=True, exclusions=frozenset(), equipment=ASKED_EQUIPMENT)


def prompted(
    shown: Mapping[str, date] | None = None,
    today: date = MONDAY,
    runner: Runner | None = None,
    occasion: Occasion | None = None,
) -> Prompt:
    found = pick_prompt(runner or Runner(), shown or {}, today, occasion)
    assert found is not None
    return found


def prompt(
    shown: Mapping[str, date] | None = None,
    today: date = MONDAY,
    runner: Runner | None = None,
    occasion: Occasion | None = None,
) -> Advice:
    return prompted(shown, today, runner, occasion).item


def picked(
    rule: str, runner: Runner | None = None, shown: Mapping[str, date] | None = None, *, race: bool = False
) -> Choice:
    return pick(Occasion(rule, Severity.CAUTION, race), runner or WITH_ALL, shown or {}, MONDAY)


def offered(rule: str, runner: Runner) -> set[str]:
    """Everything that comes up when the same finding is told a hundred times, two days apart."""
    shown: dict[str, date] = {}
    for day in (MONDAY + timedelta(days=2 * n) for n in range(100)):
        choice = pick(Occasion(rule, Severity.CAUTION), runner, shown, day)
        if choice.prompt:
            shown[choice.prompt.code] = day
    return set(shown)


def is_open_to(item: Advice, runner: Runner) -> bool:
    asked = runner.exclusions
    open_to = not item.exclusions if asked is None else not item.exclusions & asked
    return open_to and item.equipment <= AT_HOME | runner.equipment


# What must never be offered


def test_nobody_is_offered_what_they_should_leave_out_lack_or_did_not_name() -> None:
    """Over all exclusions, equipment, focus, rules, severities and races, and what was shown before."""
    kinds = set()
    for asked, equipment, upper_back in product(ASKED, EQUIPPED, (False, True)):
        runner = Runner(upper_back=upper_back, exclusions=asked, equipment=equipment)
        for rule, severity, race, shown in product(
            RULES,
            LOAD_SEVERITIES,
            (False, True),
            (HISTORIES["new"], HISTORIES["after-a-stretch"], HISTORIES["all-seen"]),
        ):
            choice = pick(Occasion(rule, severity, race), runner, shown, MONDAY)
            item = choice.prompt
            assert item is not None
            assert choice.why is not None
            assert is_open_to(item, runner)
            assert upper_back or "upper-back" not in item.body or rule in ("late-cadence-fade", "back-context")
            assert choice.action.kind in ("form", "load", "care")
            assert not choice.action.exclusions
            assert item != choice.action
            assert item.kind != "form" or rule in item.answers
            assert not race or item.kind == "mobility"
            kinds.add(item.kind)
    assert kinds == {"mobility", "strength", "form"}


PLACES = sorted(TRUNK | LIMBS)


@given(
    shown=st.dictionaries(
        st.sampled_from([item.code for item in PROMPTS]), st.dates(date(2025, 1, 1), date(2026, 12, 31))
    ),
    today=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    runner=st.builds(
        Runner,
        upper_back=st.booleans(),
        sore=st.frozensets(st.sampled_from(PLACES), max_size=4),
        exclusions=st.sampled_from(ASKED),
        equipment=st.sampled_from(EQUIPPED),
        expecting=st.booleans(),
    ),
    occasion=st.none()
    | st.builds(Occasion, st.sampled_from(RULES), st.sampled_from(LOAD_SEVERITIES), race=st.booleans()),
)
def test_whatever_was_shown_before_the_prompt_fits_the_runner_and_is_the_same_when_asked_again(
    shown: dict[str, date], today: date, runner: Runner, occasion: Occasion | None
) -> None:
    first = pick_prompt(runner, shown, today, occasion)
    assert pick_prompt(runner, dict(reversed(shown.items())), today, occasion) == first
    if first is not None:
        assert is_open_to(first.item, runner)
        assert not first.item.not_when_sore & runner.sore
        assert not runner.expecting or "expecting" in first.item.suits


@pytest.mark.parametrize("given", [{"exclusions": {"C1", "C6"}}, {"exclusions": {""}}, {"equipment": {"rope"}}])
def test_an_exclusion_or_equipment_that_nobody_knows_is_refused_rather_than_overlooked(given) -> None:
    with pytest.raises(ValueError, match=r"unknown (exclusions|equipment)"):
        Runner(**{name: frozenset(codes) for name, codes in given.items()})


def test_a_trait_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown traits"):
        Occasion("run-spike", Severity.NOTE, traits=frozenset({"windy"}))


@pytest.mark.parametrize(
    ("rule", "severity"),
    [("pain", Severity.CAUTION), ("pain", Severity.HIGH), ("red-flag", Severity.STOP), ("run-spike", Severity.STOP)],
)
def test_pain_and_warning_signs_never_come_with_an_exercise(rule: str, severity: Severity) -> None:
    with pytest.raises(ValueError, match="no exercise"):
        pick(Occasion(rule, severity), WITH_ALL, {}, MONDAY)


@pytest.mark.parametrize("rule", LOAD_RULES)
def test_more_running_than_usual_brings_legs_hips_and_trunk_alone(rule: str) -> None:
    bodies = {part for code in offered(rule, WITH_ALL) for part in catalogue()[code].body}
    assert bodies == {"legs", "hips", "trunk"} or bodies == {"legs", "hips"}


def test_who_has_a_sore_upper_back_gets_something_for_it_with_more_running_too() -> None:
    sore = Runner(sore=frozenset({"upper-back"}), exclusions=frozenset(), equipment=ASKED_EQUIPMENT)
    choice = picked("fortnight-rise", sore)
    assert choice.prompt is not None
    assert "upper-back" in choice.prompt.body
    assert choice.why is Why.SORE_PLACE


@pytest.mark.parametrize("place", ["calf", "achilles", "knee", "hamstring", "thigh", "hip"])
def test_a_sore_leg_gets_nothing_that_asks_it_to_work(place: str) -> None:
    ruled_out = {item.code for item in PROMPTS if place in item.not_when_sore}
    assert ruled_out
    sore = Runner(sore=frozenset({place}), exclusions=frozenset(), equipment=ASKED_EQUIPMENT)
    for rule in RULES:
        assert not offered(rule, sore) & ruled_out


def test_a_sore_place_in_words_of_their_own_rules_out_whatever_any_place_does() -> None:
    elsewhere = Runner(sore=frozenset({"little toe"}), exclusions=frozenset(), equipment=ASKED_EQUIPMENT)
    codes = offered("run-spike", elsewhere)
    assert codes
    assert all(not catalogue()[code].not_when_sore for code in codes)


def test_who_is_sore_all_over_gets_the_one_thing_to_do_and_no_exercise() -> None:
    choice = picked("run-spike", Runner(sore=TRUNK | LIMBS), race=True)
    assert (choice.prompt, choice.why) == (None, None)
    assert choice.action.code == "recover-after-race"


def test_without_a_band_or_a_roller_nothing_asks_for_one() -> None:
    at_home = Runner(upper_back=True, exclusions=frozenset())
    for rule in RULES:
        assert all(catalogue()[code].equipment <= AT_HOME for code in offered(rule, at_home))
    assert "foam-roller-back-extension" in offered("back-context", UPPER_BACK)


@pytest.mark.parametrize("asked", [None, frozenset(), frozenset({"C2"})])
def test_an_expecting_runner_gets_only_what_is_marked_for_it(asked: frozenset[str] | None) -> None:
    expecting = Runner(upper_back=True, exclusions=asked, equipment=ASKED_EQUIPMENT, expecting=True)
    for rule in RULES:
        codes = offered(rule, expecting)
        assert codes
        assert all("expecting" in catalogue()[code].suits for code in codes)


# The one thing to do


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
    occasion = Occasion("streak", Severity.CAUTION)
    assert pick(occasion, Runner(streak_runner=True), {}, MONDAY).action.code == "swap-in-an-easy-day"


# Why this one


def test_late_in_long_runs_a_form_cue_or_the_back_bend_is_offered() -> None:
    codes = offered("late-cadence-fade", WITH_ALL)
    assert codes == {
        "seated-back-bend", "loosen-your-shoulders", "lean-from-the-ankles", "quicker-shorter-steps",
        "drive-your-elbows-back",
    }  # fmt: skip
    assert picked("late-cadence-fade").action.code == "look-to-the-horizon"


def test_who_was_not_asked_gets_form_cues_alone_late_in_long_runs() -> None:
    assert {catalogue()[code].kind for code in offered("late-cadence-fade", Runner())} == {"form"}


def test_a_sore_upper_back_beside_more_running_is_answered_for_the_upper_back() -> None:
    items = [catalogue()[code] for code in offered("back-context", WITH_ALL)]
    assert all("back-context" in item.answers for item in items)
    assert {item.kind for item in items} == {"mobility", "strength", "form"}


def test_where_nothing_for_the_upper_back_suits_the_legs_are_left() -> None:
    nothing = Runner(exclusions=None, sore=frozenset({"knee"}), expecting=True)
    choice = picked("back-context", nothing)
    assert choice.prompt is not None
    assert choice.prompt.body <= {"legs", "hips", "trunk"}


def test_a_hilly_run_brings_something_that_goes_with_hills() -> None:
    hilly = Occasion("fortnight-rise", Severity.CAUTION, traits=frozenset({"hills"}))
    chosen = prompted(occasion=hilly, runner=WITH_ALL)
    assert "hills" in chosen.item.traits
    assert chosen.why is Why.FITS_THE_RUN


@pytest.mark.parametrize(
    ("given", "traits"),
    [
        ({"km": 5}, set()),
        ({"km": 10}, {"long"}),
        ({"km": 5, "elevation_gain_m": 75.0}, {"hills"}),
        ({"km": 5, "elevation_gain_m": 74.0}, set()),
        ({"km": 5, "race": True}, {"race"}),
        ({"km": None}, set()),
    ],
)
def test_what_a_run_was_like_is_read_from_its_summary(given, traits: set[str]) -> None:
    assert traits_of(run(0, **given)) == traits


def test_every_prompt_says_why_it_was_chosen() -> None:
    assert picked("run-spike").why is Why.FITS_THE_RUN
    assert picked("fortnight-rise").why is Why.FITS_THE_FINDING
    assert picked("shoe").why is Why.FITS_THE_RUN
    assert picked("a-rule-of-tomorrow").why is Why.LONGEST_NOT_SHOWN
    assert picked("fortnight-rise", UPPER_BACK).why is Why.YOUR_UPPER_BACK
    assert picked("back-context", Runner(exclusions=frozenset())).why is Why.FITS_THE_RUN
    after = {"split-squat": MONDAY - timedelta(days=4), "standing-calf-stretch": MONDAY - timedelta(days=2)}
    assert prompted(after, MONDAY, WITH_ALL).why is Why.LONGEST_NOT_SHOWN
    assert prompted(after, MONDAY - timedelta(days=1), WITH_ALL).why is Why.THIS_BLOCK


def test_a_runner_is_known_by_what_they_told() -> None:
    told = answers(
        pain(2, place="knee"),
        pain(0, place="calf"),
        streak_runner=True,
        exclusions=Exclusions(("C1",), expecting=True),
        equipment=frozenset({"band"}),
        upper_back=True,
    )
    known = Runner.of(told, TODAY)
    assert known == Runner(
        upper_back=True,
        sore=frozenset({"knee"}),
        exclusions=frozenset({"C1"}),
        equipment=frozenset({"band"}),
        streak_runner=True,
        expecting=True,
    )
    assert Runner.of(Diary(), TODAY) == Runner()


# Over time


def test_the_first_prompt_is_a_stretch_and_the_next_a_strength_item() -> None:
    first = prompt()
    assert first.kind == "mobility"
    assert prompt({first.code: MONDAY}, MONDAY + timedelta(days=2)).kind == "strength"


def test_who_named_the_upper_back_gets_it_first_and_the_legs_in_time() -> None:
    prompts = live(every=4, days=365, runner=UPPER_BACK)
    kinds = ["upper-back" in item.body for _, item in prompts]
    assert all(kinds[:14])
    assert not all(kinds)


def test_who_named_the_upper_back_but_was_asked_nothing_gets_only_what_suits_everyone() -> None:
    prompts = live(every=4, days=365, runner=Runner(upper_back=True))
    assert all(not item.exclusions for _, item in prompts)
    assert prompts[0][1].code == "childs-pose-side-reach"


def live(
    every: int, days: int, *, runner: Runner | None = None, occasion: Occasion | None = None
) -> list[tuple[date, Advice]]:
    """The prompts of a runner who gets one every so many days."""
    shown: dict[str, date] = {}
    prompts = []
    for day in (MONDAY + timedelta(days=n) for n in range(0, days, every)):
        item = prompt(shown, day, runner, occasion)
        shown[item.code] = day
        prompts.append((day, item))
    return prompts


CADENCES = pytest.mark.parametrize("every", [1, 2, 3, 5, 7, 10, 30])
RUNNERS = pytest.mark.parametrize(
    "runner",
    [
        Runner(),
        Runner(upper_back=True),
        WITH_ALL,
        UPPER_BACK,
        Runner(upper_back=True, exclusions=frozenset({"C1", "C2"})),
        Runner(sore=frozenset({"calf"}), exclusions=frozenset()),
    ],
    ids=["new", "upper-back", "asked", "asked-upper-back", "bones-and-shoulder", "sore-calf"],
)
OCCASIONS = pytest.mark.parametrize(
    "occasion", [None, Occasion("run-spike", Severity.CAUTION), Occasion("monotony", Severity.NOTE)], ids=str
)


@CADENCES
@RUNNERS
@OCCASIONS
def test_over_a_year_stretches_and_strength_take_turns(every: int, runner: Runner, occasion: Occasion | None) -> None:
    kinds = [item.kind for _, item in live(every, 365, runner=runner, occasion=occasion)]
    assert kinds == (["mobility", "strength"] * len(kinds))[: len(kinds)]


def stretches_for(runner: Runner) -> set[str]:
    return {
        item.code
        for item in EXERCISES
        if item.kind == "mobility"
        and is_open_to(item, runner)
        and not item.not_when_sore & runner.sore
        and (runner.upper_back or "upper-back" not in item.body)
    }


@CADENCES
@RUNNERS
@OCCASIONS
def test_over_a_year_no_stretch_comes_again_within_14_days_while_others_fit(
    every: int, runner: Runner, occasion: Occasion | None
) -> None:
    fitting = stretches_for(runner)
    last: dict[str, date] = {}
    for day, item in live(every, 365, runner=runner, occasion=occasion):
        if item.kind != "mobility":
            continue
        recent = {code for code, when in last.items() if day - when <= timedelta(days=14)}
        assert item.code not in recent or recent == fitting
        last[item.code] = day
    assert every > 7 or occasion or set(last) == fitting


@pytest.mark.parametrize("rule", ["late-cadence-fade", "back-context"])
@RUNNERS
def test_the_back_bend_does_not_come_again_while_a_cue_fits(rule: str, runner: Runner) -> None:
    last: dict[str, date] = {}
    for day, item in live(2, 365, runner=runner, occasion=Occasion(rule, Severity.NOTE)):
        assert item.kind != "mobility" or day - last.get(item.code, date.min) > timedelta(days=14)
        last[item.code] = day


@CADENCES
@RUNNERS
def test_over_a_year_a_strength_item_stays_for_its_four_weeks_and_then_changes(every: int, runner: Runner) -> None:
    blocks: dict[int, list[str]] = {}
    for day, item in live(every, 365, runner=runner):
        if item.kind == "strength":
            blocks.setdefault((day.toordinal() - 1) // 28, []).append(item.code)
    items = [codes[0] for codes in blocks.values()]
    assert all(len(set(codes)) == 1 for codes in blocks.values())
    assert all(now != after for now, after in pairwise(items))
    assert every > 7 or len(set(items)) >= 5


def test_a_new_answer_ends_a_strength_item_that_no_longer_fits_at_once() -> None:
    shown = {"band-row": MONDAY, "standing-calf-stretch": MONDAY + timedelta(days=1)}
    day = MONDAY + timedelta(days=2)
    assert prompt(shown, day, UPPER_BACK).code == "band-row"
    unstable = Runner(upper_back=True, exclusions=frozenset({"C2"}), equipment=ASKED_EQUIPMENT)
    changed = prompt(shown, day, unstable)
    assert changed.kind == "strength"
    assert "C2" not in changed.exclusions
    without = prompt(shown, day, Runner(upper_back=True, exclusions=frozenset()))
    assert "band" not in without.equipment


def test_without_the_upper_back_prompts_are_for_legs_hips_and_trunk_and_there_is_choice() -> None:
    offered = [item for item in EXERCISES if "upper-back" not in item.body]
    assert all(item.body <= {"legs", "hips", "trunk"} for item in offered)
    assert len([item for item in offered if item.body & {"legs", "hips"}]) >= 8
    assert {item.kind for item in offered if not item.exclusions} == {"mobility", "strength"}
