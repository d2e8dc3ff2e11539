"""Consent, tokens and revocation, as section 1 of Strava's behaviour has them."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import httpx
import pytest

from integrations.strava.simulator import SimulatedAthlete, SimulatedClock, Simulator, serve
from tests.integrations.simulator.conftest import ASKED, KIM, REDIRECT, ROBIN, App


def consent(app: App, path: str = "/oauth/authorize", **changes: str) -> httpx.Response:
    """Ask for consent as a browser would that follows no redirects."""
    asked = {
        "client_id": app.simulator.client_id,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": ",".join(ASKED),
        "state": "s3cret",
    }
    return app.http.get(path, params=asked | changes)


def decide(app: App, page: httpx.Response, decision: str = "authorize", **form: object) -> httpx.URL:
    """Press a button on the consent page; where it leads."""
    answer = app.http.post(page.url, data={"decision": decision, "athlete": str(ROBIN), "scope": list(ASKED)} | form)
    assert answer.status_code == 302, answer.text
    return httpx.URL(answer.headers["location"])


def errors(answer: httpx.Response) -> tuple[int, str, list[tuple[str, str, str]]]:
    body = answer.json()
    found = [(entry["resource"], entry["field"], entry["code"]) for entry in body["errors"]]
    return answer.status_code, body["message"], found


@pytest.mark.parametrize("path", ["/oauth/authorize", "/oauth/mobile/authorize"])
def test_an_athlete_who_agrees_is_sent_back_with_a_code_the_scopes_and_the_state(app: App, path: str):
    back = decide(app, consent(app, path))
    assert str(back).startswith(REDIRECT)
    assert back.params["state"] == "s3cret"
    assert back.params["scope"] == "read,activity:read,activity:read_all"
    assert app.exchange(back.params["code"]).json()["athlete"]["id"] == ROBIN


def test_the_consent_page_says_that_it_is_a_simulator_and_lists_scopes_and_people(app: App):
    page = consent(app)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "This is the built-in Strava simulator" in page.text
    assert all(f'value="{scope}" checked' in page.text for scope in ASKED)
    assert "Robin Example" in page.text
    assert "Kim Example" in page.text


def test_an_unticked_scope_is_not_granted(app: App):
    back = decide(app, consent(app), scope=["read", "activity:read"])
    assert back.params["scope"] == "read,activity:read"
    assert app.exchange(back.params["code"]).json()["scope"] == "read activity:read"


def test_a_scope_that_was_not_asked_for_cannot_be_ticked(app: App):
    back = decide(app, consent(app, scope="read"), scope=["read", "activity:write"])
    assert back.params["scope"] == "read"


def test_the_chosen_athlete_is_connected(app: App):
    back = decide(app, consent(app), athlete=str(KIM))
    assert app.exchange(back.params["code"]).json()["athlete"]["id"] == KIM


def test_cancel_sends_back_an_error_and_the_state(app: App):
    back = decide(app, consent(app), "cancel")
    assert dict(back.params) == {"state": "s3cret", "error": "access_denied"}


def test_the_application_s_own_query_survives_the_way_back(app: App):
    back = decide(app, consent(app, redirect_uri=f"{REDIRECT}?lang=de"))
    assert back.params["lang"] == "de"


def test_who_granted_the_same_scopes_is_not_asked_again(app: App):
    app.exchange(decide(app, consent(app)).params["code"])
    again = consent(app)
    assert again.status_code == 302
    assert app.exchange(httpx.URL(again.headers["location"]).params["code"]).status_code == 200


def test_force_and_other_scopes_ask_again(app: App):
    app.exchange(decide(app, consent(app)).params["code"])
    assert consent(app, approval_prompt="force").status_code == 200
    assert consent(app, scope="read").status_code == 200


def test_a_single_athlete_needs_no_choice(clock: SimulatedClock):
    simulator = Simulator(clock=clock, athletes=[SimulatedAthlete(id=ROBIN)])
    with serve(simulator.app) as url, httpx.Client(base_url=url, trust_env=False) as http:
        page = consent(App(simulator, http))
        assert 'type="radio"' not in page.text
        answer = http.post(page.url, data={"decision": "authorize", "scope": ["read"]})
    assert "code=" in answer.headers["location"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"client_id": "999"}, "client_id"),
        ({"redirect_uri": "https://evil.example/callback"}, "redirect_uri"),
        ({"redirect_uri": "javascript://localhost/"}, "redirect_uri"),
        ({"redirect_uri": "http://localhost.evil.example/"}, "redirect_uri"),
        ({"redirect_uri": "http://[localhost/"}, "redirect_uri"),
        ({"response_type": "token"}, "response_type"),
        ({"scope": "read,everything"}, "scope"),
    ],
)
def test_a_wrong_request_for_consent_is_refused_without_sending_anyone_back(app: App, changes, field):
    assert errors(consent(app, **changes)) == (400, "Bad Request", [("Application", field, "invalid")])


def test_the_configured_callback_domain_and_its_subdomains_are_allowed(clock: SimulatedClock):
    simulator = Simulator(clock=clock, athletes=[SimulatedAthlete(id=ROBIN)], callback_domain="runs.example")
    with serve(simulator.app) as url, httpx.Client(base_url=url, trust_env=False) as http:
        app = App(simulator, http)
        assert consent(app, redirect_uri="https://runs.example/cb").status_code == 200
        assert consent(app, redirect_uri="https://my.runs.example/cb").status_code == 200
        assert consent(app, redirect_uri="https://otherruns.example/cb").status_code == 400


def test_beyond_the_capacity_nobody_new_is_connected_and_nobody_sent_back(app: App):
    app.simulator.modes.capacity = 1
    app.connect(ROBIN)
    page = consent(app)
    answer = app.http.post(page.url, data={"decision": "authorize", "athlete": str(KIM), "scope": ["read"]})
    assert answer.status_code == 403
    assert "Limit of connected athletes exceeded" in answer.text


@pytest.mark.parametrize("path", ["/oauth/token", "/api/v3/oauth/token"])
@pytest.mark.parametrize("where", ["data", "params"])
def test_a_code_is_exchanged_at_both_addresses_from_form_or_query(app: App, path: str, where: str):
    code = app.simulator.approve(ROBIN, ASKED)
    asked = app.credentials | {"grant_type": "authorization_code", "code": code}
    answer = app.http.post(path, **{where: asked})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    body = answer.json()
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 6 * 3600
    assert body["expires_at"] == int(app.simulator.clock().timestamp()) + 6 * 3600
    assert body["scope"] == "read activity:read activity:read_all"


def test_token_answers_carry_no_rate_limit_headers(app: App):
    answer = app.exchange(app.simulator.approve(ROBIN, ASKED))
    assert not [name for name in answer.headers if "ratelimit" in name]


def test_the_scope_can_be_left_out_of_token_answers(app: App):
    app.simulator.modes.scope_in_token = False
    assert "scope" not in app.connect()


def test_a_code_works_once(app: App):
    code = app.simulator.approve(ROBIN, ASKED)
    app.exchange(code)
    assert errors(app.exchange(code)) == (400, "Bad Request", [("AuthorizationCode", "code", "invalid")])


def test_an_old_code_is_refused(app: App, clock: SimulatedClock):
    code = app.simulator.approve(ROBIN, ASKED)
    clock.advance(timedelta(minutes=11))
    assert errors(app.exchange(code))[2] == [("AuthorizationCode", "code", "invalid")]


def test_a_fresh_code_may_be_refused_once_and_work_the_second_time(app: App):
    app.simulator.faults.refuse_next_codes = 1
    code = app.simulator.approve(ROBIN, ASKED)
    assert errors(app.exchange(code)) == (400, "Bad Request", [("AuthorizationCode", "code", "invalid")])
    assert app.exchange(code).status_code == 200


def test_a_fresh_code_may_need_two_seconds(app: App, clock: SimulatedClock):
    app.simulator.faults.fresh_code_refused_for = timedelta(seconds=2)
    code = app.simulator.approve(ROBIN, ASKED)
    clock.advance(timedelta(seconds=1))
    assert app.exchange(code).status_code == 400
    clock.advance(timedelta(seconds=1))
    assert app.exchange(code).status_code == 200


def test_an_unknown_client_and_a_wrong_secret_are_told_apart(app: App):
    code = app.simulator.approve(ROBIN, ASKED)
    unknown = app.token_call(client_id="999", code=code, grant_type="authorization_code")
    assert errors(unknown) == (400, "Bad Request", [("Application", "client_id", "invalid")])
    wrong = app.token_call(client_secret="guess", code=code, grant_type="authorization_code")
    assert errors(wrong) == (401, "Authorization Error", [("Application", "", "invalid")])


def test_a_refresh_with_more_than_an_hour_left_returns_the_same_access_token(app: App, clock: SimulatedClock):
    held = app.connect()
    clock.advance(timedelta(hours=4, minutes=59))
    renewed = app.refresh(held["refresh_token"]).json()
    assert renewed["access_token"] == held["access_token"]
    assert renewed["expires_at"] == held["expires_at"]
    assert renewed["expires_in"] == 3660
    assert "athlete" not in renewed


def test_a_refresh_in_the_last_hour_returns_a_new_token_and_the_old_one_lives_out_its_time(
    app: App, clock: SimulatedClock
):
    held = app.connect()
    clock.advance(timedelta(hours=5))
    renewed = app.refresh(held["refresh_token"]).json()
    assert renewed["access_token"] != held["access_token"]
    assert renewed["expires_in"] == 6 * 3600
    assert app.get("/api/v3/athlete", held["access_token"]).status_code == 200
    clock.advance(timedelta(hours=1))
    expired = app.get("/api/v3/athlete", held["access_token"])
    assert errors(expired) == (401, "Authorization Error", [("Athlete", "access_token", "invalid")])
    assert app.get("/api/v3/athlete", renewed["access_token"]).status_code == 200


def test_a_replaced_refresh_token_is_dead_at_once(app: App):
    held = app.connect()
    renewed = app.refresh(held["refresh_token"]).json()
    assert renewed["refresh_token"] != held["refresh_token"]
    dead = app.refresh(held["refresh_token"])
    assert errors(dead) == (400, "Bad Request", [("RefreshToken", "refresh_token", "invalid")])
    assert app.refresh(renewed["refresh_token"]).status_code == 200


@pytest.mark.parametrize(("rotation", "changed"), [("always", 4), ("sometimes", 2), ("never", 0)])
def test_refresh_tokens_rotate_as_the_mode_says(app: App, rotation, changed: int):
    app.simulator.modes.rotation = rotation
    tokens = [app.connect()["refresh_token"]]
    for _ in range(4):
        tokens.append(app.refresh(tokens[-1]).json()["refresh_token"])
    assert sum(one != other for one, other in pairwise(tokens)) == changed


def test_an_access_token_is_no_refresh_token(app: App):
    assert app.refresh(app.connect()["access_token"]).status_code == 400


def test_tokens_repeat_with_the_seed_and_differ_between_seeds(clock: SimulatedClock):
    codes = [Simulator(clock=clock, seed=seed, athletes=[SimulatedAthlete(id=1)]).approve(1) for seed in (1, 1, 2)]
    assert codes[0] == codes[1] != codes[2]


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_the_connection(app: App, which: str):
    held = app.connect()
    answer = app.http.post("/oauth/revoke", data={"token": held[which]}, auth=tuple(app.credentials.values()))
    assert (answer.status_code, answer.content) == (200, b"")
    assert app.get("/api/v3/athlete", held["access_token"]).status_code == 401
    assert app.refresh(held["refresh_token"]).status_code == 400


def test_revoking_a_token_that_nobody_knows_is_fine(app: App):
    answer = app.http.post("/oauth/revoke", data={"token": "f" * 40}, auth=tuple(app.credentials.values()))
    assert (answer.status_code, answer.content) == (200, b"")


def test_revoking_needs_the_client_and_a_token(app: App):
    wrong = app.http.post("/oauth/revoke", data={"token": "x"}, auth=(app.simulator.client_id, "guess"))
    assert errors(wrong) == (401, "Authorization Error", [])
    garbled = app.http.post("/oauth/revoke", data={"token": "x"}, headers={"Authorization": "Basic %%%"})
    assert garbled.status_code == 401
    encoded = base64.b64encode(":".join(app.credentials.values()).encode()).decode()
    bare = app.http.post("/oauth/revoke", headers={"Authorization": f"Basic {encoded}"})
    assert bare.status_code == 400


@pytest.mark.parametrize("path", ["/oauth/deauthorize", "/api/v3/oauth/deauthorize"])
@pytest.mark.parametrize("in_header", [True, False])
def test_the_older_deauthorize_takes_the_access_token_and_echoes_it(app: App, path: str, in_header: bool):
    token = app.connect()["access_token"]
    given = {"headers": {"Authorization": f"Bearer {token}"}} if in_header else {"data": {"access_token": token}}
    answer = app.http.post(path, **given)
    assert answer.json() == {"access_token": token}
    assert answer.headers["x-ratelimit-usage"] == "1,1"
    assert app.get("/api/v3/athlete", token).status_code == 401
    assert app.http.post(path, **given).status_code == 401


def test_the_athlete_can_disconnect_on_strava_s_side(app: App):
    token = app.connect()["access_token"]
    app.simulator.revoke(ROBIN)
    assert app.get("/api/v3/athlete", token).status_code == 401
    assert app.simulator.connection(ROBIN) is None


def test_connecting_again_with_other_scopes_replaces_the_connection(app: App):
    first = app.connect(scopes=("read", "activity:read"))
    second = app.connect(scopes=ASKED)
    assert app.refresh(first["refresh_token"]).status_code == 400
    assert second["scope"] == "read activity:read activity:read_all"


def test_another_process_that_refreshes_leaves_us_with_a_dead_token(app: App):
    held = app.connect()
    newer = app.simulator.rotate_refresh_token(ROBIN)
    assert app.refresh(held["refresh_token"]).status_code == 400
    assert app.refresh(newer).status_code == 200


def test_an_access_token_can_be_made_to_run_out_early(app: App):
    held = app.connect()
    app.simulator.expire_access(ROBIN)
    assert app.get("/api/v3/athlete", held["access_token"]).status_code == 401
    assert app.refresh(held["refresh_token"]).json()["access_token"] != held["access_token"]


def test_of_many_refreshes_at_once_with_the_same_token_one_succeeds(app: App):
    held = app.connect()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(app.refresh, [held["refresh_token"]] * 8))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7
