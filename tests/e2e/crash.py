"""The kill test's driver: a service that is killed at random points while runs arrive, and what came of it.

python -m tests.e2e.crash --rounds 20 --seed 1     # prints one line of JSON

The parent imports everything, has no threads, and forks: first what is outside (a simulated Strava, a webhook receiver,
a mail server), then the service, again and again. Each service counts its own steps (SQL statements, commits, calls to
Strava, messages handed in) and kills itself with SIGKILL at a step drawn by chance, so that nobody sleeps or waits.

The simulated Strava never rotates refresh tokens here: a kill between its answer to a refresh and our commit would cost
the connection where it does, and nothing on our side can prevent that.
"""

from __future__ import annotations

import argparse
import json
import mmap
import os
import signal
import struct
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import alembic.command
import alembic.script  # noqa: F401 - migrations import it lazily; here every start would pay
from pydantic import SecretStr
from sqlalchemy import event, select

from integrations.strava.simulator import Modes, SimulatedActivity, SimulatedAthlete, Simulator, serve
from service import connect, deliver, digest, expiry, mailing, push, sync
from service.bootstrap import Service, build_service
from service.lock import only_process
from service.queue.embedded import running_jobs
from service.settings import Settings
from service.store.schema import athletes, connections, deliveries
from tests.integrations.channels.servers import Servers
from tests.world import ALL_SCOPES, NOON, ordinary_weeks, run

FORK = get_context("fork")
RUNNERS = (5_000_000_001, 5_000_000_002)
DAYS = 30
#: Kills to a story; more rounds make more stories.
ROUNDS_A_STORY = 20


# Shared by all processes


class Shared:
    """The clock of the runs and the count of steps, in memory that outlives whoever is killed."""

    def __init__(self, start: datetime) -> None:
        self._memory = mmap.mmap(-1, 16)
        self._write(0, start.timestamp())

    def clock(self) -> datetime:
        return datetime.fromtimestamp(self._read(0), UTC)

    def advance_to(self, moment: datetime) -> None:
        self._write(0, max(moment.timestamp(), self._read(0)))

    @property
    def steps(self) -> int:
        return int(self._read(8))

    @steps.setter
    def steps(self, count: int) -> None:
        self._write(8, float(count))

    def _read(self, at: int) -> float:
        value: float = struct.unpack_from("d", self._memory, at)[0]
        return value

    def _write(self, at: int, value: float) -> None:
        struct.pack_into("d", self._memory, at, value)


@dataclass(frozen=True)
class Story:
    """What every runner does, with ids, so that all processes speak of the same runs."""

    activities: Mapping[int, tuple[SimulatedActivity, ...]]

    @property
    def end(self) -> datetime:
        last = max(one.uploaded_at for mine in self.activities.values() for one in mine)
        return last + timedelta(days=2)

    def uploads(self, after: datetime, until: datetime) -> Iterator[tuple[int, SimulatedActivity]]:
        for runner, mine in self.activities.items():
            yield from ((runner, one) for one in mine if after < one.uploaded_at <= until)


def story(seed: int) -> Story:
    """Ten ordinary weeks for each, then four in which a long run comes every week or so, each longer than the last."""
    chance = Random(seed)
    return Story({runner: _numbered(runner, _runs(chance)) for runner in RUNNERS})


def _runs(chance: Random) -> list[SimulatedActivity]:
    first = NOON.replace(hour=chance.randint(5, 19), minute=chance.randint(0, 59), tzinfo=None)
    long_day, longest, live = chance.choice((1, 3, 5, 7)), 10.0, []
    for day in range(1, DAYS, 2):
        is_long = day % 8 == long_day
        longest = longest * 1.4 if is_long else longest
        live.append(run(first + timedelta(days=day), round(longest if is_long else chance.uniform(8, 10), 1)))
    return [*ordinary_weeks(NOON), *live]


