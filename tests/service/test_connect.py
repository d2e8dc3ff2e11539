"""Connecting is signing in: what Strava granted decides what is stored, and anything less stores nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from integrations.strava.simulator import SimulatedAthlete
from service import connect
from service.connect import AdultNotConfirmed, Answer, Connected, Draft, NotInvited, Refused, RunsNotGranted
from tests.service.tables import filled, tables
from tests.world import ALL_SCOPES, RUNNER, World, world

SECOND = RUNNER + 1
DRAFT = Draft(state="state", adult=True)
#: The only table that says nothing of anybody.
NOBODY = {"instance"}


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[World]:
    """An installation that nobody connected to yet, and two people on Strava."""
    with world(tmp_path, poll_minutes=2880) as built:
        built.simulator.add_athlete(SimulatedAthlete(SECOND))
        yield built


def complete(
    home: World, draft: Draft | None = DRAFT, *, who: int = RUNNER, scopes: tuple[str, ...] = ALL_SCOPES
) -> Connected:
    code = home.simulator.approve(who, scopes)
    return connect.complete(home.service, draft, Answer(state="state", code=code, scope=",".join(scopes)))


def invited(home: World) -> Draft:
    link = connect.new_invitation(home.service)
    return DRAFT.model_copy(update={"invitation": link.rpartition("/")[2]})


def test_the_first_who_connects_is_the_operator(fresh):
    connected = complete(fresh)
    assert connected.is_new
    assert connected.athlete.role == "operator"


def test_what_the_browser_told_is_kept_with_the_account(fresh):
    draft = Draft(state="state", adult=True, units="mi", first_weekday=6, language="de")
    athlete = complete(fresh, draft).athlete
    assert (athlete.units, athlete.first_weekday, athlete.language) == ("mi", 6, "de")


def test_the_address_of_the_consent_asks_for_all_three_scopes_and_carries_the_state(fresh):
    draft = Draft(state=connect.new_state(), adult=True)
    url = urlsplit(connect.consent_url(fresh.service, draft))
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert query["scope"] == "read,activity:read,activity:read_all"
    assert query["state"] == draft.state
    assert query["redirect_uri"] == "http://127.0.0.1:1/strava/callback"


def test_a_state_is_never_given_twice():
    assert len({connect.new_state() for _ in range(100)}) == 100


@pytest.mark.parametrize("draft", [None, Draft(state="of another browser", adult=True)])
def test_an_answer_that_did_not_start_in_this_browser_stores_nothing(fresh, draft):
    with pytest.raises(connect.StateMismatch):
        complete(fresh, draft)
    assert filled(fresh.service) == NOBODY


@pytest.mark.parametrize("answer", [Answer(state="state", error="access_denied"), Answer(state="state")])
def test_who_says_no_at_strava_leaves_nothing_behind(fresh, answer):
    with pytest.raises(Refused):
        connect.complete(fresh.service, DRAFT, answer)
    assert filled(fresh.service) == NOBODY


def test_without_permission_to_read_runs_nothing_is_stored_nor_asked(fresh):
    with pytest.raises(RunsNotGranted):
        complete(fresh, scopes=("read",))
    assert filled(fresh.service) == NOBODY
    assert fresh.simulator.calls == ()


def test_without_permission_for_hidden_runs_it_is_connected_and_known(fresh):
    connected = complete(fresh, scopes=("read", "activity:read"))
    assert not connected.sees_hidden_runs
    assert not fresh.connection.sees_hidden_runs


def test_who_is_not_said_to_be_18_is_not_stored(fresh):
    with pytest.raises(AdultNotConfirmed):
        complete(fresh, Draft(state="state", adult=False))
    assert filled(fresh.service) == NOBODY


def test_tokens_are_stored_in_a_form_that_only_the_key_can_read(fresh):
    complete(fresh)
    grant = fresh.simulator.connection(RUNNER)
    assert grant is not None
    stored = str(tables(fresh.service))
    assert grant.access.token not in stored
    assert grant.refresh_token not in stored
    with fresh.service.store.transaction() as tx:
        tokens = tx.connections.tokens(1)
    assert tokens is not None
    assert (tokens.access_token, tokens.refresh_token) == (grant.access.token, grant.refresh_token)


# Others


def test_the_second_needs_an_invitation(fresh):
    complete(fresh)
    assert not connect.may_join(fresh.service, None)
    with pytest.raises(NotInvited):
        complete(fresh, who=SECOND)
    assert len(tables(fresh.service)["athletes"]) == 1


def test_with_an_invitation_the_second_is_a_runner(fresh):
    complete(fresh)
    draft = invited(fresh)
    assert connect.may_join(fresh.service, draft.invitation)
    assert complete(fresh, draft, who=SECOND).athlete.role == "runner"


def test_an_invitation_is_good_for_one(fresh):
    complete(fresh)
    draft = invited(fresh)
    complete(fresh, draft, who=SECOND)
    fresh.simulator.add_athlete(SimulatedAthlete(SECOND + 1))
    assert not connect.may_join(fresh.service, draft.invitation)
    with pytest.raises(NotInvited):
        complete(fresh, draft, who=SECOND + 1)


@pytest.mark.parametrize("invitation", ["", "guessed"])
def test_an_invitation_that_was_never_given_opens_nothing(fresh, invitation):
    complete(fresh)
    with pytest.raises(NotInvited):
        complete(fresh, DRAFT.model_copy(update={"invitation": invitation}), who=SECOND)


def test_an_invitation_ends_after_seven_days(fresh):
    complete(fresh)
    draft = invited(fresh)
    fresh.clock.advance(timedelta(days=7))
    with pytest.raises(NotInvited):
        complete(fresh, draft, who=SECOND)


def test_a_refused_consent_uses_no_invitation_up(fresh):
    complete(fresh)
    draft = invited(fresh)
    with pytest.raises(RunsNotGranted):
        complete(fresh, draft, who=SECOND, scopes=("read",))
    assert connect.may_join(fresh.service, draft.invitation)


# Again


def test_who_connects_again_is_signed_in_to_the_same_account_without_any_question(fresh):
    first = complete(fresh).athlete
    again = complete(fresh, Draft(state="state"))
    assert (again.athlete.id, again.is_new) == (first.id, False)


def test_connecting_again_starts_a_sync_at_once(fresh):
    fresh.connect()
    fresh.live(hours=5)
    complete(fresh)
    assert fresh.connection.sync_due_at == fresh.clock()


def test_connecting_again_with_the_same_scopes_or_more_is_no_reason_to_learn_anew(fresh):
    complete(fresh, scopes=("read", "activity:read"))
    complete(fresh, scopes=("read", "activity:read"))
    complete(fresh)
    assert fresh.connection.learning_until is None
    assert fresh.connection.sees_hidden_runs


def test_connecting_again_with_fewer_scopes_learns_for_28_days(fresh):
    complete(fresh)
    complete(fresh, scopes=("read", "activity:read"))
    assert fresh.connection.learning_until == fresh.clock() + timedelta(days=28)
    assert fresh.connection.days_to_learn(fresh.clock()) == 28


def test_a_new_connection_nudges_the_queue(fresh):
    nudged: list[str] = []
    fresh.service = replace(fresh.service, nudges=replace(fresh.service.nudges, sync=lambda: nudged.append("sync")))
    complete(fresh)
    assert nudged == ["sync"]
