"""The jobs of the catalogue on a clock that is moved by hand: each as often as the catalogue says, and no oftener."""

from __future__ import annotations

from datetime import datetime, timedelta

from service import jobs
from service.bootstrap import Service


class Rounds:
    """What the queue does in one life of the service. At the start everything is due."""

    def __init__(self) -> None:
        self._ran_at: dict[str, datetime] = {}

    def make(self, service: Service) -> None:
        """Run each job whose time has come."""
        now = service.clock()
        for job in jobs.JOBS:
            ran_at = self._ran_at.get(job.name)
            if ran_at is None or now - ran_at >= timedelta(seconds=job.every_s):
                self._ran_at[job.name] = now
                job.run(service)