def _numbered(runner: int, runs: list[SimulatedActivity]) -> tuple[SimulatedActivity, ...]:
    first = 17_000_000_000 + runner % 10 * 1_000_000
    return tuple(replace(one, body={**one.body, "id": first + index}) for index, one in enumerate(runs))


# What is outside: Strava, a webhook receiver, a mail server


@dataclass(frozen=True)
class Outside:
    """Where everything is, and the codes with which the runners connect."""

    strava: str
    client_id: str
    client_secret: str
    hooks: int
    mail: int
    codes: Mapping[int, str]


def _be_outside(shared: Shared, told: Story, pipe: Connection) -> None:
    """Serve until asked for what came in, and tell it: (webhook-id, path, body) of every post, ids of every mail."""
    people = [SimulatedAthlete(runner, activities=mine) for runner, mine in told.activities.items()]
    simulator = Simulator(clock=shared.clock, athletes=people, modes=Modes(rotation="never"))
    servers = Servers()
    receiver, (mailroom, mail_port) = servers.http(), servers.mail()
    with serve(simulator.app) as strava:
        codes = {runner: simulator.approve(runner, ALL_SCOPES) for runner in RUNNERS}
        pipe.send(Outside(strava, simulator.client_id, simulator.client_secret, receiver.port, mail_port, codes))
        pipe.recv()
        posts = [(headers["webhook-id"], path, json.loads(body)) for path, headers, body in receiver.requests]
        mails = [message_from_bytes(envelope.content or b"", policy=policy.default) for envelope in mailroom.envelopes]
        pipe.send((posts, [(str(mail["Message-ID"]), str(mail["To"])) for mail in mails]))
    servers.stop()


@contextmanager
def outside(shared: Shared, told: Story) -> Iterator[tuple[Outside, Connection]]:
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=_be_outside, args=(shared, told, theirs))
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.join(1)
        process.kill()
        process.join()


# The service


@dataclass(frozen=True)
class Death:
    """When a service kills itself: at so many steps, or at so many steps of handing messages in."""

    after: int
    at_a_channel: bool = False


NEVER = Death(2**62)


class Steps:
    """Counts what the service does to the world; where its death is due, it kills itself."""

    def __init__(self, shared: Shared, death: Death) -> None:
        self._shared = shared
        self._death = death
        self._all = self._at_a_channel = 0

    def any(self, *_: Any, **__: Any) -> None:
        self._all += 1
        self._shared.steps = self._all
        self._live_on(self._death.after if not self._death.at_a_channel else NEVER.after, self._all)

    def at_a_channel(self) -> None:
        self._at_a_channel += 1
        self._live_on(self._death.after if self._death.at_a_channel else NEVER.after, self._at_a_channel)
        self.any()

    def _live_on(self, last: int, count: int) -> None:
        if count >= last:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Counted:
    """Something whose calls are steps: one before, one after."""

    inner: Any
    step: Callable[[], None]

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        if name.startswith("_") or isinstance(found, type) or not callable(found):
            return found

        def counted(*args: Any, **kwargs: Any) -> Any:
            self.step()
            answer = found(*args, **kwargs)
            self.step()
            return answer

        return counted


def _build(folder: Path, there: Outside, shared: Shared) -> Service:
    settings = Settings(
        _env_file=None,
        data_dir=folder,
        strava_client_id=there.client_id,
        strava_client_secret=SecretStr(there.client_secret),
        strava_oauth_base=there.strava,
        strava_api_base=f"{there.strava}/api/v3",
        smtp_url=SecretStr(f"smtp://127.0.0.1:{there.mail}"),
        mail_from="afterrun@example.org",
        local_targets=frozenset({f"127.0.0.1:{there.hooks}"}),
        settle_minutes=30,
        poll_minutes=1440,
    )
    return build_service(settings, clock=shared.clock, randomness=Random(1))


