"""Reading one athlete's window from Strava with tokens that are fresh: network only, no judgement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from integrations.errors import RetryLater
from integrations.strava.client import Listing, Page, Tokens
from integrations.strava.limits import Purpose
from integrations.strava.refusals import ConnectionRefused
from rules.breaks import wanted_before_break
from rules.history import clean
from rules.model import Activity
from service.bootstrap import Service
from service.details import NO_DETAILS, Details, read_details
from service.store.records import Claim, StravaConnection
from service.tokens import TokenKeeper

#: 182 days that a rule may see, and four more for runs that are a few days old when they are judged again.
WINDOW = timedelta(days=186)
#: Runs from a watch whose clock is ahead, or from beyond the date line, are still in the window.
AHEAD = timedelta(days=1)
#: The weeks before a break do not change: often enough that what is held of them is confirmed within 7 days.
READ_AGAIN = timedelta(days=5)
#: A local time is at most this far from the same time in UTC.
A_ZONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BeforeBreak:
    """What lies before a long break. `asked` is `False` where nothing of it is wanted (any more)."""

    activities: tuple[Activity, ...]
    asked: bool


@dataclass(frozen=True, slots=True)
class Window:
    """What was asked for, and what Strava answered: all of it. `before_break` is `None` where what is held stands.

    `details` are what was read beside the list this time.
    """

    after: datetime
    before: datetime
    listing: Listing
    before_break: BeforeBreak | None = None
    details: Details = NO_DETAILS


def read_window(service: Service, claim: Claim) -> Window:
    """The whole window of a claimed athlete, or one of the adapter's errors."""
    now = service.clock()
    after, before = now - WINDOW, now + AHEAD
    connection = _connection(service, claim)
    keeper = TokenKeeper(service, claim.athlete_id)
    tokens = keeper.present()
    on_page = _Progress(service, claim) if connection.imported_at is None else None
    purpose = Purpose.FRESH if claim.urgent else Purpose.RECONCILE
    try:
        listing = service.strava.activities(tokens.access_token, after, before, on_page, purpose=purpose)
    except ConnectionRefused as refused:
        if refused.reason != "dead-access-token":
            raise
        # Strava may end an access token early; only a refused refresh token means that the runner left.
        tokens = keeper.present(rejected=tokens)
        listing = service.strava.activities(tokens.access_token, after, before, on_page, purpose=purpose)
    before_break = _before_break(service, tokens, connection, listing, now)
    details = read_details(service, claim.athlete_id, tokens, listing.activities)
    return Window(after, before, listing, before_break, details)


def _before_break(
    service: Service, tokens: Tokens, connection: StravaConnection, listing: Listing, now: datetime
) -> BeforeBreak | None:
    """One more list call where a break leaves too little earlier running in the window to compare a return with."""
    span = wanted_before_break(clean(listing.activities), now.replace(tzinfo=None))
    if span is None or not any(rule.reads_before_break for rule in service.rules):
        return BeforeBreak((), asked=False)
    if connection.before_break_at is not None and now - connection.before_break_at < READ_AGAIN:
        return None
    after, before = span[0].replace(tzinfo=UTC) - A_ZONE, span[1].replace(tzinfo=UTC) + A_ZONE
    return BeforeBreak(service.strava.activities(tokens.access_token, after, before).activities, asked=True)


def _connection(service: Service, claim: Claim) -> StravaConnection:
    with service.store.transaction() as tx:
        connection = tx.connections.get(claim.athlete_id)
    if connection is None:
        raise RetryLater("the connection ended meanwhile")
    return connection


class _Progress:
    """Writes down how far an import is, page by page."""

    def __init__(self, service: Service, claim: Claim) -> None:
        self._service = service
        self._claim = claim
        self._seen = 0

    def __call__(self, page: Page) -> None:
        self._seen += page.size
        # How many pages there are is known only at the last one: each takes half of what is left.
        share = 0.95 if page.is_last else 0.95 * (1 - 0.5**page.number)
        with self._service.store.transaction() as tx:
            tx.connections.note_import(self._claim, self._seen, share)
