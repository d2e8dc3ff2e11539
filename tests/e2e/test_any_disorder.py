"""Whatever happens, in whatever order: after one quiet read all is as if nothing had happened, and nobody heard twice.

AFTERRUN_DISORDER_EXAMPLES=500 tries so many histories, new ones each time, instead of the same few.
"""

from __future__ import annotations

import logging
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from itertools import combinations, count
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from integrations.errors import RetryLater
from integrations.strava.limits import next_midnight
from integrations.strava.simulator import Fault, Modes, serve
from rules.model import Severity
from rules.policy import Outcome, Policy, Reason
from tests.chaos.figures import beyond_quota
from tests.e2e.disorder import (
    HOUR,
    LONGEST_PAUSE,
    NARROW,
    RULES,
    Doors,
    Home,
    MortalDoor,
    Upload,
    new_home,
    standing,
    undisturbed,
)
from tests.world import ALL_SCOPES, NOON, RUNNER, Door, ordinary_weeks, run

EXAMPLES = os.environ.get("AFTERRUN_DISORDER_EXAMPLES")
PROFILE = settings(
    max_examples=int(EXAMPLES or 15),
    stateful_step_count=25,
    derandomize=EXAMPLES is None,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    # To find the shortest history that fails takes minutes: only where there is time.
    phases=tuple(Phase) if EXAMPLES else (Phase.explicit, Phase.generate),
)
BERLIN = ZoneInfo("Europe/Berlin")
FIRST_ID = 16_000_000_001
PUBLIC_ONLY = ("read", "activity:read")
#: Strava's data ends after 7 days; a runner whose runs ended is imported anew, which is another story.
LONGEST_SILENCE = timedelta(days=5)

which = st.integers(0, 12)
kilometres = st.sampled_from((3.0, 8.0, 10.0, 12.0, 14.5, 19.0, 24.0, 36.0))
factors = st.sampled_from((0.3, 0.6, 0.9, 1.2, 1.6, 2.4))
hours_ago = st.sampled_from((0.0, 0.0, 0.5, 7.0, 26.0, 47.0, 60.0, 100.0))
endpoints = st.sampled_from(("list", "list", "list", "token", "token", "subscriptions"))
pauses = st.sampled_from((1, 4, 16, 45, 130, 400, 800, 1560)).map(lambda minutes: timedelta(minutes=minutes))


