"""python -m tests.chaos --runs 500 --athletes 20 --kills 10 --seed 1    # writes build/chaos.json"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from random import Random

from tests.chaos.course import run_through
from tests.chaos.figures import figures
from tests.chaos.story import tell
from tests.chaos.strava import Weather, level
from tests.e2e.crash_life import Death, Place
from tests.figure import Figure, report

#: Steps (SQL statements, commits, calls, messages) that a run costs, roughly: kills are spread over the whole.
STEPS_A_RUN = 350


def chaos(athletes: int, runs: int, kills: int, share: float, seed: int) -> list[Figure]:
    started = time.monotonic()
    story = tell(athletes, runs, seed)
    limits = level(athletes)
    course = run_through(story, limits, Weather(share, seed), _deaths(kills, runs, Random(seed)))
    return figures(story, course, limits, (time.monotonic() - started) / 60)


def _deaths(kills: int, runs: int, chance: Random) -> list[Death]:
    """Half of them anywhere, half between two writes of what is told, or around the handing in of a message."""
    places: tuple[Place, ...] = ("anywhere", "anywhere", "outbox", "channel")
    within = {"anywhere": STEPS_A_RUN * runs // max(1, kills), "outbox": 30, "channel": 30}
    drawn = [chance.choice(places) for _ in range(kills)]
    return [Death(place, chance.randint(1, within[place])) for place in drawn]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--athletes", type=int, default=200)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--failing", type=float, default=0.05, help="share of all calls that fail")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    found = chaos(given.athletes, given.runs, given.kills, given.failing, given.seed)
    report(found, Path("build/chaos.json"))
    raise SystemExit(0 if all(figure.met for figure in found) else 1)


if __name__ == "__main__":
    main()
