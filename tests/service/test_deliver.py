"""Sending what is due: leases, growing waits, and what each kind of failure means for a delivery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.channels.message import Message
from integrations.channels.webhook import Gone
from integrations.errors import AdapterError, GiveUp, OperatorNeeded, RetryLater
from service import deliver, outbox
from service.store.records import ClaimedDelivery, DeliveryRecord, Destination
from tests.world import Recorder, World, world

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[World]:
    """A runner with one destination, and nothing to send yet."""
    with world(tmp_path, poll_minutes=2880) as built:
        built.connect()
        built.recorder.sent.clear()
        yield built


def say(home: World, name: str) -> str:
    """Queue a message to every active destination. Returns its id."""
    now = home.clock()
    message = Message(
        id=name, kind="alert", event="alert.created", created_at=now, language="en", subject=name, lead=name
    )
    with home.service.store.transaction() as tx:
        assert outbox.put(tx, 1, name, message, now)
    return name


def record(home: World, message_id: str) -> DeliveryRecord:
    with home.service.store.transaction() as tx:
        (found,) = tx.deliveries.of_message(message_id)
    return found


def destination(home: World) -> Destination:
    with home.service.store.transaction() as tx:
        return tx.deliveries.destinations(1)[0]


def claim(home: World) -> ClaimedDelivery | None:
    with home.service.store.transaction() as tx:
        return tx.deliveries.claim_due(home.clock(), home.service.wall(), deliver.LEASE)


def sent(home: World) -> list[str]:
    return [message.id for message in home.recorder.sent]


def test_what_is_due_is_sent_once(sender):
    say(sender, "one")
    assert deliver.sweep(sender.service) == 1
    assert deliver.sweep(sender.service) == 0
    assert sent(sender) == ["one"]
    done = record(sender, "one")
    assert (done.state, done.attempts, done.answer, done.due_at) == ("sent", 1, "kept", None)


def test_a_message_goes_to_every_destination(sender):
    with sender.service.store.transaction() as tx:
        tx.deliveries.add_destination(1, "recorder", "second", "{}", "active", sender.clock())
    say(sender, "one")
    deliver.sweep(sender.service)
    assert sent(sender) == ["one", "one"]


@pytest.mark.parametrize("state", ["unconfirmed", "off"])
def test_nothing_is_queued_for_a_destination_that_is_not_in_use(sender, state):
    there = destination(sender)
    with sender.service.store.transaction() as tx:
        tx.deliveries.set_state(there.id, state)
    say(sender, "one")
    assert deliver.sweep(sender.service) == 0


def test_the_same_message_is_never_queued_twice(sender):
    say(sender, "one")
    again = sender.inbox[-1].model_copy(update={"id": "another"})
    with sender.service.store.transaction() as tx:
        assert not outbox.put(tx, 1, "one", again, sender.clock())
    assert deliver.sweep(sender.service) == 1


def test_what_fails_is_tried_again_after_growing_waits_for_three_days_and_then_given_up(sender):
    say(sender, "one")
    sender.recorder.failures += [RetryLater("busy")] * 20
    waits = []
    while True:
        deliver.sweep(sender.service)
        due_at = record(sender, "one").due_at
        if due_at is None:
            break
        waits.append(due_at - sender.clock())
        sender.clock.advance_to(due_at)
    assert waits == sorted(waits)
    assert all(delay <= wait <= 1.2 * delay for delay, wait in zip(deliver.DELAYS, waits, strict=True))
    assert timedelta(days=2) < sum(waits, timedelta()) < timedelta(days=3)
    given_up = record(sender, "one")
    assert (given_up.state, given_up.answer, given_up.attempts) == ("given-up", "busy", len(deliver.DELAYS) + 1)


def test_a_failure_that_passes_costs_time_alone(sender):
    say(sender, "one")
    sender.recorder.failures.append(RetryLater("busy"))
    deliver.sweep(sender.service)
    assert record(sender, "one").answer == "busy"
    sender.live(minutes=2)
    assert sent(sender) == ["one"]


@pytest.mark.parametrize(("asked", "waits"), [(3 * HOUR, 3 * HOUR), (timedelta(seconds=5), MINUTE)])
def test_a_receiver_that_names_a_time_is_not_asked_before_nor_sooner_than_the_usual_wait(sender, asked, waits):
    say(sender, "one")
    now = sender.clock()
    sender.recorder.failures.append(RetryLater("slow down", at=now + asked))
    deliver.sweep(sender.service)
    due_at = record(sender, "one").due_at
    assert due_at is not None
    assert waits <= due_at - now <= 1.2 * waits


def test_what_can_never_arrive_is_given_up_at_once_with_the_reason(sender):
    say(sender, "one")
    sender.recorder.failures.append(GiveUp("no such mailbox"))
    deliver.sweep(sender.service)
    assert (record(sender, "one").state, record(sender, "one").answer) == ("given-up", "no such mailbox")
    say(sender, "two")
    deliver.sweep(sender.service)
    assert sent(sender) == ["two"]


def test_a_receiver_that_is_gone_is_switched_off_with_all_that_was_queued_for_it(sender):
    say(sender, "one")
    say(sender, "two")
    sender.recorder.failures.append(Gone("410 Gone"))
    deliver.sweep(sender.service)
    assert (destination(sender).state, destination(sender).note) == ("off", "410 Gone")
    assert [record(sender, name).state for name in ("one", "two")] == ["given-up", "given-up"]
    say(sender, "three")
    assert deliver.sweep(sender.service) == 0
    assert sent(sender) == []


def test_trouble_that_only_the_operator_can_end_is_waited_for_as_long_as_any_other(sender):
    say(sender, "one")
    sender.recorder.failures += [OperatorNeeded("wrong password")] * 10
    waits = []
    while sender.recorder.failures:
        deliver.sweep(sender.service)
        due_at = record(sender, "one").due_at
        assert due_at is not None
        waits.append(due_at - sender.clock())
        sender.clock.advance_to(due_at)
    assert min(waits) >= HOUR
    assert sum(waits, timedelta()) > timedelta(days=2)
    deliver.sweep(sender.service)
    assert sent(sender) == ["one"]


def test_a_channel_that_this_installation_has_no_more_is_the_operators_trouble(sender):
    say(sender, "one")
    sender.service = replace(sender.service, channels={})
    deliver.sweep(sender.service)
    waiting = record(sender, "one")
    assert waiting.state == "due"
    assert "no recorder set up" in str(waiting.answer)


class Broken(Recorder):
    def send(self, address: Any, message: Message) -> str:
        raise RuntimeError("a fault of ours")


def test_a_fault_of_ours_in_one_delivery_holds_up_no_other(sender):
    with sender.service.store.transaction() as tx:
        tx.deliveries.add_destination(1, "broken", "broken", "{}", "active", sender.clock())
    sender.service = replace(sender.service, channels={"recorder": sender.recorder, "broken": Broken()})
    say(sender, "one")
    assert deliver.sweep(sender.service) == 2
    assert sent(sender) == ["one"]


class Crash(BaseException):
    """The process ends here."""


class CrashesAfterSending(Recorder):
    def send(self, address: Any, message: Message) -> str:
        super().send(address, message)
        raise Crash


def test_a_crash_between_sending_and_noting_it_sends_again_with_the_same_id(sender):
    say(sender, "one")
    crashing = CrashesAfterSending(sent=sender.recorder.sent)
    with pytest.raises(Crash):
        deliver.sweep(replace(sender.service, channels={"recorder": crashing}))
    assert deliver.sweep(sender.service) == 0  # the lease of the dead still holds
    sender.clock.advance(deliver.LEASE)
    assert deliver.sweep(sender.service) == 1
    assert sent(sender) == ["one", "one"]


def test_while_one_is_sending_nobody_else_takes_the_same_delivery(sender):
    say(sender, "one")
    assert claim(sender) is not None
    assert claim(sender) is None


def test_after_the_lease_it_may_be_taken_again_and_the_first_one_writes_no_more(sender):
    say(sender, "one")
    first = claim(sender)
    sender.clock.advance(deliver.LEASE)
    second = claim(sender)
    assert first is not None
    assert second is not None
    assert (second.message, second.attempts) == (first.message, 2)
    with sender.service.store.transaction() as tx:
        tx.deliveries.give_up(first, "too late", sender.clock())
        assert tx.deliveries.of_message("one")[0].state == "due"
        tx.deliveries.sent(second, "kept", sender.clock())
    assert record(sender, "one").state == "sent"


def test_a_destination_that_was_removed_takes_its_deliveries_along(sender):
    say(sender, "one")
    there = destination(sender)
    with sender.service.store.transaction() as tx:
        tx.deliveries.remove_destination(1, there.id)
    assert deliver.sweep(sender.service) == 0


@pytest.mark.parametrize("failure", [RetryLater("x"), GiveUp("x"), OperatorNeeded("x"), AdapterError("x")])
def test_no_failure_ends_a_sweep(sender, failure):
    for name in ("one", "two", "three"):
        say(sender, name)
    sender.recorder.failures.append(failure)
    assert deliver.sweep(sender.service) == 3
    assert len(sent(sender)) == 2


def test_the_oldest_goes_first(sender):
    start: datetime = sender.clock()
    for name in ("one", "two", "three"):
        say(sender, name)
        sender.clock.advance(MINUTE)
    deliver.sweep(sender.service)
    assert sent(sender) == ["one", "two", "three"]
    assert sender.clock() - start == 3 * MINUTE
