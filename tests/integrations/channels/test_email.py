"""Mail: what is handed in, to whom, and what a mail server's answer means."""

from __future__ import annotations

import email
import smtplib
import ssl
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default as default_policy
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from integrations.channels import Surroundings, build_channels
from integrations.channels.email import (
    Address,
    EmailChannel,
    MailServer,
    Security,
    build,
    mailbox,
    parse_smtp_url,
    verdict,
)
from integrations.channels.message import Picture, Section
from integrations.clock import Clock
from integrations.errors import GiveUp, OperatorNeeded, RetryLater
from tests.integrations.channels.samples import NOW, alert
from tests.integrations.channels.servers import Mailroom, Servers, Tls, sign_in

RUNNER = Address(email="runner@example.org")
INSTALLATION = Surroundings(
    mail_from="runs@mail.example.org", operator_email="op@example.org", instance_name="Our club"
)
PASSWORD = "p@ss/w:rd"

EVERY_CHARACTER = st.text(st.characters(exclude_categories=()), max_size=60)
HEADERS = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]


def channel(
    port: int,
    security: Security = "plain",
    *,
    user: str = "",
    tls: ssl.SSLContext | None = None,
    clock: Clock = lambda: NOW,
    **changes: Any,
) -> EmailChannel:
    """A channel to a server on loopback; `changes` replace what the installation says of itself."""
    server = MailServer("127.0.0.1", port, security, user, SecretStr(PASSWORD if user else ""))
    return EmailChannel(server, replace(INSTALLATION, **changes), clock=clock, tls=tls)


def arrived(room: Mailroom) -> tuple[Envelope, EmailMessage]:
    (envelope,) = room.envelopes
    return envelope, email.message_from_bytes(envelope.content, policy=default_policy)


def test_a_mail_arrives_with_both_parts_and_every_header(servers: Servers) -> None:
    room, port = servers.mail()
    assert channel(port).send(RUNNER, alert()) == "accepted by mail server"
    envelope, mail = arrived(room)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("runs@mail.example.org", ["runner@example.org"])
    assert mail["From"] == "Our club <runs@mail.example.org>"
    assert mail["To"] == "runner@example.org"
    assert mail["Reply-To"] == "op@example.org"
    assert mail["Subject"] == alert().subject
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"] == "<alert-42@mail.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert all(alert().lead in part.get_content() for part in mail.iter_parts())


def test_a_mail_sent_again_carries_the_same_message_id(servers: Servers) -> None:
    room, port = servers.mail()
    for now in (NOW, NOW + timedelta(days=1)):
        channel(port, clock=lambda now=now: now).send(RUNNER, alert())
    first, second = (email.message_from_bytes(envelope.content) for envelope in room.envelopes)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] != second["Date"]


def test_replies_go_nowhere_when_the_operator_gave_no_address(servers: Servers) -> None:
    room, port = servers.mail()
    channel(port, operator_email="").send(RUNNER, alert())
    assert arrived(room)[1]["Reply-To"] is None


def test_a_name_of_the_sender_wins_over_the_name_of_the_installation() -> None:
    mail = channel(25, mail_from="Läufe <runs@example.org>").compose("runner@example.org", alert())
    assert mail["From"].addresses[0].display_name == "Läufe"


def test_starttls_and_sign_in_protect_the_way_to_the_mail_server(servers: Servers, tls: Tls) -> None:
    room, port = servers.mail(
        tls_context=tls.server, require_starttls=True, auth_required=True, authenticator=sign_in("runs", PASSWORD)
    )
    assert channel(port, "starttls", tls=tls.client, user="runs").send(RUNNER, alert()) == "accepted by mail server"
    assert arrived(room)[0].rcpt_tos == ["runner@example.org"]


def test_mail_goes_out_over_tls_from_the_first_byte(servers: Servers, tls: Tls) -> None:
    room, port = servers.mail(ssl_context=tls.server)
    channel(port, "tls", tls=tls.client).send(RUNNER, alert())
    assert arrived(room)[0].rcpt_tos == ["runner@example.org"]


def test_a_wrong_password_calls_the_operator(servers: Servers, tls: Tls) -> None:
    _, port = servers.mail(tls_context=tls.server, auth_required=True, authenticator=sign_in("runs", "another"))
    with pytest.raises(OperatorNeeded, match="535") as raised:
        channel(port, "starttls", tls=tls.client, user="runs").send(RUNNER, alert())
    assert PASSWORD not in str(raised.value)


