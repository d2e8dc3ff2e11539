"""An independent client speaks to the simulator: stravalib's own, told nothing but where Strava is."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests
import stravalib
from requests.adapters import HTTPAdapter
from stravalib import exc

from integrations.strava.simulator import Fault, Shoes, SimulatedAthlete, SimulatedClock, Simulator, run
from integrations.strava.simulator.generator import generate
from integrations.strava.simulator.personas import PERSONAS, Persona
from tests.integrations.simulator.conftest import ASKED, KIM, NOW, ROBIN
from tests.integrations.simulator.receiver import Receiver


class Elsewhere(HTTPAdapter):
    """Sends what was meant for Strava to another address."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = urlsplit(address)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        meant = urlsplit(request.url)
        request.url = urlunsplit(meant._replace(scheme=self.address.scheme, netloc=self.address.netloc))
        return super().send(request, *args, **kwargs)


@pytest.fixture
def client(strava_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SILENCE_TOKEN_WARNINGS", "true")
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://www.strava.com/", Elsewhere(strava_url))
        yield stravalib.Client(requests_session=session, rate_limit_requests=False)


@pytest.fixture
def credentials(simulator: Simulator) -> dict[str, Any]:
    return {"client_id": int(simulator.client_id), "client_secret": simulator.client_secret}


#: The calls that both have, and with them the ones that need no call. A client that gains one wants a test here.
CALLS_BOTH_HAVE = {
    "authorization_url",
    "create_activity",
    "create_subscription",
    "deauthorize",
    "delete_subscription",
    "exchange_code_for_token",
    "get_activities",
    "get_activity",
    "get_activity_laps",
    "get_activity_streams",
    "get_activity_zones",
    "get_athlete",
    "get_athlete_stats",
    "get_athlete_zones",
    "get_gear",
    "handle_subscription_callback",
    "handle_subscription_update",
    "list_subscriptions",
    "refresh_access_token",
    "update_activity",
}
#: What an application that reads training does not call: other people's, segments, routes, clubs, photos, files.
CALLS_OF_ITS_OWN = {
    *("get_activity_comments", "get_activity_kudos", "get_activity_photos", "update_athlete", "upload_activity"),
    *("get_athlete_clubs", "get_club", "get_club_activities", "get_club_admins", "get_club_members"),
    *("join_club", "leave_club", "get_athlete_koms", "get_athlete_starred_segments", "get_starred_segments"),
    *("explore_segments", "get_segment", "get_segment_effort", "get_segment_efforts", "get_segment_streams"),
    *("get_effort_streams", "get_route", "get_route_streams", "get_routes"),
}


def sign_in(
    client: stravalib.Client,
    simulator: Simulator,
    credentials: dict[str, Any],
    athlete_id: int = ROBIN,
    scopes: tuple[str, ...] = ASKED,
):
    tokens, athlete = client.exchange_code_for_token(
        code=simulator.approve(athlete_id, scopes), return_athlete=True, **credentials
    )
    assert athlete.id == athlete_id
    return tokens


def test_every_public_call_of_the_client_is_either_driven_here_or_named_as_not_simulated():
    public = {name for name, _ in inspect.getmembers(stravalib.Client, inspect.isfunction) if name[0] != "_"}
    assert public == CALLS_BOTH_HAVE | CALLS_OF_ITS_OWN
    driven = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in sorted(CALLS_BOTH_HAVE) if f"client.{name}(" not in driven] == []


def test_its_consent_address_leads_to_the_consent_page(client, simulator, credentials, strava_url: str):
    asked = client.authorization_url(
        client_id=credentials["client_id"], redirect_uri="http://localhost/back", scope=list(ASKED), state="s1"
    )
    page = client.protocol.rsession.get(asked)
    assert page.status_code == 200
    assert all(f'value="{scope}"' in page.text for scope in ASKED)


def test_it_exchanges_a_code_and_reads_the_athlete(client, simulator, credentials):
    tokens = sign_in(client, simulator, credentials)
    assert tokens["expires_at"] == int((NOW + timedelta(hours=6)).timestamp())
    assert client.get_athlete().firstname == "Robin"


