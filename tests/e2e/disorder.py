"""An installation that may die at any step, beside a Strava that may do anything, and what is left of it in the end."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import event, func, select
from starlette.responses import PlainTextResponse

from integrations.strava.mapping import activity_from_api
from integrations.strava.simulator import Modes, SimulatedActivity, SimulatedAthlete, SimulatedClock, Simulator
from integrations.strava.simulator.activity import consistent
from integrations.strava.simulator.quota import Level
from rules.checks import all_rules
from rules.model import Activity, Fact
from service import connect, push
from service.bootstrap import build_service
from service.queue.embedded import running_jobs
from service.reading import WINDOW
from service.settings import Settings
from service.store.records import StoredFinding
from service.store.schema import deliveries
from service.web.app import create_app
from tests.e2e.crash_life import Counted
from tests.rounds import Rounds
from tests.world import NOON, RUNNER, Door, Recorder, World

RULES = {rule.code: rule for rule in all_rules()}
POLL_MINUTES = 720
HOUR = timedelta(hours=1)
#: A pause after a refusal of the application lasts this long at most.
LONGEST_PAUSE = timedelta(minutes=61)
#: Limits that a troubled day comes close to.
NARROW = Level(overall=(30, 300), read=(15, 150))


class Killed(BaseException):
    """The process is gone. No `except Exception` sees it."""


class Fuse:
    """Counts what one life of the service does to the world; once burnt down, that life does nothing any more."""

    def __init__(self) -> None:
        self.burnt = False
        self._steps_left: int | None = None
        self._lit = False

    def shorten(self, steps: int) -> None:
        self._steps_left = steps

    @contextmanager
    def lit(self) -> Iterator[None]:
        """Only what the service does in here counts, not what the test looks up."""
        self._lit = True
        try:
            yield
        finally:
            self._lit = False

    def step(self, *_: Any) -> None:
        if not self._lit:
            return
        if self._steps_left is not None:
            self._steps_left -= 1
            self.burnt = self.burnt or self._steps_left < 0
        if self.burnt:
            raise Killed


class MortalDoor(Door):
    """Our pages, whose process may die while it answers: then the caller hears that it failed."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        except Killed:
            await PlainTextResponse("gone", 500)(scope, receive, send)


@dataclass(frozen=True)
class Doors:
    """Where Strava and our own pages are served. Opened once: to open a port takes longer than most stories."""

    strava: Door
    strava_url: str
    pages: MortalDoor
    pages_url: str


@dataclass
class Home:
    """One folder, one runner, one Strava. The service on the folder dies and is started again."""

    doors: Doors
    folder: Path
    simulator: Simulator
    clock: SimulatedClock
    settle_minutes: float
    recorder: Recorder = field(default_factory=Recorder)
    fuse: Fuse = field(default_factory=Fuse)
    deaths: int = 0
    world: World = field(init=False)
    rounds: Rounds = field(default_factory=Rounds)

    def __post_init__(self) -> None:
        self.doors.strava.app = self.simulator.app
        self.start()

    def start(self) -> None:
        """As `afterrun serve` starts: what a dead one held is let go of, and every job is due."""
        built = build_service(self._settings(), clock=self.clock, wall=self.clock, randomness=random.Random(1))
        self.fuse = Fuse()
        event.listen(built.store.engine, "before_cursor_execute", self.fuse.step)
        event.listen(built.store.engine, "commit", self.fuse.step)
        channels: Any = {"recorder": Counted(self.recorder, self.fuse.step)}
        strava: Any = Counted(built.strava, self.fuse.step)
        service = replace(built, strava=strava, channels=channels, rules=all_rules(), pause=lambda seconds: None)
        with running_jobs(service, catalogue=()):
            self.doors.pages.app = create_app(service)
        self.world = World(self.clock, self.simulator, service, self.recorder)
        self.rounds = Rounds()

    def close(self) -> None:
        self.world.service.store.close()

    def connect(self, scopes: Iterable[str]) -> None:
        """Consent and come back; what is to be read is read by the jobs."""
        scopes = tuple(scopes)
        answer = connect.Answer(state="state", code=self.simulator.approve(RUNNER, scopes), scope=",".join(scopes))
        athlete = connect.complete(self.world.service, connect.Draft(state="state", adult=True), answer).athlete
        with self.world.service.store.transaction() as tx:
            if not tx.deliveries.destinations(athlete.id):
                tx.deliveries.add_destination(athlete.id, "recorder", "recorder", "{}", "active", self.clock())

    def pass_time(self, span: timedelta) -> None:
        """Pushes come in and the jobs run, as far as the fuse lets them; who dies is started again."""
        self.clock.advance(span)
        self.simulator.release_due()
        self._live(lambda: self.simulator.deliver_events())
        self.work()

    def work(self) -> None:
        """What the jobs do at this moment, each as often as its catalogue says."""
        if not self._live(self._run_jobs):
            self._live(self._run_jobs)

    def post(self, body: bytes) -> int:
        """What our callback answers to a body that anyone may have sent."""
        answers: list[int] = []
        self._live(lambda: answers.append(httpx.post(self._callback(), content=body, trust_env=False).status_code))
        return answers[0] if answers else 0

    def forge(self, **claims: Any) -> int:
        subscription = self.simulator.subscription
        event_body = {
            "object_type": "activity",
            "object_id": 1,
            "aspect_type": "create",
            "owner_id": RUNNER,
            "subscription_id": subscription.id if subscription else 1,
            "event_time": int(self.clock().timestamp()),
            "updates": {},
        }
        return self.post(json.dumps(event_body | claims).encode())

    @property
    def waiting(self) -> int:
        """Deliveries that are neither sent nor given up."""
        with self.world.service.store.engine.connect() as connection:
            due = select(func.count()).select_from(deliveries).where(deliveries.c.state == "due")
            return int(connection.execute(due).scalar_one())

    def _live(self, deed: Callable[[], object]) -> bool:
        """Whether this life saw the end of it."""
        try:
            with self.fuse.lit():
                deed()
        except Killed:
            pass
        if not self.fuse.burnt:
            return True
        self.deaths += 1
        self.close()
        self.start()
        return False

    def _run_jobs(self) -> None:
        self.rounds.make(self.world.service)

    def _callback(self) -> str:
        return self.doors.pages_url + push.callback_path(self.world.service)

    def _settings(self) -> Settings:
        return Settings(
            _env_file=None,
            data_dir=self.folder,
            public_url=self.doors.pages_url,
            strava_client_id=self.simulator.client_id,
            strava_client_secret=SecretStr(self.simulator.client_secret),
            strava_oauth_base=self.doors.strava_url,
            strava_api_base=f"{self.doors.strava_url}/api/v3",
            settle_minutes=self.settle_minutes,
            poll_minutes=POLL_MINUTES,
        )


