"""An independent client speaks to the simulator: stravalib's own, told nothing but where Strava is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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


def sign_in(client: stravalib.Client, simulator: Simulator, credentials: dict[str, Any], athlete_id: int = ROBIN):
    tokens, athlete = client.exchange_code_for_token(
        code=simulator.approve(athlete_id, ASKED), return_athlete=True, **credentials
    )
    assert athlete.id == athlete_id
    return tokens


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
