"""Webhooks: what is posted, how it is signed, and what a receiver's answer means."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from socket import socket
from typing import Any

import httpx
import pytest
import respx
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError
from standardwebhooks import Webhook

from integrations.channels import Surroundings, build_channels
from integrations.channels.webhook import Address, Gone, WebhookChannel, new_secret, payload, retry_after
from integrations.clock import wall_clock
from integrations.errors import GiveUp, RetryLater
from tests.integrations.channels.samples import NOW, alert
from tests.integrations.channels.servers import HttpReceiver, Servers, Tls

SECRET = "whsec_" + "c2VzYW1l" * 4
HOOK = Address(url="https://hooks.example.org/run?token=sesame", secret=SecretStr(SECRET))


@pytest.fixture
def far() -> Iterator[respx.Router]:
    """Someone else's receiver on the internet."""
    with respx.mock(assert_all_called=False) as router:
        yield router


def send(far: respx.Router, answer: httpx.Response | Exception) -> str:
    hook = far.post(HOOK.url)
    hook.side_effect = [answer]
    return WebhookChannel(clock=lambda: NOW).send(HOOK, alert())


def local(receiver: HttpReceiver, **changes: Any) -> tuple[WebhookChannel, Address]:
    """A channel that may reach this receiver, and the receiver's address."""
    channel = WebhookChannel({f"127.0.0.1:{receiver.port}"}, **changes)
    return channel, Address(url=f"http://127.0.0.1:{receiver.port}/run", secret=SecretStr(SECRET))


def test_a_receiver_verifies_the_signature_with_the_reference_library(receiver: HttpReceiver) -> None:
    # The library holds the time against the machine's own clock, so this one test sends by it.
    channel, hook = local(receiver, clock=wall_clock)
    assert channel.send(hook, alert()) == "200 OK"
    ((path, headers, content),) = receiver.requests
    read = Webhook(SECRET).verify(content, headers)
    assert path == "/run"
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"] == "Afterrun"
    assert headers["webhook-id"] == "alert-42"
    assert read["type"] == "alert.created"
    assert datetime.fromisoformat(read["timestamp"]) == NOW
    assert read["data"]["ratio"] == 1.38
    assert read["data"]["message"]["lead"] == alert().lead
    assert read["data"]["message"]["sections"][1]["lines"] == ["Keep the next two runs below 8 km.", "Then go on."]


def test_a_receiver_with_tls_is_reached_by_its_name(servers: Servers, tls: Tls) -> None:
    receiver = servers.http(tls.server)
    where = f"hooks.example.org:{receiver.port}"
    channel = WebhookChannel({where}, tls=tls.client, resolver=lambda host, port: ["127.0.0.1"])
    assert channel.send(Address(url=f"https://{where}/run"), alert()) == "200 OK"


def test_a_second_attempt_keeps_the_id_and_takes_the_new_time(receiver: HttpReceiver) -> None:
    for now in (NOW, NOW + timedelta(minutes=5)):
        channel, hook = local(receiver, clock=lambda now=now: now)
        channel.send(hook, alert())
    (_, first, body), (_, second, body_again) = receiver.requests
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 300
    assert first["webhook-signature"] != second["webhook-signature"]
    assert body == body_again


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_an_accepting_answer_ends_the_delivery(far: respx.Router, status: int) -> None:
    assert send(far, httpx.Response(status)).startswith(str(status))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 422])
def test_a_refusing_answer_is_given_up_with_its_words(far: respx.Router, status: int) -> None:
    with pytest.raises(GiveUp, match=f"hooks.example.org answered {status} .*: no thanks") as raised:
        send(far, httpx.Response(status, text="no\r\n\tthanks"))
    assert type(raised.value) is GiveUp


def test_a_receiver_that_is_gone_can_be_told_from_one_that_refuses(far: respx.Router) -> None:
    with pytest.raises(Gone, match="410 Gone"):
        send(far, httpx.Response(410))


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_an_answer_that_says_not_now_is_tried_again(far: respx.Router, status: int) -> None:
    with pytest.raises(RetryLater, match=str(status)) as raised:
        send(far, httpx.Response(status))
    assert raised.value.at is None


@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_says_when_to_come_back(far: respx.Router, status: int) -> None:
    with pytest.raises(RetryLater) as raised:
        send(far, httpx.Response(status, headers={"retry-after": "90"}))
    assert raised.value.at == NOW + timedelta(seconds=90)


