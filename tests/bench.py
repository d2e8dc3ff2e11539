"""`make bench`: how fast the main paths are, as ratios against a named reference measured in the same run."""

from __future__ import annotations

import logging
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from tempfile import TemporaryDirectory

import acwr
import pandas as pd
import requests
from stravalib.protocol import ApiV3

from integrations.strava.mapping import activity_from_api
from integrations.strava.simulator.generator import generate
from integrations.strava.simulator.personas import BEN
from rules.checks import all_rules
from rules.history import TrainingHistory
from rules.load import daily_distance_m
from rules.model import Activity
from rules.policy import evaluate
from rules.replay import replay
from service import sync
from tests.figure import Figure, at_least, at_most, report
from tests.world import NOON, RUNNER, world

ROUNDS = 30
LAST_DAY = date(2026, 5, 31)
RULES = all_rules()


def main() -> None:
    logging.getLogger().addHandler(logging.NullHandler())  # stravalib warns on the root logger at every client
    activities = _activities(years=5)
    figures = [*_evaluation(activities), *_replay(activities), *_over_years(), *_sync(), *_real_runners()]
    report(figures, Path("build/bench.json"))


def _evaluation(activities: list[Activity]) -> list[Figure]:
    """One new run against a full window: cleaning and all rules, beside acwr's six metrics on the same 84 days."""
    last = activities[-1].start_local
    held = [one for one in activities if last - timedelta(days=186) <= one.start_local <= last]

    def ours() -> None:
        history = TrainingHistory.of(held)
        evaluate(history, history.runs[-1], RULES)

    one_run, reference = _in_turn(ours, lambda: _six_metrics(TrainingHistory.of(held), last.date()))
    return [
        Figure("evaluate one new run", round(one_run * 1e6, 1), "µs", "none, for information", True),
        at_least("acwr's six metrics on 84 days, as a multiple of evaluating one new run", reference / one_run, 6),
    ]


def _replay(activities: list[Activity]) -> list[Figure]:
    """Replay per run, cleaning included, beside acwr's six metrics on 84 days for one day."""
    history = TrainingHistory.of(activities)
    whole, reference = _in_turn(
        lambda: list(replay(TrainingHistory.of(activities), RULES)),
        lambda: _six_metrics(history, activities[-1].local_day),
        rounds=9,
    )
    per_run = whole / len(history.runs)
    return [
        Figure("replay of one run", round(per_run * 1e6, 1), "µs", "none, for information", True),
        at_least("acwr's six metrics on 84 days, as a multiple of replaying one run", reference / per_run, 6),
    ]


def _over_years() -> list[Figure]:
    """Replay per run of longer histories beside one of a year: a run costs the same however much lies before it."""
    histories = {years: TrainingHistory.of(_activities(years)) for years in (1, 5, 20)}

    def per_run(years: int) -> float:
        started = time.perf_counter()
        if not list(replay(histories[years], RULES)):
            raise RuntimeError("nothing was found: the replay was not measured")
        return (time.perf_counter() - started) / len(histories[years].runs)

    rounds = [{years: per_run(years) for years in histories} for _round in range(5)]
    ratios = {years: statistics.median(one[years] / one[1] for one in rounds) for years in (5, 20)}
    return [
        at_most(f"replay of one run in {years} years, as a multiple of one in 1 year", ratio, 1.2)
        for years, ratio in ratios.items()
    ]


def _real_runners() -> list[Figure]:
    """The command that a user runs, over all real histories; without them there is nothing to measure."""
    folder = os.environ.get("AFTERRUN_REAL_DATA")
    if not folder:
        return []
    command = [sys.executable, "-m", "service.replay", str(Path(folder) / "runners"), "--json"]
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = round(time.perf_counter() - started, 1)
    return [Figure("replay of all 109 real runners", seconds, "s", "at most 45", seconds <= 45)]


def _sync() -> list[Figure]:
    """The sync of one runner, beside one stravalib list call of the same page."""
    recorded = generate(BEN, 3, LAST_DAY - timedelta(days=180), LAST_DAY)
    with (
        TemporaryDirectory() as folder,
        world(Path(folder), recorded, start=NOON, poll_minutes=15, rules=RULES) as scene,
    ):
        scene.connect()
        token = scene.simulator.connection(RUNNER).access.token  # type: ignore[union-attr]
        base = scene.service.settings.strava_api_base
        # More often than a setting may say: else tokens would end between two rounds.
        every_minute = scene.service.settings.model_copy(update={"poll_minutes": 1})
        service = replace(scene.service, settings=every_minute)
        with service.store.transaction() as tx:
            tx.connections.nudge(1, scene.clock())
        sync.sweep(service)

        def ours() -> None:
            scene.clock.advance(timedelta(minutes=1))
            if sync.sweep(service) != 1:
                raise RuntimeError("nothing was due: the sync was not measured")

        whole, floor = _in_turn(ours, lambda: _one_list_call(base, token, scene.clock()))
    return [
        Figure("sync of one runner", round(whole * 1e3, 2), "ms", "none, for information", True),
        at_most("sync of one runner, as a multiple of one stravalib list call of the same page", whole / floor, 3),
    ]


def _one_list_call(base: str, token: str, now: datetime) -> None:
    """What stravalib needs for the page alone, on a session of its own as our client has."""
    with requests.Session() as session:
        protocol = ApiV3(access_token=token, requests_session=session, rate_limiter=lambda headers, method: None)
        protocol.server, protocol.api_base = "", ""
        protocol.resolve_url = lambda url: f"{base}{url}"  # type: ignore[method-assign]
        window = {"after": int((now - timedelta(days=186)).timestamp()), "before": int(now.timestamp()) + 86400}
        if len(protocol.get("/athlete/activities", per_page=200, page=1, **window)) < 50:
            raise RuntimeError("the page is not the one that the sync reads")


def _six_metrics(history: TrainingHistory, day: date) -> None:
    """ACWR by three methods, monotony, strain and week-to-week change over 84 days."""
    days = pd.date_range(end=pd.Timestamp(day), periods=84)
    load = pd.Series(daily_distance_m(history.before(datetime.combine(day, time_of_day.max), 84), day, 84), index=days)
    for method in ("rac", "rau", "ewma"):
        acwr.acwr(load, method=method)
    acwr.monotony(load)
    acwr.strain(load)
    acwr.week_to_week_change(load)


def _activities(years: int) -> list[Activity]:
    recorded = generate(BEN, 3, LAST_DAY - timedelta(days=365 * years), LAST_DAY)
    mapped = (activity_from_api({"id": number, **one.body})[0] for number, one in enumerate(recorded, 1))
    return [activity for activity in mapped if activity is not None]


def _in_turn(ours: Callable[[], object], reference: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median seconds of both, measured in turn, so that a machine that slows down slows both."""
    timings: tuple[list[float], list[float]] = ([], [])
    for round_number in range(rounds + 1):
        for work, seconds in zip((ours, reference), timings, strict=True):
            started = time.perf_counter()
            work()
            if round_number:  # the first warms up
                seconds.append(time.perf_counter() - started)
    return statistics.median(timings[0]), statistics.median(timings[1])


if __name__ == "__main__":
    main()
