"""What the store takes and gives: frozen records, free of SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from integrations.channels.message import Message
from rules.history import CadenceFade
from rules.model import Activity, Fact, Run, Severity
from rules.policy import Outcome, Reason

Units = Literal["km", "mi"]
#: `sign-in-again`: tokens that died; `scope-missing`: the box for runs was unticked; `new-application`: the operator
#: moved to another Strava application. All three end with a new consent, which keeps the account.
ConnectionState = Literal["connected", "sign-in-again", "scope-missing", "new-application"]
DestinationState = Literal["active", "unconfirmed", "off"]


@dataclass(frozen=True, slots=True)
class Athlete:
    """An account and what the runner set. `first_weekday` is 0 for Monday to 6 for Sunday."""

    id: int
    role: Literal["operator", "runner"]
    created_at: datetime
    email: str | None
    units: Units
    first_weekday: int
    language: str
    time_zone: str
    upper_back: bool
    receipts_left: int
    digest_due_at: datetime | None
    weeks_without_runs: int


@dataclass(frozen=True, slots=True)
class NewAthlete:
    """What a first connect brings along; without a `strava_id`, what who hands in files said."""

    strava_id: int | None
    created_at: datetime
    units: Units
    first_weekday: int
    language: str


@dataclass(frozen=True, slots=True)
class StravaConnection:
    """An athlete's link to Strava and how its reading stands."""

    athlete_id: int
    strava_id: int
    state: ConnectionState
    scope: frozenset[str]
    expires_at: datetime
    learning_until: datetime | None
    imported_at: datetime | None
    import_seen: int
    import_share: float
    synced_at: datetime | None
    before_break_at: datetime | None
    sync_due_at: datetime | None
    attempts: int
    trouble: str | None
    pages: int
    renewed_at: datetime | None
    early_deaths: int
    died_early_at: datetime | None

    @property
    def sees_hidden_runs(self) -> bool:
        return "activity:read_all" in self.scope

    def days_to_learn(self, now: datetime) -> int:
        """How many days, begun ones counted, the runner's usual is still learned anew after a consent to less."""
        if self.learning_until is None or self.learning_until <= now:
            return 0
        return -((now - self.learning_until) // timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to sync one athlete until `until`, named by `token`; `newest_event` is the last push seen then.

    `urgent`: somebody waits for it (a push, a first import, an alert that settles), not the schedule alone.
    """

    athlete_id: int
    token: str
    until: datetime
    newest_event: int
    urgent: bool = True


@dataclass(frozen=True, slots=True)
class HeldActivity:
    """An activity with how it came in. `judged_at` is when its findings were decided on.

    `fade` is what its course said, where that was read. `own`: from the runner's own file, and not from Strava.
    """

    activity: Activity
    imported: bool
    first_seen_at: datetime
    judged_at: datetime | None
    fade: CadenceFade | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class OwnActivity:
    """An activity of the runner's own files. `zone_known`: the file knew the runner's wall clock."""

    held: HeldActivity
    source: str
    zone_known: bool


@dataclass(frozen=True, slots=True)
class Intake:
    """A file that is taken in, and how far that is. `spool` is its name in the data folder while it lies there."""

    id: int
    athlete_id: int
    name: str
    spool: str | None
    state: Literal["reading", "done", "failed"]
    position: int
    found: int
    added: int
    known: int
    skipped: int
    done_bytes: int
    total_bytes: int
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A key of a runner's own program; the key itself is shown once and not kept."""

    id: int
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """A push from Strava that is not dealt with yet."""

    id: int
    object_id: int
    aspect: str
    attempts: int


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding with what became of it.

    Since `scrubbed_at` its run is no longer held: facts are gone, `run` is the local day at midnight, and `key` is a
    keyed hash unless it names an answer of the runner's own.
    """

    rule: str
    version: int
    key: str
    day: date
    severity: Severity
    facts: Mapping[str, Fact]
    run: Run
    outcome: Outcome
    reason: Reason | None
    decided_at: datetime
    alert_id: str | None
    message_id: str | None
    withdrawn_at: datetime | None
    scrubbed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as the inbox holds it; since `scrubbed_at` a stub, because its runs are no longer held."""

    message: Message
    slug: str
    read_at: datetime | None
    withdrawn_at: datetime | None
    scrubbed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """An athlete's address on a channel. `address` is the channel's own model as JSON, in clear."""

    id: int
    athlete_id: int
    channel: str
    label: str
    address: str
    state: DestinationState
    note: str | None


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """One message to one destination, ours to send until the lease ends. `is_withdrawn`: it no longer holds."""

    id: str
    claim: str
    attempts: int
    message: Message
    destination: Destination
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """How a delivery stands, for the inbox and the list of destinations."""

    id: str
    message_id: str
    destination_id: int
    channel: str
    label: str
    state: str
    attempts: int
    due_at: datetime | None
    answer: str | None
