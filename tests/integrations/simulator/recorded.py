"""The situations in which Strava's own answers were recorded, played with the simulator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from integrations.strava.simulator import ONE_ATHLETE, Modes, Shoes, SimulatedAthlete, SimulatedClock, Simulator, run
from integrations.strava.simulator.quota import Level
from tests.integrations.simulator.conftest import NOW, ROBIN, App
from tests.integrations.simulator.receiver import Receiver

#: What that application might use until 2023, of which only the overall part existed.
EARLIER = Level(overall=(600, 30_000), read=(600, 30_000))
TYPED_IN = {"name": "Walk", "sport_type": "Walk", "start_date_local": "2026-03-09T18:30:00Z", "elapsed_time": "1800"}


@dataclass
class Scene:
    """An application whose athlete is connected, and a subscriber."""

    app: App
    receiver: Receiver
    token: str
    refresh_token: str

    @property
    def newest(self) -> int:
        return self.app.simulator.activity_ids(ROBIN)[-1]

    def get(self, path: str, **parameters: object) -> httpx.Response:
        return self.app.get(f"/api/v3{path}", self.token, **parameters)

    def send(self, method: str, path: str, **form: str) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {self.token}"}
        return self.app.http.request(method, path, data=form, headers=bearer)

    def subscriptions(self) -> httpx.Response:
        return self.app.http.get("/api/v3/push_subscriptions", params=self.app.credentials)

    def unsubscribe(self) -> httpx.Response:
        made = self.app.subscribe(self.receiver).json()["id"]
        return self.app.http.delete(f"/api/v3/push_subscriptions/{made}", params=self.app.credentials)

    def subscribed(self) -> httpx.Response:
        self.app.subscribe(self.receiver)
        return self.subscriptions()

    def over_the_limit(self) -> httpx.Response:
        self.app.simulator.spend_quota(reads=600)
        return self.get(f"/activities/{self.newest}")

    def ride(self) -> httpx.Response:
        made = self.app.simulator.add_activity(ROBIN, run(datetime(2026, 3, 9, 9), 30_000, sport="Ride"))
        return self.get(f"/activities/{made}")

    def fresh_token(self) -> httpx.Response:
        self.app.simulator.modes.scope_in_token = False
        return self.app.exchange(self.app.simulator.approve(ROBIN))

    def refreshed(self) -> httpx.Response:
        self.app.simulator.modes.scope_in_token = False
        return self.app.refresh(self.refresh_token)


def _list(**parameters: object) -> Callable[[Scene], httpx.Response]:
    return lambda scene: scene.get("/athlete/activities", **parameters)


def _detail(scene: Scene) -> httpx.Response:
    return scene.get(f"/activities/{scene.newest}")


#: How the simulator is asked the same, by recording and, within it, by number.
ASKED: dict[str, Callable[[Scene], httpx.Response]] = {
    "client/activity.yml#0": _detail,
    "client/activity_ride.yml#0": Scene.ride,
    "client/activity_laps.yml#0": lambda scene: scene.get(f"/activities/{scene.newest}/laps"),
    "client/activity_streams.yml#0": lambda scene: scene.get(f"/activities/{scene.newest}/streams", key_by_type="true"),
    "client/activity_with_fake_id.yml#0": _detail,
    "client/activity_with_ratelimit_exceeded.yml#0": Scene.over_the_limit,
    "client/activity_zones.yml#0": lambda scene: scene.get(f"/activities/{scene.newest}/zones"),
    "client/all_athlete_activities.yml#0": _list(page=1),
    "client/all_athlete_activities.yml#1": _list(page=2),
    "client/all_athlete_activities_by_72.yml#0": _list(page=1, per_page=72),
    "client/all_athlete_activities_by_72.yml#1": _list(page=2, per_page=72),
    "client/all_athlete_activities_latest.yml#0": _list(page=1, per_page=1),
    "client/athlete.yml#0": lambda scene: scene.get("/athlete"),
    "client/athlete_activities.yml#0": _list(),
    "client/athlete_activities_december_2018.yml#0": _list(
        after=int((NOW - timedelta(days=30)).timestamp()), before=int((NOW - timedelta(days=20)).timestamp())
    ),
    "client/athlete_stats.yml#0": lambda scene: scene.get(f"/athletes/{ROBIN}/stats"),
    "client/athlete_zones.yml#0": lambda scene: scene.get("/athlete/zones"),
    "client/authorization_error.yml#0": lambda scene: scene.app.get(f"/api/v3/activities/{scene.newest}", "f" * 40),
    "client/create_activity.yml#0": lambda scene: scene.send("POST", "/api/v3/activities", **TYPED_IN),
    "client/deauthorize.yml#0": lambda scene: scene.send("POST", "/oauth/deauthorize"),
    "client/gear.yml#0": lambda scene: scene.get("/gear/g1"),
    "client/not_found_error.yml#0": lambda scene: scene.get("/activities/12345"),
    "client/update_activity.yml#0": lambda scene: scene.send("PUT", f"/api/v3/activities/{scene.newest}", name="Hills"),
    "oauth/token_authorization_code.yml#0": Scene.fresh_token,
    "oauth/token_invalid_client.yml#0": lambda scene: scene.app.http.post("/oauth/token", data={"client_id": "9"}),
    "oauth/token_invalid_code.yml#0": lambda scene: scene.app.exchange("unknown"),
    "oauth/token_refresh_token.yml#0": Scene.refreshed,
    "webhooks/create_push_subscription.yml#0": lambda scene: scene.app.subscribe(scene.receiver),
    "webhooks/delete_push_subscription.yml#0": Scene.unsubscribe,
    "webhooks/no_push_subscriptions.yml#0": Scene.subscriptions,
    "webhooks/push_subscriptions.yml#0": Scene.subscribed,
}


def simulator_of(year: int) -> Simulator:
    shoes = Shoes("g1", "Road", 430_000)
    mornings = [datetime(2025, 11, 1, 7) + timedelta(days=day) for day in range(129)]
    runs = tuple(
        run(morning, 22_000, workout_type=None, gear_id="g1", device_name="Watch", description="even", kudos=2)
        for morning in mornings
    )
    modern = year >= 2025
    simulator = Simulator(
        clock=SimulatedClock(NOW),
        athletes=[SimulatedAthlete(id=ROBIN, shoes=(shoes,), activities=runs)],
        level=ONE_ATHLETE if modern else EARLIER,
        modes=Modes(rotation="always", read_limits=modern, limit_body="2018", limits_on_streams=not modern),
    )
    simulator.faults.headers_on_errors = False
    return simulator
