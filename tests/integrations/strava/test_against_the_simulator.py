"""Client and simulated Strava together: the ways of a connection from consent to its end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from integrations.errors import GiveUp, OperatorNeeded, RetryLater
from integrations.strava.client import Grant, StravaClient
from integrations.strava.events import Challenge, PushEvent
from integrations.strava.refusals import CodeRefused, ConnectionRefused
from integrations.strava.simulator import (
    ONE_ATHLETE,
    Fault,
    Modes,
    Shoes,
    SimulatedActivity,
    SimulatedAthlete,
    SimulatedClock,
    Simulator,
    run,
    serve,
)
from tests.integrations.strava.stand_in import Answer, Request, StandIn, says

ANNA = 134815
ALL = ("read", "activity:read", "activity:read_all")
START = datetime(2026, 11, 23, 10, 7, 30, tzinfo=UTC)
WINDOW = timedelta(days=186)


def past_runs(count: int) -> tuple[SimulatedActivity, ...]:
    first = datetime(2026, 6, 1, 6)
    return tuple(run(first + timedelta(hours=12 * number), 8000.0, cadence=80.0) for number in range(count))


@dataclass
class Connected:
    """A simulated Strava, being served, and a client for it."""

    strava: Simulator
    clock: SimulatedClock
    client: StravaClient

    def sign_in(self, *scopes: str) -> Grant:
        return self.client.exchange(self.strava.approve(ANNA, scopes or ALL), ",".join(scopes or ALL))

    def listed(self, access_token: str) -> set[int]:
        now = self.clock()
        return {activity.id for activity in self.client.activities(access_token, now - WINDOW, now).activities}


@pytest.fixture
def world() -> Iterator[Connected]:
    clock = SimulatedClock(START)
    anna = SimulatedAthlete(ANNA, shoes=(Shoes("g1", "Long Road"),), activities=past_runs(230))
    strava = Simulator(clock=clock, athletes=[anna], level=ONE_ATHLETE, modes=Modes(rotation="always"))
    with serve(strava.app) as url:
        secret = SecretStr(strava.client_secret)
        client = StravaClient(strava.client_id, secret, oauth_base=url, api_base=f"{url}/api/v3", clock=clock)
        yield Connected(strava, clock, client)


def test_a_runner_who_consents_is_known_by_account_scopes_and_tokens(world: Connected) -> None:
    grant = world.sign_in()
    assert (grant.athlete_id, grant.scopes) == (ANNA, frozenset(ALL))
    assert grant.expires_at == START + timedelta(hours=6)
    assert world.client.athlete(grant.tokens.access_token)["id"] == ANNA


def test_a_code_refused_while_fresh_is_taken_a_little_later(world: Connected) -> None:
    world.strava.faults.refuse_next_codes = 1
    code = world.strava.approve(ANNA)
    with pytest.raises(CodeRefused):
        world.client.exchange(code, "read")
    assert world.client.exchange(code, "read").athlete_id == ANNA


def test_the_whole_window_comes_over_two_pages(world: Connected) -> None:
    assert world.listed(world.sign_in().tokens.access_token) == set(world.strava.activity_ids(ANNA))
    assert len(world.strava.calls_to("list")) == 2


def test_a_run_reads_the_same_in_the_list_and_in_detail(world: Connected) -> None:
    token = world.sign_in().tokens.access_token
    listing = world.client.activities(token, START - WINDOW, START)
    last = max(listing.activities, key=lambda activity: activity.start_local)
    assert world.client.activity(token, last.id) == (last, ())
    assert (last.sport, last.distance_m, last.cadence_spm, last.utc_offset_s) == ("Run", 8000.0, 160.0, 7200)


def test_a_hidden_start_is_seen_as_one(world: Connected) -> None:
    number = world.strava.add_activity(ANNA, run(datetime(2026, 11, 20, 18), 5000.0, hidden_start=True))
    activity, _ = world.client.activity(world.sign_in().tokens.access_token, number)
    assert (activity.start_time_known, activity.utc_offset_s) == (False, 3600)


def test_a_refresh_rotates_and_the_old_refresh_token_is_dead(world: Connected) -> None:
    old = world.sign_in().tokens
    world.clock.advance(timedelta(hours=7))
    with pytest.raises(ConnectionRefused) as dead:
        world.listed(old.access_token)
    assert dead.value.reason == "dead-access-token"
    new = world.client.refresh(old.refresh_token)
    assert new.expires_at == world.clock() + timedelta(hours=6)
    assert world.listed(new.access_token)
    with pytest.raises(ConnectionRefused) as gone:
        world.client.refresh(old.refresh_token)
    assert gone.value.reason == "dead-refresh-token"


def test_a_runner_who_unticked_activities_is_told_apart(world: Connected) -> None:
    with pytest.raises(ConnectionRefused) as refused:
        world.listed(world.sign_in("read").tokens.access_token)
    assert refused.value.reason == "missing-scope"


def test_a_connection_ended_by_us_is_over(world: Connected) -> None:
    tokens = world.sign_in().tokens
    world.client.revoke(tokens.access_token)
    with pytest.raises(ConnectionRefused):
        world.client.refresh(tokens.refresh_token)
    world.client.revoke(tokens.access_token)


def test_a_wrong_secret_is_for_the_operator(world: Connected) -> None:
    url = world.client.consent_url("", "").partition("/oauth")[0]
    client = StravaClient(
        world.strava.client_id, SecretStr("wrong"), oauth_base=url, api_base=f"{url}/api/v3", clock=world.clock
    )
    with pytest.raises(OperatorNeeded):
        client.refresh(world.sign_in().tokens.refresh_token)


def test_an_inactive_application_is_for_the_operator(world: Connected) -> None:
    token = world.sign_in().tokens.access_token
    world.strava.faults.inactive = True
    with pytest.raises(OperatorNeeded):
        world.listed(token)


def test_used_up_limits_say_when_there_is_room_again(world: Connected) -> None:
    token = world.sign_in().tokens.access_token
    world.strava.spend_quota(reads=98)
    world.listed(token)
    with pytest.raises(RetryLater) as refused:
        world.listed(token)
    assert refused.value.at == datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
    world.clock.advance_to(refused.value.at)
    assert world.listed(token)


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.HTML, Fault.EMPTY, Fault.DROP])
def test_a_bad_second_page_loses_the_list_and_the_next_attempt_has_it_all(world: Connected, fault: Fault) -> None:
    token = world.sign_in().tokens.access_token
    world.strava.faults.fail_next("list", fault, after=1)
    with pytest.raises(RetryLater):
        world.listed(token)
    assert world.listed(token) == set(world.strava.activity_ids(ANNA))


def test_events_find_their_way_from_subscription_to_the_end_of_the_connection(world: Connected) -> None:
    grant = world.sign_in()
    with StandIn() as callback:
        callback.answer = _answered
        address = f"{callback.url}/push"
        number = world.client.create_subscription(address, "verify-me")
        assert [(one.id, one.callback_url) for one in world.client.subscriptions()] == [(number, address)]
        with pytest.raises(GiveUp, match="PushSubscription"):
            world.client.create_subscription(address, "verify-me")
        new = world.strava.add_activity(ANNA, run(datetime(2026, 11, 23, 10), 1000.0, upload_delay=timedelta(0)))
        world.clock.advance(timedelta(minutes=10))
        world.client.revoke(grant.tokens.refresh_token)
        world.strava.deliver_events()
        told = [PushEvent.model_validate_json(request.body) for request in callback.received if request.body]
        assert [(event.is_new_activity, event.is_deauthorisation) for event in told] == [(True, False), (False, True)]
        assert (told[0].object_id, told[0].owner_id, told[0].subscription_id) == (new, ANNA, number)
        world.client.delete_subscription(number)
        assert world.client.subscriptions() == []


def _answered(request: Request) -> Answer:
    """The service's side of the callback, in short."""
    if request.method == "POST":
        return says(json.loads(request.body))
    asked = Challenge.model_validate(request.query)
    return says(asked.answer) if asked.knows("verify-me") else Answer(403)


