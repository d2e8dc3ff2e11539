"""Stories of runners who might be written to often: budgets, quiet times, and what has to clear first."""

from __future__ import annotations

from datetime import datetime, timedelta

from integrations.strava.simulator import SimulatedActivity
from rules.model import Severity
from rules.policy import Outcome, Reason
from tests.world import RUNNER, World, run

TUESDAY = datetime(2026, 6, 2, 7)


def outcomes(home: World, ids: list[int], rule: str = "run-spike") -> list[tuple[Outcome, Reason | None]]:
    return [(found.outcome, found.reason) for found in (home.finding(rule, one) for one in ids)]


def after(**span: float) -> datetime:
    return TUESDAY + timedelta(**span)


def test_two_long_runs_within_48_hours_bring_one_message(home):
    told, quiet = home.arrives(run(TUESDAY, 14), run(after(hours=46), 30))
    assert [message.data["run"]["id"] for message in home.told()] == [told]
    assert outcomes(home, [told, quiet]) == [(Outcome.TOLD, None), (Outcome.SILENT, Reason.ONE_IN_48_HOURS)]


def test_the_48_hours_are_counted_between_the_ends_of_the_runs_and_not_the_hours_of_sending(home):
    uploaded_late = run(TUESDAY, 14, upload_delay=timedelta(hours=40))
    begins_within_48_hours_and_ends_after = run(after(hours=47), 30)
    ids = home.arrives(uploaded_late, begins_within_48_hours_and_ends_after)
    assert outcomes(home, ids) == [(Outcome.TOLD, None)] * 2
    first, second = (message.created_at for message in home.told())
    assert second - first < timedelta(hours=12)


def test_within_seven_days_the_same_is_not_told_again(home):
    ids = home.arrives(run(TUESDAY, 14), run(after(days=6), 19))
    assert len(home.told()) == 1
    assert outcomes(home, ids) == [(Outcome.TOLD, None), (Outcome.SILENT, Reason.QUIET)]


def test_after_seven_days_the_same_is_told_again(home):
    ids = home.arrives(run(TUESDAY, 14), run(after(days=7, hours=1), 19))
    assert [message.data["run"]["id"] for message in home.told()] == ids


def test_within_seven_days_something_more_unusual_is_told(home):
    ids = home.arrives(run(TUESDAY, 14), run(after(days=3), 30))
    assert [message.data["run"]["id"] for message in home.told()] == ids
    assert [home.finding("run-spike", one).severity for one in ids] == [Severity.CAUTION, Severity.HIGH]


def test_a_fourth_message_within_14_days_is_not_sent(home):
    told = [run(TUESDAY, 14), run(after(days=3), 29), run(after(days=10, hours=2), 38)]
    ids = home.arrives(*told, run(after(days=12, hours=23), 80))
    assert [message.data["run"]["id"] for message in home.told()] == ids[:3]
    assert outcomes(home, ids[3:]) == [(Outcome.SILENT, Reason.THREE_IN_14_DAYS)]


def test_every_finding_that_was_not_told_stands_on_sunday_with_its_reason(home):
    _, quiet = home.arrives(run(TUESDAY, 14), run(after(hours=46), 30))
    home.live(days=4)
    (sunday,) = home.told("digest")
    (untold,) = sunday.data["findings"]
    assert (untold["key"], untold["silent_because"]) == (str(quiet), Reason.ONE_IN_48_HOURS)
    assert any("48 hours" in line for section in sunday.sections for line in section.lines)


def risen(first: datetime, km: float, days: int) -> list[SimulatedActivity]:
    """A run of the same length every day."""
    return [run(first + timedelta(days=day), km) for day in range(days)]


def test_two_weeks_far_above_the_usual_are_told_once_while_they_last(home):
    home.arrives(*risen(TUESDAY, 9, 20))
    told = [found for found in home.findings if found.outcome is Outcome.TOLD]
    assert [found.rule for found in told] == ["fortnight-rise"]
    later = [found for found in home.findings if found.outcome is not Outcome.TOLD]
    assert {found.reason for found in later} == {Reason.QUIET}
    assert len(home.told()) == 1


def test_a_rise_that_never_cleared_is_not_told_again_when_its_quiet_days_are_over(home):
    home.arrives(*risen(TUESDAY, 11.5, 14), *risen(TUESDAY + timedelta(days=14), 15, 15))
    rise = [found for found in home.findings if found.rule == "fortnight-rise"]
    assert [found.severity for found in rise if found.outcome is Outcome.TOLD] == [Severity.CAUTION, Severity.HIGH]
    assert {found.reason for found in rise if found.day > rise[-1].day - timedelta(days=2)} == {Reason.NOT_CLEARED}


def test_a_rise_that_cleared_is_told_again_when_it_comes_back(home):
    calm = [run(TUESDAY + timedelta(days=14 + 2 * n), 10) for n in range(25)]
    home.arrives(*risen(TUESDAY, 9, 14), *calm, *risen(TUESDAY + timedelta(days=64), 9, 14))
    told = [found for found in home.findings if found.outcome is Outcome.TOLD]
    assert [found.rule for found in told] == ["fortnight-rise"] * 2
    assert told[1].day - told[0].day > timedelta(days=50)


def test_a_long_run_at_the_end_of_a_risen_fortnight_makes_one_message_of_both(home):
    *_, last = home.arrives(*risen(TUESDAY, 8.6, 13), run(after(days=13), 24))
    (message,) = home.told()
    assert {alert["rule"] for alert in message.data["alerts"]} == {"run-spike", "fortnight-rise"}
    assert message.data["run"]["id"] == last


def test_a_message_that_was_withdrawn_still_counts_as_sent(home):
    told, quiet = home.arrives(run(TUESDAY, 30))[0], run(after(hours=47), 14)
    home.simulator.delete_activity(RUNNER, told)
    ids = home.arrives(quiet)
    assert len(home.told()) == 1
    assert outcomes(home, ids) == [(Outcome.SILENT, Reason.QUIET)]
