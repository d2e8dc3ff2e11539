"""The two parts of a mail: equal words, no foreign markup, readable on a phone and in the dark."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.channels.email import as_html, as_text, cleaned, web_url
from integrations.channels.message import Link, Message, Section
from tests.integrations.channels.samples import alert

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CLUB = "Our club"
USED_TAGS = {"html", "head", "meta", "title", "style", "body", "div", "p", "h1", "h2", "a", "ol", "li"}
USED_TAGS |= {"table", "tr", "th", "td"}
VOID = {"meta", "br", "hr", "img", "link"}

HOSTILE = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            '"><a href="https://evil.example">x</a>',
            "{{ 7 * 7 }}{% raw %}",
            "</div></body></html>",
            "<!-- ",
            "&lt;b&gt; & &amp;",
            "' style='background:url(https://evil.example)",
            "]]></style><style>",
        ]
    ),
)


class Reader(HTMLParser):
    """What a mail program sees: the tags, the words of the body in order, and where links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
            if "body" in self._open:
                self.words.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, "tags nest"
        if "body" in self._open:
            self.words.append("")

    def handle_data(self, data: str) -> None:
        if "body" in self._open:
            self.words[-1] += data

    @property
    def links(self) -> list[str]:
        return [attributes["href"] or "" for tag, attributes in self.tags if tag == "a"]

    @property
    def texts(self) -> list[str]:
        return [text for text in map(squeezed, self.words) if text]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def words_of(message: Message) -> list[str]:
    """Everything the message says, in the order it is said."""
    said = [message.lead, *(word for section in message.sections for word in words_of_section(section)), CLUB]
    said += [*message.footer, *(link.text for link in message.footer_links)]
    return [word for word in map(squeezed, said) if word]


def words_of_section(section: Section) -> Iterator[str]:
    yield section.heading
    yield from section.lines
    for row in section.rows:
        yield from row
    for link in section.links:
        yield link.text


def links_of(message: Message) -> list[str]:
    sections = [link.url for section in message.sections for link in section.links]
    return [*sections, *(link.url for link in message.footer_links)]


def test_the_html_says_the_message_and_nothing_else() -> None:
    assert Reader(as_html(alert(), CLUB)).texts == words_of(alert())


def test_the_text_says_what_the_html_says() -> None:
    text, html = squeezed(as_text(alert(), CLUB)), Reader(as_html(alert(), CLUB))
    for word in [*html.texts, *html.links]:
        assert word in text
    for word in sorted([*html.texts, *html.links], key=len, reverse=True):
        text = text.replace(word, "")
    assert re.fullmatch(r"[\s\d.:>-]*", text), "beside the words only numbers of steps, colons and rules remain"


def test_both_parts_lead_to_the_same_places() -> None:
    assert Reader(as_html(alert(), CLUB)).links == links_of(alert())
    assert re.findall(r"https?://\S+", as_text(alert(), CLUB)) == links_of(alert())


def test_the_lead_is_the_first_thing_an_inbox_shows() -> None:
    assert Reader(as_html(alert(), CLUB)).texts[0] == alert().lead
    assert as_text(alert(), CLUB).startswith(alert().lead)


def test_steps_of_a_prompt_are_numbered_in_both_parts() -> None:
    assert [tag for tag, _ in Reader(as_html(alert(), CLUB)).tags].count("li") == 3
    assert "2. Lean back over its edge." in as_text(alert(), CLUB)


def test_a_prompt_of_one_line_is_not_numbered() -> None:
    message = alert(sections=(Section(role="prompt", heading="Try this", lines=("Walk.",)),))
    assert "<ol" not in as_html(message, CLUB)
    assert "1." not in as_text(message, CLUB)


def test_a_shown_example_is_quoted_in_the_text() -> None:
    assert "> 12.0 km on Sunday." in as_text(alert(), CLUB)


def test_the_link_to_strava_looks_as_its_guideline_asks() -> None:
    (style,) = [
        attributes["style"] or ""
        for tag, attributes in Reader(as_html(alert(), CLUB)).tags
        if tag == "a" and "strava.com" in str(attributes["href"])
    ]
    assert {"font-weight:bold", "text-decoration:underline", "color:#FC5200"} <= set(style.split(";"))


def test_a_mail_loads_nothing_from_anywhere() -> None:
    html = as_html(alert(), CLUB)
    assert {tag for tag, _ in Reader(html).tags}.isdisjoint({"img", "script", "link", "iframe", "object", "form"})
    assert "url(" not in html
    assert "@import" not in html


def test_a_mail_names_its_language_and_both_colour_schemes() -> None:
    tags = Reader(as_html(alert(language="de_CH"), CLUB)).tags
    assert ("html", {"lang": "de-CH"}) in tags
    assert ("meta", {"name": "color-scheme", "content": "light dark"}) in tags