def _connect(folder: Path, there: Outside, shared: Shared) -> None:
    """Both runners connect, each with a webhook and a mail address; nothing is read yet."""
    service = _build(folder, there, shared)
    for number, (runner, code) in enumerate(there.codes.items(), start=1):
        invitation = connect.new_invitation(service).rpartition("/")[2]
        draft = connect.Draft(state="state", adult=True, invitation=invitation)
        answer = connect.Answer(state="state", code=code, scope=",".join(ALL_SCOPES))
        athlete = connect.complete(service, draft, answer).athlete
        url = f"http://127.0.0.1:{there.hooks}/{runner}"
        mailing.add_destination(service, athlete, "webhook", {"url": url}, label=f"hook {number}")
        email = mailing.add_destination(service, athlete, "email", {"email": f"{runner}@example.org"}, label="mail")
        with service.store.transaction() as tx:
            tx.deliveries.set_state(email.id, "active")
    service.store.close()


def _serve(folder: Path, there: Outside, shared: Shared, told: Story, death: Death) -> None:
    """A start of the service, as `afterrun serve` starts it, and then its jobs from one due moment to the next."""
    with only_process(folder):
        built = _build(folder, there, shared)
        steps = Steps(shared, death)
        for moment in ("before_cursor_execute", "commit"):
            event.listen(built.store.engine, moment, steps.any)
        channels = {code: Counted(channel, steps.at_a_channel) for code, channel in built.channels.items()}
        service = replace(built, strava=Counted(built.strava, steps.any), channels=channels)  # type: ignore[arg-type]
        with running_jobs(service, catalogue=()):  # releases what the dead one held
            _live(service, shared, told)
        service.store.close()


def _live(service: Service, shared: Shared, told: Story) -> None:
    _work(service)
    while (moment := _next_moment(service, told, shared.clock())) <= told.end:
        before = shared.clock()
        shared.advance_to(moment)
        for runner, activity in told.uploads(before, moment):
            push.receive(service, _push(runner, activity))  # lost, where a kill comes first: then the schedule finds it
        _work(service)


def _work(service: Service) -> None:
    for sweep in (sync.sweep, digest.sweep, deliver.sweep, expiry.sweep):
        sweep(service)


def _push(runner: int, activity: SimulatedActivity) -> bytes:
    what = {"object_type": "activity", "object_id": activity.body["id"], "aspect_type": "create", "owner_id": runner}
    when = {"event_time": int(activity.uploaded_at.timestamp()), "subscription_id": 1, "updates": {}}
    return json.dumps(what | when).encode()


def _next_moment(service: Service, told: Story, now: datetime) -> datetime:
    uploads = [activity.uploaded_at for _, activity in told.uploads(now, told.end)]
    with service.store.engine.connect() as connection:
        columns = (connections.c.sync_due_at, athletes.c.digest_due_at, deliveries.c.due_at)
        due = [moment for column in columns for moment in connection.execute(select(column)).scalars()]
    later = [moment for moment in [*uploads, *due] if moment is not None and moment > now]
    return min(later, default=told.end + timedelta(days=1))


# The parent


@dataclass
class Told:
    """What came in outside over one story."""

    alerts: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)
    messages: dict[str, tuple[str, str]] = field(default_factory=dict)
    mails: set[tuple[str, str]] = field(default_factory=set)
    sends: int = 0
    resent: int = 0
    kills: int = 0
    steps: int = 0
    waiting: int = 0

    @property
    def kinds(self) -> Counter[tuple[str, str]]:
        """How many messages of which kind went to whom."""
        return Counter(self.messages.values())

    @property
    def mailed(self) -> Counter[str]:
        return Counter(to for _, to in self.mails)

    def take_in(self, posts: list[tuple[str, str, dict[str, Any]]], mails: list[tuple[str, str]]) -> None:
        for message_id, path, body in posts:
            self.messages[message_id] = (path, body["type"])
            for alert in body["data"].get("alerts", ()):
                self.alerts.setdefault((path, alert["rule"], alert["key"]), set()).add(alert["id"])
        self.mails = set(mails)
        self.sends = len(posts) + len(mails)
        self.resent = self.sends - len(self.messages) - len(self.mails)


