"""The tables. Dates are aware UTC unless named local; what is secret is stored encrypted by the caller of SQL.

Words that come from outside are `Text`: PostgreSQL would refuse a long one, and with it the whole sync.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused, because SQLite would silently drop a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


#: SQLite counts rows only in a plain INTEGER key.
BigId = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _athlete(primary_key: bool = False, nullable: bool = False) -> Column[Any]:
    return Column(
        "athlete_id",
        BigId,
        ForeignKey("athletes.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=nullable,
    )


athletes = Table(
    "athletes",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    # A keyed hash, kept through a disconnect so that the same person finds the same account again. Who never connected
    # Strava has one of nothing: making the column nullable would have SQLite copy the table, and drop all that hangs
    # on the old one.
    Column("strava_fingerprint", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("adult_confirmed_at", UtcDateTime, nullable=False),
    Column("email", Text),
    # A keyed hash, because the address itself is stored encrypted and could not be looked up.
    Column("email_fingerprint", String(64), index=True),
    Column("units", String(4), nullable=False),
    Column("first_weekday", Integer, nullable=False),
    Column("language", String(16), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("upper_back", Boolean, nullable=False),
    Column("receipts_left", Integer, nullable=False),
    Column("digest_due_at", UtcDateTime, index=True),
    Column("weeks_without_runs", Integer, nullable=False),
    sqlite_autoincrement=True,  # an id is never given twice, as on PostgreSQL
)

connections = Table(
    "connections",
    metadata,
    _athlete(primary_key=True),
    Column("strava_id", BigInteger, nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("scope", Text, nullable=False),
    Column("access_token", Text, nullable=False),
    Column("refresh_token", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("learning_until", UtcDateTime),
    Column("imported_at", UtcDateTime),
    Column("import_seen", Integer, nullable=False),
    Column("import_share", Float, nullable=False),
    Column("synced_at", UtcDateTime),
    Column("before_break_at", UtcDateTime),
    Column("sync_due_at", UtcDateTime, index=True),
    # Whether somebody waits for that sync: it comes before those of the schedule.
    Column("urgent", Boolean, nullable=False, server_default=false()),
    Column("claim", String(36)),
    Column("claimed_until", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("trouble", Text),
    # How many calls one reading of the window takes.
    Column("pages", Integer, nullable=False, server_default="1"),
    # Who renews the tokens at present, and until when nobody else may (wall time).
    Column("refresher", String(36)),
    Column("refresher_until", UtcDateTime),
    # When tokens were last granted or renewed; how often in a row they died within a day of that, and when last.
    Column("renewed_at", UtcDateTime),
    Column("early_deaths", Integer, nullable=False, server_default="0"),
    Column("died_early_at", UtcDateTime),
)


def _activity(*more: Column[Any]) -> list[Column[Any]]:
    """What is kept of an activity, wherever it came from; `more` are the columns of its source."""
    return [
        _athlete(primary_key=True),
        Column("id", BigInteger, primary_key=True, autoincrement=False),
        Column("sport", Text, nullable=False),
        Column("start_local", DateTime, nullable=False),
        Column("distance_m", Float),
        Column("moving_time_s", BigInteger),
        Column("elapsed_time_s", BigInteger),
        Column("utc_offset_s", Integer),
        Column("start_time_known", Boolean, nullable=False),
        Column("race", Boolean, nullable=False),
        Column("treadmill", Boolean, nullable=False),
        Column("manual", Boolean, nullable=False),
        Column("elevation_gain_m", Float),
        Column("average_hr_bpm", Float),
        Column("max_hr_bpm", Float),
        Column("cadence_spm", Float),
        Column("time_zone", Text),
        Column("device_name", Text),
        Column("gear_id", Text),
        Column("imported", Boolean, nullable=False),
        Column("first_seen_at", UtcDateTime, nullable=False),
        Column("judged_at", UtcDateTime),
        *more,
    ]


activities = Table(
    "activities",
    metadata,
    *_activity(
        # What the course of a run said, where it was read: kept for as long as the run itself.
        Column("cadence_change", Float),
        Column("cadence_comparable", Boolean),
        Column("confirmed_at", UtcDateTime, nullable=False, index=True),
        # Runs of the weeks before a long break, read once more for the rule about returning from it.
        Column("before_break", Boolean, nullable=False, server_default=false()),
    ),
)

#: What came from the runner's own files: theirs, so it stays until they delete it.
own_activities = Table(
    "own_activities",
    metadata,
    *_activity(
        # What kind of file it was read from.
        Column("source", String(16), nullable=False),
        # Whether the file knew the runner's wall clock; if not, `start_local` follows the zone that the runner names.
        Column("zone_known", Boolean, nullable=False),
        # The file that is still being read: until it is, its runs do not count.
        Column("intake_id", BigInteger),
    ),
)
Index("ix_own_activities_athlete_id_start_local", own_activities.c.athlete_id, own_activities.c.start_local)

#: Files that are being taken in, and how that went. `spool` is the file's name in the data folder while it is there.
intakes = Table(
    "intakes",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    _athlete(),
    Column("name", Text, nullable=False),
    Column("spool", String(64)),
    Column("state", String(16), nullable=False),
    # Where to go on after a break.
    Column("position", BigInteger, nullable=False),
    Column("found", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("known", Integer, nullable=False),
    Column("skipped", Integer, nullable=False),
    Column("done_bytes", BigInteger, nullable=False),
    Column("total_bytes", BigInteger, nullable=False),
    Column("started_at", UtcDateTime, nullable=False, index=True),
    Column("ended_at", UtcDateTime),
    Column("claim", String(36)),
    Column("claimed_until", UtcDateTime),
    sqlite_autoincrement=True,
)

intake_problems = Table(
    "intake_problems",
    metadata,
    Column("intake_id", BigId, ForeignKey("intakes.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("line", Text, nullable=False),
)

#: Keys by which a runner's own programs hand in runs: a keyed hash each.
api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    _athlete(),
    Column("fingerprint", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    sqlite_autoincrement=True,
)

#: One-time links by which an account without Strava and without mail is opened.
sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    _athlete(),
    Column("expires_at", UtcDateTime, nullable=False),
)

#: Keyed hashes of activities that were held once and are no longer: one that comes back is not news.
seen_runs = Table(
    "seen_runs",
    metadata,
    _athlete(primary_key=True),
    Column("fingerprint", String(64), primary_key=True),
)

shoes = Table(
    "shoes",
    metadata,
    _athlete(primary_key=True),
    Column("gear_id", String(100), primary_key=True),
    Column("name", Text, nullable=False),
    # Empty where Strava does not know the pair: so it is not asked for at every sync.
    Column("distance_m", Float),
    # When Strava told the distance: runs that came in since are added to it.
    Column("confirmed_at", UtcDateTime, nullable=False, index=True),
)

push_events = Table(
    "push_events",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    _athlete(),
    Column("dedup", String(64), nullable=False, unique=True),
    Column("object_id", BigInteger, nullable=False),
    Column("aspect", String(16), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    sqlite_autoincrement=True,
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(36), primary_key=True),
    _athlete(),
    Column("slug", String(120), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("body", JSON, nullable=False),
    Column("read_at", UtcDateTime),
    Column("withdrawn_at", UtcDateTime),
    # When its text went, because none of the runs that it was about is held any more.
    Column("scrubbed_at", UtcDateTime),
    UniqueConstraint("athlete_id", "slug"),
)

findings = Table(
    "findings",
    metadata,
    _athlete(primary_key=True),
    Column("rule", String(64), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("run_id", BigInteger, nullable=False),
    Column("run_start", DateTime, nullable=False),
    Column("run_end", DateTime, nullable=False),
    Column("run_finished", DateTime, nullable=False),
    Column("run_distance_m", Float, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(32)),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("alert_id", String(36), unique=True),
    Column("message_id", String(36), ForeignKey("messages.id", ondelete="SET NULL")),
    Column("withdrawn_at", UtcDateTime),
    # When its numbers went, because its run is no longer held; the key is a keyed hash from then on.
    Column("scrubbed_at", UtcDateTime),
)

destinations = Table(
    "destinations",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    _athlete(),
    Column("channel", String(32), nullable=False),
    Column("label", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("note", Text),
    Column("created_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("message_id", String(36), ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("destination_id", BigId, ForeignKey("destinations.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("claim", String(36)),
    Column("claimed_until", UtcDateTime),
    Column("answer", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("message_id", "destination_id"),
)
Index("ix_deliveries_due_at", deliveries.c.due_at)

diary_entries = Table(
    "diary_entries",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    _athlete(),
    Column("kind", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
    sqlite_autoincrement=True,
)

sessions = Table(
    "sessions",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    _athlete(),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

codes = Table(
    "codes",
    metadata,
    Column("purpose", String(16), primary_key=True),
    _athlete(primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("tries_left", Integer, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

#: Calls to Strava by window (`quarter`, `day`): used and allowed, overall and for reading, and what they were for.
quota_windows = Table(
    "quota_windows",
    metadata,
    Column("span", String(8), primary_key=True),
    Column("starts_at", UtcDateTime, primary_key=True),
    Column("limit", Integer, nullable=False),
    Column("read_limit", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    Column("read_used", Integer, nullable=False),
    Column("fresh", Integer, nullable=False),
    Column("reconcile", Integer, nullable=False),
    Column("detail", Integer, nullable=False),
)

#: What belongs to the installation: one row a name (setup code, push subscription, counters).
instance = Table(
    "instance",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