def test_a_server_that_wants_a_sign_in_calls_the_operator(servers: Servers, tls: Tls) -> None:
    _, port = servers.mail(tls_context=tls.server, auth_required=True, authenticator=sign_in("runs", PASSWORD))
    with pytest.raises(OperatorNeeded, match="530"):
        channel(port, "starttls", tls=tls.client).send(RUNNER, alert())


def test_a_server_without_starttls_is_given_no_mail_in_clear(servers: Servers) -> None:
    room, port = servers.mail()
    with pytest.raises(OperatorNeeded, match="STARTTLS"):
        channel(port, "starttls").send(RUNNER, alert())
    assert room.envelopes == []


def test_a_certificate_nobody_vouches_for_ends_the_attempt(servers: Servers, tls: Tls) -> None:
    room, port = servers.mail(tls_context=tls.server)
    with pytest.raises(RetryLater, match="certificate"):
        channel(port, "starttls", user="runs").send(RUNNER, alert())
    assert room.envelopes == []


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "553 5.1.3 bad address", "521 takes no mail"])
def test_an_address_the_server_refuses_is_given_up(servers: Servers, answer: str) -> None:
    _, port = servers.mail(Mailroom(to_recipient=answer))
    with pytest.raises(GiveUp, match=answer[:3]):
        channel(port).send(RUNNER, alert())


@pytest.mark.parametrize("answer", ["450 4.2.1 mailbox busy", "421 too many connections", "452 4.2.2 mailbox full"])
def test_an_address_that_is_busy_is_tried_again(servers: Servers, answer: str) -> None:
    _, port = servers.mail(Mailroom(to_recipient=answer))
    with pytest.raises(RetryLater, match=answer[:3]):
        channel(port).send(RUNNER, alert())


def test_a_refused_content_is_given_up_and_a_deferred_one_tried_again(servers: Servers) -> None:
    _, refusing = servers.mail(Mailroom(to_content="554 5.7.1 looks like spam"))
    _, deferring = servers.mail(Mailroom(to_content="451 4.7.1 greylisted"))
    with pytest.raises(GiveUp, match="spam"):
        channel(refusing).send(RUNNER, alert())
    with pytest.raises(RetryLater, match="greylisted"):
        channel(deferring).send(RUNNER, alert())


def test_a_sender_the_server_refuses_calls_the_operator(servers: Servers) -> None:
    _, port = servers.mail(Mailroom(to_sender="550 5.7.1 you cannot send as this"))
    with pytest.raises(OperatorNeeded, match="you cannot send as this"):
        channel(port).send(RUNNER, alert())


def test_a_refusal_is_told_without_the_runners_address(servers: Servers) -> None:
    _, port = servers.mail(Mailroom(to_recipient="550 <runner@example.org>: unknown"))
    with pytest.raises(GiveUp) as raised:
        channel(port).send(RUNNER, alert())
    assert "runner@example.org" not in str(raised.value)


def test_a_mail_server_that_is_down_is_tried_again(servers: Servers) -> None:
    _, port = servers.mail()
    servers.stop()
    with pytest.raises(RetryLater, match="refused"):
        channel(port).send(RUNNER, alert())


@pytest.mark.parametrize("moment", ["EHLO", "MAIL", "RCPT", "DATA", "."])
def test_a_connection_that_is_cut_is_tried_again(servers: Servers, moment: str) -> None:
    port = servers.smtp_script({moment: ""})
    with pytest.raises(RetryLater, match="closed"):
        channel(port).send(RUNNER, alert())


def test_a_busy_mail_server_is_tried_again(servers: Servers) -> None:
    port = servers.smtp_script({}, greeting="421 come back later")
    with pytest.raises(RetryLater, match="come back later"):
        channel(port).send(RUNNER, alert())