def test_a_pair_of_shoes_and_the_course_of_a_run_are_read(world: Connected) -> None:
    token = world.sign_in().tokens.access_token
    long_run = run(datetime(2026, 11, 22, 8), 12_000.0, cadence=85.0, cadence_change=-0.1)
    course = world.client.course(token, world.strava.add_activity(ANNA, long_run))
    assert len(course.time_s) == len(course.cadence_spm) == len(course.speed_mps) == len(course.grade_percent)
    assert (course.cadence_spm[0], course.cadence_spm[-1]) == (170.0, pytest.approx(153.0))
    assert world.client.gear(token, "g1").name == "Long Road"


@pytest.mark.parametrize("gear_id", ["g404", "../athlete", "g1/x", ""])
def test_a_pair_that_is_not_there_is_given_up(world: Connected, gear_id: str) -> None:
    token = world.sign_in().tokens.access_token
    with pytest.raises((GiveUp, RetryLater)):
        world.client.gear(token, gear_id)


def test_a_run_that_was_typed_in_has_no_course(world: Connected) -> None:
    token = world.sign_in().tokens.access_token
    typed_in = world.strava.add_activity(ANNA, run(datetime(2026, 11, 22, 8), 12_000.0, manual=True))
    with pytest.raises(GiveUp):
        world.client.course(token, typed_in)
