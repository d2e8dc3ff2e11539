"""Findings with what became of them: told, kept for the digest, or silent with the reason."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from rules.model import NO_RUN, Finding, Run, Severity
from rules.policy import Decision, Outcome, Reason
from service.store.records import StoredFinding
from service.store.schema import findings
from service.store.seals import Seals
from service.store.sql import insert


class Findings:
    """SQL about verdicts. (athlete, rule, key) names one for ever, so an alert has one id at most."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def of(self, athlete_id: int) -> list[StoredFinding]:
        mine = select(findings).where(findings.c.athlete_id == athlete_id)
        return [_finding(row) for row in self._connection.execute(mine.order_by(findings.c.run_finished))]

    def of_message(self, message_id: str) -> list[StoredFinding]:
        rows = self._connection.execute(select(findings).where(findings.c.message_id == message_id))
        return [_finding(row) for row in rows]

    def since(self, athlete_id: int, moment: datetime) -> list[StoredFinding]:
        """Those that were decided on since then."""
        mine = select(findings).where(findings.c.athlete_id == athlete_id, findings.c.decided_at > moment)
        return [_finding(row) for row in self._connection.execute(mine.order_by(findings.c.run_finished))]

    def whole(self, athlete_id: int) -> list[StoredFinding]:
        """Those that still have their facts."""
        mine = select(findings).where(findings.c.athlete_id == athlete_id, findings.c.scrubbed_at.is_(None))
        return [_finding(row) for row in self._connection.execute(mine.order_by(findings.c.run_finished))]

    def count(self, athlete_id: int) -> tuple[int, int]:
        """How many have their facts, and how many only rule, severity and date."""
        columns = (func.count(), func.count(findings.c.scrubbed_at))
        total, bare = self._connection.execute(select(*columns).where(findings.c.athlete_id == athlete_id)).one()
        return total - bare, bare

    def add(
        self, athlete_id: int, decision: Decision, now: datetime, alert_id: str | None, message_id: str | None
    ) -> None:
        """Keep a decision; one on the same (rule, key) that was only a note gives way."""
        values = {
            "version": decision.finding.version,
            "outcome": decision.outcome.value,
            "reason": decision.reason and decision.reason.value,
            "decided_at": now,
            "alert_id": alert_id,
            "message_id": message_id,
            "withdrawn_at": None,
            "scrubbed_at": None,
            **_verdict(decision.finding),
            **_span(decision.run),
        }
        name = {"athlete_id": athlete_id, "rule": decision.finding.rule, "key": decision.finding.key}
        statement = insert(self._connection, findings).values(**name, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=list(name), set_=values))

    def correct(self, athlete_id: int, stored: StoredFinding, finding: Finding, run: Run) -> None:
        """The run was edited, or came back, and the finding holds: its numbers follow, what was told stays told."""
        whole = {"key": finding.key, "withdrawn_at": None, "scrubbed_at": None}
        self._change(athlete_id, stored, **whole, **_verdict(finding), **_span(run))

    def withdraw(self, athlete_id: int, stored: StoredFinding, now: datetime) -> None:
        """The run was deleted or edited and the finding no longer holds."""
        self._change(athlete_id, stored, withdrawn_at=now)

    def scrub(self, athlete_id: int, stored: StoredFinding, now: datetime, *, own_key: bool) -> None:
        """The run is no longer held: keep rule, severity, date and whether it was told.

        With `own_key` the key is an answer of the runner's own and stays; any other becomes a keyed hash.
        """
        midnight = datetime.combine(stored.run.local_day, time.min)
        key = stored.key if own_key else self._seals.key(athlete_id, stored.rule, stored.key)
        span = {"run_id": NO_RUN, "run_start": midnight, "run_end": midnight, "run_finished": midnight}
        gone = {"facts": {}, "run_distance_m": 0.0, "reason": None, "scrubbed_at": now}
        self._change(athlete_id, stored, key=key, **span, **gone)

    def delete_all(self, athlete_id: int) -> int:
        return self._connection.execute(findings.delete().where(findings.c.athlete_id == athlete_id)).rowcount

    def _change(self, athlete_id: int, stored: StoredFinding, **values: Any) -> None:
        mine = (findings.c.athlete_id == athlete_id) & (findings.c.rule == stored.rule) & (findings.c.key == stored.key)
        self._connection.execute(update(findings).where(mine).values(**values))


def _verdict(finding: Finding) -> dict[str, Any]:
    return {"day": finding.day, "severity": int(finding.severity), "facts": dict(finding.facts)}


def _span(run: Run) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "run_start": run.start_local,
        "run_end": run.end_local,
        "run_finished": run.finished_local,
        "run_distance_m": run.distance_m,
    }


def _finding(row: Row[Any]) -> StoredFinding:
    return StoredFinding(
        rule=row.rule,
        version=row.version,
        key=row.key,
        day=row.day,
        severity=Severity(row.severity),
        facts=row.facts,
        run=Run(row.run_id, row.run_start, row.run_end, row.run_finished, row.run_distance_m, None),
        outcome=Outcome(row.outcome),
        reason=Reason(row.reason) if row.reason else None,
        decided_at=row.decided_at,
        alert_id=row.alert_id,
        message_id=row.message_id,
        withdrawn_at=row.withdrawn_at,
        scrubbed_at=row.scrubbed_at,
    )