def test_colours_hold_without_the_style_for_the_dark() -> None:
    html = re.sub(r"<style>.*?</style>", "", as_html(alert(), CLUB), flags=re.DOTALL)
    sheets = [attributes for _, attributes in Reader(html).tags if attributes.get("class") == "sheet"]
    assert "background-color:#ffffff;color:#1d2421" in str(sheets[0]["style"])


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/settings",
        "https://",
        'https://a.example/"onclick="x',
        "https://a.example/ b",
        "https://a.example/\nhttps://b.example",
        " https://a.example",
        "mailto:a@b.org",
        "",
    ],
)
def test_a_link_that_is_no_web_address_is_only_words(url: str) -> None:
    link = Link(text="Look here", url=url)
    message = cleaned(alert(sections=(Section(links=(link,)),), footer_links=(link,)))
    html = Reader(as_html(message, CLUB))
    assert html.links == []
    assert html.texts.count("Look here") == 2
    assert as_text(message, CLUB).count("\nLook here\n") == 2


@pytest.mark.parametrize("url", ["https://a.example/b?c=d&e=f#g", "http://192.168.1.2:8420/x", "HTTPS://a.example"])
def test_a_web_address_stays_whole(url: str) -> None:
    message = alert(sections=(Section(links=(Link(text="Look", url=url),)),), footer_links=())
    assert web_url(url) == url
    assert Reader(as_html(message, CLUB)).links == [url]


def spoken(word: str) -> dict[str, Any]:
    """A message that says the same word in every place."""
    link = Link(text=word, url=f"https://a.example/{word}")
    roles = ("text", "action", "prompt", "card", "example")
    return {
        "lead": word,
        "sections": tuple(
            Section(role=role, heading=word, lines=(word, word), rows=((word, word),), links=(link,)) for role in roles
        ),
        "footer": (word,),
        "footer_links": (link,),
        "language": word,
    }


@settings(deadline=None, derandomize=True)
@given(HOSTILE)
def test_words_never_become_markup(word: str) -> None:
    message = cleaned(alert(**spoken(word), subject=word))
    html = Reader(as_html(message, word))
    allowed = {"href", "style", "class", "lang", "scope", "name", "content", "charset"}
    assert {name for _, attributes in html.tags for name in attributes} <= allowed
    assert {tag for tag, _ in html.tags} <= USED_TAGS
    assert all(web_url(link) for link in html.links)
    assert set(html.texts) <= {squeezed(text) for text in (message.lead, word)}


@settings(deadline=None, derandomize=True)
@given(HOSTILE)
def test_words_never_begin_a_line_of_their_own(word: str) -> None:
    usual = as_text(cleaned(alert(**spoken("word"))), CLUB)
    hostile = as_text(cleaned(alert(**spoken(f"word{word}"))), CLUB)
    assert len(hostile.splitlines()) == len(usual.splitlines())


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 360, 800])
def test_a_mail_fits_the_screen(browser: Any, width: int) -> None:
    message = alert(lead="Donaudampfschifffahrtsgesellschaftskapitän" * 3, sections=(*alert().sections, LONG_WORDS))
    with browser.new_page(viewport={"width": width, "height": 800}) as page:
        page.set_content(as_html(message, CLUB))
        assert page.evaluate("document.documentElement.scrollWidth") == width


LONG_WORDS = Section(role="card", heading="x" * 90, lines=("y" * 90,), rows=(("l" * 60, "v" * 90),))


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_its_ground(browser: Any, scheme: str) -> None:
    strava = Link(text="View on Strava", url="https://www.strava.com/activities/123", role="strava")
    with browser.new_page(color_scheme=scheme) as page:
        page.set_content(as_html(alert(footer_links=(*alert().footer_links, strava)), CLUB))
        contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 20
    assert {text: ratio for text, ratio, large in contrasts if ratio < (3 if large else 4.5)} == {}


@pytest.mark.browser
def test_a_thumb_hits_every_answer(browser: Any) -> None:
    with browser.new_page(viewport={"width": 320, "height": 800}) as page:
        page.set_content(as_html(alert(), CLUB))
        heights = [pill.bounding_box()["height"] for pill in page.locator(".pill").all()]
    assert heights
    assert min(heights) >= 44


# Contrast of each text with the nearest painted ground, by the formula of WCAG 2; large is bold from 18.66 px, else 24.
CONTRASTS = """() => {
  const rgb = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = node => {
    const colour = rgb(getComputedStyle(node).backgroundColor);
    return colour[3] === 0 ? ground(node.parentElement) : colour;
  };
  return [...document.body.querySelectorAll('*')]
    .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()))
    .map(node => {
      const style = getComputedStyle(node), size = parseFloat(style.fontSize);
      const [high, low] = [light(rgb(style.color)), light(ground(node))].sort((a, b) => b - a);
      return [node.textContent.trim(), (high + 0.05) / (low + 0.05),
        size >= 24 || (size >= 18.66 && style.fontWeight >= 700)];
    });
}"""