@pytest.mark.parametrize(
    ("header", "at"),
    [
        ("0", NOW),
        (" 120 ", NOW + timedelta(minutes=2)),
        ("9" * 400, NOW + timedelta(days=1)),
        ("Tue, 12 May 2026 19:00:00 GMT", NOW + timedelta(minutes=30)),
        ("Tue, 12 May 2026 21:00:00 +0200", NOW + timedelta(minutes=30)),
        ("Tue, 12 May 2026 19:00:00 -0000", NOW + timedelta(minutes=30)),
        ("Fri, 31 Dec 9999 23:59:59 -1200", NOW + timedelta(days=1)),
        ("Tue, 12 May 2020 19:00:00 GMT", NOW),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("1.5", None),
    ],
)
def test_the_time_to_come_back_is_read_in_every_form(header: str, at: datetime | None) -> None:
    assert retry_after(header, NOW) == at


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=40))
def test_no_time_to_come_back_is_before_now_or_beyond_a_day(header: str) -> None:
    at = retry_after(header, NOW)
    assert at is None or NOW <= at <= NOW + timedelta(days=1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_named_and_not_followed(far: respx.Router, status: int) -> None:
    target = far.post("https://elsewhere.example.org/new")
    with pytest.raises(GiveUp, match=r"redirects .*https://elsewhere\.example\.org/new; enter") as raised:
        send(far, httpx.Response(status, headers={"location": "https://u:sesame@elsewhere.example.org/new?t=sesame#x"}))
    assert "sesame" not in str(raised.value)
    assert not target.called


@pytest.mark.parametrize("headers", [{}, {"location": "https://[::1"}, {"location": "//xn--/"}])
def test_a_redirect_to_nowhere_is_given_up(far: respx.Router, headers: dict[str, str]) -> None:
    with pytest.raises(GiveUp, match="redirects"):
        send(far, httpx.Response(304, headers=headers))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (httpx.ConnectTimeout("slow"), "did not answer within 15 seconds"),
        (httpx.ReadTimeout("slow"), "did not answer within 15 seconds"),
        (httpx.ConnectError("refused"), "could not be reached: refused"),
        (httpx.ReadError("reset"), "could not be reached: reset"),
        (httpx.RemoteProtocolError("nonsense"), "could not be reached: nonsense"),
    ],
)
def test_a_failed_connection_is_tried_again(far: respx.Router, error: Exception, told: str) -> None:
    with pytest.raises(RetryLater, match=told):
        send(far, error)


def test_a_receiver_that_is_down_is_tried_again(servers: Servers, receiver: HttpReceiver) -> None:
    channel, hook = local(receiver)
    servers.stop()
    with pytest.raises(RetryLater, match=r"127\.0\.0\.1 could not be reached: .*refused"):
        channel.send(hook, alert())


def test_a_receiver_that_hangs_up_is_tried_again(servers: Servers) -> None:
    def hang_up(peer: socket) -> None:
        peer.recv(10)

    where = f"127.0.0.1:{servers.tcp(hang_up)}"
    with pytest.raises(RetryLater, match="could not be reached"):
        WebhookChannel({where}).send(Address(url=f"http://{where}"), alert())


def test_a_certificate_nobody_vouches_for_is_tried_again(servers: Servers, tls: Tls) -> None:
    receiver = servers.http(tls.server)
    where = f"127.0.0.1:{receiver.port}"
    channel = WebhookChannel({where}, tls=ssl.create_default_context())
    with pytest.raises(RetryLater, match="certificate"):
        channel.send(Address(url=f"https://{where}"), alert())
    assert receiver.requests == []


def test_a_name_that_leads_home_by_now_is_given_up(receiver: HttpReceiver) -> None:
    channel = WebhookChannel(resolver=lambda host, port: ["127.0.0.1"])
    with pytest.raises(GiveUp, match="AFTERRUN_LOCAL_TARGETS"):
        channel.send(Address(url=f"https://hooks.example.org:{receiver.port}"), alert())
    assert receiver.requests == []


def test_a_target_no_longer_allowed_is_given_up(receiver: HttpReceiver) -> None:
    _, hook = local(receiver)
    with pytest.raises(GiveUp, match="AFTERRUN_LOCAL_TARGETS"):
        WebhookChannel().send(hook, alert())
    assert receiver.requests == []


@pytest.mark.parametrize("body", [b"x" * 1_000_000, "ü".encode() * 900, b"\xff\xfe" * 900])
def test_a_long_answer_is_cut(receiver: HttpReceiver, body: bytes) -> None:
    receiver.status, receiver.body = 400, body
    channel, hook = local(receiver)
    with pytest.raises(GiveUp) as raised:
        channel.send(hook, alert())
    assert 500 <= len(str(raised.value)) < 560