@pytest.mark.parametrize("goodbye", ["", "500 what?"])
def test_an_accepted_mail_stays_sent_however_the_goodbye_goes(servers: Servers, goodbye: str) -> None:
    port = servers.smtp_script({"QUIT": goodbye, "": ""})
    assert channel(port).send(RUNNER, alert()) == "accepted by mail server"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError("timed out"), RetryLater),
        (ConnectionResetError(104, "reset"), RetryLater),
        (ssl.SSLError("handshake failed"), RetryLater),
        (smtplib.SMTPAuthenticationError(454, b"later"), RetryLater),
        (smtplib.SMTPAuthenticationError(534, b"use an app password"), OperatorNeeded),
        (smtplib.SMTPConnectError(554, b"no service for you"), OperatorNeeded),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (530, b"sign in first")}), OperatorNeeded),
    ],
)
def test_every_failure_says_who_has_to_act(error: OSError, kind: type[Exception]) -> None:
    assert type(verdict(error)) is kind


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        (" runner@example.org ", "runner@example.org"),
        ("Runner@EXAMPLE.org", "Runner@example.org"),
        ("r@müller.example", "r@xn--mller-kva.example"),
    ],
)
def test_an_address_is_kept_in_the_form_every_server_takes(entered: str, kept: str) -> None:
    assert Address(email=entered).email == kept


@pytest.mark.parametrize(
    "entered",
    [
        "",
        "runner",
        "a@b",
        "a@b.org\r\nBcc: c@d.org",
        "a@b.org, c@d.org",
        "a b@c.org",
        "<a@b.org>",
        "läufer@b.org",
        "a@[127.0.0.1]",
    ],
)
def test_what_is_no_single_address_is_refused(entered: str) -> None:
    with pytest.raises(ValidationError, match="not a mail address"):
        Address(email=entered)


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=30), st.sampled_from(["\r\n", "\n", "\r", "\x00", "\u2028", "\x85"]))
def test_no_address_carries_a_line_break(word: str, line_break: str) -> None:
    with pytest.raises(ValidationError):
        Address(email=f"{word}@example.org{line_break}Bcc: other@example.org")


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    EVERY_CHARACTER, EVERY_CHARACTER, EVERY_CHARACTER, st.sampled_from(["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028"])
)
def test_no_text_becomes_a_header(subject: str, name: str, lead: str, line_break: str) -> None:
    injected = f"{subject}{line_break}Bcc: other@example.org{line_break}{line_break}body"
    sender = channel(25, instance_name=f"{name}{line_break}Bcc: other@example.org")
    mail = sender.compose("runner@example.org", alert(subject=injected, lead=lead, id=f"{name}{line_break}Bcc: x"))
    read = email.message_from_bytes(mail.as_bytes(), policy=default_policy)
    assert list(read.keys()) == HEADERS
    assert read["To"].addresses[0].addr_spec == "runner@example.org"
    assert [address.addr_spec for address in read["From"].addresses] == ["runs@mail.example.org"]
    assert read["Message-ID"].endswith("@mail.example.org>")
    assert len(list(read.iter_parts())) == 2


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=200))
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    mail = channel(25).compose("runner@example.org", alert(subject=subject))
    read = email.message_from_bytes(mail.as_bytes(), policy=default_policy)
    assert read["Subject"].split() == subject.split()


