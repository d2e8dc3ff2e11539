"""A runner's own file taken in: read as a stream, kept in batches, judged once when all of it is there.

A crash costs a batch at most: the position is written in the same transaction as the runs before it. Until the file
is read to its end none of its runs counts, because half a history would make an ordinary run look like too much.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from integrations.archive import FoundRun, Item, Problem, Progress, in_zone, read_runs
from rules.model import Activity
from service import judgement, welcome, zones
from service.bootstrap import Service
from service.errors import NotFound
from service.folder import data_folder
from service.judgement import POLICY, finished_at
from service.knowledge import held_of
from service.language import _
from service.messages.days import wall_clock
from service.reading import WINDOW
from service.store import Transaction
from service.store.records import Athlete, HeldActivity, Intake, OwnActivity

log = logging.getLogger(__name__)

#: Items kept in one transaction; memory holds no more of a file than that.
BATCH = 500
#: How far a file is gets written down at least at every so many parts of it.
STEPS = 50
LEASE = timedelta(minutes=10)
SPOOL = "intake"


class Lost(Exception):
    """Somebody else reads this file by now."""


def sweep(service: Service) -> int:
    """Take in every spooled file that waits. Returns how many were begun."""
    _give_up_lost(service)
    with service.store.transaction() as tx:
        waiting = tx.intakes.waiting(service.wall())
    for intake in waiting:
        try:
            take_in(service, intake, spool_folder(service) / str(intake.spool))
        except Exception:
            log.exception("intake %s athlete=%s broke; it goes on when its lease ends", intake.id, intake.athlete_id)
    return len(waiting)


def resume(service: Service) -> None:
    """At the start of the only process there is: go on with what was broken off, and clear away what nobody needs."""
    with service.store.transaction() as tx:
        tx.intakes.release_all()
        needed = tx.intakes.spools()
    for file in spool_folder(service).iterdir():
        if file.name not in needed:
            file.unlink()


def spool_folder(service: Service) -> Path:
    """Where uploaded files lie until they are read: for this service's user alone."""
    return data_folder(service.settings.data_dir / SPOOL)


def begin(service: Service, athlete_id: int, name: str, size: int, spool: str | None = None) -> Intake:
    """Note that a file is to be taken in; a spooled one is taken in by the next sweep."""
    with service.store.transaction() as tx:
        return tx.intakes.begin(athlete_id, name[:200], spool, size, service.clock())


def take_in(service: Service, intake: Intake, path: Path) -> Intake:
    """Read a file to its end, from where it was left. Returns the intake with its report's numbers."""
    token = service.new_id()
    with service.store.transaction() as tx:
        claimed = tx.intakes.claim(intake.id, token, service.wall(), LEASE)
        known = tx.intakes.get(intake.athlete_id, intake.id)
    if known is None:
        raise NotFound
    if claimed:
        try:
            _read(_Reading(service, known, token), path)
        except Lost:
            log.info("intake %s is read by somebody else", intake.id)
        else:
            _unlink(service, known)
        service.nudges.deliver()
    return _present(service, intake)


def keep_one(service: Service, athlete_id: int, name: str, found: FoundRun) -> Intake:
    """Take in a single run that came without a file."""
    intake = begin(service, athlete_id, name, 0)
    reading = _Reading(service, intake, service.new_id())
    with service.store.transaction() as tx:
        tx.intakes.claim(intake.id, reading.token, service.wall(), LEASE)
    reading.batch.append(Item(0, found))
    reading.finish()
    service.nudges.deliver()
    return _present(service, intake)


def forget_files(service: Service, athlete: Athlete) -> None:
    """Delete a runner's files that still wait to be read."""
    with service.store.transaction() as tx:
        waiting = [item for item in tx.intakes.of(athlete.id, limit=1000) if item.spool is not None]
    for one in waiting:
        _unlink(service, one)


def delete(service: Service, athlete: Athlete, activity_id: int) -> None:
    """Delete one of the runner's own runs; what was said of it is withdrawn."""
    with _judging(service, athlete.id) as tx:
        if not tx.own.delete(athlete.id, activity_id):
            raise NotFound


def delete_all(service: Service, athlete: Athlete) -> int:
    """Delete all of the runner's own runs. Returns how many there were."""
    with _judging(service, athlete.id) as tx:
        return tx.own.delete_all(athlete.id)


@contextmanager
def _judging(service: Service, athlete_id: int) -> Iterator[Transaction]:
    with service.store.transaction() as tx:
        tx.accounts.lock(athlete_id)
        yield tx
        judge(service, tx, athlete_id, service.clock())


def judge(service: Service, tx: Transaction, athlete_id: int, now: datetime) -> None:
    """Judge a runner's training after own runs came or went, and set the digest going with the first of them."""
    athlete, connection = tx.accounts.existing(athlete_id), tx.connections.get(athlete_id)
    zones.follow(tx, athlete_id, held_of(tx, athlete_id, wall_clock(athlete, now)))
    athlete = tx.accounts.existing(athlete_id)
    held = held_of(tx, athlete_id, wall_clock(athlete, now))
    judgement.judge_window(
        service,
        tx,
        athlete_id,
        held,
        after=now - WINDOW,
        learning_until=connection.learning_until if connection else None,
        now=now,
    )
    if connection is None and athlete.digest_due_at is None and tx.own.count(athlete_id):
        welcome.greet(service, tx, athlete_id, held, now)


