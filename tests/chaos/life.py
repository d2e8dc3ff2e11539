"""One life of the service: started as always, its pages served, its jobs run; ended by SIGKILL or by the story."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import event, func, select, union_all

from integrations.errors import AdapterError
from integrations.strava.simulator import serve
from service import connect, mailing, sync
from service.bootstrap import Service, build_service
from service.lock import only_process
from service.queue.embedded import running_jobs
from service.reading import Window
from service.settings import Settings
from service.store.records import Claim
from service.store.schema import metadata
from service.web.app import create_app
from tests.e2e.crash_life import Counted, Death, Steps
from tests.e2e.crash_scene import Shared
from tests.rounds import Rounds
from tests.world import ALL_SCOPES

#: The queue looks this often; what happens within it is seen together.
GRAIN = timedelta(seconds=15)
#: What is due and was not done waits for something that no table tells: it is looked for this often.
LOOK = timedelta(minutes=5)
#: A runner who has to sign in again does so when an hour is over.
NOTICE = timedelta(hours=1)
#: From the last event to the end: everything works, and every runner is read once more.
CALM = timedelta(hours=40)


@dataclass(frozen=True)
class Place:
    """Where a life is lived."""

    folder: Path
    outside: str
    client_id: str
    client_secret: str
    port: int

    @property
    def reads(self) -> Path:
        """Where each answered reading of a window is written down."""
        return self.folder.with_suffix(".reads")

    @property
    def public_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def build(place: Place, shared: Shared) -> Service:
    settings = Settings(
        _env_file=None,
        data_dir=place.folder,
        public_url=place.public_url,
        strava_client_id=place.client_id,
        strava_client_secret=SecretStr(place.client_secret),
        strava_oauth_base=place.outside,
        strava_api_base=f"{place.outside}/api/v3",
        local_targets=frozenset({place.outside.removeprefix("http://")}),
    )
    built = build_service(settings, clock=shared.clock, wall=shared.clock, randomness=Random(shared.lives))
    return replace(built, pause=lambda seconds: None)


def connect_runners(place: Place, shared: Shared, runners: list[int]) -> None:
    """Each connects, with a webhook; nothing is read yet."""
    service = build(place, shared)
    for runner in runners:
        _sign_in(service, place, runner, connect.new_invitation(service).rpartition("/")[2])
    service.store.close()


def live(place: Place, shared: Shared, end: datetime, death: Death) -> None:
    """As `afterrun serve` does, but from one due moment to the next."""
    shared.lives += 1
    with only_process(place.folder):
        built = build(place, shared)
        steps = Steps(shared, death)
        event.listen(built.store.engine, "before_cursor_execute", steps.statement)
        event.listen(built.store.engine, "commit", steps.anywhere)
        channels = {code: Counted(channel, steps.channel) for code, channel in built.channels.items()}
        strava: Any = Counted(built.strava, steps.anywhere)
        service = replace(built, strava=strava, channels=channels)
        sync.read_window = _written_down(place, sync.read_window)  # type: ignore[assignment]
        with running_jobs(service, catalogue=()), serve(create_app(service), place.port):
            _Life(service, place, shared).play(end)
        service.store.close()


def _written_down(place: Place, read: Callable[[Service, Claim], Window]) -> Callable[[Service, Claim], Window]:
    """The same reading; what was answered is noted, with whether somebody waited for it."""

    def read_window(service: Service, claim: Claim) -> Window:
        with service.store.transaction() as tx:
            connection = tx.connections.get(claim.athlete_id)
        window = read(service, claim)
        with place.reads.open("a") as file:
            runner = connection.strava_id if connection else 0
            file.write(f"{service.clock().isoformat()} {runner} {int(claim.urgent)}\n")
        return window

    return read_window


class _Life:
    def __init__(self, service: Service, place: Place, shared: Shared) -> None:
        self._service = service
        self._place = place
        self._shared = shared
        self._rounds = Rounds()
        self._outside = httpx.Client(base_url=place.outside, timeout=60, trust_env=False)
        self._looked_at = shared.clock()

    def play(self, end: datetime) -> None:
        self._rounds.make(self._service)
        while (moment := self._next_moment()) <= end:
            self._go_to(moment)
        self._outside.post("/control/calm")
        while (moment := self._next_moment()) <= end + CALM:
            self._go_to(moment)

    def _go_to(self, moment: datetime) -> None:
        self._shared.advance_to(moment)
        self._outside.post("/control/tick")
        if moment - self._looked_at >= NOTICE:
            self._looked_at = moment
            self._sign_in_again()
        self._rounds.make(self._service)

    def _next_moment(self) -> datetime:
        now = self._shared.clock()
        outside = self._outside.get("/control/next").json()
        later, is_overdue = self._due(now)
        moments = [later, datetime.fromtimestamp(outside, UTC) if outside else None, now + LOOK if is_overdue else None]
        earliest = min((moment for moment in moments if moment), default=now + timedelta(days=1))
        return max(earliest, now + GRAIN)

    def _due(self, now: datetime) -> tuple[datetime | None, bool]:
        """The next moment at which any table wants something, and whether something is due already."""
        columns = [
            column for column in chain(*(table.c for table in metadata.sorted_tables)) if column.name.endswith("due_at")
        ]
        later = union_all(*(select(func.min(column)).where(column > now) for column in columns))
        overdue = union_all(*(select(func.count(column)).where(column <= now) for column in columns))
        with self._service.store.engine.connect() as connection:
            moments = [moment for moment in connection.execute(later).scalars() if moment is not None]
            return min(moments, default=None), any(connection.execute(overdue).scalars())

    def _sign_in_again(self) -> None:
        with self._service.store.transaction() as tx:
            lost = [one.strava_id for one in tx.connections.athletes() if one.state != "connected"]
        for runner in lost:
            _sign_in(self._service, self._place, runner)


def _sign_in(service: Service, place: Place, runner: int, invitation: str | None = None) -> None:
    """As often as it takes: a consent may fail as every call may."""
    connected = None
    while connected is None:
        code = httpx.post(f"{place.outside}/control/code/{runner}", trust_env=False).json()
        draft = connect.Draft(state="state", adult=True, invitation=invitation)
        answer = connect.Answer(state="state", code=code, scope=",".join(ALL_SCOPES))
        with suppress(AdapterError):
            connected = connect.complete(service, draft, answer)
    if connected.is_new:
        url = f"{place.outside}/hooks/{runner}"
        mailing.add_destination(service, connected.athlete, "webhook", {"url": url}, label="hook")
