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
import signal
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from service.store import migrations  # noqa: F401 - imported at a start only; here every start would pay
from service.store.schema import deliveries
from tests.e2e.crash_life import NEVER, Death, Place, build, connect_runners, live
from tests.e2e.crash_scene import FORK, Outside, Shared, outside, story
from tests.world import NOON

#: Kills to a story; more rounds make more stories.
ROUNDS_A_STORY = 20


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
        _in_a_fork(connect_runners, folder, there, shared)
        for death in (*deaths, NEVER):
            code = _in_a_fork(live, folder, there, shared, told, death)
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
    service = build(folder, there, shared)
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
    """Half of them anywhere, so that all the lives together reach through the story; half where it hurts most:

    between two writes of what is told, and between the handing in of a message and the note that it is sent.
    """
    place: Place = chance.choice(("anywhere", "anywhere", "outbox", "channel"))
    if place == "anywhere":
        return Death(place, chance.randint(1, 3 * steps // (2 * ROUNDS_A_STORY)))
    return Death(place, chance.randint(1, 6) if place == "outbox" else 2 * chance.randint(1, 3))


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
