"""A runner's months lived day by day against the simulator: what was decided when each run came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from integrations.strava.mapping import activity_from_api
from integrations.strava.simulator import SimulatedActivity
from rules.checks import all_rules
from rules.history import TrainingHistory
from rules.model import Activity, Fact
from rules.policy import Outcome, Reason
from rules.replay import IMPORTED, replay
from service import sync
from service.store.records import StoredFinding
from tests.world import World, world

FIRST_ID = 16_000_000_001


@dataclass(frozen=True)
class Verdict:
    """What was decided on a finding, and on which numbers."""

    run: int
    day: date
    severity: int
    facts: dict[str, Fact]
    outcome: Outcome
    reason: Reason | None


Verdicts = dict[tuple[str, str], Verdict]


def numbered(activities: Sequence[SimulatedActivity]) -> list[SimulatedActivity]:
    """With ids in order of start, so that the replay can name the same runs."""
    return [
        replace(activity, body={**activity.body, "id": activity.body.get("id") or FIRST_ID + index})
        for index, activity in enumerate(activities)
    ]


def as_read(activity: SimulatedActivity) -> Activity:
    read, _ = activity_from_api(activity.body)
    assert read is not None
    return read


def replayed(activities: Sequence[SimulatedActivity]) -> Verdicts:
    """What the replay decides, from the day on which nothing counts as imported any more."""
    history = TrainingHistory.of(as_read(activity) for activity in activities)
    until = imported_until(history)
    return {
        (one.finding.rule, one.finding.key): Verdict(
            one.run.id, one.finding.day, one.finding.severity, dict(one.finding.facts), one.outcome, one.reason
        )
        for one in replay(history, all_rules())
        if one.run.start_local >= until
    }


def imported_until(history: TrainingHistory) -> datetime:
    return history.runs[0].start_local + IMPORTED


@dataclass(frozen=True)
class Lived:
    """What was decided when each run came in, and how it stands in the end, when edits and recordings followed."""

    decided: Verdicts
    standing: Verdicts


def lived(folder: Path, activities: Sequence[SimulatedActivity]) -> Lived:
    """Connected when the first 28 days are over, and read whenever a run arrives."""
    history = TrainingHistory.of(as_read(activity) for activity in activities)
    start = _connect_at(activities, imported_until(history))
    with world(folder, activities, start=start, poll_minutes=2880, rules=all_rules()) as home:
        home.connect()
        decided: Verdicts = {}
        standing: Verdicts = {}
        while (upload := home.simulator.next_upload()) is not None:
            home.clock.advance_to(upload)
            home.simulator.release_due()
            _read(home)
            # What lost its run by age has lost its numbers with it; here it counts as it last stood.
            whole = [found for found in home.findings if found.scrubbed_at is None]
            standing |= {(found.rule, found.key): _verdict(found) for found in whole}
            decided = standing | decided
        return Lived(decided, standing)


def by_effort(year: Lived, activities: Sequence[SimulatedActivity]) -> Verdicts:
    """The verdicts with each effort once, as the replay sees it, which knows all recordings from the start.

    Lived, a shorter recording may come first and be judged; the longer one then takes its place. If the effort was
    told of already, it is not told again; a verdict on a period follows with its numbers.
    """
    kept = {run.id for run in TrainingHistory.of(as_read(activity) for activity in activities).runs}
    efforts: Verdicts = {}
    for name, verdict in year.decided.items():
        is_about_period = name[1] != str(verdict.run)
        if verdict.reason is Reason.SAME_RECORDING:
            efforts[name] = replace(verdict, outcome=Outcome.TOLD, reason=None)
        elif verdict.run in kept:
            efforts[name] = verdict
        elif is_about_period:
            efforts[name] = year.standing[name]
    return efforts


def _connect_at(activities: Sequence[SimulatedActivity], until_local: datetime) -> datetime:
    """When all that began in the first 28 days has arrived, and nothing of what began later."""
    earlier = [one.uploaded_at for one in activities if one.start_local < until_local]
    later = [one.uploaded_at for one in activities if one.start_local >= until_local]
    assert max(earlier) < min(later), "a run of the first 28 days arrived after one of the time that is compared"
    return max(earlier)


def _read(home: World) -> None:
    with home.service.store.transaction() as tx:
        tx.connections.nudge(1, home.clock())
    sync.sweep(home.service)


def _verdict(found: StoredFinding) -> Verdict:
    facts = dict(found.facts)
    return Verdict(found.run.id, found.day, found.severity, facts, found.outcome, found.reason)
