"""What may happen to a connection: each has a state, a plain message to who can mend it, and a cure that works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from integrations.strava.simulator import Fault, Modes, SimulatedAthlete
from service import connect, digest, expiry, leaving, lifecycle, sync
from service.bootstrap import build_service
from service.store import Transaction
from service.web.watching import watching
from tests.world import NOON, RUNNER, World, ordinary_weeks, run, world

HOURS_6 = timedelta(hours=6)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[World]:
    """Read as the quota carries it, without pushes."""
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=None, modes=Modes(rotation="always")) as built:
        built.connect()
        yield built


@pytest.fixture
def pushed(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=None, pushes=True) as built:
        built.connect()
        yield built


def connection_messages(home: World) -> list[tuple[str, str]]:
    return [(message.event, message.data.get("reason", "")) for message in home.told("connection")]


def limits_shown(home: World) -> tuple[str, ...]:
    athlete = home.athlete
    with home.service.store.transaction() as tx:
        return watching(home.service, tx, athlete).limits


def die_by_another_program(home: World) -> None:
    """Somebody else renews with the same application: our refresh token is dead, and our access token ends."""
    home.simulator.rotate_refresh_token(RUNNER)
    home.simulator.expire_access(RUNNER)
    home.read_again()


# Without a push


def test_without_pushes_one_runner_is_read_every_quarter_of_an_hour_and_no_oftener(home: World):
    before = len(home.simulator.calls_to("list"))
    home.live(hours=10)
    assert 35 <= len(home.simulator.calls_to("list")) - before <= 40


def test_a_deletion_that_no_push_told_of_shows_within_48_hours(pushed: World):
    deleted = pushed.held[-1]
    pushed.simulator.drop_subscription()
    pushed.simulator.delete_activity(RUNNER, deleted)
    pushed.live(hours=47)
    assert deleted not in pushed.held


def test_with_pushes_a_quiet_runner_is_read_once_a_day(pushed: World):
    pushed.live(hours=2)
    before = len(pushed.simulator.calls_to("list"))
    pushed.live(days=10)
    assert len(pushed.simulator.calls_to("list")) - before <= 10


# Dead tokens


def test_who_left_without_a_push_is_asked_to_connect_again_and_nothing_is_lost(home: World):
    home.simulator.revoke(RUNNER)
    home.read_again()
    assert connection_messages(home) == [("connection.lost", "sign-in-again")]
    assert "connect again" in " ".join(limits_shown(home))
    home.connect()
    assert home.connection.state == "connected"
    assert len(home.held) == 35


def test_tokens_that_die_twice_within_a_day_of_use_are_explained_by_another_program(home: World):
    die_by_another_program(home)
    assert connection_messages(home)[-1] == ("connection.lost", "sign-in-again")
    home.connect()
    home.live(hours=7)
    die_by_another_program(home)
    assert connection_messages(home)[-1] == ("connection.lost", "other-program")
    assert "another program" in home.told("connection")[-1].lead


def test_tokens_that_die_after_a_quiet_week_are_not_blamed_on_another_program(home: World):
    die_by_another_program(home)
    home.connect()
    with home.service.store.transaction() as tx:
        claim = tx.connections.claim_due(home.clock() + timedelta(days=1), home.clock(), timedelta(minutes=1))
        assert claim is not None
        tx.connections.finish(claim, home.clock(), home.clock() + timedelta(days=8))
    home.clock.advance(timedelta(days=7))
    die_by_another_program(home)
    assert connection_messages(home)[-1] == ("connection.lost", "sign-in-again")


def test_a_runner_who_left_at_strava_before_the_push_came_is_erased_when_it_comes(pushed: World):
    pushed.simulator.faults.events.delay = timedelta(hours=3)
    pushed.simulator.revoke(RUNNER)
    pushed.live(hours=1)
    pushed.read_again()
    assert pushed.connection.state == "sign-in-again"
    pushed.live_until(pushed.clock() + timedelta(hours=3), pushes=True)
    pushed.simulator.deliver_events()
    pushed.work()
    with pushed.service.store.transaction() as tx:
        assert tx.connections.get(1) is None
        assert tx.activities.held(1) == []
    assert [event for event, _ in connection_messages(pushed)] == ["connection.lost", "connection.ended"]


# Scopes


def test_who_unticks_the_box_for_runs_later_reads_what_to_tick(home: World):
    home.simulator.approve(RUNNER, ("read",))
    code = home.simulator.approve(RUNNER, ("read",))
    grant = home.service.strava.exchange(code, "read")
    with home.service.store.transaction() as tx:
        refresh = tx.connections.begin_refresh(1, home.clock(), timedelta(minutes=1))
        assert refresh is not None
        tx.connections.refreshed(refresh, grant.tokens, home.clock())
    home.read_again()
    assert home.connection.state == "scope-missing"
    assert connection_messages(home) == [("connection.lost", "scope-missing")]
    assert "ticked" in " ".join(limits_shown(home))
    home.connect()
    assert home.connection.state == "connected"


# The installation


def test_while_the_application_is_inactive_the_operator_is_told_once_and_runners_read_that_it_is_paused(home: World):
    home.simulator.faults.inactive = True
    home.live(hours=5)
    (message,) = home.told("connection")
    assert message.event == "installation.paused"
    assert "renew the Strava subscription" in message.sections[0].lines[0]
    assert limits_shown(home)[0] == "Reading runs is paused on the operator's side: there is nothing for you to do."
    home.simulator.faults.inactive = False
    home.live(hours=2)
    assert home.connection.trouble is None
    assert limits_shown(home) == ()
    home.simulator.faults.inactive = True
    home.live(hours=2)
    assert len(home.told("connection")) == 2


def test_a_new_application_keeps_every_account_and_asks_each_runner_once(home: World):
    told = len(home.told("connection"))
    assert lifecycle.adopt_application(home.service) == 0
    moved = replace(home.service, settings=home.service.settings.model_copy(update={"strava_client_id": "4321"}))
    assert lifecycle.adopt_application(moved) == 1
    assert lifecycle.adopt_application(moved) == 0
    home.work()
    assert connection_messages(home)[told:] == [("connection.lost", "new-application")]
    assert home.connection.state == "new-application"
    calls = len(home.simulator.calls)
    home.live(hours=3)
    assert len(home.simulator.calls) == calls
    athlete = home.connect()
    assert (athlete.id, home.connection.state, len(home.held)) == (1, "connected", 35)


def test_the_cap_of_strava_is_told_to_who_connects_and_to_the_operator(home: World):
    home.simulator.add_athlete(SimulatedAthlete(RUNNER + 1))
    home.simulator.modes.capacity, home.simulator.modes.capacity_at_token = 1, True
    invitation = connect.new_invitation(home.service).rpartition("/")[2]
    draft = connect.Draft(state="s", adult=True, invitation=invitation)
    code = home.simulator.approve(RUNNER + 1)
    with pytest.raises(connect.CapReached):
        connect.complete(home.service, draft, connect.Answer(state="s", code=code, scope="read,activity:read"))
    home.work()
    (message,) = home.told("connection")
    assert "as many runners as Strava allows" in message.sections[0].lines[0]
    with home.service.store.transaction() as tx:
        assert tx.accounts.count() == 1
        assert tx.accounts.invitation_stands(invitation, home.clock())


def test_runners_beyond_what_the_quota_carries_are_refused_with_the_figure(home: World):
    with home.service.store.transaction() as tx:
        day = tx.quota.present(home.clock())[1]
        tx.quota.put([replace(day, read_limit=1)])
    with pytest.raises(connect.NoRoomForMore, match="carry 0 runners"):
        connect.check_room(home.service)
    connect.check_room(home.service, RUNNER)  # who is connected keeps the place


# Outages


def test_an_outage_pauses_everybody_and_one_answer_ends_it(home: World):
    home.simulator.faults.fail_next("list", Fault.UNAVAILABLE, times=8)
    while home.instance(lifecycle.PAUSE) is None:
        home.read_again()
    assert int(home.instance(lifecycle.FAILURES) or 0) == lifecycle.OUTAGE
    asked = len(home.simulator.calls_to("list"))
    home.read_again()  # even who is waited for is not asked for now
    assert len(home.simulator.calls_to("list")) == asked
    home.live(hours=12)
    assert (home.instance(lifecycle.PAUSE), home.instance(lifecycle.FAILURES)) == (None, None)
    assert home.connection.trouble is None


def test_after_an_outage_one_note_says_what_would_have_been_said_and_no_alert_goes_out(home: World):
    home.add(run(datetime(2026, 6, 2, 7), 21), run(datetime(2026, 6, 3, 7), 8))
    home.clock.advance(timedelta(days=5))
    home.work()
    assert home.told() == []
    (note,) = [message for message in home.inbox if message.event == "catch_up.created"]
    assert note.lead == "Your runs could not be read from June 1, 2026 to June 6, 2026; they are read now."
    assert len(note.sections[0].lines) == 2
    assert "21.0 km" in note.sections[0].lines[0]
    assert note not in home.recorder.sent
    home.live(hours=30)
    (weekly,) = home.told("digest")
    assert weekly.sections[0].heading == "I was away"
    assert len([message for message in home.inbox if message.event == "catch_up.created"]) == 1


def test_an_outage_of_weeks_brings_one_note_and_what_was_known_before_is_no_news(home: World):
    home.add(run(datetime(2026, 6, 2, 7), 21))
    home.clock.advance(timedelta(days=12))
    expiry.sweep(home.service)
    assert home.held == []
    home.work()
    assert len(home.held) == 36
    assert home.told() == []
    (note,) = [message for message in home.inbox if message.event == "catch_up.created"]
    assert note.data["runs"] == 1
    assert len(note.data["findings"]) == 1


def test_a_run_of_an_hour_ago_is_told_even_after_an_outage_of_weeks(home: World):
    home.clock.advance(timedelta(days=12))
    expiry.sweep(home.service)
    home.add(run(datetime(2026, 6, 13, 11), 21))
    home.clock.advance(timedelta(hours=2))
    home.read_again()
    assert len(home.told()) == 1


def test_after_a_short_stop_there_is_nothing_to_catch_up_on(home: World):
    home.add(run(datetime(2026, 6, 2, 7), 21))
    home.clock.advance(timedelta(hours=40))
    home.work()
    assert len(home.told()) == 1
    assert [message for message in home.inbox if message.event == "catch_up.created"] == []


def test_after_a_long_stop_who_is_overdue_is_read_one_after_another(home: World):
    with home.service.store.transaction() as tx:
        for number in range(1, 40):
            athlete = tx.accounts.create(_somebody(number))
            tx.connections.put(_connected(tx, athlete.id, number, home))
            claim = tx.connections.claim_due(home.clock(), home.clock(), timedelta(minutes=1))
            assert claim is not None
            tx.connections.finish(claim, home.clock(), home.clock() + timedelta(minutes=1))
    home.clock.advance(timedelta(hours=8))
    assert lifecycle.resume(home.service) == 40
    with home.service.store.transaction() as tx:
        due = sorted(one.sync_due_at for one in tx.connections.athletes() if one.sync_due_at)
    assert due[0] == home.clock()
    assert due[-1] - due[0] == timedelta(seconds=3 * 39)


def _somebody(number: int) -> connect.NewAthlete:
    return connect.NewAthlete(RUNNER + number, NOON, "km", 0, "en")


def _connected(tx: Transaction, athlete_id: int, number: int, home: World) -> connect.NewConnection:
    tokens = tx.connections.tokens(1)
    assert tokens is not None
    return connect.NewConnection(athlete_id, RUNNER + number, frozenset({"activity:read"}), tokens, home.clock())


# The host of 2027


def test_an_api_without_a_prefix_is_a_matter_of_one_setting(home: World, tmp_path: Path):
    base = home.service.settings.strava_oauth_base
    settings = home.service.settings.model_copy(
        update={"strava_api_base": base, "strava_client_secret": SecretStr(home.simulator.client_secret)}
    )
    moved = build_service(settings, clock=home.clock, wall=home.clock)
    home.add(run(datetime(2026, 6, 1, 11), 8))
    with moved.store.transaction() as tx:
        tx.connections.nudge(1, home.clock())
    sync.sweep(moved)
    moved.store.close()
    assert home.simulator.calls[-1].path == "/athlete/activities"
    assert len(home.held) == 36
    assert digest.sweep(home.service) == 0


def test_from_june_2027_on_tokens_go_in_the_header_alone(tmp_path: Path):
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=None, modes=Modes(header_only=True)) as later:
        later.connect()
        assert len(later.held) == 35
        later.live(hours=7)  # a refresh on the way
        assert later.connection.trouble is None
        leaving.disconnect(later.service, later.athlete)
        assert [call.endpoint for call in later.simulator.calls][-1] == "revoke"
        assert later.simulator.connection(RUNNER) is None
