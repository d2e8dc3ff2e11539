"""What came of it: from the log of what was seen outside and from what is stored, to figures beside their goals."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from integrations.strava.mapping import activity_from_api
from integrations.strava.simulator.calls import ReceivedCall
from integrations.strava.simulator.quota import Level, Quota
from rules.checks import all_rules
from rules.history import TrainingHistory
from rules.model import Severity
from rules.policy import Outcome, Policy, evaluate
from service.bootstrap import Service
from service.judgement import finished_at
from service.store.records import HeldActivity, StoredFinding
from tests.chaos.story import Story
from tests.chaos.strava import Arrival
from tests.figure import Figure, at_most

RULES = {rule.code: rule for rule in all_rules()}
#: What Strava counts against the limits.
FREE = frozenset({"token", "authorize", "revoke", "unknown"})
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

if TYPE_CHECKING:
    from tests.chaos.course import Course

Name = tuple[str, str]


@dataclass(frozen=True)
class Kept:
    """What is stored of one runner in the end."""

    strava_id: int
    held: Mapping[int, HeldActivity]
    findings: Sequence[StoredFinding]


def kept_of(service: Service) -> list[Kept]:
    with service.store.transaction() as tx:
        return [
            Kept(
                one.strava_id,
                {item.activity.id: item for item in tx.activities.held(one.athlete_id)},
                tx.findings.of(one.athlete_id),
            )
            for one in tx.connections.athletes()
        ]


def figures(story: Story, course: Course, limits: Level, minutes: float) -> list[Figure]:
    log, kept = course.log, course.kept
    expected, lost = _lost(story, kept)
    delays = sorted(_delays(story, log.arrivals, kept))
    reads = Reads.of(story, course.reads)
    fresh = sum(run.id not in story.touched for run in story.runs)
    told = sum(one.outcome is Outcome.TOLD for mine in kept for one in mine.findings)
    return [
        Figure("events", len(story.events), "events"),
        Figure("runs", len(story.runs), "runs"),
        Figure("athletes", len(kept), "athletes"),
        Figure("kills", course.kills, "kills"),
        Figure("alerts", told, "findings told"),
        Figure("expected", expected, "caution or high findings on runs first seen within 48 h"),
        at_most("lost", len(lost), 0, "findings neither told nor with a reason"),
        at_most("doubled", _doubled(log.arrivals, kept), 0, "alerts under two ids"),
        at_most("reads_per_new_run", reads.by_push / fresh, 1.15, "answered lists"),
        at_most("reconciles_per_quiet_day", reads.quiet / reads.quiet_days, 1, "answered lists"),
        Figure("reads_for_other_reasons", reads.other, "answered lists"),
        Figure("failed_calls", sum(log.failed.values()), "calls"),
        Figure("failed_share", round(100 * sum(log.failed.values()) / len(log.calls), 2), "% of all calls"),
        at_most("reads_beyond_quota", beyond_quota(log.calls, limits), 0, "calls"),
        Figure("longest_delay", delays[-1] if delays else 0, "simulated minutes"),
        Figure("p99_delay", delays[int(0.99 * len(delays))] if delays else 0, "simulated minutes"),
        Figure("median_delay", delays[len(delays) // 2] if delays else 0, "simulated minutes"),
        at_most("raced_refreshes", log.raced_refreshes, 0, "refreshes"),
        Figure("refreshes", log.refreshes, "refreshes"),
        Figure("refreshes_cut_off_by_a_kill", log.killed_refreshes, "refreshes"),
        Figure("signed_in_again", log.consents, "times"),
        Figure("took", round(minutes, 1), "minutes"),
    ]


def _lost(story: Story, kept: Sequence[Kept]) -> tuple[int, list[tuple[int, Name]]]:
    """How many findings of the undisturbed history there are, and which of them have no trace here."""
    expected, lost = 0, []
    for mine in kept:
        with_a_fate = {_name(one) for one in mine.findings if one.withdrawn_at is None}
        for name in _undisturbed(story, mine):
            expected += 1
            if name not in with_a_fate:
                lost.append((mine.strava_id, name))
    return expected, lost


def _undisturbed(story: Story, mine: Kept) -> Iterator[Name]:
    """What has to be told or to carry its reason, by the same evaluation over the final activities."""
    read = (activity_from_api(one.body)[0] for one in story.final(mine.strava_id))
    history = TrainingHistory.of(activity for activity in read if activity is not None)
    imported_days = {date.fromisoformat(one.body["start_date_local"][:10]) for one in story.base[mine.strava_id]}
    for run in history.runs:
        held = mine.held.get(run.id)
        if held is None or held.imported or held.first_seen_at - finished_at(held.activity) > Policy().late_after:
            continue
        for finding in evaluate(history, run, list(RULES.values())).findings:
            is_imported = RULES[finding.rule].about_period and finding.day in imported_days
            if finding.severity >= Severity.CAUTION and not is_imported:
                yield (finding.rule, finding.key)


def _name(found: StoredFinding) -> Name:
    """By the run that it is about now: what was told of one recording may have gone over to another."""
    return (found.rule, found.key if RULES[found.rule].about_period else str(found.run.id))


def _doubled(arrivals: Iterable[Arrival], kept: Sequence[Kept]) -> int:
    """Alerts that came under two message ids, or for two recordings of one effort."""
    ids: dict[tuple[int, str, str], set[str]] = defaultdict(set)
    for came in arrivals:
        for rule, key, _ in came.alerts:
            ids[came.runner, rule, key].add(came.message_id)
    twice = sum(len(messages) > 1 for messages in ids.values())
    return twice + sum(_told_of_one_effort(mine.findings) for mine in kept)


def _told_of_one_effort(findings: Sequence[StoredFinding]) -> int:
    told = [one for one in findings if one.outcome is Outcome.TOLD and not RULES[one.rule].about_period]
    told.sort(key=lambda one: (one.rule, one.run.start_local))
    return sum(one.rule == after.rule and after.run.start_local < one.run.end_local for one, after in pairwise(told))


def _delays(story: Story, arrivals: Iterable[Arrival], kept: Sequence[Kept]) -> Iterator[float]:
    """Minutes from the upload of a run to the first arrival of what was told of it."""
    uploaded = {event.id: event.at for event in story.events if event.deed == "upload"}
    arrived: dict[str, datetime] = {}
    for came in arrivals:
        arrived.setdefault(came.message_id, came.at)
    for mine in kept:
        told = {one.message_id: one.run.id for one in mine.findings if one.message_id is not None}
        for message_id, run_id in told.items():
            if message_id in arrived and run_id in uploaded:
                yield round((arrived[message_id] - uploaded[run_id]) / MINUTE, 1)


@dataclass(frozen=True)
class Read:
    """An answered reading of a runner's window; `urgent` where somebody waited for it, not the schedule alone."""

    at: datetime
    runner: int
    urgent: bool


