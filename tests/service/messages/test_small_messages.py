"""About the connection, codes and tests."""

from __future__ import annotations

import pytest

from service.messages.code import code_message
from service.messages.connection import deleted_words, disconnected_message
from service.messages.destination import destination_test_message
from service.messages.endings import connection_ended_message
from service.subscription_record import State, SubscriptionStatus
from tests.service.messages.scenes import NOW, PAGES, athlete, everything, section, text, trouble


def lost():
    return connection_ended_message("m1", athlete(), "sign-in-again", PAGES, NOW)


def ended(**given):
    counts = {"activities": 212, "findings": 9, "messages": 1, **given}
    return disconnected_message("m1", athlete(), pages=PAGES, now=NOW, **counts)


def test_a_lost_connection_says_what_it_means_the_cure_and_that_nothing_is_lost():
    assert "new runs are not read" in lost().lead
    assert "Nothing is lost" in text(lost())
    assert [(link.text, link.url) for link in section(lost(), "action").links] == [
        ("Connect again", "https://runs.example.org/connect")
    ]


def test_a_disconnect_counts_what_was_deleted_and_names_what_was_kept():
    assert ended().lead == "Disconnected. Deleted: 212 activities, 9 findings and 1 message."
    assert "Kept: your settings, your destinations and what you entered yourself." in text(ended())
    assert ended().data["deleted"] == {"activities": 212, "findings": 9, "messages": 1}


def test_a_disconnect_that_strava_did_not_confirm_says_where_to_end_it():
    assert "My Apps" in text(ended(revoked=False))
    assert "My Apps" not in text(ended(revoked=True))


@pytest.mark.parametrize(
    ("state", "event", "subject"),
    [
        (State.UNREACHABLE, "subscription.lost", "Strava no longer sends pushes"),
        (State.FOREIGN, "subscription.foreign", "Strava sends its pushes to another address"),
        (State.SILENT, "subscription.silent", "No push has come from Strava for days"),
    ],
)
def test_an_operator_is_told_what_trouble_with_pushes_means_and_what_to_do(state, event, subject):
    told = trouble(SubscriptionStatus(state, host="other.example.org"))
    assert (told.kind, told.event, told.subject) == ("connection", event, subject)
    assert "No run is lost: all are read by schedule alone, up to 15 minutes late." in text(told)
    assert "afterrun webhooks repair" in text(told)
    assert [link.url for link in section(told, "action").links] == ["https://runs.example.org/operator"]


def test_a_foreign_address_is_named_by_its_host_or_not_at_all():
    assert (
        "somebody else: other.example.org." in trouble(SubscriptionStatus(State.FOREIGN, host="other.example.org")).lead
    )
    assert "an address that cannot be read" in trouble(SubscriptionStatus(State.FOREIGN)).lead


def test_the_cure_fits_what_strava_said():
    refused = text(trouble(SubscriptionStatus(State.UNREACHABLE, reason="GET to callback URL does not return 200")))
    assert "without a sign-in" in refused
    assert "reachable from the internet" in text(
        trouble(SubscriptionStatus(State.UNREACHABLE, reason="not verifiable"))
    )


def test_one_minute_late_reads_well():
    assert "up to 1 minute late." in text(trouble(SubscriptionStatus(State.SILENT), late_minutes=1))


def test_counts_of_one_read_well():
    assert deleted_words(1, 1, 0) == "1 activity, 1 finding and 0 messages"


def test_a_code_is_in_the_subject_lasts_a_while_and_reaches_no_machine():
    mail = code_message("m1", "en", "123456", valid_minutes=15, now=NOW)
    assert mail.subject == "123456 is your Afterrun code"
    assert "It works for 15 minutes." in text(mail)
    assert "ignore this mail" in text(mail)
    assert mail.data == {}


def test_the_warning_signs_are_one_tap_from_every_message_but_a_code():
    for said in everything():
        if said.kind != "code":  # it may go to an address that nobody has confirmed yet, and holds no link at all
            assert PAGES.warning_signs in [link.url for link in said.footer_links], said.kind


def test_a_test_shows_that_a_destination_works():
    told = destination_test_message("m1", athlete(), PAGES, NOW)
    assert (told.kind, told.event) == ("test", "destination.test")
    assert told.lead == "It works: messages about your runs arrive here."
