"""A story of delivery over the real protocols: a mail server and a webhook receiver on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope
from pydantic import SecretStr
from standardwebhooks import Webhook

from integrations.channels import Surroundings, build_channels
from integrations.channels.webhook import WebhookChannel
from service import mailing
from service.store.records import DeliveryRecord
from tests.integrations.channels.servers import HttpReceiver, Mailroom, Servers
from tests.world import NOON, World, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 7)
EMAIL = "anna@example.org"


def parsed(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    return message_from_bytes(envelope.content, policy=policy.default)


@dataclass
class Connected:
    """An installation with a mail server, and a runner with an email address and a webhook."""

    home: World
    mailroom: Mailroom
    receiver: HttpReceiver
    secret: str

    @property
    def mails(self) -> list[EmailMessage]:
        return [parsed(envelope) for envelope in self.mailroom.envelopes]

    @property
    def hooks(self) -> list[dict[str, Any]]:
        """The bodies that came in; each has to be signed."""
        for _, headers, body in self.receiver.requests:
            Webhook(self.secret).verify(body, headers)
        return [json.loads(body) for _, _, body in self.receiver.requests]

    def deliveries(self, message_id: str) -> dict[str, DeliveryRecord]:
        with self.home.service.store.transaction() as tx:
            return {record.channel: record for record in tx.deliveries.of_message(message_id)}


@pytest.fixture
def servers() -> Iterator[Servers]:
    started = Servers()
    yield started
    started.stop()


@pytest.fixture
def connected(tmp_path: Path, servers: Servers) -> Iterator[Connected]:
    mailroom, port = servers.mail()
    receiver = servers.http()
    surroundings = Surroundings(
        smtp_url=SecretStr(f"smtp://127.0.0.1:{port}"),
        mail_from="afterrun@example.org",
        local_targets=frozenset({f"127.0.0.1:{receiver.port}"}),
    )
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880) as home:
        home.service = replace(home.service, channels={**build_channels(surroundings), **home.service.channels})
        athlete = home.connect()
        mailing.request_confirmation(home.service, athlete, EMAIL)
        code = str(parsed(mailroom.envelopes[-1])["Subject"])[:6]
        assert mailing.confirm_email(home.service, athlete, code)
        fields = {"url": f"http://127.0.0.1:{receiver.port}/hook"}
        hook = mailing.add_destination(home.service, athlete, "webhook", fields, label="my hook")
        mailroom.envelopes.clear()
        yield Connected(home, mailroom, receiver, json.loads(hook.address)["secret"])


def test_an_alert_reaches_the_mailbox_and_the_webhook_as_the_same_message(connected):
    connected.home.arrives(run(TUESDAY, 21))
    (message,) = connected.home.told()
    (mail,), (hook,) = connected.mails, connected.hooks
    assert mail["To"] == EMAIL
    assert mail["Subject"] == message.subject
    assert mail["Message-ID"] == f"<{message.id}@example.org>"
    assert connected.receiver.requests[0][1]["webhook-id"] == message.id
    assert (hook["type"], hook["data"]["message"]["subject"]) == ("alert.created", message.subject)
    assert hook["data"]["alerts"][0]["facts"]["distance_m"] == 21_000


def test_text_and_html_of_the_mail_say_the_same(connected):
    connected.home.arrives(run(TUESDAY, 21))
    (message,) = connected.home.told()
    (mail,) = connected.mails
    parts = [mail.get_body((kind,)) for kind in ("plain", "html")]
    text, html = (" ".join(part.get_content().split()) for part in parts if part is not None)
    for section in message.sections:
        for line in section.lines:
            assert line.split("(")[0].strip()[:60] in text
    assert message.lead in text
    assert all(f"{number} km" in html for number in ("21.0", "10.0"))


def test_while_the_mail_server_is_away_the_webhook_still_arrives_and_the_mail_comes_later(connected):
    connected.mailroom.to_content = "451 try again later"
    connected.home.arrives(run(TUESDAY, 21))
    (message,) = connected.home.told()
    assert (len(connected.mails), len(connected.hooks)) == (0, 1)
    waiting = connected.deliveries(message.id)["email"]
    assert (waiting.state, waiting.attempts) == ("due", 1)
    assert "451" in str(waiting.answer)
    connected.mailroom.to_content = ""
    connected.home.live(minutes=2)
    assert [mail["Message-ID"] for mail in connected.mails] == [f"<{message.id}@example.org>"]
    assert len(connected.hooks) == 1


def test_a_webhook_that_asks_to_wait_is_left_alone_until_then(connected):
    home = connected.home
    patient = WebhookChannel({f"127.0.0.1:{connected.receiver.port}"}, clock=home.clock)
    home.service = replace(home.service, channels={**home.service.channels, "webhook": patient})
    connected.receiver.status, connected.receiver.headers = 503, {"retry-after": "7200"}
    home.arrives(run(TUESDAY, 21))
    (message,) = home.told()
    assert connected.deliveries(message.id)["webhook"].due_at == home.clock() + timedelta(hours=2)
    connected.receiver.status = 200
    home.live(minutes=119)
    assert len(connected.receiver.requests) == 1
    home.live(minutes=1)
    assert len(connected.receiver.requests) == 2
    assert connected.deliveries(message.id)["webhook"].state == "sent"


def test_a_webhook_that_is_gone_is_switched_off_and_the_mails_go_on(connected):
    connected.receiver.status = 410
    connected.home.arrives(run(TUESDAY, 21), run(TUESDAY + timedelta(days=9), 31))
    assert len(connected.receiver.requests) == 1
    assert len(connected.mails) >= 2
    with connected.home.service.store.transaction() as tx:
        states = {item.channel: (item.state, item.note) for item in tx.deliveries.destinations(1)}
    assert states["webhook"][0] == "off"
    assert "410" in str(states["webhook"][1])
    assert states["email"] == ("active", None)


def test_a_test_that_arrives_switches_a_destination_on_again(connected):
    connected.receiver.status = 410
    connected.home.arrives(run(TUESDAY, 21))
    with connected.home.service.store.transaction() as tx:
        hook = next(item for item in tx.deliveries.destinations(1) if item.channel == "webhook")
    assert hook.state == "off"
    connected.receiver.status = 200
    assert mailing.send_test(connected.home.service, connected.home.athlete, hook.id) == "200 OK"
    connected.home.arrives(run(TUESDAY + timedelta(days=9), 31))
    told = [body["type"] for body in connected.hooks if body["type"] != "digest.created"]
    assert told[-2:] == ["destination.test", "alert.created"]


def test_a_mailbox_that_does_not_exist_is_given_up_with_the_servers_words(connected):
    connected.mailroom.to_recipient = "550 no such user"
    connected.home.arrives(run(TUESDAY, 21))
    (message,) = connected.home.told()
    given_up = connected.deliveries(message.id)["email"]
    assert given_up.state == "given-up"
    assert "550" in str(given_up.answer)