def live_through(seed: int, deaths: Sequence[Death] = ()) -> Told:
    """One story from the connect on: a life of the service for each death, and one that sees the end."""
    told, shared, came = story(seed), Shared(NOON), Told()
    with TemporaryDirectory(prefix="afterrun-crash-") as name, outside(shared, told) as (there, pipe):
        folder = Path(name)
        _in_a_fork(_connect, folder, there, shared)
        for death in (*deaths, NEVER):
            code = _in_a_fork(_serve, folder, there, shared, told, death)
            came.steps = shared.steps
            if code == 0:
                break
            if code != -signal.SIGKILL:
                raise SystemExit(f"the service ended by itself with code {code}")
            came.kills += 1
        pipe.send("report")
        came.take_in(*pipe.recv())
        came.waiting = _unsent(folder, there, shared)
    return came


def _in_a_fork(target: Any, *args: Any) -> int:
    assert threading.active_count() == 1, "who forks has no threads"
    process = FORK.Process(target=target, args=args)
    process.start()
    process.join()
    code = process.exitcode
    process.close()
    return 0 if code is None else code


def _unsent(folder: Path, there: Outside, shared: Shared) -> int:
    service = _build(folder, there, shared)
    with service.store.engine.connect() as connection:
        unsent = connection.execute(select(deliveries.c.id).where(deliveries.c.state != "sent")).all()
    service.store.close()
    return len(unsent)


def crash(rounds: int, seed: int) -> dict[str, Any]:
    """Kill the service so many times, over as many stories as it takes, and compare each with its undisturbed twin."""
    chance = Random(seed)
    report: Counter[str] = Counter()
    problems: list[str] = []
    while report["kills"] < rounds:
        number = seed + report["stories"]
        quiet = live_through(number)
        lives = min(rounds - report["kills"], ROUNDS_A_STORY)
        stormy = live_through(number, [_death(chance, quiet.steps) for _ in range(lives)])
        problems += _problems(quiet, stormy)
        report.update(stories=1, kills=stormy.kills, alerts=len(stormy.alerts), messages=len(stormy.messages))
        report.update(sends=stormy.sends, resent=stormy.resent, steps=quiet.steps)
    return {**report, "problems": problems}


def _death(chance: Random, steps: int) -> Death:
    """Anywhere, so that all the lives together reach well into the story; every fourth time at a channel."""
    if chance.random() < 0.25:
        return Death(chance.randint(1, 8), at_a_channel=True)
    return Death(chance.randint(1, 3 * steps // (2 * ROUNDS_A_STORY)))


def _problems(quiet: Told, stormy: Told) -> list[str]:
    problems = [f"not told: {name}" for name in quiet.alerts.keys() - stormy.alerts.keys()]
    problems += [f"told for no reason: {name}" for name in stormy.alerts.keys() - quiet.alerts.keys()]
    problems += [f"two ids: {name} {ids}" for name, ids in stormy.alerts.items() if len(ids) > 1]
    if stormy.kinds != quiet.kinds:
        problems.append(f"other messages: {stormy.kinds - quiet.kinds} instead of {quiet.kinds - stormy.kinds}")
    if stormy.mailed != quiet.mailed:
        problems.append(f"other mails: {stormy.mailed} instead of {quiet.mailed}")
    if quiet.resent or quiet.waiting or stormy.waiting:
        problems.append(f"resent undisturbed: {quiet.resent}, left unsent: {quiet.waiting} and {stormy.waiting}")
    return problems


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.stdout.write(json.dumps(crash(given.rounds, given.seed)) + "\n")


if __name__ == "__main__":
    main()
