"""A share of all calls that fails by chance, the same ones in every run, and answers that come late or never."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import httpx
import pytest

from integrations.strava.simulator import Fault, SimulatedAthlete, run
from integrations.strava.simulator import app as simulated_strava
from integrations.strava.simulator.faults import Faults
from integrations.strava.simulator.shelf import HeldActivity
from tests.integrations.simulator.conftest import ROBIN, App


def drawn(share: float, seed: int, calls: int) -> list[Fault | None]:
    faults = Faults()
    faults.fail_share(share, seed)
    return [faults.take("list") for _ in range(calls)]


def outcome(app: App, token: str) -> object:
    try:
        answer = app.get("/athlete/activities", token)
    except httpx.RemoteProtocolError:
        return "broken off"
    except httpx.ReadError:
        return "reset"
    return answer.status_code, answer.headers["content-type"], bool(answer.content)


def test_the_share_fails_and_every_kind_of_fault_as_often_as_another():
    faults = Counter(drawn(0.25, seed=3, calls=24_000))
    well = faults.pop(None)
    assert well / 24_000 == pytest.approx(0.75, abs=0.01)
    assert set(faults) == set(Fault)
    assert all(count == pytest.approx(24_000 * 0.25 / len(Fault), rel=0.2) for count in faults.values())


def test_the_same_seed_fails_the_same_calls_in_the_same_way_and_another_seed_others():
    assert drawn(0.3, 5, 200) == drawn(0.3, 5, 200)
    assert drawn(0.3, 5, 200) != drawn(0.3, 6, 200)
    assert drawn(0.0, 5, 200) == [None] * 200
    assert None not in drawn(1.0, 5, 200)


def test_the_failures_can_be_kept_to_some_kinds():
    faults = Faults()
    faults.fail_share(1.0, 4, [Fault.BAD_GATEWAY, Fault.RESET])
    counted = Counter(faults.take("list") for _ in range(1000))
    assert counted.keys() == {Fault.BAD_GATEWAY, Fault.RESET}
    assert counted[Fault.RESET] == pytest.approx(500, rel=0.2)
    with pytest.raises(ValueError, match="at least one kind"):
        faults.fail_share(0.5, kinds=[])


def test_planning_a_fault_does_not_shift_the_ones_that_follow():
    faults = Faults()
    faults.fail_share(0.3, 5)
    faults.fail_next("list", Fault.BAD_GATEWAY, times=3)
    assert [faults.take("list") for _ in range(200)] == [Fault.BAD_GATEWAY] * 3 + drawn(0.3, 5, 200)[3:]


def test_two_runs_over_http_fail_alike_and_recover_when_it_is_called_off(app: App):
    token = app.connect()["access_token"]
    runs = []
    for _ in range(2):
        app.simulator.faults.fail_share(0.5, seed=9)
        runs.append([outcome(app, token) for _ in range(40)])
    assert runs[0] == runs[1]
    assert len(set(runs[0])) > 5
    app.simulator.faults.clear()
    assert outcome(app, token) == (200, "application/json; charset=utf-8", True)


def test_token_calls_fail_by_chance_too_and_consent_does_not(app: App):
    app.simulator.faults.fail_share(1.0, seed=2)
    asked = {"client_id": "1234", "redirect_uri": "http://localhost/", "response_type": "code"}
    assert app.http.get("/oauth/authorize", params=asked).status_code == 200
    code = app.simulator.approve(ROBIN)
    answers = []
    for _ in range(12):
        try:
            answers.append(app.exchange(code).text)
        except (httpx.RemoteProtocolError, httpx.ReadError):
            answers.append("broken off")
    assert not [text for text in answers if "refresh_token" in text and "errors" not in text]


def test_with_a_lost_answer_the_call_is_done(app: App):
    held = app.connect()
    app.simulator.faults.fail_next("token", Fault.ANSWER_LOST)
    with pytest.raises(httpx.RemoteProtocolError):
        app.refresh(held["refresh_token"])
    # The refresh happened: what the application holds is dead, and it does not know the new one.
    assert app.refresh(held["refresh_token"]).status_code == 400
    assert app.simulator.calls[-2].status is None


def test_a_share_outside_its_bounds_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        Faults().fail_share(1.5)


def test_answers_of_one_kind_can_be_made_slow(app: App, monkeypatch):
    token = app.connect()["access_token"]
    held_back = []

    async def hold_back(seconds: float) -> None:
        held_back.append((seconds, len(app.simulator.calls)))

    monkeypatch.setattr(simulated_strava, "sleep", hold_back)
    app.simulator.faults.slow_answers_s = {"list": 3.5}
    app.get("/athlete", token)
    app.get("/athlete/activities", token)
    # The call is done by then: three calls are in the log.
    assert held_back == [(3.5, 3)]


def test_an_overloaded_strava_answers_with_a_number_of_its_own(app: App):
    token = app.connect()["access_token"]
    app.simulator.faults.fail_next("list", Fault.OVERLOADED)
    assert app.get("/athlete/activities", token).status_code == 597


def test_a_list_call_for_one_of_many_athletes_looks_at_that_one_s_activities_alone(app: App, monkeypatch):
    for number in range(100, 200):
        runs = tuple(run(datetime(2026, 1, 1 + day, 7), 5000) for day in range(30))
        app.simulator.add_athlete(SimulatedAthlete(id=number, activities=runs))
    token = app.connect(150)["access_token"]
    looked_at = []
    look = HeldActivity.is_open_to
    monkeypatch.setattr(HeldActivity, "is_open_to", lambda held, access: looked_at.append(held) or look(held, access))
    assert len(app.listed(token)) == 30
    assert len(looked_at) == 30
