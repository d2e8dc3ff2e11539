"""The self-check for the upper back: warning signs end it, every other way ends in a reason and a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import chain, combinations, product

import pytest

from rules.advice import Runner, catalogue
from rules.advice.loader import ASKED_EQUIPMENT, AT_HOME
from rules.diary import Diary, Exclusions, SelfCheck
from rules.history import TrainingHistory
from rules.model import Finding, Severity
from rules.self_check import (
    NOT_REVIEWED,
    PATTERNS,
    SENTENCES,
    WHEN_TO_BE_SEEN,
    AnswersRefused,
    Assessment,
    CareFirst,
    Change,
    Level,
    Part,
    Pattern,
    Reason,
    Recheck,
    Weighed,
    assess,
    questions,
    recheck,
)
from rules.self_check.plan import two_weeks
from rules.signs import AFTER_OFFICIAL_LINE, LIMBS, OFFICIAL_LINE, SIGNS, TRUNK, signs_at
from tests.advice.test_advice_texts import FORBIDDEN
from tests.rules.builders import TODAY, history, ordinary_weeks, run, runs
from tests.rules.diaries import answers, pain, sign

NO_RUNS = history()
SIGN_CODES = [question.code for question in questions() if question.part is Part.SIGN]
GATE = [question for question in questions() if question.part is Part.GATE]
PATTERN = [question for question in questions() if question.part is Part.PATTERN]
#: Nothing speaks for anything.
QUIET = {
    **dict.fromkeys(SIGN_CODES, "no"),
    **{question.code: "yes" for question in GATE},
    "sitting-spells": "half-an-hour",
    "worse-after-sitting": "never",
    "stiff-when-turning": "never",
    "tense-shoulders": "no",
    "strength-training": "weekly",
    "tires-when-upright": "no",
    "late-in-runs": "no",
    "shape-when-tired": "no",
    "running-lately": "no",
}
LOUD = {
    "sitting-spells": "hours",
    "worse-after-sitting": "often",
    "stiff-when-turning": "often",
    "tense-shoulders": "yes",
    "strength-training": "never",
    "tires-when-upright": "yes",
    "late-in-runs": "yes",
    "shape-when-tired": "yes",
    "running-lately": "yes",
}
SETS = ("C1", "C2", "C3", "C4", "C5")
ASKED = [None, *(frozenset(some) for some in chain.from_iterable(combinations(SETS, n) for n in range(6)))]
EQUIPPED = [frozenset(some) for some in chain.from_iterable(combinations(sorted(ASKED_EQUIPMENT), n) for n in range(4))]
OPEN = Runner(exclusions=frozenset(), equipment=ASKED_EQUIPMENT)


def end(
    given: Mapping[str, str] | None = None,
    diary: Diary | None = None,
    *findings: Finding,
    seen: TrainingHistory = NO_RUNS,
    runner: Runner | None = OPEN,
) -> Assessment | CareFirst:
    return assess({**QUIET, **(given or {})}, diary or Diary(), TODAY, findings, seen, runner)


def assessed(
    given: Mapping[str, str] | None = None,
    diary: Diary | None = None,
    *findings: Finding,
    seen: TrainingHistory = NO_RUNS,
    runner: Runner | None = OPEN,
) -> Assessment:
    outcome = end(given, diary, *findings, seen=seen, runner=runner)
    assert isinstance(outcome, Assessment)
    return outcome


def levels(outcome: Assessment) -> dict[str, str]:
    return {one.pattern.value: one.level.value for one in outcome.patterns}


def of(pattern: Pattern, outcome: Assessment) -> Weighed:
    return next(one for one in outcome.patterns if one.pattern is pattern)


def finding(rule: str, severity: Severity = Severity.CAUTION, ago: int = 0) -> Finding:
    day = (TODAY - timedelta(days=ago)).date()
    return Finding(rule, 1, day.isoformat(), day, severity, {})


def advised(outcome: Assessment) -> list[str]:
    return [code for day in outcome.plan for code in (*day.prompts, *day.if_running)]


# The questions


def test_the_official_line_is_asked_first_then_who_should_be_seen_then_every_other_sign():
    assert SIGN_CODES[: len(AFTER_OFFICIAL_LINE) + 1] == [OFFICIAL_LINE, *AFTER_OFFICIAL_LINE]
    assert set(SIGN_CODES) == {one.code for one in signs_at("upper-back")}
    assert [question.part for question in questions()] == sorted(
        (question.part for question in questions()), key=list(Part).index
    )


def test_signs_are_asked_in_the_words_of_the_page_of_warning_signs():
    for question in questions():
        if question.part is Part.SIGN:
            assert question.words == SIGNS[question.code].words
            assert set(question.answers) == {"yes", "no"}


def test_every_question_has_a_code_words_and_answers_of_its_own():
    codes = [question.code for question in questions()]
    assert len(set(codes)) == len(codes)
    words = [question.words for question in questions()]
    assert len(set(words)) == len(words)
    assert all(len(question.answers) >= 2 and all(question.answers.values()) for question in questions())


def every_word() -> Iterator[str]:
    for question in questions():
        if question.part is not Part.SIGN:
            yield question.words
            yield from question.answers.values()
    yield from (*PATTERNS.values(), *SENTENCES.values(), WHEN_TO_BE_SEEN, NOT_REVIEWED)
    for change in Change:
        follows = recheck(change, TODAY)
        assert isinstance(follows, Recheck)
        yield follows.words


@pytest.mark.parametrize("words", list(every_word()))
def test_no_word_of_it_diagnoses_promises_or_judges(words: str):
    assert {rule: found for rule, pattern in FORBIDDEN.items() if (found := re.search(pattern, words, re.I))} == {}
    assert not re.search(r"\b(cause[sd]?|because)\b", words)


# Care first


@pytest.mark.parametrize("code", SIGN_CODES)
def test_any_warning_sign_ends_it_with_where_to_turn_and_without_an_exercise(code: str):
    outcome = end({**LOUD, code: "yes"}, None, finding("run-spike"))
    assert outcome == CareFirst(code, (code,), SIGNS[code].urgency.care)
    assert catalogue()[outcome.care].kind == "care"


@pytest.mark.parametrize("code", SIGN_CODES)
def test_after_a_sign_no_combination_of_answers_leads_to_an_exercise(code: str):
    for some in product(*(question.answers for question in PATTERN)):
        given = dict(zip((question.code for question in PATTERN), some, strict=True))
        assert isinstance(assess({code: "yes", **given}, Diary(), TODAY, (), NO_RUNS, OPEN), CareFirst)


def test_after_a_warning_sign_nothing_more_needs_an_answer():
    outcome = assess({"chest-pain": "yes"}, Diary(), TODAY, (), NO_RUNS)
    assert outcome == CareFirst("chest-pain", ("chest-pain",), "call-the-emergency-number")


def test_of_two_signs_the_more_urgent_says_where_to_turn_and_both_are_named():
    outcome = end({"cancer": "yes", OFFICIAL_LINE: "yes", "fever": "yes"})
    assert outcome == CareFirst(OFFICIAL_LINE, (OFFICIAL_LINE, "cancer", "fever"), "ask-for-an-urgent-appointment")


def test_a_sign_told_before_ends_it_too_until_it_is_cleared():
    outcome = end({}, answers(signs=(sign("missed-periods", ago=9),)))
    assert outcome == CareFirst("missed-periods", ("missed-periods",), "see-someone-before-exercise")
    assert isinstance(end({}, answers(signs=(sign("missed-periods", ago=9, cleared=1),))), Assessment)


def test_pain_answers_that_say_stop_end_it():
    outcome = end({}, answers(pain(7, place="knee")))
    assert outcome == CareFirst("red-light", ("red-light",), "see-a-physiotherapist")
    assert isinstance(end({}, answers(pain(2, place="upper-back"))), Assessment)


@pytest.mark.parametrize(
    "given",
    [dict(zip((q.code for q in GATE), some, strict=True)) for some in product(("yes", "no", "not-sure"), repeat=3)],
)
def test_only_what_is_mild_came_gradually_and_changes_with_movement_goes_on(given: dict[str, str]):
    outcome = end({**LOUD, **given})
    not_so = tuple(code for code, answer in given.items() if answer != "yes")
    if not_so:
        assert outcome == CareFirst(not_so[0], not_so, "ask-for-an-urgent-appointment")
    else:
        assert isinstance(outcome, Assessment)


# Impossible answers


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sitting-spells": "forever"}, '"forever" is no answer to sitting-spells: use one of half-an-hour,'),
        ({"chest-pain": "maybe"}, '"maybe" is no answer to chest-pain'),
        ({"favourite-colour": "blue"}, '"favourite-colour" is not asked'),
        ({"chest-pain": "yes", "favourite-colour": "blue"}, '"favourite-colour" is not asked'),
        ({"mild": ""}, '"" is no answer to mild'),
    ],
)
def test_an_impossible_answer_is_refused_with_the_reason(given: dict[str, str], said: str):
    with pytest.raises(AnswersRefused, match=re.escape(said)):
        end(given)


@pytest.mark.parametrize("code", QUIET)
def test_a_missing_answer_is_refused_with_its_question(code: str):
    given = {other: answer for other, answer in QUIET.items() if other != code}
    with pytest.raises(ValueError, match=f"^no answer to {code}$"):
        assess(given, Diary(), TODAY, (), NO_RUNS)


# What fits


@pytest.fixture(scope="module")
def every_end() -> list[tuple[dict[str, str], Assessment]]:
    """Every combination of answers behind the gate, with nothing else known."""
    codes = [question.code for question in PATTERN]
    combined = product(*(question.answers for question in PATTERN))
    walked = [dict(zip(codes, some, strict=True)) for some in combined]
    return [(given, assessed(given)) for given in walked]


def test_every_way_through_it_ends_in_five_patterns_with_their_reasons(every_end):
    assert len(every_end) == 3**6 * 2**3
    for given, outcome in every_end:
        assert [one.pattern for one in outcome.patterns] == list(Pattern)
        for one in outcome.patterns:
            assert bool(one.reasons) == (one.level is not Level.LITTLE)
            assert all(reason.kind == "answer" and given[reason.code] == reason.answer for reason in one.reasons)


def test_every_way_through_it_ends_in_a_plan_of_two_weeks_that_holds_something_each_day(every_end):
    for _, outcome in every_end:
        assert [day.number for day in outcome.plan] == list(range(1, 15))
        assert all(day.prompts and len(set(day.prompts)) == len(day.prompts) for day in outcome.plan)
        assert outcome.recheck_day == outcome.plan[-1].day == (TODAY + timedelta(days=13)).date()
        assert set(advised(outcome)) <= set(catalogue())


def test_the_same_answers_end_in_the_same_way_in_whatever_order_they_come():
    given = {**QUIET, **LOUD}
    backwards = dict(reversed(given.items()))
    there = assess(given, Diary(), TODAY, (), NO_RUNS, OPEN)
    assert assess(backwards, Diary(), TODAY, (), NO_RUNS, OPEN) == there


def test_where_nothing_speaks_for_a_pattern_none_fits():
    assert set(levels(assessed()).values()) == {"little-speaks-for-it"}


def test_where_everything_does_all_fit():
    found = assessed(LOUD, Diary(desk_days=True), finding("run-spike"))
    assert set(levels(found).values()) == {"fits"}


@pytest.mark.parametrize(
    ("given", "pattern", "level"),
    [
        ({"worse-after-sitting": "sometimes"}, Pattern.POSTURE, Level.COULD_FIT),
        ({"worse-after-sitting": "often"}, Pattern.POSTURE, Level.FITS),
        ({"sitting-spells": "hours"}, Pattern.POSTURE, Level.COULD_FIT),
        ({"sitting-spells": "about-an-hour"}, Pattern.POSTURE, Level.LITTLE),
        ({"stiff-when-turning": "often"}, Pattern.TIGHT_MUSCLES, Level.FITS),
        ({"stiff-when-turning": "sometimes"}, Pattern.TIGHT_MUSCLES, Level.COULD_FIT),
        ({"tense-shoulders": "yes"}, Pattern.TIGHT_MUSCLES, Level.COULD_FIT),
        ({"strength-training": "never"}, Pattern.WEAK_MUSCLES, Level.COULD_FIT),
        ({"strength-training": "never", "tires-when-upright": "yes"}, Pattern.WEAK_MUSCLES, Level.FITS),
        ({"late-in-runs": "yes"}, Pattern.RUNNING_FORM, Level.COULD_FIT),
        ({"shape-when-tired": "yes"}, Pattern.RUNNING_FORM, Level.FITS),
        ({"shape-when-tired": "not-sure"}, Pattern.RUNNING_FORM, Level.LITTLE),
        ({"running-lately": "yes"}, Pattern.OVERUSE, Level.COULD_FIT),
        ({"running-lately": "not-sure"}, Pattern.OVERUSE, Level.LITTLE),
    ],
)
def test_answers_speak_for_what_they_are_about(given: dict[str, str], pattern: Pattern, level: Level):
    assert of(pattern, assessed(given)).level is level


def test_the_runners_own_load_speaks_for_more_running_than_usual_without_any_word():
    spiked = of(Pattern.OVERUSE, assessed({}, None, finding("run-spike", Severity.CAUTION, ago=27)))
    assert (spiked.level, spiked.reasons) == (Level.FITS, (Reason("finding", "run-spike", points=2),))
    noted = of(Pattern.OVERUSE, assessed({}, None, finding("monotony", Severity.NOTE)))
    assert noted.level is Level.COULD_FIT
    faded = of(Pattern.RUNNING_FORM, assessed({}, None, finding("late-cadence-fade", Severity.NOTE)))
    assert faded.reasons == (Reason("finding", "late-cadence-fade"),)


def test_findings_of_more_than_four_weeks_ago_and_of_other_things_say_nothing():
    found = assessed({}, None, finding("run-spike", ago=28), finding("shoe"), finding("run-spike", ago=-1))
    assert set(levels(found).values()) == {"little-speaks-for-it"}


def test_the_same_rule_speaks_once_by_its_most_unusual_finding():
    twice = (finding("run-spike", Severity.NOTE, 3), finding("run-spike", Severity.HIGH, 9))
    assert of(Pattern.OVERUSE, assessed({}, None, *twice)).reasons == (Reason("finding", "run-spike", points=2),)


def test_days_without_a_run_are_counted_over_four_weeks():
    daily = history(runs(range(0, 60), 5))
    found = assessed(seen=daily)
    assert found.run_free_days == 0
    assert of(Pattern.OVERUSE, found).reasons == (Reason("known", "few-run-free-days"),)
    every_third = assessed(seen=history(ordinary_weeks()))
    assert every_third.run_free_days == pytest.approx(7 * 19 / 28)
    assert of(Pattern.OVERUSE, every_third).level is Level.LITTLE


def test_a_month_without_rest_and_the_days_it_counts_speak_once():
    found = assessed({}, None, finding("no-rest-month", Severity.NOTE), seen=history(runs(range(0, 60), 5)))
    assert of(Pattern.OVERUSE, found).level is Level.COULD_FIT


def test_a_history_too_short_to_count_days_off_says_nothing():
    assert assessed(seen=history(runs(range(0, 20), 5))).run_free_days is None
    assert assessed().run_free_days is None


# The plan


def test_long_desk_days_speak_for_long_spells_and_bring_breaks():
    found = assessed({}, Diary(desk_days=True))
    assert of(Pattern.POSTURE, found).reasons == (Reason("known", "desk-days"),)
    assert all("take-desk-breaks" in day.prompts for day in found.plan)
    assert not any("take-desk-breaks" in day.prompts for day in assessed().plan)


def test_tight_muscles_bring_the_chest_stretch_every_day_and_another_each_day():
    found = assessed({"stiff-when-turning": "often"})
    assert all("doorway-chest-stretch" in day.prompts for day in found.plan)
    others = [code for code in advised(found) if catalogue()[code].kind == "mobility" and "doorway" not in code]
    assert len(others) == 14
    assert len(set(others[:10])) == 10


def test_no_stretch_comes_again_before_the_others_came():
    stretches = [code for code in advised(assessed()) if catalogue()[code].kind == "mobility"]
    assert len(stretches) == 14
    assert len(set(stretches[:11])) == 11


def strength_days(outcome: Assessment) -> dict[int, list[str]]:
    days = {day.number: [code for code in day.prompts if catalogue()[code].kind == "strength"] for day in outcome.plan}
    return {number: codes for number, codes in days.items() if codes}


def test_strength_comes_twice_a_week_or_three_times_where_muscles_tire_never_two_days_in_a_row():
    assert strength_days(assessed()) == {number: ["band-row"] for number in (2, 5, 9, 12)}
    tiring = strength_days(assessed({"strength-training": "never", "tires-when-upright": "yes"}))
    assert list(tiring) == [2, 4, 6, 9, 11, 13]


def test_week_two_goes_on_from_week_one():
    tiring = assessed({"strength-training": "never", "tires-when-upright": "yes"})
    assert [day.step_up for day in tiring.plan] == [False] * 7 + [True] * 7
    by_day = strength_days(tiring)
    assert by_day[2] == ["band-row"]
    assert by_day[9] == ["band-row", "face-down-y-raise"]
    for code in by_day[9]:
        assert catalogue()[code].text("en").step_up


def test_a_programme_of_ten_weeks_is_no_part_of_two():
    assert "two-minute-lateral-raise" not in advised(assessed(LOUD))


def test_every_run_has_one_cue_about_form_where_form_fits():
    cues = [day.if_running for day in assessed({"shape-when-tired": "yes"}).plan]
    assert cues == [("lean-from-the-ankles",)] * 7 + [("look-to-the-horizon",)] * 7
    assert {cue for day in assessed().plan for cue in day.if_running} == {
        "loosen-your-shoulders",
        "drive-your-elbows-back",
    }


@pytest.mark.parametrize(
    ("findings", "diary", "code"),
    [
        ((finding("run-spike"), finding("stair-climb", Severity.NOTE)), None, "keep-next-runs-easy-and-shorter"),
        ((finding("fortnight-rise", Severity.HIGH), finding("run-spike")), None, "hold-your-weekly-distance"),
        ((finding("streak"),), None, "take-run-free-days"),
        ((finding("streak"),), Diary(streak_runner=True), "swap-in-an-easy-day"),
    ],
)
def test_where_more_running_fits_the_plan_holds_the_one_thing_to_do_about_it(findings, diary, code: str):
    told = replace(diary or Diary(), exclusions=Exclusions())
    found = assessed({}, told, *findings, runner=Runner.of(told, TODAY))
    with_load = [day.number for day in found.plan if any(catalogue()[one].kind == "load" for one in day.prompts)]
    assert with_load == [1, 8]
    assert code in found.plan[0].prompts


@pytest.mark.parametrize(("streak", "code"), [(False, "take-run-free-days"), (True, "swap-in-an-easy-day")])
def test_without_a_finding_the_missing_days_off_are_the_thing_to_do(streak: bool, code: str):
    runner = Runner(exclusions=frozenset(), streak_runner=streak)
    found = assessed({"running-lately": "yes"}, seen=history(runs(range(0, 60), 5)), runner=runner)
    assert found.plan[0].prompts[0] == code


def test_where_more_running_only_could_fit_the_plan_leaves_running_alone():
    found = assessed({"running-lately": "yes"})
    assert not [code for code in advised(found) if catalogue()[code].kind == "load"]


def weighed(level: Level) -> list[Weighed]:
    return [Weighed(pattern, level, ()) for pattern in Pattern]


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("expecting", [False, True])
def test_no_plan_holds_what_the_runner_should_leave_out_or_lacks(level: Level, expecting: bool):
    """Over all exclusions and equipment, with each sore place in turn and with none."""
    sore_places = [frozenset[str](), *(frozenset({place}) for place in sorted(TRUNK | LIMBS)), TRUNK | LIMBS]
    for asked, equipment, sore in product(ASKED, EQUIPPED, sore_places):
        runner = Runner(True, sore, asked, equipment, expecting=expecting)
        plan = two_weeks(runner, weighed(level), (), TODAY.date(), desk_days=False)
        codes = {code for day in plan for code in (*day.prompts, *day.if_running)}
        assert all(day.prompts for day in plan)
        for item in (catalogue()[code] for code in codes):
            open_to = not item.exclusions if asked is None else not item.exclusions & asked
            assert open_to, item.code
            assert item.equipment <= AT_HOME | equipment, item.code
            assert not item.not_when_sore & sore, item.code
            if expecting and item.kind != "care":
                assert "expecting" in item.suits, item.code


def test_who_was_not_asked_about_exclusions_gets_a_plan_of_what_suits_everyone():
    found = assessed(LOUD, runner=None)
    assert all(not catalogue()[code].exclusions for code in advised(found))
    assert any(catalogue()[code].kind == "mobility" for code in advised(found))


# After two weeks


def test_better_goes_on_the_same_is_seen_and_worse_stops_at_once():
    better, same, worse = (recheck(change, TODAY) for change in Change)
    assert isinstance(better, Recheck)
    assert isinstance(same, Recheck)
    assert isinstance(worse, Recheck)
    assert (better.stops, better.care) == (False, None)
    assert (same.stops, same.care) == (True, "see-a-physiotherapist")
    assert (worse.stops, worse.care) == (True, "ask-for-an-urgent-appointment")


@pytest.mark.parametrize("change", Change)
def test_a_warning_sign_after_two_weeks_comes_before_any_answer(change: Change):
    follows = recheck(change, TODAY, ["fever", "chest-pain"])
    assert follows == CareFirst("chest-pain", ("chest-pain", "fever"), "call-the-emergency-number")


def test_it_says_when_to_be_seen_and_that_no_clinician_has_read_it():
    assert "Not better in two weeks: be seen" in WHEN_TO_BE_SEEN
    assert "not yet reviewed by a clinician" in NOT_REVIEWED


def test_a_self_check_is_kept_in_the_diary_as_of_its_moment():
    kept = SelfCheck(TODAY, QUIET)
    told = Diary(self_checks=(kept,))
    assert told.until(TODAY).self_checks == (kept,)
    assert told.until(TODAY - timedelta(minutes=1)).self_checks == ()
    assert hash(told)
    assert history(run()).diary.self_checks == ()
