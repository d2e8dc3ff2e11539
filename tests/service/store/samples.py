"""Rows to start a story with: one runner, connected, with a run, a finding and a message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.channels.message import Message
from integrations.strava.client import Tokens
from rules.model import Activity, Finding, Run, Severity
from rules.policy import Decision, Outcome, Reason
from service.store import Transaction
from service.store.connections import NewConnection
from service.store.records import Athlete, Claim, Destination, HeldActivity, NewAthlete

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LEASE = timedelta(minutes=10)
#: Beyond what 32 bits hold, as Strava's ids are.
STRAVA_ID = 5_000_000_001
RUN_ID = 15_000_000_001
MORNING = datetime(2026, 5, 31, 7, 30)


def later(**span: float) -> datetime:
    """`later(days=2)`: that long after NOW. Negative spans lie before it."""
    return NOW + timedelta(**span)


def add_athlete(tx: Transaction, strava_id: int = STRAVA_ID) -> Athlete:
    return tx.accounts.create(
        NewAthlete(strava_id=strava_id, created_at=NOW, units="km", first_weekday=0, language="en_GB")
    )


def connect(tx: Transaction, athlete: Athlete, strava_id: int = STRAVA_ID, **changes: Any) -> None:
    """Connect, or connect again."""
    usual: dict[str, Any] = {
        "athlete_id": athlete.id,
        "strava_id": strava_id,
        "scope": frozenset({"read", "activity:read_all"}),
        "tokens": tokens("first"),
        "now": NOW,
    }
    tx.connections.put(NewConnection(**usual | changes))


def add_connected(tx: Transaction, strava_id: int = STRAVA_ID) -> Athlete:
    athlete = add_athlete(tx, strava_id)
    connect(tx, athlete, strava_id)
    return athlete


def claim_sync(tx: Transaction, now: datetime = NOW) -> Claim:
    claim = tx.connections.claim_due(now, now, LEASE)
    assert claim is not None
    return claim


def tokens(name: str) -> Tokens:
    return Tokens(f"{name}-access-token", f"{name}-refresh-token", later(hours=6))


def held(activity_id: int = RUN_ID, start_local: datetime = MORNING, **given: Any) -> HeldActivity:
    """A run with every field set, first seen now and not judged yet; `given` overrides fields of the activity."""
    usual: dict[str, Any] = {
        "sport": "TrailRun",
        "distance_m": 12_345.6,
        "moving_time_s": 3_900,
        "elapsed_time_s": 4_100,
        "utc_offset_s": 7_200,
        "start_time_known": True,
        "race": True,
        "treadmill": False,
        "manual": False,
        "elevation_gain_m": 210.5,
        "average_hr_bpm": 151.5,
        "max_hr_bpm": 178.0,
        "cadence_spm": 172.0,
        "time_zone": "Europe/Berlin",
        "device_name": "A watch",
    }
    activity = Activity(id=activity_id, start_local=start_local, **usual | given)
    return HeldActivity(activity, imported=False, first_seen_at=NOW, judged_at=None)


def run(run_id: int = RUN_ID, start: datetime = MORNING) -> Run:
    return Run(run_id, start, start + timedelta(minutes=65), start + timedelta(minutes=70), 12_345.6, None)


def finding(key: str = str(RUN_ID), severity: Severity = Severity.CAUTION, **changes: Any) -> Finding:
    usual: dict[str, Any] = {
        "rule": "run-spike",
        "version": 1,
        "key": key,
        "day": MORNING.date(),
        "severity": severity,
        "facts": {"ratio": 1.38, "longest_id": RUN_ID - 1, "surface": "trail", "told_before": False, "gap": None},
    }
    return Finding(**usual | changes)


def told(found: Finding | None = None, of: Run | None = None) -> Decision:
    return Decision(found or finding(), of or run(), Outcome.TOLD)


def only_a_note(found: Finding | None = None) -> Decision:
    return Decision(found or finding(severity=Severity.NOTE), run(), Outcome.DIGEST, Reason.NOTE)


def message(message_id: str = "message-1", created_at: datetime = NOW, **changes: Any) -> Message:
    usual: dict[str, Any] = {
        "id": message_id,
        "kind": "alert",
        "event": "alert.created",
        "created_at": created_at,
        "language": "en_GB",
        "subject": "12.3 km – longer than your last 30 days",
        "lead": "That run went beyond what you have run lately.",
        "data": {"rule": "run-spike", "ratio": 1.38},
    }
    return Message(**usual | changes)


def add_webhook(tx: Transaction, athlete: Athlete, url: str = "https://example.org/hook") -> Destination:
    return tx.deliveries.add_destination(athlete.id, "webhook", url, f'{{"url": "{url}"}}', "active", NOW)


def queue_message(tx: Transaction, athlete: Athlete, message_id: str = "message-1", due_at: datetime = NOW) -> None:
    """A message in the inbox, due to every active destination."""
    tx.inbox.add(athlete.id, message_id, message(message_id))
    tx.deliveries.enqueue(athlete.id, message_id, due_at)
