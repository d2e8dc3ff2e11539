"""A whole installation on loopback for stories: simulated Strava, real service, one clock, a recording channel."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from sqlalchemy import func, select

from integrations.channels.message import Message
from integrations.errors import AdapterError
from integrations.strava.simulator import (
    Modes,
    Shoes,
    SimulatedActivity,
    SimulatedAthlete,
    SimulatedClock,
    Simulator,
    serve,
)
from integrations.strava.simulator import run as simulated_run
from rules.checks.fortnight_rise import RULE as FORTNIGHT_RISE
from rules.checks.run_spike import RULE as RUN_SPIKE
from rules.rule import Rule
from service import connect, deliver, digest, lifecycle, subscription, sync
from service.bootstrap import Service, build_service
from service.settings import Settings
from service.store.records import Athlete, StoredFinding, StravaConnection
from service.store.schema import deliveries
from service.store.seals import Seals
from service.web.app import create_app

#: A Monday noon in UTC, far from any change of clocks.
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
RUNNER = 5_000_000_001
ALL_SCOPES = ("read", "activity:read", "activity:read_all")


class RecorderAddress(BaseModel):
    """Anything goes."""

    name: str = "recorder"


@dataclass
class Recorder:
    """A channel that keeps what it is sent, and fails as often as a story wants it to."""

    code: str = "recorder"
    Address: type[BaseModel] = RecorderAddress
    sent: list[Message] = field(default_factory=list)
    failures: list[AdapterError] = field(default_factory=list)

    def send(self, address: Any, message: Message) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return "kept"


@dataclass
class World:
    """One installation and one runner on Strava's side."""

    clock: SimulatedClock
    simulator: Simulator
    service: Service
    recorder: Recorder

    def add(self, *activities: SimulatedActivity) -> list[int]:
        """Runs that happened or will happen; each arrives at its own upload. Returns their ids."""
        return [self.simulator.add_activity(RUNNER, activity) for activity in activities]

    def connect(self, scopes: Iterable[str] = ALL_SCOPES) -> Athlete:
        """Consent and come back, without pages."""
        scopes = tuple(scopes)
        code = self.simulator.approve(RUNNER, scopes)
        draft = connect.Draft(state="state", adult=True)
        answer = connect.Answer(state="state", code=code, scope=",".join(scopes))
        athlete = connect.complete(self.service, draft, answer).athlete
        with self.service.store.transaction() as tx:
            if not tx.deliveries.destinations(athlete.id):
                tx.deliveries.add_destination(athlete.id, "recorder", "recorder", "{}", "active", self.clock())
        self.work()
        return athlete

    def work(self) -> None:
        """What the jobs do at this moment."""
        sync.sweep(self.service)
        digest.sweep(self.service)
        deliver.sweep(self.service)

    def live_until(self, end: datetime, *, pushes: bool = False) -> None:
        """Let time pass from one thing that is due to the next: uploads, syncs, digests, deliveries."""
        self.work()
        while (moment := self._next_moment()) <= end:
            self.clock.advance_to(moment)
            self.simulator.release_due()
            if pushes:
                self.simulator.deliver_events()
            self.work()
        self.clock.advance_to(end)
        self.work()

    def live(self, **span: float) -> None:
        """`live_until` a while from now: `live(days=2)`."""
        self.live_until(self.clock() + timedelta(**span))

    def pass_weeks(self, weeks: int) -> None:
        """Long stretches in which nothing matters: read once a week, which keeps the runs from expiring."""
        for _ in range(weeks):
            self.clock.advance(timedelta(days=7))
            self.simulator.release_due()
            self.work()

    def arrives(self, *activities: SimulatedActivity) -> list[int]:
        """Let time pass until each of these was uploaded, and read it at once. Returns their ids."""
        ids = []
        for activity in sorted(activities, key=lambda item: item.uploaded_at):
            ids += self.add(activity)
            self.live_until(max(activity.uploaded_at, self.clock()))
            self.read_again()
        return ids

    def read_again(self) -> None:
        """A sync now, for whatever reason."""
        with self.service.store.transaction() as tx:
            tx.connections.nudge(1, self.clock())
        self.work()

    def edit(self, activity_id: int, **changes: Any) -> None:
        """Change fields of Strava's JSON; what is read of it comes with the next sync."""
        self.simulator.edit_activity(RUNNER, activity_id, **changes)

    @property
    def athlete(self) -> Athlete:
        with self.service.store.transaction() as tx:
            athlete = tx.accounts.get(1)
        assert athlete is not None
        return athlete

    @property
    def connection(self) -> StravaConnection:
        with self.service.store.transaction() as tx:
            connection = tx.connections.get(1)
        assert connection is not None
        return connection

    @property
    def withdrawn(self) -> list[Message]:
        """What the inbox shows as no longer holding."""
        with self.service.store.transaction() as tx:
            return [stored.message for stored in tx.inbox.of(1) if stored.withdrawn_at is not None]

    @property
    def held(self) -> list[int]:
        """Ids of the activities that are held, oldest start first."""
        with self.service.store.transaction() as tx:
            return [item.activity.id for item in tx.activities.held(1)]

    @property
    def inbox(self) -> list[Message]:
        """What the inbox holds, oldest first."""
        with self.service.store.transaction() as tx:
            return [stored.message for stored in reversed(tx.inbox.of(1))]

    def told(self, *kinds: str) -> list[Message]:
        """What went out by the channel, of these kinds (alert and race unless said), oldest first."""
        wanted = kinds or ("alert", "race")
        return [message for message in self.recorder.sent if message.kind in wanted]

    @property
    def findings(self) -> list[StoredFinding]:
        with self.service.store.transaction() as tx:
            return tx.findings.of(1)

    def finding(self, rule: str, key: object) -> StoredFinding:
        """What was found by that rule under that key, be it kept in clear or, once its run has gone, as a hash."""
        keys = {str(key), Seals(self.service.vault).key(1, rule, str(key))}
        (found,) = (item for item in self.findings if item.rule == rule and item.key in keys)
        return found

    def instance(self, name: str) -> str | None:
        """A value of the installation as a whole."""
        with self.service.store.transaction() as tx:
            return tx.instance.get(name)

    def _next_moment(self) -> datetime:
        """When something is due next; what is due already and was not done waits for something else."""
        now = self.clock()
        with self.service.store.transaction() as tx:
            due = [item.sync_due_at for item in tx.connections.athletes()]
            athlete = tx.accounts.get(1)
            paused = tx.instance.get(lifecycle.PAUSE)
        due += [self.simulator.next_upload(), athlete.digest_due_at if athlete else None, self._next_delivery()]
        due += [datetime.fromisoformat(paused) if paused else None]
        return min((moment for moment in due if moment and moment > now), default=datetime.max.replace(tzinfo=UTC))

    def _next_delivery(self) -> datetime | None:
        waiting = select(func.min(deliveries.c.due_at)).where(deliveries.c.due_at > self.clock())
        with self.service.store.engine.connect() as connection:
            earliest: datetime | None = connection.execute(waiting).scalar_one()
        return earliest


