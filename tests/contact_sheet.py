"""`python -m tests.contact_sheet`: docs/drawings.md with every drawing, and one sheet of all, light and dark."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from rules.advice import catalogue
from rules.model import Advice
from service.drawings import drawn, svg

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "drawings.md"
FOLDER = DOCS / "images" / "drawings"
CHROMIUM = "/usr/bin/chromium"
INTRODUCTION = """\
# The drawings

Written by `python -m tests.contact_sheet` from `service/drawings/`, where each movement is a few angles and places.
Every drawing shows the start (1) and the end (2). All on one sheet: [light](images/drawings.png),
[dark](images/drawings-dark.png)."""
SHEET = """<!doctype html><meta name="color-scheme" content="light dark"><style>
body {{ margin: 16px; font: 13px sans-serif; display: grid; grid-template-columns: repeat(5, 1fr); gap: 12px;
  background: Canvas; color: CanvasText; }}
figure {{ margin: 0; }} img {{ width: 100%; display: block; }} figcaption {{ padding: 4px 6px; }}
</style>{figures}"""


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    for advice in movements():
        (FOLDER / f"{advice.code}.svg").write_text(picture(advice), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        _sheet(browser, dark=False)
        _sheet(browser, dark=True)
        browser.close()


def movements() -> list[Advice]:
    """All advice that has a drawing, in the order of the catalogue's kinds and numbers."""
    return [advice for advice in catalogue().values() if advice.code in drawn()]


def picture(advice: Advice) -> str:
    """The SVG file of one movement, as it must stand in docs/images/drawings."""
    text = advice.text("en")
    return svg(advice.code, name=text.name, alt=text.alt)


def page() -> str:
    """The whole page, as it must stand in docs/drawings.md."""
    return "\n\n".join([INTRODUCTION, *_sections()]) + "\n"


def _sections() -> Iterator[str]:
    for advice in movements():
        text = advice.text("en")
        yield f"## {text.name}"
        yield f"`{advice.code}`, {advice.item}"
        yield f"![{text.alt}](images/drawings/{advice.code}.svg)"


def _sheet(browser: Browser, *, dark: bool) -> None:
    page = browser.new_page(viewport={"width": 1700, "height": 900}, color_scheme="dark" if dark else "light")
    page.set_content(SHEET.format(figures="".join(map(_figure, movements()))))
    page.screenshot(path=DOCS / "images" / ("drawings-dark.png" if dark else "drawings.png"), full_page=True)
    page.close()


def _figure(advice: Advice) -> str:
    data = b64encode(picture(advice).encode()).decode()
    name = escape(advice.text("en").name)
    return f'<figure><img src="data:image/svg+xml;base64,{data}"><figcaption>{name}</figcaption></figure>'


if __name__ == "__main__":
    main()