def test_a_line_of_the_longest_kind_arrives_whole(servers: Servers) -> None:
    room, port = servers.mail()
    lead = "Lauf " * 600
    channel(port).send(RUNNER, alert(lead=lead, subject="ü" * 300))
    _, mail = arrived(room)
    assert lead.strip() in mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "ü" * 300
    assert max(map(len, room.envelopes[0].content.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 25, "plain", "", "")),
        ("smtp://127.0.0.1:2525/", ("127.0.0.1", 2525, "plain", "", "")),
        ("smtp://[::1]:2525", ("::1", 2525, "plain", "", "")),
        ("smtp://[::1]", ("::1", 25, "plain", "", "")),
        ("smtp+starttls://u:p@mail.example.org:587", ("mail.example.org", 587, "starttls", "u", "p")),
        (
            "smtp+starttls://u%40x.org:p%2F%3A%40%23@mail.example.org",
            ("mail.example.org", 587, "starttls", "u@x.org", "p/:@#"),
        ),
        ("smtps://u:p@Mail.example.org", ("mail.example.org", 465, "tls", "u", "p")),
    ],
)
def test_a_mail_server_is_named_in_one_line(url: str, server: tuple[str, int, str, str, str]) -> None:
    parsed = parse_smtp_url(SecretStr(url))
    assert (parsed.host, parsed.port, parsed.security, parsed.user, parsed.password.get_secret_value()) == server
    assert parse_smtp_url(url) == parsed


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "has to start with"),
        ("mail.example.org:25", "has to start with"),
        ("http://mail.example.org", "has to start with"),
        ("smtp://", "names no mail server"),
        ("smtp://u:sesame@", "names no mail server"),
        ("smtp://u:sesame@mail example.org", "names no mail server"),
        ("smtp://u@mail.example.org", "user and password together"),
        ("smtp://u:ses#ame@mail.example.org", "%23"),
        ("smtp://u:ses/ame@mail.example.org", "%2F"),
        ("smtp://u:ses?ame@mail.example.org", "%3F"),
        ("smtp://u:ses@ame@mail.example.org", "%40"),
        ("smtp://u:sesame@mail.example.org/inbox", "has to end after host and port"),
        ("smtp://u:sesame@mail.example.org:0", "no valid port"),
        ("smtp://u:sesame@mail.example.org:99999", "no valid port"),
        ("smtp://u:sesame@mail.example.org:smtp", "no valid port"),
        ("smtp://[::1", "names no mail server"),
        ("smtp://u:sesame℀@mail.example.org", "names no mail server"),
    ],
)
def test_a_wrong_mail_server_is_told_in_one_line_without_the_password(url: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as raised:
        parse_smtp_url(url)
    assert "sesame" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_there_is_no_mail_without_a_mail_server() -> None:
    assert build(Surroundings()) is None
    assert "email" not in build_channels(Surroundings())


def test_a_mail_server_makes_mail_a_channel() -> None:
    channels = build_channels(Surroundings(smtp_url=SecretStr("smtp://127.0.0.1:25"), mail_from="runs@example.org"))
    assert channels["email"].Address is Address


@pytest.mark.parametrize("sender", ["", "runs", "runs@", "a@b.org c@d.org"])
def test_a_wrong_sender_stops_the_start(sender: str) -> None:
    with pytest.raises(ValueError, match="not a mail address"):
        build(Surroundings(smtp_url=SecretStr("smtp://127.0.0.1:25"), mail_from=sender))


def test_no_line_break_reaches_a_mailbox() -> None:
    assert "\n" not in str(mailbox("runs@example.org", "Our\r\nBcc: club"))


def test_the_password_of_the_mail_server_is_not_shown() -> None:
    assert "sesame" not in repr(parse_smtp_url("smtps://u:sesame@mail.example.org"))


# Drawings

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
DRAWN = Section(
    role="prompt", heading="A stretch that fits", picture=Picture(code="open-book", alt="Lying on one side; arm opens.")
)


def parts_of(mail: EmailMessage) -> dict[str, EmailMessage]:
    return {part.get_content_type(): part for part in mail.walk() if not part.is_multipart()}


def test_a_drawing_travels_inside_the_mail_and_is_told_in_words(servers: Servers) -> None:
    room, port = servers.mail()
    channel(port, pictures={"open-book": PNG}.get).send(RUNNER, alert(sections=(DRAWN,)))
    _envelope, mail = arrived(room)
    parts = parts_of(mail)
    png = parts["image/png"]
    assert png.get_content() == PNG
    assert png.get_content_disposition() == "inline"
    html = parts["text/html"].get_content()
    assert f'src="cid:{png["Content-ID"].strip("<>")}"' in html
    assert 'alt="Lying on one side; arm opens."' in html
    assert "[Lying on one side; arm opens.]" in parts["text/plain"].get_content()
    assert "http" not in html.split("<img")[1].split(">")[0]


def test_a_drawing_that_there_is_not_stands_in_words_alone() -> None:
    mail = channel(25).compose("runner@example.org", alert(sections=(DRAWN,)))
    parts = parts_of(mail)
    assert "image/png" not in parts
    assert "<img" not in parts["text/html"].get_content()
    assert "Lying on one side; arm opens." in parts["text/html"].get_content()


def test_the_same_drawing_twice_is_attached_once() -> None:
    mail = channel(25, pictures={"open-book": PNG}.get).compose("a@example.org", alert(sections=(DRAWN, DRAWN)))
    assert [part.get_content_type() for part in mail.walk()].count("image/png") == 1