def read_down(file: Path) -> list[Read]:
    lines = (line.split() for line in file.read_text().splitlines())
    return [Read(datetime.fromisoformat(at), int(runner), urgent == "1") for at, runner, urgent in lines]


@dataclass(frozen=True)
class Reads:
    """Answered readings of windows, by what caused them.

    By a push: each that somebody waited for, looking again and settling included, but for those whose only news are
    edits and deletions. Quiet: by schedule, on days on which that runner did nothing that is announced.
    """

    by_push: int
    quiet: int
    other: int
    quiet_days: int

    @classmethod
    def of(cls, story: Story, reads: Iterable[Read]) -> Reads:
        announced: dict[int, list[datetime]] = {runner: [] for runner in story.base}
        for event in story.events:
            if event.deed != "crop":
                announced[event.runner].append(event.at)
        first, last = story.events[0].at, story.end
        days = {date.fromordinal(day) for day in range(first.toordinal() + 1, last.toordinal())}
        fresh = _fresh_uploads(story)
        busy = {runner: {at.date() for at in moments} for runner, moments in announced.items()}
        count: Counter[str] = Counter()
        read_until: dict[int, datetime] = {}
        for read in reads:
            earlier = read_until.get(read.runner)
            read_until[read.runner] = read.at
            if earlier is None or not first <= read.at <= last:
                continue
            news, of_runs = (
                bisect_right(moments[read.runner], read.at) - bisect_right(moments[read.runner], earlier)
                for moments in (announced, fresh)
            )
            is_quiet = read.at.date() in days - busy[read.runner]
            count["push" if read.urgent and (of_runs or not news) else "quiet" if is_quiet else "other"] += 1
        quiet_days = sum(len(days - mine) for mine in busy.values())
        return cls(count["push"], count["quiet"], count["other"], max(1, quiet_days))


def _fresh_uploads(story: Story) -> dict[int, list[datetime]]:
    """When the runs of each runner came that nobody touches later, in order."""
    uploads: dict[int, list[datetime]] = {runner: [] for runner in story.base}
    for run in story.runs:
        if run.id not in story.touched:
            uploads[run.runner].append(run.at)
    return uploads


def beyond_quota(calls: Iterable[ReceivedCall], limits: Level) -> int:
    """Calls that were made though a limit was reached, by our own count."""
    quota = Quota(limits)
    return sum(not quota.spend(call.at.astimezone(UTC)) for call in calls if call.endpoint not in FREE)
