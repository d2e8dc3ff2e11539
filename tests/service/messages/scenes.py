"""One runner, some runs, and every message about them: the scenes that the tests of words look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from integrations.channels.message import Message, Section
from rules.absence import AbsenceQuestion, ReturnState
from rules.advice import Choice, Prompt, Why, catalogue, pick_action
from rules.checks import all_rules
from rules.checks.fortnight_rise import RULE as FORTNIGHT_RISE
from rules.checks.run_spike import RULE as RUN_SPIKE
from rules.diary import Absence, AbsenceKind, Diary, OwnLimit
from rules.history import TrainingHistory
from rules.model import Activity, Advice, Finding, RuleState, Run, Severity, Watch
from rules.policy import Decision, Outcome, Reason
from rules.return_ladder import LadderStep, Wait
from rules.rule import Rule
from rules.starting import is_starting
from rules.usual_range import DayRange, usual_range
from service.messages.alert import alert_message
from service.messages.check_in import check_in_message
from service.messages.code import code_message
from service.messages.connection import (
    Ending,
    disconnected_message,
    subscription_trouble_message,
)
from service.messages.destination import destination_test_message
from service.messages.digest import digest_message
from service.messages.endings import connection_ended_message
from service.messages.pages import Pages
from service.messages.receipt import receipt_message
from service.messages.stub import stub_message
from service.messages.telling import leading
from service.messages.welcome import welcome_message
from service.store.records import Athlete, StoredFinding, Units
from service.subscription_record import EVENTS, SubscriptionStatus
from tests.rules.builders import TODAY, history, ordinary_weeks, run, runs
from tests.rules.diaries import pain, sign
from tests.service.messages.findings import (
    back_context,
    back_context_at_a_run,
    every_pain,
    every_run_finding,
    every_warning,
    returned,
    streaked,
)

PAGES = Pages("https://runs.example.org")
#: An hour after the run of TODAY began: a Wednesday in June, told in Berlin.
NOW = datetime(2024, 6, 12, 6, 0, tzinfo=UTC)
DEVICE = "Garmin Forerunner 255"
CALF_STRETCH = catalogue()["standing-calf-stretch"]
EVERY_UNIT: tuple[Units, ...] = get_args(Units)
TOLD_SEVERITIES = (Severity.CAUTION, Severity.HIGH)
UPPER_BACK_STRETCH = next(item for item in catalogue().values() if item.item == "M1")
OWN_EXERCISES = ("Wall sits, 3 times 30 seconds", "Ten slow heel drops")
LIMIT = OwnLimit(TODAY.date() + timedelta(days=30), 5_000, 30, 3, OWN_EXERCISES)
STEP = LadderStep(2, 3, 7_500, 22_500, 12_340, "easy", 20)
RUN_WALK = LadderStep(1, 8, 3_000, 9_000, 9_000, "run-walk", 120)
EVERY_WHY = ("no-distance", "base-too-small", "one-long-streak", "no-streams", "no-shoes", "something-new")
EVERY_LIMIT = (
    LIMIT,
    OwnLimit(LIMIT.until, run_m=5_049),
    OwnLimit(LIMIT.until, run_minutes=30),
    OwnLimit(LIMIT.until, runs_a_week=1),
    OwnLimit(LIMIT.until, exercises=OWN_EXERCISES),
)


def athlete(**given: Any) -> Athlete:
    usual: dict[str, Any] = {
        "id": 1,
        "role": "operator",
        "created_at": NOW,
        "email": "runner@example.org",
        "units": "km",
        "first_weekday": 0,
        "language": "en",
        "time_zone": "Europe/Berlin",
        "upper_back": False,
        "receipts_left": 3,
        "digest_due_at": None,
        "weeks_without_runs": 0,
    }
    return Athlete(**{**usual, **given})


def spiked(km: float = 18.2, longest_km: float = 12.5, *, ago: float = 0, **given: Any) -> Decision:
    """A run that run-spike finds far beyond the longest of the month before, which was nine days earlier."""
    usual = [run(ago + days, longest_km - 1) for days in range(3, 60, 3) if days != 9]
    activity = run(ago, km, **given)
    return _decided(RUN_SPIKE, history(usual, run(ago + 9, longest_km), activity), activity)


def risen(severity: Severity = Severity.CAUTION, *, ago: float = 0, **given: Any) -> Decision:
    """The run with which two weeks of 49 and 52 km (high: 58 and 60 km) after weeks of 28.5 km are full."""
    more = 1.7 if severity is Severity.HIGH else 0.0
    usual = [run(ago + days, 9.5) for days in range(14, 84) if days % 7 in (1, 3, 5)]
    before = [run(ago + days, 9.8 + more) for days in (7, 8, 9, 11, 13)]
    last = [run(ago + days, 10.0 + more) for days in (1, 2, 4, 6)]
    activity = run(ago, 12.3 + more, **given)
    return _decided(FORTNIGHT_RISE, history(usual, before, last, activity), activity)


def _decided(rule: Rule, seen: TrainingHistory, activity: Activity) -> Decision:
    done = next(one for one in seen.runs if one.id == activity.id)
    finding = rule.check(seen, done)
    assert finding is not None, f"{rule.code} found nothing at {done}"
    return Decision(finding, done, Outcome.TOLD)


def choice(decisions: Sequence[Decision], prompt: Advice = CALF_STRETCH) -> Choice:
    lead = leading(decisions)
    return Choice(
        pick_action(lead.finding.rule, lead.finding.severity, race=lead.run.race), prompt, Why.FITS_THE_FINDING
    )


def alert(
    *decisions: Decision,
    prompt: Advice = CALF_STRETCH,
    now: datetime = NOW,
    limit: OwnLimit | None = None,
    step: LadderStep | None = None,
    waits_for: Wait | None = None,
    **given: Any,
) -> Message:
    """The message for these findings of one run; `given` changes the runner."""
    activity = replace(run(0), id=decisions[0].run.id, device_name=DEVICE)
    ids = {decision.finding.rule: f"alert-{decision.finding.rule}" for decision in decisions}
    return alert_message(
        "m1",
        athlete(**given),
        decisions,
        activity,
        choice(decisions, prompt),
        ids,
        PAGES,
        now,
        limit=limit,
        step=step,
        waits_for=waits_for,
    )


def prompted(item: Advice | None) -> Prompt | None:
    return None if item is None else Prompt(item, Why.FITS_THE_FINDING)


def check_in(finding: Finding, *, prompt: Advice | None = None, **given: Any) -> Message:
    """The answer to a check-in; `given` changes the runner."""
    action = pick_action(finding.rule, finding.severity)
    return check_in_message("m1", athlete(**given), finding, "alert-1", action, PAGES, NOW, prompt=prompted(prompt))


def states(seen: TrainingHistory, at: datetime = TODAY) -> list[tuple[Rule, RuleState]]:
    return [(rule, rule.state(seen, at)) for rule in all_rules()]


def states_of(state: RuleState) -> list[tuple[Rule, RuleState]]:
    """Every rule in this one state."""
    return [(rule, state) for rule in all_rules()]


def receipt(
    activity: Activity, *before: Activity, decisions: Sequence[Decision] = (), left: int = 2, **given: Any
) -> Message:
    """The line after a run that had these before it."""
    seen = history([*before, activity])
    at = activity.start_local
    return receipt_message(
        "m1",
        athlete(**given),
        activity,
        seen,
        decisions,
        states(seen, at),
        starting=is_starting(seen, at),
        left=left,
        pages=PAGES,
        now=NOW,
    )


def welcome(
    activities: Sequence[Activity],
    told: Sequence[Decision] = (),
    *,
    starting: bool = False,
    sees_hidden_runs: bool = True,
    rule_states: Sequence[tuple[Rule, RuleState]] | None = None,
    limit: OwnLimit | None = None,
    **given: Any,
) -> Message:
    return welcome_message(
        "m1",
        athlete(**given),
        activities,
        told,
        states(history(activities)) if rule_states is None else rule_states,
        lambda decision: choice([decision]),
        starting=starting,
        sees_hidden_runs=sees_hidden_runs,
        pages=PAGES,
        now=NOW,
        limit=limit,
    )


def digest(
    activities: Sequence[Activity],
    findings: Sequence[StoredFinding] = (),
    *,
    starting: bool = False,
    weeks_without_runs: int = 0,
    now: datetime = NOW,
    prompt: Advice | None = CALF_STRETCH,
    ranges: Sequence[DayRange] = (),
    absence: AbsenceQuestion | None = None,
    offers: Sequence[str] = (),
    limit: OwnLimit | None = None,
    returning: ReturnState | None = None,
    streak_runner: bool = False,
    **given: Any,
) -> Message:
    return digest_message(
        "m1",
        athlete(**given),
        activities,
        findings,
        states(history(activities)),
        prompted(prompt),
        starting=starting,
        weeks_without_runs=weeks_without_runs,
        pages=PAGES,
        now=now,
        ranges=ranges,
        absence=absence,
        offers=offers,
        limit=limit,
        returning=returning,
        streak_runner=streak_runner,
    )


def ranges(*parts: Activity | Sequence[Activity], diary: Diary | None = None, days: int = 15) -> list[DayRange]:
    """The usual range of TODAY and the days after it, by these runs and what the runner told."""
    seen = history(*parts)
    return usual_range(seen if diary is None else replace(seen, diary=diary), TODAY, days=days)


def every_range() -> list[list[DayRange]]:
    """A range for each thing that lowers it, hides it or stands in its place."""
    weeks = ordinary_weeks(12.5)
    unwell = [Diary(absences=(Absence(kind, TODAY.date()),)) for kind in (AbsenceKind.INJURED, AbsenceKind.ILL)]
    waiting = [Diary(signs=(sign("fever"),)), Diary(check_ins=(pain(7),)), *unwell]
    limits = [Diary(limit=limit) for limit in EVERY_LIMIT]
    at_home = Diary(absences=(Absence(AbsenceKind.ILL, TODAY.date(), TODAY.date() + timedelta(days=2)),))
    return [
        ranges(weeks),
        ranges(weeks, run(0.1, 18.2)),
        ranges(weeks, run(1, 42.2, race=True)),
        ranges(weeks, run(1, 22.0, race=True), runs([12], 21.5)),
        ranges(weeks, diary=Diary(check_ins=(pain(4),))),
        *(ranges(weeks, diary=diary) for diary in (*waiting, *limits, at_home)),
        ranges(runs(range(20, 100, 2), 10), run(0.1, 5)),
        ranges(runs(range(130, 200, 2), 10)),
        ranges(run(2, 4.0)),
        ranges(run(40, 4.0)),
        ranges(),
    ]


def question(**given: Any) -> AbsenceQuestion:
    """A gap of 12 days."""
    return replace(AbsenceQuestion("2024-05-31", TODAY.date() - timedelta(days=12), 12, False, 0.0), **given)


def stored(decision: Decision, reason: Reason | None, outcome: Outcome = Outcome.SILENT) -> StoredFinding:
    """The decision as the store gives it back, with this outcome."""
    finding, done = decision.finding, decision.run
    return StoredFinding(
        rule=finding.rule,
        version=finding.version,
        key=finding.key,
        day=finding.day,
        severity=finding.severity,
        facts=finding.facts,
        run=Run(done.id, done.start_local, done.end_local, done.finished_local, done.distance_m, None),
        outcome=outcome,
        reason=reason,
        decided_at=NOW,
        alert_id=None,
        message_id=None,
        withdrawn_at=None,
    )


def everything(units: Units = "km", language: str = "en") -> Iterator[Message]:
    """A message of every kind, in every variant that has words of its own."""
    given: dict[str, Any] = {"units": units, "language": language}
    yield from _alerts(given)
    yield from _check_ins(given)
    yield from _receipts(given)
    yield from _welcomes(given)
    yield from _digests(given)
    runner = athlete(**given)
    yield connection_ended_message("m1", runner, "sign-in-again", PAGES, NOW)
    for revoked in (True, False):
        yield disconnected_message(
            "m1", runner, activities=212, findings=9, messages=1, pages=PAGES, now=NOW, revoked=revoked
        )
    for ending in Ending:
        yield disconnected_message(
            "m1", runner, activities=1, findings=0, messages=2, pages=PAGES, now=NOW, ending=ending, ended_at=NOW
        )
    yield from _stubs(runner)
    for state in EVENTS:
        for reason in ("not verifiable", "does not return 200", "already exists"):
            yield trouble(SubscriptionStatus(state, host="203.0.113.7", reason=reason), **given)
    yield code_message("m1", language, "123456", valid_minutes=15, now=NOW)
    yield destination_test_message("m1", runner, PAGES, NOW)


def _stubs(runner: Athlete) -> Iterator[Message]:
    """What is left of a message whose runs are gone: of one that told two things, and of one that told nothing."""
    gone = [replace(stored(one, None, Outcome.TOLD), facts={}, scrubbed_at=NOW) for one in (spiked(), risen())]
    told = alert(spiked(), risen(), units=runner.units, language=runner.language)
    yield stub_message(told, gone, runner, PAGES)
    read = receipt(run(0, 8.1), *ordinary_weeks(12.5), units=runner.units, language=runner.language)
    yield stub_message(read, [], runner, PAGES)


def trouble(status: SubscriptionStatus, *, late_minutes: int = 15, **given: Any) -> Message:
    """What the operator is told of pushes that stay away."""
    return subscription_trouble_message("m1", athlete(**given), status, late_minutes=late_minutes, pages=PAGES, now=NOW)


def _alerts(given: dict[str, Any]) -> Iterator[Message]:
    ends = (spiked(), spiked(26.1), spiked(21.1, race=True), spiked(42.2, race=True))
    for decision in (*ends, risen(), risen(Severity.HIGH), risen(race=True)):
        yield alert(decision, **given)
    for severity in TOLD_SEVERITIES:
        yield alert(spiked(), risen(severity), **given)
    for days in (1, 3, 20):
        yield alert(spiked(), now=NOW + timedelta(days=days), **given)
    for decision in every_run_finding():
        if decision.finding.severity in TOLD_SEVERITIES:
            yield alert(decision, **given)
    yield alert(returned(race=True), **given)
    for step in (STEP, RUN_WALK, replace(STEP, run_m=None, waits_for=Wait.PAIN)):
        yield alert(returned(), step=step, **given)
    yield alert(streaked(), risen(), back_context_at_a_run(), **given)
    for limit in EVERY_LIMIT:
        yield alert(spiked(), limit=limit, **given)
    for wait in Wait:
        yield alert(spiked(), waits_for=wait, **given)


def _check_ins(given: dict[str, Any]) -> Iterator[Message]:
    for finding in (*every_pain(), *every_warning()):
        yield check_in(finding, **given)
    for finding in (back_context(), back_context(spike=True), back_context(spike=True, desk_days=False)):
        yield check_in(finding, **given)
        yield check_in(finding, prompt=UPPER_BACK_STRETCH, **given)


def _receipts(given: dict[str, Any]) -> Iterator[Message]:
    weeks = ordinary_weeks(12.5)
    for left in (2, 1, 0):
        yield receipt(run(0, 8.1), *weeks, left=left, **given)
    for km in (12.9, 0.4):
        yield receipt(run(0, km), *weeks, **given)
    yield receipt(run(0, 4.0), *runs(range(2, 30, 3), 2.5), *runs(range(32, 60, 3), 6), **given)
    for details in ({"treadmill": True}, {"manual": True}, {"race": True}, {"moving_time_s": 60}):
        yield receipt(run(0, 8.1, **details), *weeks, **given)
    for seconds in (1920, None):
        yield receipt(run(0, None, moving_time_s=seconds), *weeks, **given)
    yield receipt(run(0, 5.0), run(0.001, 8.1), *weeks, **given)
    yield receipt(run(0, 5.0), **given)
    yield receipt(run(0, 8.1), *ordinary_weeks(12.5, days=20), **given)
    for outcome, reason in ((Outcome.TOLD, None), (Outcome.DIGEST, Reason.NOTE), (Outcome.DIGEST, Reason.TREADMILL)):
        yield receipt(run(0, 18.2), *weeks, decisions=[replace(spiked(), reason=reason, outcome=outcome)], **given)


def _welcomes(given: dict[str, Any]) -> Iterator[Message]:
    weeks = ordinary_weeks(12.5)
    yield welcome([], sees_hidden_runs=False, **given)
    yield welcome(weeks, **given)
    yield welcome(weeks, [spiked(ago=20), spiked(ago=11), spiked(ago=4, race=True), risen(ago=2)], **given)
    yield welcome([run(3, 4.0)], starting=True, **given)
    yield welcome(weeks, [spiked(ago=20)], limit=LIMIT, **given)
    yield welcome(weeks, rule_states=states_of(RuleState(Watch.LEARNING, missing_runs=1, missing_days=12)), **given)
    for why in EVERY_WHY:
        yield welcome(weeks, rule_states=states_of(RuleState(Watch.CANNOT_WATCH, why=why)), **given)


def _digests(given: dict[str, Any]) -> Iterator[Message]:
    weeks = ordinary_weeks(12.5)
    yield digest(weeks, **given)
    yield digest(weeks, [stored(spiked(14.5), Reason.NOTE)], **given)
    yield digest([*weeks, run(0, 18.2, race=True)], [stored(spiked(), Reason.QUIET)], **given)
    for reason in Reason:
        yield digest(weeks, [stored(spiked(), reason), stored(risen(), reason)], **given)
    for decision in every_run_finding():
        yield digest(weeks, [stored(decision, Reason.NOTE)], **given)
    for days in every_range():
        yield digest(weeks, [stored(spiked(), Reason.QUIET)], ranges=days, **given)
    for limit in EVERY_LIMIT:
        yield digest(weeks, [stored(spiked(), Reason.QUIET)], limit=limit, **given)
    for asked in (question(), question(days=1), question(other_sport=True, other_hours=4.5)):
        yield digest(weeks[5:], weeks_without_runs=1, absence=asked, **given)
    for kind in (AbsenceKind.INJURED, AbsenceKind.ILL):
        yield digest(weeks, returning=ReturnState(kind, TODAY.date(), None), **given)
    yield digest(weeks, offers=["run-spike"], **given)
    yield digest(weeks, offers=["run-spike", "streak", "shoe"], prompt=None, **given)
    yield digest([run(1, 10), run(0.5, None, moving_time_s=600)], **given)
    yield digest([run(1, 4), run(4, 3)], starting=True, **given)
    yield digest([run(1, None, moving_time_s=600)], **given)
    yield digest(weeks[5:], weeks_without_runs=1, **given)
    yield digest(weeks[19:], weeks_without_runs=8, **given)


def section(message: Message, role: str) -> Section:
    """The first section of that role."""
    return next(section for section in message.sections if section.role == role)


def rows(message: Message) -> dict[str, str]:
    """All label and value rows of a message; the first of a label wins."""
    pairs = [row for section in message.sections for row in section.rows]
    return dict(reversed(pairs))


def text(message: Message) -> str:
    """Every word of a message, one piece a line."""
    return "\n".join(words(message))


def words(message: Message) -> Iterator[str]:
    yield from (message.subject, message.lead)
    for part in message.sections:
        yield from _section_words(part)
    yield from message.footer
    yield from (link.text for link in message.footer_links)


def _section_words(part: Section) -> Iterator[str]:
    if part.heading:
        yield part.heading
    yield from part.lines
    yield from (f"{label}: {value}" for label, value in part.rows)
    yield from (link.text for link in part.links)