def test_it_lists_several_pages(client, simulator, credentials):
    for day in range(450):
        simulator.add_activity(KIM, run(datetime(2024, 12, 1, 7) + timedelta(days=day), 5000 + day))
    sign_in(client, simulator, credentials, KIM)
    listed = list(client.get_activities())
    assert len(listed) == 450
    assert [activity.distance for activity in listed[:2]] == [5449.0, 5448.0]
    assert [call.query["page"] for call in simulator.calls_to("list")] == ["1", "2", "3"]
    window = client.get_activities(after=datetime(2025, 6, 1, tzinfo=UTC), before=datetime(2025, 6, 8, tzinfo=UTC))
    assert len(list(window)) == 7


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=PERSONAS.keys())
def test_its_strict_models_accept_every_made_up_runner(client, simulator, credentials, persona: Persona):
    told = generate(persona, 2, datetime(2025, 9, 1).date(), datetime(2026, 3, 8).date())
    simulator.add_athlete(persona.athlete(99, tuple(told)))
    sign_in(client, simulator, credentials, 99)
    assert {activity.id for activity in client.get_activities()} == set(simulator.activity_ids(99))


def test_it_reads_one_activity(client, simulator, credentials):
    sign_in(client, simulator, credentials)
    newest = simulator.activity_ids(ROBIN)[-1]
    activity = client.get_activity(newest)
    assert (activity.id, activity.distance, activity.average_cadence) == (newest, 8000.0, 83.0)
    assert len(activity.splits_metric) == 8


def test_it_refreshes(client, simulator, credentials, clock: SimulatedClock):
    sign_in(client, simulator, credentials)
    held = simulator.connection(ROBIN)
    clock.advance(timedelta(hours=7))
    with pytest.raises(exc.AccessUnauthorized):
        client.get_athlete()
    renewed = client.refresh_access_token(refresh_token=held.refresh_token, **credentials)
    assert renewed["refresh_token"] != held.refresh_token
    assert client.get_athlete().id == ROBIN


def test_it_makes_lists_and_deletes_a_subscription(client, credentials, simulator, receiver: Receiver):
    made = client.create_subscription(callback_url=receiver.url, **credentials)
    assert receiver.verify_token == "STRAVA"
    assert [listed.id for listed in client.list_subscriptions(**credentials)] == [made.id]
    sign_in(client, simulator, credentials)
    new = simulator.add_activity(ROBIN, run(datetime(2026, 3, 10, 11), 6000))
    simulator.deliver_events()
    event = client.handle_subscription_update(receiver.posts[0])
    assert (event.object_id, event.owner_id, event.aspect_type) == (new, ROBIN, "create")
    client.delete_subscription(made.id, **credentials)
    assert list(client.list_subscriptions(**credentials)) == []


def test_it_deauthorizes(client, simulator, credentials):
    sign_in(client, simulator, credentials)
    client.deauthorize()
    assert simulator.connection(ROBIN) is None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.UNAUTHORIZED, exc.AccessUnauthorized),
        (Fault.INACTIVE, exc.ApplicationInactive),
        (Fault.NOT_FOUND, exc.ObjectNotFound),
        (Fault.RATE_LIMITED, exc.Fault),
        (Fault.SERVER_ERROR, exc.Fault),
        (Fault.HTML, requests.JSONDecodeError),
        (Fault.DROP, requests.exceptions.ChunkedEncodingError),
    ],
)
def test_it_takes_the_simulator_s_errors_for_strava_s(client, simulator, credentials, fault: Fault, error):
    sign_in(client, simulator, credentials)
    simulator.faults.fail_next("list", fault)
    with pytest.raises(error):
        list(client.get_activities(limit=10))


def test_it_reads_the_course_of_a_run_by_type(client, simulator, credentials):
    sign_in(client, simulator, credentials, KIM)
    start = datetime(2026, 3, 1, 7)
    run_id = simulator.add_activity(KIM, run(start, 12_000, cadence=85.0, cadence_change=-0.1))
    typed_in = simulator.add_activity(KIM, run(start + timedelta(days=1), 12_000, manual=True))
    course = client.get_activity_streams(run_id, types=["time", "cadence", "heartrate"])
    assert set(course) == {"time", "cadence"}
    assert len(course["time"].data) == len(course["cadence"].data) == course["time"].original_size
    assert (course["cadence"].data[0], course["cadence"].data[-1]) == (85, pytest.approx(76.5))
    with pytest.raises(exc.ObjectNotFound):
        client.get_activity_streams(typed_in, types=["time"])


