"""APScheduler in this process: sweeps by interval, and at once when nudged."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers import SchedulerNotRunningError
from apscheduler.schedulers.background import BackgroundScheduler

from integrations.clock import wall_clock
from service import jobs
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
    service.nudges.sync = lambda: _nudge(scheduler, service, jobs.SYNC)
    service.nudges.deliver = lambda: _nudge(scheduler, service, jobs.DELIVER)
    with service.store.transaction() as tx:  # the only process there is: whoever held a claim is dead
        tx.connections.release_all()
        tx.deliveries.release_all()
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)


def _schedule(scheduler: Any, service: Service, job: Job, pace: float) -> None:
    scheduler.add_job(
        _run,
        "interval",
        seconds=job.every_s * pace,
        next_run_time=wall_clock() + timedelta(seconds=job.first_s * pace),
        args=(service, job),
        id=job.name,
        executor=job.name,
        max_instances=job.at_once,
    )


def _nudge(scheduler: Any, service: Service, job: Job) -> None:
    """Sweep now. One waiting nudge is enough: it will find all that is due."""
    try:
        scheduler.add_job(
            _run,
            args=(service, job),
            id=f"{job.name}-nudge",
            executor=job.name,
            max_instances=job.at_once,
            replace_existing=True,
        )
    except (SchedulerNotRunningError, JobLookupError, RuntimeError):
        log.debug("nudge of %s came while stopping", job.name)


def _run(service: Service, job: Job) -> None:
    try:
        job.run(service)
    except Exception:
        log.exception("job %s broke; the next sweep tries again", job.name)