def run(start_local: datetime, km: float, **details: Any) -> SimulatedActivity:
    """A run at a naive local moment in Berlin, uploaded five minutes after its end."""
    details.setdefault("time_zone", "Europe/Berlin")
    return simulated_run(start_local, km * 1000, **details)


def ordinary_weeks(until: datetime, weeks: int = 10, km: float = 10.0) -> list[SimulatedActivity]:
    """A run of the same length every other day at seven in the morning, the last one the day before `until`."""
    morning = until.replace(hour=7, minute=0, tzinfo=None)
    days = range(1, weeks * 7, 2)
    return [run(morning - timedelta(days=ago), km) for ago in reversed(days)]


class Door:
    """Stands where our own pages will be: their address has to be known before the service can be built."""

    app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await self.app(scope, receive, send)


@contextmanager
def world(
    folder: Path,
    activities: Iterable[SimulatedActivity] = (),
    *,
    start: datetime = NOON,
    settle_minutes: float = 0,
    poll_minutes: float | None = 15,
    database_url: str | None = None,
    pushes: bool = False,
    modes: Modes | None = None,
    rules: tuple[Rule, ...] = (FORTNIGHT_RISE, RUN_SPIKE),
    shoes: tuple[Shoes, ...] = (),
) -> Iterator[World]:
    """Build everything; the clock stands at `start` until the story moves it.

    Stories are told with two rules, so that no other speaks into them; those that are about more say so. With `pushes`
    our pages are served and Strava is subscribed to push there.
    """
    clock, door = SimulatedClock(start), Door()
    athlete = SimulatedAthlete(RUNNER, activities=tuple(activities), shoes=shoes)
    simulator = Simulator(clock=clock, athletes=[athlete], modes=modes)
    with ExitStack() as stack:
        strava = stack.enter_context(serve(simulator.app))
        settings = Settings(
            _env_file=None,
            data_dir=folder,
            database_url=SecretStr(database_url) if database_url else None,
            public_url=stack.enter_context(serve(door)) if pushes else "http://127.0.0.1:1",
            strava_client_id=simulator.client_id,
            strava_client_secret=SecretStr(simulator.client_secret),
            strava_oauth_base=strava,
            strava_api_base=f"{strava}/api/v3",
            settle_minutes=settle_minutes,
            poll_minutes=poll_minutes,
        )
        recorder = Recorder()
        built = build_service(settings, clock=clock, wall=clock, randomness=random.Random(1))
        stack.callback(built.store.close)
        service = replace(built, channels={"recorder": recorder}, pause=lambda seconds: None, rules=rules)
        if pushes:
            door.app = create_app(service)
            subscription.ensure(service)
        yield World(clock, simulator, service, recorder)