def test_it_reads_a_pair_of_shoes_with_all_that_was_run_in_it(client, simulator, credentials):
    simulator.add_athlete(SimulatedAthlete(9, shoes=(Shoes("g7", "Road", 430_000),)))
    simulator.add_activity(9, run(datetime(2026, 3, 1, 7), 12_000, gear_id="g7"))
    sign_in(client, simulator, credentials, 9)
    pair = client.get_gear("g7")
    assert (pair.name, pair.distance) == ("Road", 442_000)
    with pytest.raises(exc.ObjectNotFound):
        client.get_gear("g404")


def test_it_reads_the_athlete_s_zones_and_totals(client, simulator, credentials):
    sign_in(client, simulator, credentials, scopes=(*ASKED, "profile:read_all"))
    zones = client.get_athlete_zones().heart_rate.zones.root
    assert [(zone.min, zone.max) for zone in zones][:: len(zones) - 1] == [(0, 115), (178, -1)]
    totals = client.get_athlete_stats()
    assert (totals.all_run_totals.count, totals.all_run_totals.distance) == (40, 320_000)
    assert totals.recent_run_totals.count == 28
    with pytest.raises(exc.AccessUnauthorized):
        client.get_athlete_stats(KIM)


def test_it_reads_the_laps_and_zones_of_a_run(client, simulator, credentials):
    sign_in(client, simulator, credentials)
    newest = simulator.activity_ids(ROBIN)[-1]
    (lap,) = client.get_activity_laps(newest)
    assert (lap.lap_index, lap.distance, lap.average_cadence) == (1, 8000.0, 83.0)
    heart_rate, pace = client.get_activity_zones(newest)
    assert [bucket.time for bucket in heart_rate.distribution_buckets] == [0, 0, 2880, 0, 0]
    assert (heart_rate.sensor_based, pace.type) == (True, "pace")


def test_it_changes_an_activity(client, simulator, credentials):
    sign_in(client, simulator, credentials, scopes=(*ASKED, "activity:write"))
    newest = simulator.activity_ids(ROBIN)[-1]
    changed = client.update_activity(
        newest, name="Hills", sport_type="TrailRun", description="steep", commute=True, hide_from_home=True
    )
    assert (changed.name, changed.sport_type.root, changed.description) == ("Hills", "TrailRun", "steep")
    assert (changed.commute, changed.hide_from_home) == (True, True)
    assert client.get_activity(newest).description == "steep"


def test_it_types_in_an_activity(client, simulator, credentials):
    sign_in(client, simulator, credentials, scopes=(*ASKED, "activity:write"))
    made = client.create_activity(
        name="Pool",
        sport_type="Swim",
        start_date_local=datetime(2026, 3, 9, 18, 30),
        elapsed_time=timedelta(minutes=30),
        distance=1500,
        description="easy",
        trainer=True,
    )
    assert (made.manual, made.distance, made.description) == (True, 1500.0, "easy")
    assert made.id in {activity.id for activity in client.get_activities(limit=5)}


def test_without_the_scope_it_is_refused_to_write_and_to_see_zones(client, simulator, credentials):
    sign_in(client, simulator, credentials)
    with pytest.raises(exc.AccessUnauthorized):
        client.update_activity(simulator.activity_ids(ROBIN)[-1], name="Hills")
    with pytest.raises(exc.AccessUnauthorized):
        client.get_athlete_zones()


def test_it_reads_the_check_of_a_callback(client):
    asked = {"hub.mode": "subscribe", "hub.verify_token": "STRAVA", "hub.challenge": "abc"}
    assert client.handle_subscription_callback(asked) == {"hub.challenge": "abc"}


def test_its_models_accept_the_detail_of_every_made_up_runner_s_latest_activities(client, simulator, credentials):
    for number, persona in enumerate(PERSONAS.values(), start=100):
        told = generate(persona, 2, datetime(2026, 1, 1).date(), datetime(2026, 3, 8).date())
        simulator.add_athlete(persona.athlete(number, tuple(told)))
        sign_in(client, simulator, credentials, number)
        for activity_id in simulator.activity_ids(number)[-8:]:
            assert client.get_activity(activity_id, include_all_efforts=True).id == activity_id
