"""A visitor without a screen: opens pages, fills in forms and sends them, over real HTTP, as a browser would."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

import httpx

#: What the form elements hold when a visitor changes nothing.
_TICKABLE = {"checkbox", "radio"}


@dataclass
class Form:
    """A form of a page: where it goes, and its fields as they stand."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif tag == "input" and self.forms and given.get("name"):
            ticked = given.get("type") not in _TICKABLE or "checked" in given
            if ticked and given.get("type") != "submit":
                self.forms[-1].fields.append((given["name"], given.get("value", "on")))


class Visitor:
    """Follows redirects and keeps cookies; `page` is where the visitor is."""

    def __init__(self, base_url: str) -> None:
        self._client = httpx.Client(
            base_url=base_url, follow_redirects=True, timeout=30, headers={"accept-language": "en-DE,en"}
        )
        self.page: httpx.Response | None = None

    def open(self, path: str) -> httpx.Response:
        self.page = self._client.get(path)
        return self.page

    def submit(self, action: str, **fields: str) -> httpx.Response:
        """Send the form whose target holds `action`, with these fields changed. Raises if there is none."""
        if self.page is None:
            raise LookupError("no page is open")
        form = self._form(self.page, action)
        names = set(fields)
        data = [(name, value) for name, value in form.fields if name not in names] + list(fields.items())
        target = urljoin(str(self.page.url), form.action)
        self.page = self._client.request(
            form.method,
            target,
            content=urlencode(data),
            headers={"content-type": "application/x-www-form-urlencoded", "origin": _origin(self.page)},
        )
        return self.page

    @property
    def cookies(self) -> dict[str, str]:
        return dict(self._client.cookies)

    def close(self) -> None:
        self._client.close()

    def _form(self, page: httpx.Response, action: str) -> Form:
        parser = _Forms()
        parser.feed(page.text)
        for form in parser.forms:
            if action in urljoin(str(page.url), form.action):
                return form
        raise LookupError(f"{page.url} (status {page.status_code}) has no form for {action!r}")


def _origin(page: httpx.Response) -> str:
    return f"{page.url.scheme}://{page.url.netloc.decode()}"
