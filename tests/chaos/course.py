"""One course of events from the connect to the end: all processes started, lives lived, and what came of it kept."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from integrations.strava.simulator.quota import Level
from service.store import migrations  # noqa: F401 - imported at a start only; here every start would pay
from tests.chaos.figures import Kept, Read, kept_of, read_down
from tests.chaos.life import Place, build, connect_runners, live
from tests.chaos.story import Story
from tests.chaos.strava import Log, Weather, be_outside
from tests.e2e.crash import NEVER
from tests.e2e.crash_life import Death
from tests.e2e.crash_scene import FORK, Shared
from tests.world import NOON


@dataclass(frozen=True)
class Course:
    """What was seen outside, what is stored in the end, every answered reading, and how many lives ended by a kill."""

    log: Log
    kept: list[Kept]
    reads: list[Read]
    kills: int


def run_through(story: Story, limits: Level, weather: Weather, deaths: Iterable[Death] = ()) -> Course:
    """Live through a story."""
    logging.getLogger("service").setLevel(logging.ERROR)  # failures are the point here; only what breaks is told
    logging.getLogger("uvicorn.error").disabled = True
    shared = Shared(NOON)
    ours, theirs = FORK.Pipe()
    outside = FORK.Process(target=be_outside, args=(shared, story, limits, weather, theirs))
    outside.start()
    try:
        with TemporaryDirectory(prefix="afterrun-chaos-") as folder:
            place = Place(Path(folder) / "data", *ours.recv(), _free_port())
            kills = _live(place, shared, story, [*deaths, NEVER])
            ours.send("report")
            log = ours.recv()
            service = build(place, shared)
            kept = kept_of(service)
            service.store.close()
            reads = read_down(place.reads)
    finally:
        outside.join(1)
        outside.kill()
        outside.join()
    return Course(log, kept, reads, kills)


def _live(place: Place, shared: Shared, story: Story, deaths: list[Death]) -> int:
    """Life after life until one sees the end. Returns how many were killed."""
    _in_a_fork(connect_runners, place, shared, list(story.base))
    for killed, death in enumerate(deaths):
        code = _in_a_fork(live, place, shared, story.end, death)
        if code == 0:
            return killed
        if code != -signal.SIGKILL:
            raise SystemExit(f"the service ended by itself with code {code}")
    raise SystemExit("the last life was killed by somebody else")


def _in_a_fork(target: Any, *args: Any) -> int:
    assert threading.active_count() == 1, "who forks has no threads"
    process = FORK.Process(target=target, args=args)
    process.start()
    process.join()
    return process.exitcode or 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