@dataclass(slots=True)
class _Reading:
    """One file being read: what waits to be kept, and what was counted so far."""

    service: Service
    intake: Intake
    token: str
    batch: list[Item] = field(default_factory=list)
    progress: Progress | None = None
    is_fatal: bool = False

    def note(self, progress: Progress) -> None:
        self.progress = progress

    @property
    def is_due(self) -> bool:
        """Whether it is time to keep what was read."""
        done = self.progress.done if self.progress else 0
        step = max(1, self.intake.total_bytes // STEPS)
        return len(self.batch) >= BATCH or (bool(self.batch) and done - self.intake.done_bytes >= step)

    def keep(self) -> None:
        """One transaction: the runs of this batch, what was left out, and where to go on."""
        with self.service.store.transaction() as tx:
            self._keep(tx)

    def finish(self) -> None:
        """One transaction: the rest of it, all of it in sight and judged, and the end of the intake."""
        now = self.service.clock()
        with self.service.store.transaction() as tx:
            tx.accounts.lock(self.intake.athlete_id)
            self._keep(tx)
            tx.own.release(self.intake.athlete_id, self.intake.id)
            if self.intake.found:
                judge(self.service, tx, self.intake.athlete_id, now)
            state = "failed" if self.is_fatal and not self.intake.found else "done"
            tx.intakes.end(self.intake.id, state, now)

    def _keep(self, tx: Transaction) -> None:
        athlete = tx.accounts.existing(self.intake.athlete_id)
        found = [item.what for item in self.batch if isinstance(item.what, FoundRun)]
        problems = [item.what for item in self.batch if isinstance(item.what, Problem)]
        now = self.service.clock()
        added = tx.own.put(athlete.id, [_own(one, athlete, now) for one in found], self.intake.id)
        tx.intakes.add_problems(self.intake.id, [(one.kind, str(one)) for one in problems])
        self.is_fatal = self.is_fatal or any(one.kind == "fatal" for one in problems)
        self.intake = self._counted(len(found), added, sum(one.kind != "note" for one in problems))
        names = ("position", "found", "added", "known", "skipped", "done_bytes", "total_bytes")
        values = {name: getattr(self.intake, name) for name in names}
        if not tx.intakes.note(self.intake.id, self.token, self.service.wall() + LEASE, **values):
            raise Lost
        self.batch.clear()

    def _counted(self, found: int, added: int, skipped: int) -> Intake:
        progress = self.progress
        return replace(
            self.intake,
            position=self.batch[-1].position + 1 if self.batch else self.intake.position,
            found=self.intake.found + found,
            added=self.intake.added + added,
            known=self.intake.known + found - added,
            skipped=self.intake.skipped + skipped,
            done_bytes=progress.done if progress else self.intake.done_bytes,
            total_bytes=progress.total if progress else self.intake.total_bytes,
        )


def _give_up_lost(service: Service) -> None:
    """End what was read elsewhere and broke off: the file is not here. What was read of it counts."""
    now = service.clock()
    with service.store.transaction() as tx:
        lost = tx.intakes.lost(service.wall())
    for one in lost:
        with _judging(service, one.athlete_id) as tx:
            tx.own.release(one.athlete_id, one.id)
            tx.intakes.add_problems(one.id, [("fatal", _("reading broke off; hand in the same file again"))])
            tx.intakes.end(one.id, "failed", now)


def _read(reading: _Reading, path: Path) -> None:
    intake = reading.intake
    for item in read_runs(path, name=intake.name, start_at=intake.position, on_progress=reading.note):
        reading.batch.append(item)
        if reading.is_due:
            reading.keep()
    reading.finish()


def _own(found: FoundRun, athlete: Athlete, now: datetime) -> OwnActivity:
    """The run on the runner's clock. What ended long ago is imported: nobody wants alerts about last spring."""
    activity = _on_clock(found, athlete)
    is_old = now - finished_at(activity) > POLICY.late_after
    return OwnActivity(HeldActivity(activity, is_old, now, None, own=True), found.source, found.zone_known)


def _on_clock(found: FoundRun, athlete: Athlete) -> Activity:
    activity = in_zone(found, ZoneInfo(athlete.time_zone))
    if not found.zone_known and athlete.time_zone == zones.UNKNOWN:
        return replace(activity, time_zone=None)  # nobody said that the runner lives by UTC
    return activity


def _present(service: Service, intake: Intake) -> Intake:
    with service.store.transaction() as tx:
        present = tx.intakes.get(intake.athlete_id, intake.id)
    if present is None:
        raise NotFound
    return present


def _unlink(service: Service, intake: Intake) -> None:
    if intake.spool is not None:
        (spool_folder(service) / intake.spool).unlink(missing_ok=True)
