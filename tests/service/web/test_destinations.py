"""Where messages go: what a receiver answers, or why it is refused, stands on the page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from integrations.strava.simulator import serve
from tests.service.web.conftest import EMAIL, Browser, Home, Site


class Receiver:
    """A webhook receiver that answers as it is told."""

    def __init__(self) -> None:
        self.status = 200
        self.words = "as told"
        self.url = ""
        self.received: list[tuple[dict[str, str], bytes]] = []

    async def receive(self, request: Request) -> Response:
        self.received.append((dict(request.headers), await request.body()))
        return PlainTextResponse(self.words, self.status)


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    app = Starlette(routes=[Route("/hook", receiver.receive, methods=["POST"])])
    with serve(app) as url:
        receiver.url = f"{url}/hook"
        yield receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as built:
        yield built


@pytest.fixture
def allowed(make_site: Callable[..., Site], receiver: Receiver) -> Home:
    """A runner whose operator allows that receiver."""
    site = make_site(local_targets=frozenset({urlsplit(receiver.url).netloc}))
    return Home(site, site.connected())


def add_webhook(browser: Browser, url: str) -> None:
    browser.open("/destinations")
    browser.submit("/destinations/webhook", url=url)


def test_a_webhook_is_tested_and_the_answer_stands_on_the_page(allowed: Home, receiver: Receiver) -> None:
    add_webhook(allowed.browser, receiver.url)
    assert "Added." in allowed.browser.text
    allowed.browser.submit("/test")
    assert "The receiver's answer: 200 OK." in allowed.browser.text
    headers, body = receiver.received[0]
    secret = allowed.browser.page.text.split("<code>whsec_")[1].split("</code>")[0]
    told = Webhook(f"whsec_{secret}").verify(body, headers)
    assert told["type"] == "destination.test"


def test_a_receiver_that_breaks_is_quoted(allowed: Home, receiver: Receiver) -> None:
    add_webhook(allowed.browser, receiver.url)
    receiver.status = 500
    allowed.browser.submit("/test")
    assert "The test did not arrive: 127.0.0.1 answered 500 Internal Server Error: as told." in allowed.browser.text


def test_a_receivers_long_answer_in_any_script_costs_nobody_the_session(allowed: Home, receiver: Receiver) -> None:
    add_webhook(allowed.browser, receiver.url)
    receiver.status, receiver.words = 500, "断られました" * 400
    allowed.browser.submit("/test")
    assert "断られました" in allowed.browser.text
    assert len(allowed.browser.session or "") < 4000
    allowed.browser.open("/inbox")
    assert allowed.browser.path == "/inbox"


def test_a_receiver_that_refuses_is_quoted(allowed: Home, receiver: Receiver) -> None:
    add_webhook(allowed.browser, receiver.url)
    receiver.status = 404
    allowed.browser.submit("/test")
    assert "The test was not accepted: 127.0.0.1 answered 404 Not Found: as told." in allowed.browser.text


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://192.168.1.5/hook", "AFTERRUN_LOCAL_TARGETS"),
        ("https://127.0.0.1:8443/hook", "AFTERRUN_LOCAL_TARGETS=127.0.0.1:8443"),
        ("not an address", "https://"),
        ("", "https://"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_the_cure(home: Home, url: str, said: str) -> None:
    add_webhook(home.browser, url)
    assert home.browser.status == 422
    problem = home.browser.page.text.split('id="url-problem"')[1].split("</p>")[0]
    assert said in problem
    with home.site.service.store.transaction() as tx:
        assert tx.deliveries.destinations(1) == []


def test_a_removed_destination_gets_nothing_more(allowed: Home, receiver: Receiver) -> None:
    add_webhook(allowed.browser, receiver.url)
    allowed.browser.submit("/remove")
    assert "Removed." in allowed.browser.text
    allowed.site.long_run()
    assert receiver.received == []


def test_a_receiver_that_is_gone_is_switched_off_and_back_on_by_a_test(allowed: Home, receiver: Receiver) -> None:
    add_webhook(allowed.browser, receiver.url)
    receiver.status = 410
    allowed.site.long_run()
    allowed.browser.open("/destinations")
    assert "switched off" in allowed.browser.text
    receiver.status = 200
    allowed.browser.submit("/test")
    assert "in use" in allowed.browser.text


def test_the_last_answer_of_a_receiver_stands_beside_it(allowed: Home, receiver: Receiver) -> None:
    add_webhook(allowed.browser, receiver.url)
    allowed.site.long_run()
    allowed.browser.open("/destinations")
    assert "Last message: sent (200 OK)" in allowed.browser.text
    assert json.loads(receiver.received[-1][1])["type"] == "alert.created"


def test_an_address_is_added_later_and_confirmed_where_it_stands(home: Home) -> None:
    home.browser.open("/destinations")
    home.browser.submit("/destinations/email", email=EMAIL)
    assert "waits for its code" in home.browser.text
    home.browser.submit("/email/confirm", code=home.site.code)
    assert home.browser.path == "/destinations"
    assert home.site.athlete.email == EMAIL
    home.browser.submit("/test")
    assert "The receiver's answer: accepted by mail server." in home.browser.text


def test_an_address_that_is_none_is_refused(home: Home) -> None:
    home.browser.open("/destinations")
    home.browser.submit("/destinations/email", email="robin")
    assert "This is not a mail address" in home.browser.text


def test_no_test_is_sent_to_an_address_that_nobody_confirmed(home: Home) -> None:
    home.browser.open("/destinations")
    home.browser.submit("/destinations/email", email=EMAIL)
    with home.site.service.store.transaction() as tx:
        waiting = tx.deliveries.destinations(1)[0]
    token = home.browser.page.text.split('name="csrf" value="')[1].split('"')[0]
    home.browser.page = home.browser.client.post(f"/destinations/{waiting.id}/test", data={"csrf": token})
    assert home.browser.status == 409
    assert "Please confirm this address first" in home.browser.text
    assert len(home.site.mail.messages) == 1, "the code and nothing else"


def test_a_removed_address_signs_nobody_in(home: Home) -> None:
    home.browser.open("/destinations")
    home.browser.submit("/destinations/email", email=EMAIL)
    home.browser.submit("/email/confirm", code=home.site.code)
    home.browser.submit("/remove")
    assert home.site.athlete.email is None


def test_without_a_mail_server_the_page_says_so(make_site: Callable[..., Site]) -> None:
    site = make_site(mail=False)
    browser = site.connected()
    browser.open("/destinations")
    assert "it cannot send mail: messages are kept in your inbox" in browser.text
    assert 'action="/destinations/email"' not in browser.page.text
