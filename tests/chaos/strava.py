"""The process outside: a simulated Strava that fails some calls, whoever receives messages, and the story."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from random import Random
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.strava.simulator import Fault, SimulatedAthlete, Simulator, serve
from integrations.strava.simulator.calls import ReceivedCall
from integrations.strava.simulator.quota import Level
from tests.chaos.story import Event, Story
from tests.e2e.crash_scene import Shared
from tests.world import ALL_SCOPES

KINDS: tuple[Fault, ...] = tuple(Fault)
#: How long after an event something may still be on its way.
SPACING = timedelta(seconds=60)
ENDPOINTS = {"/athlete/activities": "list", "/push_subscriptions": "subscriptions", "/oauth/token": "token"}


def level(athletes: int) -> Level:
    """The limits of an application for 10 athletes, in proportion."""
    share = max(1, athletes // 10)
    return Level(overall=(400 * share, 4_000 * share), read=(200 * share, 2_000 * share))


@dataclass(frozen=True)
class Weather:
    """Which share of all calls fails, the kinds mixed evenly, and the seed of the mixture."""

    failing: float = 0.0
    seed: int = 1


@dataclass(frozen=True)
class Arrival:
    """A message that came in: when, to whom, under which id, of what kind, and which alerts it held."""

    at: datetime
    runner: int
    message_id: str
    kind: str
    alerts: tuple[tuple[str, str, str], ...]


@dataclass
class Log:
    """All that was seen outside."""

    calls: list[ReceivedCall] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    raced_refreshes: int = 0
    refreshes: int = 0
    consents: int = 0
    killed_refreshes: int = 0


@dataclass
class Refreshes:
    """Who refreshes with what: two at once, or one with a token that was replaced, are races.

    Not so where the answer with the new token got lost, or the service died since: nobody can know that it was
    replaced then.
    """

    shared: Shared
    under_way: set[str] = field(default_factory=set)
    replaced_in_life: dict[str, int] = field(default_factory=dict)
    raced: int = 0
    killed: int = 0

    def begin(self, token: str) -> None:
        life = self.replaced_in_life.get(token)
        self.raced += token in self.under_way or life == self.shared.lives
        self.killed += life is not None and life != self.shared.lives
        self.under_way.add(token)

    def end(self, token: str, answer: bytes) -> None:
        """The answer as it reached us; empty where it got lost."""
        self.under_way.discard(token)
        try:
            new = json.loads(answer).get("refresh_token")
        except (ValueError, AttributeError):
            return
        if new is not None and new != token:
            self.replaced_in_life[token] = self.shared.lives


class Outside:
    """An ASGI program. `/control/...` moves the story on, `/hooks/...` receives messages, all else is Strava."""

    def __init__(self, shared: Shared, story: Story, simulator: Simulator, weather: Weather) -> None:
        self.shared = shared
        self.simulator = simulator
        self.log = Log()
        self.refreshes = Refreshes(shared)
        self._events = list(story.events)
        self._done = 0
        self._share = weather.failing
        self._chance = Random(weather.seed)
        self._own = Starlette(
            routes=[
                Route("/control/next", self._next),
                Route("/control/tick", self._tick, methods=["POST"]),
                Route("/control/calm", self._calm, methods=["POST"]),
                Route("/control/code/{runner:int}", self._code, methods=["POST"]),
                Route("/hooks/{runner:int}", self._receive, methods=["POST"]),
            ]
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"].startswith(("/control/", "/hooks/")):
            await self._own(scope, receive, send)
        elif scope["path"].endswith("/oauth/token"):
            await self._token(scope, receive, send)
        else:
            await self._strava(scope, receive, send)

    async def _strava(self, scope: Any, receive: Any, send: Any) -> None:
        self._draw(scope["path"])
        await self.simulator.app(scope, receive, send)

    async def _token(self, scope: Any, receive: Any, send: Any) -> None:
        """A refresh, with an eye on whose token it carries."""
        body = await Request(scope, receive).body()
        (token,) = parse_qs(body.decode()).get("refresh_token", [""])
        if not token:
            await self._strava(scope, _again(body), send)
            return
        answered: list[bytes] = []

        async def overheard(message: Any) -> None:
            answered.append(message.get("body", b""))
            await send(message)

        self.log.refreshes += 1
        self.refreshes.begin(token)
        await self._strava(scope, _again(body), overheard)
        self.refreshes.end(token, b"".join(answered))

    def _draw(self, path: str) -> None:
        """Whether this call fails, and how."""
        if self._chance.random() >= self._share:
            return
        kind = self._chance.choice(KINDS)
        endpoint = next((name for end, name in ENDPOINTS.items() if path.endswith(end)), None)
        if endpoint is not None:
            self.log.failed[kind.value] += 1
            self.simulator.faults.fail_next(endpoint, kind)  # type: ignore[arg-type]

    async def _next(self, request: Request) -> Response:
        """When something happens next outside, as seconds since the epoch."""
        moments = [self._events[self._done].at] if self._done < len(self._events) else []
        if self.simulator.pending_events:
            moments.append(self.shared.clock() + SPACING)
        return JSONResponse(min(moments).timestamp() if moments else None)

    async def _tick(self, request: Request) -> Response:
        await run_in_threadpool(self._go_on)
        return JSONResponse(None)

    def _go_on(self) -> None:
        """What has come to pass by now comes to pass, and is announced."""
        now = self.shared.clock()
        while self._done < len(self._events) and self._events[self._done].at <= now:
            self._do(self._events[self._done])
            self._done += 1
        self.simulator.release_due()
        self.simulator.deliver_events()

    def _do(self, event: Event) -> None:
        if event.deed == "upload":
            self.simulator.add_activity(event.runner, event.activity)
        elif event.deed == "delete":
            self.simulator.delete_activity(event.runner, event.id)
        else:
            self.simulator.edit_activity(event.runner, event.id, **event.activity.body)

    async def _calm(self, request: Request) -> Response:
        self._share = 0.0
        self.simulator.faults.clear()
        return JSONResponse(None)

    async def _code(self, request: Request) -> Response:
        self.log.consents += self.shared.lives > 0  # the first ones come before the first life
        return JSONResponse(self.simulator.approve(request.path_params["runner"], ALL_SCOPES))

    async def _receive(self, request: Request) -> Response:
        body = await request.json()
        alerts = tuple((one["rule"], one["key"], one["id"]) for one in body["data"].get("alerts", ()))
        came = (self.shared.clock(), request.path_params["runner"], request.headers["webhook-id"], body["type"], alerts)
        self.log.arrivals.append(Arrival(*came))
        return Response()


def _again(body: bytes) -> Callable[[], Awaitable[Any]]:
    """A body that was read, to be read once more."""

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def be_outside(shared: Shared, story: Story, limits: Level, weather: Weather, pipe: Connection) -> None:
    """Serve until asked for what was seen, and tell it."""
    people = [SimulatedAthlete(runner, activities=mine) for runner, mine in story.base.items()]
    simulator = Simulator(clock=shared.clock, athletes=people, level=limits)
    outside = Outside(shared, story, simulator, weather)
    with serve(outside) as base:
        pipe.send((base, simulator.client_id, simulator.client_secret))
        pipe.recv()
        outside.log.calls = list(simulator.calls)
        outside.log.raced_refreshes = outside.refreshes.raced
        outside.log.killed_refreshes = outside.refreshes.killed
        pipe.send(outside.log)
