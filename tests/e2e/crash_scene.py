"""Where the kill test plays: what all processes share, the runners' story, and everything that is not the service."""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from multiprocessing import get_context
from multiprocessing.connection import Connection
from random import Random

from integrations.strava.simulator import Modes, SimulatedActivity, SimulatedAthlete, Simulator, serve
from tests.integrations.channels.servers import Servers
from tests.world import ALL_SCOPES, NOON, ordinary_weeks, run

FORK = get_context("fork")
RUNNERS = (5_000_000_001, 5_000_000_002)
DAYS = 30


class Shared:
    """The clock of the runs, the count of steps and that of lives, in memory that outlives whoever is killed."""

    def __init__(self, start: datetime) -> None:
        self._memory = mmap.mmap(-1, 24)
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

    @property
    def lives(self) -> int:
        """How many services were started so far."""
        return int(self._read(16))

    @lives.setter
    def lives(self, count: int) -> None:
        self._write(16, float(count))

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
        contents = [envelope.content for envelope in mailroom.envelopes]
        mails = [
            message_from_bytes(content, policy=policy.default) for content in contents if isinstance(content, bytes)
        ]
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
