"""In a real browser, where people look: the way from connecting to the inbox, and what every page owes its reader."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.service.web.conftest import EMAIL, Home, Site, ground, site

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("AFTERRUN_CHROMIUM", "/usr/bin/chromium")
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1200, "height": 900}

#: In the page: inputs that a screen reader would announce without a name.
NAMELESS = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter(field => !field.labels.length && !field.getAttribute('aria-label')).map(field => field.outerHTML)"""
#: In the page: what reaches beyond the right edge of a phone.
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: In the page: buttons and links in forms too small for a thumb.
SMALL = """() => [...document.querySelectorAll('button, .button')]
    .filter(item => item.checkVisibility() && item.getBoundingClientRect().height < 44).map(item => item.outerHTML)"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: set AFTERRUN_CHROMIUM to run the tests in a real browser")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Window:
    """A page in a browser of its own; `complaints` is what its console said against us."""

    page: Any
    complaints: list[str] = field(default_factory=list)

    def hear(self, message: Any) -> None:
        # That a page was answered with 4xx is on purpose; anything else, above all a refused policy, is not.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture
def window(chromium: Any) -> Iterator[Callable[..., Window]]:
    contexts = []

    def opened(locale: str = "en-DE", viewport: dict[str, int] | None = None, **more: Any) -> Window:
        context = chromium.new_context(locale=locale, viewport=viewport or DESK, **more)
        contexts.append(context)
        window = Window(context.new_page())
        window.page.set_default_timeout(10_000)
        window.page.on("console", window.hear)
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        return window

    yield opened
    for context in contexts:
        context.close()


@contextmanager
def told(folder: Path) -> Iterator[Home]:
    """An installation with something on every page: an alert, a note, two destinations, one of them waiting."""
    with ground() as own, site(folder, own, local_targets=frozenset({"127.0.0.1:9"})) as built:
        browser = built.connected()
        built.long_run()
        browser.open("/destinations")
        browser.submit("/destinations/webhook", url="http://127.0.0.1:9/a/rather/long/path/for/a/phone/of/360/pixels")
        browser.submit("/destinations/email", email="a.rather.long.address.of.a.runner@mail.example.org")
        yield Home(built, browser)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with told(tmp_path_factory.mktemp("furnished")) as home:
        yield home


def as_signed_in(home: Home, browser_window: Window) -> Any:
    """The same session in the real browser."""
    cookie = {"name": "afterrun", "value": home.browser.session, "url": home.site.url}
    browser_window.page.context.add_cookies([cookie])
    return browser_window.page


def test_a_runner_connects_consents_watches_the_import_and_reads_the_inbox(
    fresh: Site, window: Callable[..., Window]
) -> None:
    at = window()
    page = at.page
    page.goto(fresh.url)
    page.get_by_label("Setup code").fill(fresh.setup_code())
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("I am 18 or older").check()
    page.get_by_role("button", name="Connect with Strava").click()
    page.get_by_role("button", name="Authorize").click()
    page.get_by_role("heading", name="Reading your runs").wait_for()
    assert page.get_by_role("progressbar").get_attribute("value") == "0"
    fresh.work()
    page.get_by_role("heading", name="Your runs are read").wait_for()
    page.get_by_role("heading", name="Inbox").wait_for()
    page.get_by_role("link", name="35 runs read").click()
    page.get_by_text("Your longest run of the last 30 days").wait_for()
    assert at.complaints == []


def test_the_code_from_the_mail_is_entered_without_the_page_running_away(
    fresh: Site, window: Callable[..., Window]
) -> None:
    at = window()
    page = at.page
    page.goto(fresh.url)
    page.get_by_label("Setup code").fill(fresh.setup_code())
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("I am 18 or older").check()
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_role("button", name="Connect with Strava").click()
    page.get_by_role("button", name="Authorize").click()
    page.get_by_label(f"The six digits we sent to {EMAIL}").fill(fresh.code)
    page.get_by_role("button", name="Confirm", exact=True).click()
    page.get_by_text("Your address is confirmed").wait_for()
    assert fresh.athlete.email == EMAIL
    assert at.complaints == []


def test_a_forgotten_checkbox_is_marked_and_announced(fresh: Site, window: Callable[..., Window]) -> None:
    page = window().page
    page.goto(fresh.url)
    page.get_by_label("Setup code").fill(fresh.setup_code())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Connect with Strava").click()
    box = page.get_by_label("I am 18 or older")
    assert box.get_attribute("aria-invalid") == "true"
    described = page.locator(f"#{box.get_attribute('aria-describedby')}")
    assert described.inner_text() == "Please confirm that you are 18 or older; without it nothing is stored."
    assert page.get_by_role("alert").count() == 1
    assert fresh.athletes == 0


def test_unticking_private_runs_at_strava_is_said_on_the_first_page(fresh: Site, window: Callable[..., Window]) -> None:
    page = window().page
    page.goto(fresh.url)
    page.get_by_label("Setup code").fill(fresh.setup_code())
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("I am 18 or older").check()
    page.get_by_role("button", name="Connect with Strava").click()
    page.locator("input[value='activity:read_all']").uncheck()
    page.get_by_role("button", name="Authorize").click()
    page.get_by_text("Runs that only you can see on Strava are not read").wait_for()


def test_the_way_to_strava_needs_no_mouse(fresh: Site, window: Callable[..., Window]) -> None:
    browser = fresh.opened()
    at = window()
    at.page.context.add_cookies([{"name": "afterrun", "value": browser.session, "url": fresh.url}])
    page = at.page
    page.goto(fresh.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.get_by_label("I am 18 or older").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Authorize").wait_for()


def test_a_browser_from_america_counts_in_miles_and_from_sunday(fresh: Site, window: Callable[..., Window]) -> None:
    browser = fresh.opened()
    at = window("en-US")
    at.page.context.add_cookies([{"name": "afterrun", "value": browser.session, "url": fresh.url}])
    page = at.page
    page.goto(fresh.url)
    page.get_by_label("I am 18 or older").check()
    page.get_by_role("button", name="Connect with Strava").click()
    page.get_by_role("button", name="Authorize").click()
    page.get_by_role("heading", name="Reading your runs").wait_for()
    page.goto(f"{fresh.url}/settings")
    assert page.get_by_label("Miles", exact=True).is_checked()
    assert page.get_by_label("A week begins on").evaluate("field => field.selectedOptions[0].text") == "Sunday"


def test_an_account_can_be_deleted_in_the_browser(fresh: Site, window: Callable[..., Window]) -> None:
    home = Home(fresh, fresh.connected())
    page = as_signed_in(home, window())
    page.goto(f"{fresh.url}/settings")
    page.get_by_role("link", name="Delete my account").click()
    page.get_by_label("Type DELETE to confirm").fill("DELETE")
    page.get_by_role("button", name="Delete my account").click()
    page.get_by_role("heading", name="Your account is deleted").wait_for()
    assert fresh.athletes == 0


PAGES = (
    "/inbox",
    "/inbox/{alert}",
    "/inbox/{welcome}",
    "/range",
    "/check-in",
    "/chart",
    "/rules",
    "/destinations",
    "/settings",
    "/leave-out",
    "/self-check",
    "/self-check/again",
    "/summary",
    "/settings/disconnect",
    "/settings/delete",
    "/operator",
    "/import",
    "/connect",
    "/privacy",
    "/warning-signs",
    "/nothing",
)
ANONYMOUS = ("/connect", "/sign-in", "/privacy", "/warning-signs", "/nothing")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_fits_a_phone_and_can_be_read_aloud(
    furnished: Home, window: Callable[..., Window], path: str
) -> None:
    at = window(viewport=PHONE)
    page = as_signed_in(furnished, at)
    ids = {kind: furnished.site.message_id(kind) for kind in ("alert", "welcome")}
    page.goto(furnished.site.url + path.format(**ids))
    assert_readable(at)


@pytest.mark.parametrize(
    ("button", "heading"), [("Something hurts, or hurt", "Upper back"), ("My last 7 days", "Your last 7 days")]
)
def test_each_step_of_a_check_in_fits_a_phone_and_can_be_read_aloud(
    furnished: Home, window: Callable[..., Window], button: str, heading: str
) -> None:
    at = window(viewport=PHONE)
    page = as_signed_in(furnished, at)
    page.goto(f"{furnished.site.url}/check-in")
    page.locator("form", has=page.get_by_role("heading", name=button)).get_by_role("button").click()
    page.get_by_role("heading", name="Warning signs first").wait_for()
    assert_readable(at)
    page.get_by_label("None of these").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name=heading, exact=True).wait_for()
    assert_readable(at)


def test_a_plan_is_checked_on_a_phone(furnished: Home, window: Callable[..., Window]) -> None:
    at = window(viewport=PHONE)
    page = as_signed_in(furnished, at)
    page.goto(f"{furnished.site.url}/range")
    page.get_by_label("Distance in kilometres").first.fill("25")
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_text("That day:").first.wait_for()
    assert_readable(at)


def test_a_warning_sign_is_announced_and_fits_a_phone(fresh: Site, window: Callable[..., Window]) -> None:
    at = window(viewport=PHONE)
    page = as_signed_in(Home(fresh, fresh.connected()), at)
    page.goto(f"{fresh.url}/check-in")
    page.get_by_label("Where?").select_option("calf")
    page.get_by_role("button", name="Continue").first.click()
    page.get_by_label("One calf that is swollen").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("alert").get_by_text("Ask for an urgent appointment today").wait_for()
    assert_readable(at)
    page.goto(f"{fresh.url}/range")
    page.get_by_text("No distance is named").wait_for()
    assert_readable(at)


def test_an_appointment_prints_on_one_light_page_also_from_a_dark_screen(
    furnished: Home, window: Callable[..., Window]
) -> None:
    page = as_signed_in(furnished, window(color_scheme="dark"))
    page.goto(f"{furnished.site.url}/summary")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.soft')).color") == "rgb(86, 96, 91)"
    assert not page.get_by_role("navigation").is_visible()
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("path", ANONYMOUS)
def test_every_public_page_fits_a_phone_and_can_be_read_aloud(
    furnished: Home, window: Callable[..., Window], path: str
) -> None:
    at = window(viewport=PHONE)
    at.page.goto(furnished.site.url + path)
    assert_readable(at)


def test_the_setup_page_fits_a_phone_and_can_be_read_aloud(fresh: Site, window: Callable[..., Window]) -> None:
    at = window(viewport=PHONE)
    at.page.goto(fresh.url)
    assert_readable(at)


def assert_readable(at: Window) -> None:
    page = at.page
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("h1").count() == 1
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate(TOO_WIDE) == 0
    assert page.locator("main").count() == 1
    assert page.title().endswith("· Afterrun")
    assert at.complaints == []