@dataclass
class Upload:
    """A run as it is at Strava now, and when it came there."""

    id: int
    activity: SimulatedActivity
    uploaded_at: datetime

    def change(self, **changes: Any) -> None:
        self.activity = replace(self.activity, body=consistent({**self.activity.body, **changes}))

    @property
    def is_hidden(self) -> bool:
        return bool(self.activity.body["visibility"] == "only_me")

    @property
    def as_read(self) -> Activity:
        read, _ = activity_from_api({**self.activity.body, "id": self.id})
        assert read is not None
        return read


#: Verdicts by rule and by the run (or the last day) that they are about.
Verdicts = dict[tuple[str, str], tuple[int, Mapping[str, Fact]]]


def standing(found: Iterable[StoredFinding], imported: Mapping[int, date], now: datetime) -> Verdicts:
    """What is found and holds, but for what nobody promised to find.

    A verdict that was told of one recording and follows another of the same effort is that of the other. Not counted
    are runs that were there at the connect (what is found of them is not kept, unless they vanished and came back),
    days with such a run, and verdicts that look back beyond the window by now: they stay as they were.
    """
    first = (now - WINDOW).astimezone(UTC).replace(tzinfo=None) + timedelta(days=1)
    verdicts: Verdicts = {}
    for one in found:
        rule = RULES[one.rule]
        sees_all = one.run.start_local - timedelta(days=rule.lookback_days) >= first
        is_imported = one.run.id in imported or (rule.about_period and one.day in imported.values())
        if one.withdrawn_at is not None or not sees_all or is_imported:
            continue
        key = one.key if rule.about_period else str(one.run.id)
        verdict = (int(one.severity), dict(one.facts))
        assert verdicts.setdefault((one.rule, key), verdict) == verdict, "two verdicts on one run"
    return verdicts


def undisturbed(
    doors: Doors, folder: Path, base: Iterable[Upload], later: Iterable[Upload], scopes: Iterable[str], now: datetime
) -> World:
    """A second installation that reads the same final runs quietly, one by one in order of upload. To be closed."""
    clock = SimulatedClock(NOON)
    imported = tuple(with_id(one) for one in base)
    simulator = Simulator(clock=clock, athletes=[SimulatedAthlete(RUNNER, activities=imported)])
    home = Home(doors, folder, simulator, clock, settle_minutes=0)
    home.connect(scopes)
    home.work()
    for one in sorted(later, key=lambda item: (item.uploaded_at, item.id)):
        clock.advance_to(one.uploaded_at)
        home.world.add(with_id(one))
        home.world.read_again()
    clock.advance_to(now)
    home.world.read_again()
    return home.world


def with_id(upload: Upload) -> SimulatedActivity:
    return replace(upload.activity, body={**upload.activity.body, "id": upload.id}, uploaded_at=upload.uploaded_at)


def new_home(doors: Doors, folder: Path, base: Iterable[Upload], settle_minutes: float, modes: Modes) -> Home:
    clock = SimulatedClock(NOON)
    athlete = SimulatedAthlete(RUNNER, activities=tuple(with_id(one) for one in base))
    simulator = Simulator(clock=clock, athletes=[athlete], modes=modes, level=NARROW)
    return Home(doors, folder, simulator, clock, settle_minutes)
