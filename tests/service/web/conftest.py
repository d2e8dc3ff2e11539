"""A whole installation with its pages, over real HTTP: simulated Strava, real mail server, one clock for all."""

from __future__ import annotations

import html
import logging
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.types import Receive, Scope, Send

from integrations.strava.simulator import SimulatedActivity, SimulatedAthlete, SimulatedClock, Simulator, serve
from service import deliver, digest, setup, sync
from service.bootstrap import Service, build_service
from service.demo.mail import CaughtMail, catching_mail
from service.demo.visitor import Visitor
from service.settings import Settings
from service.store.records import Athlete
from service.web.app import create_app
from tests.world import ALL_SCOPES, NOON, ordinary_weeks, run

RUNNER = 5_000_000_001
OTHER_RUNNER = 5_000_000_002
EMAIL = "robin@example.org"


class Browser(Visitor):
    """A visitor without a screen, whose cookies and headers can be looked at."""

    @property
    def client(self) -> httpx.Client:
        return self._client

    @property
    def text(self) -> str:
        """The words of the page, without tags, on one line."""
        assert self.page is not None
        body = re.sub(r"<(style|title).*?</\1>", " ", self.page.text, flags=re.S)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())

    @property
    def path(self) -> str:
        assert self.page is not None
        return self.page.url.path

    @property
    def status(self) -> int:
        assert self.page is not None
        return self.page.status_code

    @property
    def session(self) -> str | None:
        return self._client.cookies.get("afterrun")


@dataclass
class Site:
    """One installation, and the outside world around it."""

    url: str
    strava: str
    clock: SimulatedClock
    simulator: Simulator
    service: Service
    mail: CaughtMail | None
    app: Any
    stack: ExitStack

    def browser(self) -> Browser:
        """One more browser, closed with the installation."""
        browser = Browser(self.url)
        self.stack.callback(browser.close)
        return browser

    def opened(self) -> Browser:
        """A browser in which the setup code was entered."""
        browser = self.browser()
        browser.open("/setup")
        browser.submit("/setup", code=self.setup_code())
        return browser

    def setup_code(self) -> str:
        """Read from the log, as the operator does."""
        lines: list[str] = []
        listener = logging.Handler()
        listener.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
        log = logging.getLogger("service.setup")
        log.addHandler(listener)
        try:
            setup.print_setup_code(self.service)
        finally:
            log.removeHandler(listener)
        return lines[-1].rpartition(" ")[2]

    def at_strava(self, browser: Browser, **fields: str) -> Browser:
        """Fill in the first page and go on to Strava's consent page."""
        browser.open("/connect")
        browser.submit("/connect", adult="true", **fields)
        return browser

    def consented(self, browser: Browser, *, athlete: int = RUNNER, scopes: Iterable[str] = ALL_SCOPES) -> Browser:
        """Come back from the consent page as Strava sends people back who leave only these boxes ticked."""
        assert browser.page is not None
        state = browser.page.url.params["state"]
        code = self.simulator.approve(athlete, tuple(scopes))
        browser.client.get("/strava/callback", params={"state": state, "code": code, "scope": ",".join(scopes)})
        browser.page = browser.client.get("/import")
        return browser

    def connected(self, **fields: str) -> Browser:
        """The first runner, signed in, with everything imported."""
        browser = self.consented(self.at_strava(self.opened(), **fields))
        self.work()
        return browser

    def invited(self, operator: Browser) -> Browser:
        """A second runner, in a browser of their own."""
        operator.open("/operator")
        operator.submit("/operator/invitations")
        assert operator.page is not None
        link = re.search(r'value="(http[^"]+/invite/[^"]+)"', operator.page.text)
        assert link is not None
        browser = self.browser()
        browser.open(link[1])
        browser.submit("/connect", adult="true")
        return self.consented(browser, athlete=OTHER_RUNNER)

    def work(self) -> None:
        """What the jobs do at this moment."""
        sync.sweep(self.service)
        digest.sweep(self.service)
        deliver.sweep(self.service)

    def live(self, *activities: SimulatedActivity) -> list[int]:
        """Let these runs happen and be read."""
        ids = []
        for activity in activities:
            ids.append(self.simulator.add_activity(RUNNER, activity))
            self.clock.advance_to(activity.uploaded_at + timedelta(minutes=1))
            self.read_again()
        return ids

    def read_again(self) -> None:
        with self.service.store.transaction() as tx:
            tx.connections.nudge(1, self.clock())
        self.work()

    def long_run(self) -> int:
        """A run far beyond the longest, told at once. Returns its activity's id."""
        morning = (self.clock() + timedelta(days=1)).replace(hour=7, minute=0, tzinfo=None)
        return self.live(run(morning, 15.0))[0]

    def message_id(self, kind: str, athlete_id: int = 1) -> str:
        with self.service.store.transaction() as tx:
            found = [item.message.id for item in tx.inbox.of(athlete_id) if item.message.kind == kind]
        assert found, f"no {kind} in the inbox"
        return found[0]

    def await_mail(self, count: int) -> None:
        """Until so many mails were caught: a sign-in code leaves only after the page was answered."""
        assert self.mail is not None
        deadline = time.monotonic() + 10
        while len(self.mail.messages) < count:
            assert time.monotonic() < deadline, "the mail did not come"
            time.sleep(0.005)

    @property
    def athletes(self) -> int:
        with self.service.store.transaction() as tx:
            return tx.accounts.count()

    @property
    def athlete(self) -> Athlete:
        with self.service.store.transaction() as tx:
            athlete = tx.accounts.get(1)
        assert athlete is not None
        return athlete

    @property
    def code(self) -> str:
        """The six digits in the newest mail."""
        assert self.mail is not None
        self.await_mail(1)
        body = self.mail.messages[-1].get_body(("plain",))
        found = re.search(r"\b\d{6}\b", body.get_content() if body else "")
        assert found is not None
        return found[0]


