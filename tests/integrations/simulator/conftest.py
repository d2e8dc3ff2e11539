"""A served simulator and a client that talks to it as an application would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from integrations.strava.simulator import Modes, SimulatedAthlete, SimulatedClock, Simulator, run, serve
from tests.integrations.simulator.receiver import Receiver, receiving

#: A Tuesday noon.
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
ROBIN, KIM = 7, 8
REDIRECT = "http://localhost:8000/strava/callback"
ASKED = ("read", "activity:read", "activity:read_all")


class App:
    """An application registered with the simulator."""

    def __init__(self, simulator: Simulator, http: httpx.Client) -> None:
        self.simulator = simulator
        self.http = http
        self.credentials = {"client_id": simulator.client_id, "client_secret": simulator.client_secret}

    def token_call(self, **parameters: str) -> httpx.Response:
        return self.http.post("/oauth/token", data=self.credentials | parameters)

    def exchange(self, code: str) -> httpx.Response:
        return self.token_call(grant_type="authorization_code", code=code)

    def refresh(self, refresh_token: str) -> httpx.Response:
        return self.token_call(grant_type="refresh_token", refresh_token=refresh_token)

    def connect(self, athlete_id: int = ROBIN, scopes: Sequence[str] = ASKED) -> dict[str, Any]:
        """Tokens of an athlete who agreed."""
        return dict(self.exchange(self.simulator.approve(athlete_id, scopes)).json())

    def get(self, path: str, token: str, **parameters: object) -> httpx.Response:
        asked = httpx.QueryParams({name: str(value) for name, value in parameters.items()})
        return self.http.get(path, headers={"Authorization": f"Bearer {token}"}, params=asked)

    def listed(self, token: str, **parameters: object) -> list[int]:
        """The ids on a page of the list."""
        return [activity["id"] for activity in self.get("/api/v3/athlete/activities", token, **parameters).json()]

    def subscribe(self, receiver: Receiver) -> httpx.Response:
        form = {"callback_url": receiver.url, "verify_token": "hush"}
        return self.http.post("/api/v3/push_subscriptions", data=self.credentials | form)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
def simulator(clock: SimulatedClock) -> Simulator:
    """Two athletes; Robin ran on each of the last 40 mornings."""
    mornings = [datetime(2026, 1, 30, 7) + timedelta(days=day) for day in range(40)]
    runs = tuple(run(morning, 8000, average_hr=148.5, cadence=83) for morning in mornings)
    athletes = [SimulatedAthlete(id=ROBIN, activities=runs), SimulatedAthlete(id=KIM, first_name="Kim")]
    return Simulator(clock=clock, athletes=athletes, modes=Modes(rotation="always"))


class Switchboard:
    """One server for all tests: each test plugs in its own program, which spares it the start and the end."""

    program: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.program(scope, receive, send)


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Switchboard, str]]:
    board = Switchboard()
    board.program = Starlette()
    with serve(board) as url:
        yield board, url


@pytest.fixture
def strava_url(simulator: Simulator, served: tuple[Switchboard, str]) -> str:
    """Where the test's simulator answers."""
    board, url = served
    board.program = simulator.app
    return url


@pytest.fixture
def app(simulator: Simulator, strava_url: str) -> Iterator[App]:
    # Nothing is encrypted on loopback, and loading the certificates takes longer than most tests.
    with httpx.Client(base_url=strava_url, trust_env=False, verify=False) as http:
        yield App(simulator, http)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver
