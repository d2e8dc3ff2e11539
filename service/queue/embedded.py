"""APScheduler in this process: sweeps by interval, and at once when nudged."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from integrations.clock import wall_clock
from service import intake, jobs, lifecycle
from service.bootstrap import Service
from service.jobs import Job

log = logging.getLogger(__name__)


@contextmanager
def running_jobs(service: Service, catalogue: Sequence[Job] = jobs.JOBS, pace: float = 1.0) -> Iterator[None]:
    """Run the jobs until the block ends. `pace` shortens the intervals where the clock runs fast."""
    scheduler = BackgroundScheduler(
        timezone="UTC",
        # Separate threads each: ten hung syncs must not hold up a delivery.
        executors={job.name: ThreadPoolExecutor(job.at_once) for job in catalogue},
        # A sweep that comes late still has to run: misfire_grace_time is 1 s unless said.
        job_defaults={"misfire_grace_time": None, "coalesce": True},
    )
    for job in catalogue:
        _schedule(scheduler, service, job, pace)
    with service.store.transaction() as tx:  # the only process there is: whoever held a claim is dead
        tx.connections.release_all()
        tx.deliveries.release_all()
    lifecycle.resume(service)
    intake.resume(service)
    with _nudging(scheduler, service, {job.name for job in catalogue}):
        scheduler.start()
        try:
            yield
        finally:
            scheduler.shutdown(wait=True)


@contextmanager
def _nudging(scheduler: Any, service: Service, names: Collection[str]) -> Iterator[None]:
    """Connect the service's nudges to the jobs of these names, until the block ends."""
    nudges = service.nudges
    before = nudges.sync, nudges.deliver, nudges.intake
    if jobs.SYNC.name in names:
        nudges.sync = partial(_nudge, scheduler, jobs.SYNC.name)
    if jobs.INTAKE.name in names:
        nudges.intake = partial(_nudge, scheduler, jobs.INTAKE.name)
    if jobs.DELIVER.name in names:
        nudges.deliver = partial(_nudge, scheduler, jobs.DELIVER.name)
    try:
        yield
    finally:
        nudges.sync, nudges.deliver, nudges.intake = before


def _schedule(scheduler: Any, service: Service, job: Job, pace: float) -> None:
    scheduler.add_job(
        _run,
        "interval",
        seconds=job.every_s * pace,
        next_run_time=wall_clock() + timedelta(seconds=job.first_s * pace),
        args=(service, job),
        id=job.name,
        executor=job.name,
        # One more than there are threads waits its turn: what comes in as a sweep ends is seen by the next.
        max_instances=job.at_once + 1,
    )


def _nudge(scheduler: Any, name: str) -> None:
    """Sweep now, or as soon as a thread is free, instead of at the next interval.

    No job of its own for a nudge: one that ends at once makes the scheduler's thread fail when it comes while stopping.
    """
    with suppress(JobLookupError):  # stopped meanwhile
        scheduler.modify_job(name, next_run_time=wall_clock())


def _run(service: Service, job: Job) -> None:
    try:
        job.run(service)
    except Exception:
        log.exception("job %s broke; the next sweep tries again", job.name)
