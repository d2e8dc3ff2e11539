"""The steward of the push subscription: it makes, verifies, notices and mends, and never ends what is not ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.strava.simulator import Fault
from service import push, silence, subscription, subscription_record
from service.bootstrap import Service
from service.subscription_record import Record, State
from tests.integrations.simulator.receiver import receiving
from tests.world import NOON, World, ordinary_weeks, world


@pytest.fixture
def pushed(tmp_path: Path) -> Iterator[World]:
    """An operator who runs, and Strava that pushes; the schedule looks every other day."""
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880, pushes=True) as built:
        built.connect()
        yield built


@pytest.fixture
def unreachable(tmp_path: Path) -> Iterator[World]:
    """Nobody answers at the public address."""
    with world(tmp_path, poll_minutes=2880) as built:
        built.connect()
        yield built


def record(home: World) -> Record:
    with home.service.store.transaction() as tx:
        return subscription_record.read(tx)


def told(home: World) -> list[str]:
    """The events of all messages about pushes, oldest first."""
    return [message.event for message in home.inbox if message.event.startswith("subscription.")]


def moved(home: World) -> Service:
    """The same installation, after its public address was changed: now by name, before by number."""
    url = home.service.settings.public_url.replace("127.0.0.1", "localhost")
    return replace(home.service, settings=home.service.settings.model_copy(update={"public_url": url}))


def forget_everything(home: World) -> None:
    """As if another installation had made the subscription."""
    with home.service.store.transaction() as tx:
        for name in (push.SUBSCRIPTION, subscription_record.MADE, subscription_record.RECORD):
            tx.instance.remove(name)
        tx.instance.put(push.CALLBACK_SECRET, "the-path-of-this-installation-which-is-another")


def take_over(home: World, url: str) -> None:
    """Somebody else with the same application ends ours and makes their own."""
    home.simulator.faults.clear()
    home.simulator.drop_subscription()
    home.service.strava.create_subscription(url, "their-token")


# Made and verified


def test_a_subscription_is_made_once_remembered_and_verified_again(pushed):
    made = pushed.simulator.subscription
    assert made is not None
    assert pushed.instance(push.SUBSCRIPTION) == str(made.id)
    pushed.clock.advance(timedelta(hours=6))
    assert subscription.ensure(pushed.service).state is State.ACTIVE
    assert pushed.simulator.subscription == made
    assert (record(pushed).since, record(pushed).verified_at) == (NOON, pushed.clock())
    assert told(pushed) == []


def test_without_a_public_address_nobody_is_asked_to_push(unreachable):
    quiet = replace(unreachable.service, settings=unreachable.service.settings.model_copy(update={"public_url": ""}))
    assert subscription.ensure(quiet).state is State.NOT_WANTED
    assert unreachable.simulator.calls_to("subscriptions") == ()


def test_a_look_changes_nothing(pushed):
    pushed.simulator.drop_subscription()
    before = record(pushed)
    assert subscription.check(pushed.service).state is State.MISSING
    assert pushed.simulator.subscription is None
    assert record(pushed) == before


# Lost


def test_a_loss_that_heals_in_the_same_look_is_told_to_nobody(pushed):
    lost = pushed.simulator.subscription
    pushed.simulator.drop_subscription()
    assert subscription.ensure(pushed.service).state is State.ACTIVE
    made = pushed.simulator.subscription
    assert made is not None
    assert made.id != lost.id
    assert pushed.instance(push.SUBSCRIPTION) == str(made.id)
    assert [(change.state, change.id) for change in record(pushed).changes] == [
        (State.ACTIVE, lost.id),
        (State.ACTIVE, made.id),
    ]
    assert told(pushed) == []


def test_a_loss_that_cannot_be_mended_is_told_to_the_operator_once(pushed):
    pushed.simulator.drop_subscription()
    gone = replace(
        pushed.service, settings=pushed.service.settings.model_copy(update={"public_url": "http://127.0.0.1:1"})
    )
    for _ in range(8):
        assert subscription.ensure(gone).state is State.UNREACHABLE
        pushed.clock.advance(timedelta(hours=6))
    assert told(pushed) == ["subscription.lost"]
    (message,) = (one for one in pushed.inbox if one.event == "subscription.lost")
    assert "not verifiable" not in message.lead  # Strava's words are for the page and the command line
    assert pushed.told("connection") == []  # not yet sent: that is for the job that delivers
    pushed.work()
    assert len(pushed.told("connection")) == 1


def test_a_loss_again_after_it_was_mended_is_another_one(pushed):
    gone = replace(
        pushed.service, settings=pushed.service.settings.model_copy(update={"public_url": "http://127.0.0.1:1"})
    )
    for _ in range(2):
        pushed.simulator.drop_subscription()
        subscription.ensure(gone)
        pushed.clock.advance(timedelta(days=1))
        assert subscription.ensure(pushed.service).state is State.ACTIVE
    assert told(pushed) == ["subscription.lost"] * 2


def test_what_never_stood_is_not_told_as_lost(unreachable):
    assert subscription.ensure(unreachable.service).state is State.UNREACHABLE
    assert told(unreachable) == []


def test_a_strava_that_fails_while_it_is_mended_is_given_an_hour_before_anybody_is_told(pushed):
    pushed.simulator.drop_subscription()
    for minutes, expected in ((0, []), (10, []), (60, ["subscription.lost"])):
        pushed.clock.advance_to(NOON + timedelta(minutes=minutes))
        pushed.simulator.faults.fail_next("subscriptions", Fault.UNAVAILABLE, after=1)
        assert subscription.ensure(pushed.service).state is State.MISSING
        assert told(pushed) == expected


def test_a_missing_subscription_is_looked_at_again_soon_and_not_for_ever(unreachable):
    waits = []
    subscription.ensure(unreachable.service)
    while (due := unreachable.instance(silence.RECHECK_AT)) is not None:
        waits.append(due)
        calls = len(unreachable.simulator.calls)
        subscription.recheck(unreachable.service)
        assert len(unreachable.simulator.calls) == calls  # it is not time yet
        unreachable.clock.advance_to(unreachable.clock() + subscription.RECHECKS[len(waits) - 1])
        subscription.recheck(unreachable.service)
    assert len(waits) == len(subscription.RECHECKS)


# What Strava answers


@pytest.mark.parametrize("fault", list(Fault))
def test_a_strava_that_fails_leaves_the_schedule_and_what_was_known(pushed, fault, caplog):
    before = record(pushed)
    pushed.simulator.faults.fail_next("subscriptions", fault)
    assert subscription.ensure(pushed.service).state is State.UNKNOWN
    assert "read by schedule alone" in caplog.text
    assert (record(pushed).state, record(pushed).since) == (before.state, before.since)
    assert record(pushed).unanswered
    assert pushed.instance(push.SUBSCRIPTION) is not None
    assert told(pushed) == []
    assert subscription.ensure(pushed.service).state is State.ACTIVE
    assert record(pushed).unanswered == ""


def test_an_address_that_strava_cannot_reach_is_said_with_stravas_reason(unreachable, caplog):
    found = subscription.ensure(unreachable.service)
    assert found.state is State.UNREACHABLE
    assert "not verifiable" in found.reason
    assert "read by schedule alone" in caplog.text
    assert subscription.check(unreachable.service).reason == found.reason
    assert push.callback_path(unreachable.service) not in caplog.text


def test_something_that_answers_in_our_place_is_said_with_stravas_reason(pushed):
    pushed.simulator.drop_subscription()
    with pushed.service.store.transaction() as tx:  # the running pages know the old path alone
        tx.instance.put(push.CALLBACK_SECRET, "a-path-that-nobody-serves")
    assert "does not return 200" in subscription.ensure(pushed.service).reason


def test_an_answer_of_strava_that_was_lost_makes_no_second_subscription(pushed):
    with pushed.service.store.transaction() as tx:
        for name in (push.SUBSCRIPTION, subscription_record.MADE, subscription_record.RECORD):
            tx.instance.remove(name)  # as if we had been killed before it was written down
    made = pushed.simulator.subscription
    assert subscription.ensure(pushed.service).state is State.ACTIVE
    assert pushed.simulator.subscription == made
    assert pushed.instance(push.SUBSCRIPTION) == str(made.id)


# Ours, at an earlier address


def test_a_subscription_of_ours_at_an_earlier_address_follows_to_the_new_one(pushed):
    before = pushed.simulator.subscription
    service = moved(pushed)
    assert subscription.check(service).state is State.STALE
    assert subscription.ensure(service).state is State.ACTIVE
    after = pushed.simulator.subscription
    assert after.id != before.id
    assert urlsplit(after.callback_url).hostname == "localhost"
    assert told(pushed) == []


def test_an_old_subscription_that_strava_does_not_end_now_is_ended_at_the_next_look(pushed):
    service = moved(pushed)
    pushed.simulator.faults.fail_next("subscriptions", Fault.UNAVAILABLE, after=1)
    assert subscription.ensure(service).state is State.STALE
    assert subscription.ensure(service).state is State.ACTIVE


# Somebody else's


def test_a_subscription_of_somebody_else_is_left_alone_and_told_once_by_its_host(pushed):
    with receiving() as theirs:
        url = theirs.url.replace("127.0.0.1", "localhost")
        take_over(pushed, url)
        kept = pushed.simulator.subscription
        for _ in range(5):
            found = subscription.ensure(pushed.service)
            pushed.clock.advance(timedelta(hours=6))
        assert (found.state, found.host) == (State.FOREIGN, "localhost")
        assert pushed.simulator.subscription == kept
    assert pushed.instance(push.SUBSCRIPTION) is None
    assert told(pushed) == ["subscription.foreign"]
    (message,) = (one for one in pushed.inbox if one.event == "subscription.foreign")
    assert "/callback" not in message.model_dump_json()


def test_repair_ends_a_foreign_subscription_only_if_it_is_named(pushed):
    with receiving() as theirs:
        take_over(pushed, theirs.url)
        kept = pushed.simulator.subscription
        for replaced in (None, kept.id + 1):
            assert subscription.repair(pushed.service, replaced).state is State.FOREIGN
            assert pushed.simulator.subscription == kept
        assert subscription.repair(pushed.service, kept.id).state is State.ACTIVE
        assert pushed.simulator.subscription.callback_url.startswith(pushed.service.settings.public_url)


def test_an_end_asked_for_leaves_a_foreign_subscription(pushed):
    with receiving() as theirs:
        take_over(pushed, theirs.url)
        kept = pushed.simulator.subscription
        assert subscription.delete(pushed.service).state is State.FOREIGN
        assert pushed.simulator.subscription == kept
        assert pushed.instance(subscription.UNWANTED) is None


def test_what_an_installation_that_lost_its_memory_finds_is_foreign_to_it(pushed):
    kept = pushed.simulator.subscription
    forget_everything(pushed)
    assert subscription.ensure(pushed.service).state is State.FOREIGN
    assert pushed.simulator.subscription == kept


def test_a_subscription_made_before_records_were_kept_is_ours(pushed):
    with pushed.service.store.transaction() as tx:
        for name in (subscription_record.MADE, subscription_record.RECORD):
            tx.instance.remove(name)
    assert subscription.ensure(moved(pushed)).state is State.ACTIVE


# Ended by the operator


def test_a_subscription_that_the_operator_ended_is_not_made_again_by_itself(pushed):
    assert subscription.delete(pushed.service).state is State.NOT_WANTED
    assert pushed.simulator.subscription is None
    assert subscription.ensure(pushed.service).state is State.NOT_WANTED
    assert pushed.simulator.subscription is None
    assert told(pushed) == []
    assert subscription.want(pushed.service).state is State.ACTIVE
    assert pushed.simulator.subscription is not None


def test_a_subscription_can_be_ended_after_the_public_address_was_taken_away(pushed):
    quiet = replace(pushed.service, settings=pushed.service.settings.model_copy(update={"public_url": ""}))
    assert subscription.delete(quiet).state is State.NOT_WANTED
    assert pushed.simulator.subscription is None


def test_an_end_that_strava_did_not_take_is_not_taken_for_one(pushed):
    pushed.simulator.faults.fail_next("subscriptions", Fault.UNAVAILABLE, after=1)
    assert subscription.delete(pushed.service).state is State.UNKNOWN
    assert subscription.ensure(pushed.service).state is State.ACTIVE


# Whatever happens


ACTS = ("ensure", "recheck", "lost", "moved", "back", "refused", "unavailable", "dropped", "delete", "want", "repair")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), max_size=12), foreign_at=st.integers(0, 12))
def test_whatever_happens_a_foreign_subscription_stays_and_ours_stands_in_the_end(tmp_path_factory, acts, foreign_at):
    with world(tmp_path_factory.mktemp("steward"), poll_minutes=2880, pushes=True) as home, receiving() as theirs:
        here, service = home.service, home.service
        for number, act in enumerate(acts):
            if number == foreign_at:
                take_over(home, theirs.url)
            service = {"moved": moved(home), "back": here}.get(act, service)
            _do(act, home, service)
            home.clock.advance(timedelta(minutes=45))
        is_foreign = home.simulator.subscription and home.simulator.subscription.callback_url == theirs.url
        home.simulator.faults.clear()
        ended = subscription.want(service)
        if is_foreign:
            assert ended.state is State.FOREIGN
            assert home.simulator.subscription.callback_url == theirs.url
        else:
            assert ended.state is State.ACTIVE
            assert home.simulator.subscription.callback_url.startswith(service.settings.public_url)
            assert home.instance(push.SUBSCRIPTION) == str(home.simulator.subscription.id)
        if "lost" not in acts[foreign_at:] and foreign_at < len(acts):
            assert is_foreign


def _do(act: str, home: World, service: Service) -> None:
    if act == "lost":
        home.simulator.drop_subscription()
    elif act in ("refused", "unavailable", "dropped"):
        fault = {"refused": Fault.UNAUTHORIZED, "unavailable": Fault.UNAVAILABLE, "dropped": Fault.DROP}[act]
        home.simulator.faults.fail_next("subscriptions", fault, after=1)
    elif act in ("ensure", "recheck", "delete", "want", "repair"):
        getattr(subscription, act)(service)