class Door:
    """Stands where a program will be: its address has to be known before it can be built."""

    app: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
        else:
            await self.app(scope, receive, send)


@dataclass
class Ground:
    """Two served addresses, behind which each test builds its own Strava and its own pages: starting takes time."""

    strava: Door
    strava_url: str
    pages: Door
    pages_url: str


@contextmanager
def ground() -> Iterator[Ground]:
    strava, pages = Door(), Door()
    with serve(strava, log_level="critical") as strava_url, serve(pages, log_level="critical") as pages_url:
        yield Ground(strava, strava_url, pages, pages_url)


@pytest.fixture(scope="session")
def common_ground() -> Iterator[Ground]:
    with ground() as built:
        yield built


@contextmanager
def site(
    folder: Path,
    on: Ground,
    activities: Iterable[SimulatedActivity] | None = None,
    *,
    mail: bool = True,
    is_demo: bool = False,
    **settings: Any,
) -> Iterator[Site]:
    """Ten ordinary weeks wait at Strava for whoever connects; `settings` are those of the service."""
    clock = SimulatedClock(NOON)
    runs = tuple(ordinary_weeks(NOON)) if activities is None else tuple(activities)
    people = [SimulatedAthlete(RUNNER, activities=runs), SimulatedAthlete(OTHER_RUNNER, first_name="Kim")]
    simulator = Simulator(clock=clock, athletes=people)
    with ExitStack() as stack:
        on.strava.app = simulator.app
        caught, smtp_url = stack.enter_context(catching_mail()) if mail else (None, None)
        given: dict[str, Any] = {
            "data_dir": folder,
            "public_url": on.pages_url,
            "strava_client_id": simulator.client_id,
            "strava_client_secret": SecretStr(simulator.client_secret),
            "strava_oauth_base": on.strava_url,
            "strava_api_base": f"{on.strava_url}/api/v3",
            "smtp_url": SecretStr(smtp_url) if smtp_url else None,
            "mail_from": "afterrun@example.org",
            "operator_name": "Olga Operator",
            "operator_email": "olga@example.org",
            "settle_minutes": 0,
        }
        built = build_service(
            Settings(_env_file=None, **(given | settings)),
            clock=clock,
            wall=clock,
            randomness=random.Random(1),
            is_demo=is_demo,
        )
        stack.callback(built.store.close)
        service = replace(built, pause=lambda seconds: None)
        on.pages.app = create_app(service, demo_mail=caught if is_demo else None)
        yield Site(on.pages_url, on.strava_url, clock, simulator, service, caught, on.pages.app, stack)


@pytest.fixture
def make_site(tmp_path: Path, common_ground: Ground) -> Iterator[Callable[..., Site]]:
    """Build an installation with settings of its own."""
    with ExitStack() as stack:
        yield lambda *args, **settings: stack.enter_context(site(tmp_path, common_ground, *args, **settings))


@pytest.fixture
def fresh(make_site: Callable[..., Site]) -> Site:
    """Nobody has connected yet."""
    return make_site()


@dataclass
class Home:
    """An installation whose first runner, the operator, is signed in in this browser."""

    site: Site
    browser: Browser


@pytest.fixture
def home(fresh: Site) -> Home:
    return Home(fresh, fresh.connected())
