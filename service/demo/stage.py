"""The demo's parts: a simulated Strava, a mail server, a webhook receiver, and the real service between them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from starlette.types import Receive, Scope, Send

from integrations.clock import wall_clock
from integrations.strava.simulator import SimulatedActivity, SimulatedClock, Simulator, serve
from integrations.strava.simulator.personas import ANNA
from integrations.strava.simulator.season import Season, tell_season
from service import subscription
from service.bootstrap import Service, build_service
from service.demo.mail import CaughtMail, catching_mail
from service.demo.receiver import Receiver, receiving_webhooks
from service.settings import Settings
from service.web.app import create_app

SEED = 7
RUNNER_ID = 1001
FIRST_ID = 15_000_000_001
FIRST_DAY = date(2026, 2, 2)
#: A Monday evening: ordinary runs, then one far above the longest, and a Sunday in between.
IMPORT_DAY = date(2026, 9, 7)


@dataclass(frozen=True)
class Stage:
    """Everything that plays along."""

    clock: SimulatedClock
    simulator: Simulator
    season: Season
    run_ids: tuple[int, ...]
    mail: CaughtMail
    receiver: Receiver
    service: Service
    base_url: str


@contextmanager
def stage(*, port: int = 0, days_after: int = 0) -> Iterator[Stage]:
    """Build and serve everything in a folder of its own, which goes when the block ends.

    The clock stands still at the evening of the import day until somebody moves it. After the season ordinary weeks
    follow, up to `days_after` days after its first big run.
    """
    season = tell_season(ANNA, SEED, first_day=FIRST_DAY, import_day=IMPORT_DAY, days_after=days_after)
    clock = SimulatedClock(evening(IMPORT_DAY))
    simulator = Simulator(clock=clock, athletes=[ANNA.athlete(RUNNER_ID, _numbered(season))], seed=SEED)
    with ExitStack() as stack:
        strava = stack.enter_context(serve(simulator.app))
        mail, smtp_url = stack.enter_context(catching_mail())
        receiver = stack.enter_context(receiving_webhooks())
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="afterrun-demo-")))
        door = _Door()
        base_url = stack.enter_context(serve(door, port))
        settings = _settings(folder, simulator, strava, smtp_url, receiver, base_url)
        service = build_service(settings, clock=clock, wall=wall_clock, is_demo=True)
        stack.callback(service.store.close)
        door.app = create_app(service, demo_mail=mail)
        subscription.ensure(service)
        run_ids = tuple(FIRST_ID + index for index in range(len(season.activities)))
        yield Stage(clock, simulator, season, run_ids, mail, receiver, service, base_url)


class _Door:
    """Stands where the program will be: its address has to be known before it can be built."""

    app: object = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
        elif self.app is not None:
            await self.app(scope, receive, send)  # type: ignore[operator]


def _numbered(season: Season) -> tuple[SimulatedActivity, ...]:
    """With ids of our own, so that the runs can be named beforehand."""
    return tuple(
        replace(activity, body={**activity.body, "id": FIRST_ID + index})
        for index, activity in enumerate(season.activities)
    )


def evening(day: date) -> datetime:
    """9 o'clock where the runner is."""
    return datetime.combine(day, time(21), tzinfo=ZoneInfo(ANNA.time_zone))


def _settings(
    folder: Path, simulator: Simulator, strava: str, smtp_url: str, receiver: Receiver, base_url: str
) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=folder,
        public_url=base_url,
        strava_client_id=simulator.client_id,
        strava_client_secret=SecretStr(simulator.client_secret),
        strava_oauth_base=strava,
        strava_api_base=f"{strava}/api/v3",
        smtp_url=SecretStr(smtp_url),
        mail_from="afterrun@example.org",
        operator_name="The demo",
        operator_email="operator@example.org",
        local_targets=frozenset({urlsplit(receiver.url).netloc}),
        settle_minutes=0,
    )
