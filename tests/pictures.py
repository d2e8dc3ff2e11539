"""`make docs`: the README's pictures, taken in a real browser from the demo's own story."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from service.demo.once import connect, live
from service.demo.stage import Stage, stage
from service.demo.visitor import Visitor
from service.web.caught_mail import as_shown

FOLDER = Path("docs/images")
CHROMIUM = "/usr/bin/chromium"
WIDTH = 760


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with stage() as scene, sync_playwright() as playwright:
        visitor = Visitor(scene.base_url)
        connect(scene, visitor)
        live(scene)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        _inbox(scene, visitor, browser)
        _email(scene, browser)
        browser.close()
        visitor.close()


def _inbox(scene: Stage, visitor: Visitor, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": WIDTH, "height": 900}, device_scale_factor=1.5)
    context.add_cookies(
        [{"name": name, "value": value, "url": scene.base_url} for name, value in visitor.cookies.items()]
    )
    page = context.new_page()
    page.goto(f"{scene.base_url}/inbox")
    page.screenshot(path=FOLDER / "inbox.png")
    context.close()


def _email(scene: Stage, browser: Browser) -> None:
    alert = next(mail for mail in scene.mail.messages if "beyond your longest" in str(mail["Subject"]))
    page = browser.new_page(viewport={"width": WIDTH, "height": 900}, device_scale_factor=1.5)
    page.set_content(as_shown(alert))
    page.screenshot(path=FOLDER / "email.png")


if __name__ == "__main__":
    main()
