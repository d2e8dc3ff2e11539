"""Codes by mail and destinations: an address is used once somebody there confirmed it, and nobody else can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from integrations.channels.email import Address as EmailAddress
from integrations.channels.message import Message
from integrations.errors import AdapterError, GiveUp, RetryLater
from service import connect, mailing
from service.errors import Conflict, NotFound
from service.mailing import BadAddress, NoMailServer
from service.store.records import Athlete, Destination
from tests.world import ALL_SCOPES, RUNNER, Recorder, World, world

ANNA = "anna@example.org"


@dataclass
class Mail(Recorder):
    """Keeps mails as the recorder keeps messages, and takes what is a mail address."""

    code: str = "email"
    Address: type[BaseModel] = EmailAddress
    to: list[str] = field(default_factory=list)

    def send(self, address: EmailAddress, message: Message) -> str:
        answer = super().send(address, message)
        self.to.append(address.email)
        return answer

    @property
    def newest_code(self) -> str:
        return self.sent[-1].subject[:6]


@pytest.fixture
def mail() -> Mail:
    return Mail()


@pytest.fixture
def home(tmp_path: Path, mail: Mail) -> Iterator[World]:
    with world(tmp_path, poll_minutes=2880) as built:
        built.service = replace(built.service, channels={**built.service.channels, "email": mail})
        built.connect()
        yield built


def emails(home: World) -> list[tuple[str, str]]:
    with home.service.store.transaction() as tx:
        return [(item.label, item.state) for item in tx.deliveries.destinations(1) if item.channel == "email"]


def confirmed(home: World, mail: Mail, email: str = ANNA) -> Athlete:
    mailing.request_confirmation(home.service, home.athlete, email)
    assert mailing.confirm_email(home.service, home.athlete, mail.newest_code)
    return home.athlete


def recorder_of(home: World) -> Destination:
    with home.service.store.transaction() as tx:
        return next(item for item in tx.deliveries.destinations(1) if item.channel == "recorder")


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_an_address_is_in_use_once_its_code_was_entered(home, mail):
    mailing.request_confirmation(home.service, home.athlete, ANNA)
    assert mail.to == [ANNA]
    assert emails(home) == [(ANNA, "unconfirmed")]
    assert mailing.waiting_email(home.service, home.athlete) == ANNA
    assert mailing.confirm_email(home.service, home.athlete, mail.newest_code)
    assert emails(home) == [(ANNA, "active")]
    assert home.athlete.email == ANNA
    assert mailing.waiting_email(home.service, home.athlete) is None


def test_an_address_that_was_not_confirmed_gets_no_message_about_runs(home, mail):
    mailing.request_confirmation(home.service, home.athlete, ANNA)
    home.live(days=7)
    assert [message.kind for message in mail.sent] == ["code"]


def test_a_wrong_code_confirms_nothing(home, mail):
    mailing.request_confirmation(home.service, home.athlete, ANNA)
    assert not mailing.confirm_email(home.service, home.athlete, wrong(mail.newest_code))
    assert emails(home) == [(ANNA, "unconfirmed")]


def test_after_five_wrong_guesses_even_the_right_code_is_no_use(home, mail):
    mailing.request_confirmation(home.service, home.athlete, ANNA)
    for _ in range(5):
        assert not mailing.confirm_email(home.service, home.athlete, wrong(mail.newest_code))
    assert not mailing.confirm_email(home.service, home.athlete, mail.newest_code)


def test_a_code_ends_after_a_quarter_of_an_hour(home, mail):
    mailing.request_confirmation(home.service, home.athlete, ANNA)
    home.clock.advance(mailing.CODE_LIFE + timedelta(seconds=1))
    assert not mailing.confirm_email(home.service, home.athlete, mail.newest_code)


def test_a_code_works_once(home, mail):
    confirmed(home, mail)
    assert not mailing.confirm_email(home.service, home.athlete, mail.newest_code)


def test_a_second_code_comes_two_minutes_later_at_the_earliest(home, mail):
    mailing.request_confirmation(home.service, home.athlete, ANNA)
    with pytest.raises(Conflict):
        mailing.request_confirmation(home.service, home.athlete, ANNA)
    home.clock.advance(mailing.CODE_SPACING)
    mailing.request_confirmation(home.service, home.athlete, ANNA)
    assert len(mail.sent) == 2


def test_a_code_that_went_to_one_address_never_confirms_another(home, mail):
    mailing.request_confirmation(home.service, home.athlete, ANNA)
    annas = mail.newest_code
    with pytest.raises(Conflict):
        mailing.request_confirmation(home.service, home.athlete, "somebody@example.org")
    home.clock.advance(mailing.CODE_SPACING)
    mailing.request_confirmation(home.service, home.athlete, "somebody@example.org")
    assert emails(home) == [("somebody@example.org", "unconfirmed")]
    if annas != mail.newest_code:  # one in a million
        assert not mailing.confirm_email(home.service, home.athlete, annas)


def test_a_new_address_takes_the_place_of_the_old_one_once_it_is_confirmed(home, mail):
    confirmed(home, mail)
    home.clock.advance(mailing.CODE_SPACING)
    mailing.request_confirmation(home.service, home.athlete, "new@example.org")
    assert emails(home) == [(ANNA, "active"), ("new@example.org", "unconfirmed")]
    assert mailing.confirm_email(home.service, home.athlete, mail.newest_code)
    assert emails(home) == [("new@example.org", "active")]
    assert home.athlete.email == "new@example.org"


@pytest.mark.parametrize("email", ["", "anna", "anna@", "anna@example.org\nBcc: all@example.org"])
def test_what_is_no_mail_address_is_refused_with_the_reason(home, mail, email):
    with pytest.raises(BadAddress):
        mailing.request_confirmation(home.service, home.athlete, email)
    assert mail.sent == []
    assert emails(home) == []


def test_without_a_mail_server_it_says_so(home):
    without = replace(home.service, channels={"recorder": home.recorder})
    with pytest.raises(NoMailServer):
        mailing.request_confirmation(without, home.athlete, ANNA)
    assert mailing.send_confirmation(without, home.athlete, ANNA) == "failed"


def test_a_mail_server_that_fails_at_connect_does_not_end_the_connecting(home, mail):
    mail.failures.append(RetryLater("busy"))
    assert mailing.send_confirmation(home.service, home.athlete, ANNA) == "failed"
    assert mailing.waiting_email(home.service, home.athlete) == ANNA


def test_the_address_given_at_connect_is_sent_its_code(tmp_path, mail):
    with world(tmp_path, poll_minutes=2880) as fresh:
        fresh.service = replace(fresh.service, channels={"email": mail})
        draft = connect.Draft(state="state", adult=True, email=ANNA)
        answer = connect.Answer(state="state", code=fresh.simulator.approve(RUNNER), scope=",".join(ALL_SCOPES))
        assert connect.complete(fresh.service, draft, answer).mail == "code-sent"
        assert mail.to == [ANNA]


# Signing in


def test_a_mailed_code_signs_in_when_the_connection_to_strava_is_dead(home, mail):
    athlete = confirmed(home, mail)
    home.simulator.revoke(RUNNER)
    home.read_again()
    home.live(hours=7)
    mailing.send_sign_in_code(home.service, ANNA.upper())
    codes = [message for message in mail.sent if message.kind == "code"]
    signed_in = mailing.sign_in(home.service, ANNA, codes[-1].subject[:6])
    assert signed_in is not None
    assert signed_in.id == athlete.id


@pytest.mark.parametrize("email", ["nobody@example.org", "", "nonsense"])
def test_for_an_unknown_address_nothing_is_sent_and_nobody_learns_that(home, mail, email):
    confirmed(home, mail)
    before = len(mail.sent)
    mailing.send_sign_in_code(home.service, email)
    assert len(mail.sent) == before
    assert mailing.sign_in(home.service, email, "000000") is None


def test_an_unconfirmed_address_signs_nobody_in(home, mail):
    mailing.request_confirmation(home.service, home.athlete, ANNA)
    mailing.send_sign_in_code(home.service, ANNA)
    assert len(mail.sent) == 1


def test_a_code_for_confirming_does_not_sign_in(home, mail):
    athlete = confirmed(home, mail)
    home.clock.advance(mailing.CODE_SPACING)
    mailing.request_confirmation(home.service, athlete, "new@example.org")
    assert mailing.sign_in(home.service, ANNA, mail.newest_code) is None


def test_asking_for_sign_in_codes_again_and_again_sends_one(home, mail):
    confirmed(home, mail)
    before = len(mail.sent)
    for _ in range(5):
        mailing.send_sign_in_code(home.service, ANNA)
    assert len(mail.sent) == before + 1


def test_a_mail_server_that_fails_is_no_way_to_learn_who_is_known(home, mail):
    confirmed(home, mail)
    mail.failures.append(GiveUp("no such user"))
    mailing.send_sign_in_code(home.service, ANNA)
    assert mailing.sign_in(home.service, ANNA, "000000") is None


# Destinations


def test_a_test_is_sent_at_once_and_the_receivers_answer_shown(home):
    assert mailing.send_test(home.service, home.athlete, recorder_of(home).id) == "kept"
    assert home.recorder.sent[-1].kind == "test"
    assert "test" not in [message.kind for message in home.inbox]


def test_a_test_that_fails_says_why(home):
    home.recorder.failures.append(GiveUp("404 Not Found"))
    with pytest.raises(AdapterError, match="404"):
        mailing.send_test(home.service, home.athlete, recorder_of(home).id)


def test_a_test_goes_to_no_mailbox_that_was_not_confirmed(home, mail):
    mailing.request_confirmation(home.service, home.athlete, ANNA)
    with home.service.store.transaction() as tx:
        waiting = next(item for item in tx.deliveries.destinations(1) if item.channel == "email")
    with pytest.raises(Conflict):
        mailing.send_test(home.service, home.athlete, waiting.id)
    assert len(mail.sent) == 1


def test_nobody_tests_or_removes_what_is_not_theirs(home):
    stranger = replace(home.athlete, id=99)
    there = recorder_of(home)
    with pytest.raises(NotFound):
        mailing.send_test(home.service, stranger, there.id)
    with pytest.raises(NotFound):
        mailing.remove_destination(home.service, stranger, there.id)
    assert recorder_of(home) == there


def test_a_removed_email_address_signs_in_no_more(home, mail):
    confirmed(home, mail)
    with home.service.store.transaction() as tx:
        there = next(item for item in tx.deliveries.destinations(1) if item.channel == "email")
    mailing.remove_destination(home.service, home.athlete, there.id)
    assert home.athlete.email is None
    before = len(mail.sent)
    mailing.send_sign_in_code(home.service, ANNA)
    assert len(mail.sent) == before


def test_a_destination_of_an_unknown_kind_is_not_found(home):
    with pytest.raises(NotFound):
        mailing.add_destination(home.service, home.athlete, "pigeon", {}, label="pigeon")