def test_an_answer_that_claims_to_be_packed_is_not_unpacked(receiver: HttpReceiver) -> None:
    receiver.status, receiver.headers, receiver.body = 400, {"content-encoding": "gzip"}, b"not packed"
    channel, hook = local(receiver)
    with pytest.raises(GiveUp, match="not packed"):
        channel.send(hook, alert())


def test_a_refusal_that_breaks_off_stays_a_refusal(receiver: HttpReceiver) -> None:
    receiver.status, receiver.headers, receiver.body = 400, {"content-length": "999"}, b"no, because"
    channel, hook = local(receiver)
    with pytest.raises(GiveUp, match="no, because"):
        channel.send(hook, alert())


def test_control_characters_of_an_answer_reach_no_terminal(far: respx.Router) -> None:
    with pytest.raises(GiveUp) as raised:
        send(far, httpx.Response(400, content=b"a\x1b[2Jb\r\nc"))
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("status", [301, 400, 410, 429, 500])
def test_no_failure_tells_the_secret_or_the_path(far: respx.Router, status: int) -> None:
    with pytest.raises((GiveUp, RetryLater)) as raised:
        send(far, httpx.Response(status))
    assert "sesame" not in str(raised.value)
    assert SECRET not in str(raised.value)


def test_numbers_json_cannot_hold_become_null() -> None:
    read = json.loads(payload(alert(data={"monotony": float("inf"), "acwr": float("nan"), "day": NOW.date()})))
    assert read["data"] | {"message": None} == {"monotony": None, "acwr": None, "day": "2026-05-12", "message": None}


@settings(deadline=None, derandomize=True)
@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_every_text_can_be_posted_and_signed(text: str) -> None:
    body = payload(alert(lead=text, data={"name": text}))
    assert json.loads(body)["data"]["name"] == text
    assert Webhook(SECRET).sign("id", NOW, body).startswith("v1,")


def test_every_new_secret_is_another_and_signs() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert Webhook(first.get_secret_value()).sign("id", NOW, "{}").startswith("v1,")
    assert new_secret(lambda size: b"a" * size).get_secret_value() == "whsec_" + "YWFh" * 10 + "YWE="


def test_a_runner_enters_an_address_and_is_given_a_secret() -> None:
    entered = WebhookChannel().Address.model_validate({"url": " https://hooks.example.org/run "})
    assert isinstance(entered, Address)
    assert entered.url == "https://hooks.example.org/run"
    assert entered.secret.get_secret_value().startswith("whsec_")


def test_an_address_survives_being_stored() -> None:
    assert WebhookChannel().Address.model_validate_json(HOOK.model_dump_json()).model_dump() == HOOK.model_dump()


def test_a_secret_shows_in_nothing_but_what_is_stored() -> None:
    assert SECRET not in repr(HOOK) + str(HOOK) + str(HOOK.model_dump())


@pytest.mark.parametrize("secret", ["", "sesame", "whsec_", "whsec_c2VzYW1l", "whsec_not base64!", SECRET * 3])
def test_what_signs_no_message_is_no_secret(secret: str) -> None:
    with pytest.raises(ValidationError, match="24 to 64 bytes"):
        Address(url="https://hooks.example.org", secret=SecretStr(secret))


@pytest.mark.parametrize("url", ["http://hooks.example.org", "https://nas.local", "https://u:sesame@example.org", "x"])
def test_an_address_the_guard_refuses_cannot_be_entered(url: str) -> None:
    with pytest.raises(ValidationError) as raised:
        WebhookChannel().Address(url=url)
    assert "sesame" not in str(raised.value)


def test_the_surroundings_say_which_private_targets_may_be_entered() -> None:
    channel = build_channels(Surroundings(local_targets=frozenset({"nas.local:8080"})))["webhook"]
    assert channel.Address.model_validate({"url": "http://nas.local:8080/run"})
    with pytest.raises(ValidationError):
        channel.Address.model_validate({"url": "http://nas.local:8081/run"})


def test_the_time_of_an_attempt_is_the_wall_clocks(receiver: HttpReceiver) -> None:
    channel, hook = local(receiver, clock=lambda: datetime(2026, 5, 12, tzinfo=UTC))
    channel.send(hook, alert())
    assert receiver.requests[0][1]["webhook-timestamp"] == "1778544000"