class Disorder(RuleBasedStateMachine):
    """A runner, a Strava, and everything that can come between them and us."""

    def __init__(self, doors: Doors, folders: Iterator[Path]) -> None:
        super().__init__()
        self.doors = doors
        self.folder = next(folders)
        self.home: Home | None = None

    @initialize(
        settle=st.sampled_from((0, 30)), scopes=st.sampled_from((ALL_SCOPES, PUBLIC_ONLY)), always=st.booleans()
    )
    def a_runner_of_ordinary_weeks_connects(self, settle, scopes, always):
        self.base = [Upload(number, one, one.uploaded_at) for number, one in enumerate(on_the_rise(), FIRST_ID)]
        self.imported = {one.id: one.as_read.local_day for one in self.base}
        self.later: list[Upload] = []
        self.scopes = scopes
        self.reads_by_others = 0
        self.lost_connections = 0
        self.reasons_to_lose_it = 0
        modes = Modes(rotation="always" if always else "never")
        self.home = new_home(self.doors, self.folder / "disturbed", self.base, settle, modes)
        self.home.connect(scopes)
        self.home.work()

    # What runners do

    @rule(km=kilometres, ago=hours_ago)
    def a_run_is_uploaded(self, km, ago):
        self._upload(km, ago)

    @rule(runs=st.lists(kilometres, min_size=1, max_size=4), a_day=st.integers(1, 2))
    def days_of_training_pass(self, runs, a_day):
        for number, km in enumerate(runs, start=1):
            self._upload(km, 0.0)
            self._pass_time(timedelta(minutes=5))
            if number % a_day == 0:
                self._pass_time(timedelta(hours=19))

    @rule(km=kilometres, km_of_the_other=kilometres)
    def two_devices_recorded_one_run(self, km, km_of_the_other):
        self._upload(km, 0.2)
        self._upload(km_of_the_other, 0.3)

    @rule(number=which, factor=factors)
    def a_run_is_cropped_or_corrected(self, number, factor):
        one = self._one(number)
        names = ("distance", "moving_time", "elapsed_time")
        self._change(one, **{name: round(one.activity.body[name] * factor) for name in names})

    @rule(number=which, sport=st.sampled_from(("Ride", "Run")))
    def a_run_gets_another_sport(self, number, sport):
        self._change(self._one(number), sport_type=sport)

    @rule(number=which)
    def a_run_is_marked_as_a_race(self, number):
        self._change(self._one(number), workout_type=1)

    @rule(number=which, visibility=st.sampled_from(("only_me", "everyone")))
    def a_run_is_hidden_or_shown(self, number, visibility):
        one = self._one(number)
        self.home.simulator.set_visibility(RUNNER, one.id, visibility)
        one.change(visibility=visibility)

    @rule(number=which)
    def a_run_is_deleted(self, number):
        one = self._one(number)
        self.home.simulator.delete_activity(RUNNER, one.id)
        (self.later if one in self.later else self.base).remove(one)

    # What Strava does

    @rule(
        lost=st.integers(0, 2),
        twice=st.integers(0, 2),
        late=st.sampled_from((0, 3, 100)),
        backwards=st.booleans(),
    )
    def pushes_go_astray(self, lost, twice, late, backwards):
        events = self.home.simulator.faults.events
        events.drop_next, events.duplicate_next = lost, twice
        events.delay, events.reverse = timedelta(minutes=late), backwards

    @rule(
        aspect=st.sampled_from(("create", "update", "delete", "nonsense")),
        kind=st.sampled_from(("activity", "athlete", "planet")),
        number=which,
        invented=st.booleans(),
        claims=st.sampled_from(({}, {"owner_id": 1}, {"subscription_id": 7}, {"updates": {"authorized": "false"}})),
    )
    def a_push_is_forged(self, aspect, kind, number, invented, claims):
        object_id = 99 if invented else self._one(number).id
        self.home.forge(aspect_type=aspect, object_type=kind, object_id=object_id, **claims)

    @rule(body=st.sampled_from((b"", b"{", b"[]", b'{"object_id":1e999}', b"\xff" * 20_000)))
    def nonsense_is_posted(self, body):
        self.home.post(body)

    @rule(endpoint=endpoints, fault=st.sampled_from(list(Fault)), times=st.integers(1, 3), after=st.integers(0, 1))
    def strava_will_fail(self, endpoint, fault, times, after):
        self.reasons_to_lose_it += fault is Fault.UNAUTHORIZED
        self.home.simulator.faults.fail_next(endpoint, fault, times=times, after=after)

    @rule(late=st.sampled_from((0, 3, 40)), access_ends=st.booleans())
    def runs_are_announced_before_they_can_be_read(self, late, access_ends):
        self.home.simulator.faults.readable_after = timedelta(minutes=late)
        if access_ends and self.home.simulator.connection(RUNNER):
            self.home.simulator.expire_access(RUNNER)

    @rule(reads=st.sampled_from((150, 199, 1_900)))
    def other_calls_use_the_quota(self, reads):
        self.home.simulator.spend_quota(reads=reads)
        self.reads_by_others += reads

    # What happens to us

    @rule(times=st.integers(1, 3))
    def a_channel_will_fail(self, times):
        self.home.recorder.failures = [RetryLater("not now")] * times

    @rule(steps=st.integers(1, 250))
    def the_service_will_die(self, steps):
        self.home.fuse.shorten(steps)

    @rule(span=pauses)
    def time_passes(self, span):
        self._pass_time(span)

    def _pass_time(self, span):
        silent_for = self.home.clock() + span - self.home.world.connection.synced_at
        if silent_for > LONGEST_SILENCE:
            self._calm_down()
        self.home.pass_time(span)

    # What has to hold in the end

    def teardown(self):
        if self.home is None:
            return
        self._calm_down()
        findings = self.home.world.findings
        self._nobody_heard_twice(findings)
        self._whatever_is_told_arrived(findings)
        assert self.lost_connections <= self.home.deaths + self.reasons_to_lose_it
        assert beyond_quota(self.home.simulator.calls, NARROW) == 0
        now = self.home.clock()
        self.home.close()
        quiet = undisturbed(self.doors, self.folder / "quiet", self.base, self.later, self.scopes, now)
        try:
            assert differing(held(self.home.world), held(quiet)) == []
            expected = standing(quiet.findings, self.imported, now)
            assert differing(standing(findings, self.imported, now), expected) == []
        finally:
            quiet.service.store.close()
            self.home.world.service.store.close()

    def _nobody_heard_twice(self, findings):
        messages = defaultdict(set)
        for message in self.home.recorder.sent:
            for alert in message.data.get("alerts", ()):
                messages[alert["rule"], alert["key"]].add(message.id)
        assert [name for name, ids in messages.items() if len(ids) > 1] == []
        told = [one for one in findings if one.outcome is Outcome.TOLD]
        of_runs = [one for one in told if not RULES[one.rule].about_period]
        for one, other in combinations(of_runs, 2):
            apart = one.run.end_local <= other.run.start_local or other.run.end_local <= one.run.start_local
            assert one.rule != other.rule or apart, f"told twice of one effort: {one.key} and {other.key}"

    def _whatever_is_told_arrived(self, findings):
        arrived = {message.id for message in self.home.recorder.sent}
        with self.home.world.service.store.transaction() as tx:
            known = {stored.message.id for stored in tx.inbox.of(1)}
            alerts = {
                m.message.id for m in tx.inbox.of(1) if m.message.kind in ("alert", "race") and not m.withdrawn_at
            }
        assert arrived <= known, "sent, and forgotten"
        holding = [one for one in findings if one.withdrawn_at is None]
        assert alerts == {one.message_id for one in holding if one.message_id}
        for one in holding:
            if one.outcome is Outcome.TOLD:
                assert one.message_id in arrived, f"never arrived: {one.rule} {one.key}"
            elif one.severity >= Severity.CAUTION:
                assert one.reason is not None
            if one.reason is Reason.LATE and not RULES[one.rule].about_period:
                ended = one.run.finished_local.replace(tzinfo=BERLIN)
                assert one.decided_at - ended > Policy().late_after

    def _calm_down(self):
        """Everything works again, the runner signs in again if need be, and all is read once."""
        home = self.home
        home.simulator.faults.clear()
        home.simulator.faults.readable_after = timedelta(0)
        home.recorder.failures.clear()
        home.fuse.shorten(10**9)
        home.clock.advance(LONGEST_PAUSE)
        if self.reads_by_others:
            home.clock.advance_to(next_midnight(home.clock()))
            self.reads_by_others = 0
        self._read_once()
        if home.world.connection.state != "connected":
            self.lost_connections += 1
            home.connect(self.scopes)
            self._read_once()
        for _ in range(8):
            if not home.waiting and not home.settle_minutes:
                break
            home.clock.advance(HOUR)
            home.work()

    def _read_once(self):
        self.home.clock.advance(timedelta(minutes=1))  # at the same instant the jobs would not look again
        with self.home.world.service.store.transaction() as tx:
            if tx.connections.get(1).state == "connected":
                tx.connections.nudge(1, self.home.clock())
        self.home.work()

    def _one(self, number):
        """One of the newest runs."""
        newest = [*reversed(self.later), *reversed(self.base)]
        return newest[number % len(newest)]

    def _upload(self, km, ago):
        """A run that ended so many hours ago and comes to Strava now."""
        minutes = round(km * 6)
        ended = (self.home.clock() - timedelta(hours=ago)).astimezone(BERLIN).replace(tzinfo=None, microsecond=0)
        activity = run(ended - timedelta(minutes=minutes), km, upload_delay=timedelta(0))
        number = self.home.simulator.add_activity(RUNNER, activity)
        self.later.append(Upload(number, activity, self.home.clock()))

    def _change(self, one, **changes):
        self.home.simulator.edit_activity(RUNNER, one.id, **changes)
        one.change(**changes)


def on_the_rise():
    """Seven weeks of 10 km every other day, then nine days with a run each: what comes next is soon too much."""
    first = NOON.replace(hour=7, tzinfo=None) - timedelta(days=9)
    return ordinary_weeks(NOON - timedelta(days=9), 7) + [run(first + timedelta(days=day), 10) for day in range(9)]


def differing(ours, expected):
    names = sorted(ours.keys() | expected.keys())
    return [(name, ours.get(name), expected.get(name)) for name in names if ours.get(name) != expected.get(name)]


def held(world):
    with world.service.store.transaction() as tx:
        return {item.activity.id: item.activity for item in tx.activities.held(1)}


def test_any_disorder_ends_as_the_undisturbed_history(tmp_path, caplog):
    caplog.set_level(logging.ERROR, logger="service")
    folders = (tmp_path / str(number) for number in count())
    strava, pages = Door(), MortalDoor()
    with ExitStack() as stack:
        doors = Doors(strava, stack.enter_context(serve(strava)), pages, stack.enter_context(serve(pages)))
        run_state_machine_as_test(partial(Disorder, doors, folders), settings=PROFILE)
    assert [record.getMessage() for record in caplog.records] == []
