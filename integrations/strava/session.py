"""The session under stravalib: the two base addresses, the timeout and the count of calls that it lacks."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from integrations.clock import Clock
from integrations.strava import refusals
from integrations.strava.limits import Ledger, Purpose, Slot, Usage

with warnings.catch_warnings():  # importing stravalib resets the warning filters and sends warnings to the log
    _showwarning = warnings.showwarning
    from stravalib.protocol import ApiV3 as ApiV3

    if warnings.showwarning is not _showwarning:
        logging.captureWarnings(False)

#: Where stravalib believes Strava and its API to be.
STRAVA = "https://www.strava.com"
API = "/api/v3"


def protocol(session: requests.Session, access_token: str | None) -> ApiV3:
    """stravalib's protocol over this session, for one runner or, without a token, for the application."""
    return _Protocol(access_token=access_token, requests_session=session, rate_limiter=_never_wait)


class _Protocol(ApiV3):
    """stravalib's protocol, which otherwise looks for credentials in the environment and warns on the root logger."""

    def _check_credentials(self) -> None:
        """Nothing to check: it is given an access token or none, and never a secret or a refresh token."""


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts calls of the API for one purpose."""

    ledger: Ledger
    purpose: Purpose
    clock: Clock

    def reserve(self) -> Slot:
        return self.ledger.reserve(self.purpose)

    def note(self, slot: Slot, response: requests.Response) -> None:
        usage = Usage.from_headers(response.headers, self.clock())
        self.ledger.note(slot, usage, refused=response.status_code == refusals.TOO_MANY)


class Session(requests.Session):
    """Sends what stravalib addresses to www.strava.com where it belongs, and waits for no answer for ever."""

    def __init__(self, oauth_base: str, api_base: str, timeout_s: float, counting: Counting) -> None:
        super().__init__()
        self._oauth_base = oauth_base
        self._api_base = api_base
        self._timeout_s = timeout_s
        self._counting = counting
        self.auth = _as_it_is

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = self._timeout_s
        kwargs["allow_redirects"] = False  # a token is for Strava, not for whom Strava points to
        slot = self._counting.reserve() if _is_api(str(url)) else None  # sign-in calls are not known to count
        response = super().request(method, self._address(str(url)), *args, **kwargs)
        if slot is not None:
            self._counting.note(slot, response)
        if 300 <= response.status_code < 400:  # no error to stravalib, which would read its body as the answer
            raise requests.TooManyRedirects(response=response)
        return response

    def _address(self, url: str) -> str:
        path = url.removeprefix(STRAVA)
        return self._api_base + path.removeprefix(API) if _is_api(url) else self._oauth_base + path


def _is_api(url: str) -> bool:
    return url.removeprefix(STRAVA).startswith(f"{API}/")


def _never_wait(headers: Mapping[str, str], method: str) -> None:
    """Stands where stravalib would sleep, up to a day long."""


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """As the session's `auth`: else requests would put a login from a .netrc in place of the Bearer token."""
    return request


def _without_secret(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(_SECRET.sub(r"\1...", arg) if isinstance(arg, str) else arg for arg in record.args)
    return True


#: The list of subscriptions takes our secret in its address, and urllib3 logs addresses when it is told to debug.
_SECRET = re.compile(r"(client_secret=)[^&\s]*")
logging.getLogger("urllib3.connectionpool").addFilter(_without_secret)
