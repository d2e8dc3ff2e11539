"""The timer in the process: sweeps by interval and by nudge, and nothing that goes wrong stops it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import SecretStr

from service.bootstrap import Service, build_service
from service.jobs import DELIVER, JOBS, SYNC, Job
from service.queue.embedded import running_jobs
from service.settings import Settings
from tests.service.store.samples import LEASE, NOW, add_connected, add_webhook, claim_sync, queue_message

#: Long enough for a busy machine; a test waits for it only when it fails.
PATIENCE_S = 20.0
AN_HOUR_S = 3600.0


@dataclass
class Sweep:
    """What stands in for a sweep: it counts, and does whatever a story wants done at each run."""

    each: Callable[[int], None] = lambda number: None
    runs: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, service: Service) -> None:
        with self._changed:
            self.runs += 1
            number = self.runs
            self._changed.notify_all()
        self.each(number)

    def has_run(self, times: int) -> bool:
        """Whether it has begun so often, sooner or later."""
        with self._changed:
            return self._changed.wait_for(lambda: self.runs >= times, PATIENCE_S)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    settings = Settings(
        _env_file=None, data_dir=tmp_path, strava_client_id="1", strava_client_secret=SecretStr("not-used")
    )
    built = build_service(settings)
    yield built
    built.store.close()


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """What hung sweeps wait for; set at the end, so that no failure leaves a thread behind."""
    event = threading.Event()
    yield event
    event.set()


def rare(name: str, sweep: Sweep, at_once: int = 2) -> Job:
    """A job that runs at the start and then, within a test, only when it is nudged."""
    return Job(name, sweep, AN_HOUR_S, at_once=at_once)


def test_a_sweep_runs_at_the_start_and_then_again_and_again(service: Service):
    sweep = Sweep()
    with running_jobs(service, [Job("expiry", sweep, 0.01)]):
        assert sweep.has_run(3)


def test_where_the_clock_runs_fast_the_sweeps_keep_pace(service: Service):
    sweep = Sweep()
    with running_jobs(service, [Job("expiry", sweep, AN_HOUR_S)], pace=0.01 / AN_HOUR_S):
        assert sweep.has_run(3)


def test_a_job_that_is_to_wait_at_first_does_not_run_at_the_start(service: Service):
    waiting, other = Sweep(), Sweep()
    with running_jobs(service, [Job("later", waiting, 0.01, first_s=AN_HOUR_S), Job("expiry", other, 0.01)]):
        assert other.has_run(3)
    assert waiting.runs == 0


def test_a_sweep_that_comes_late_still_runs(service: Service):
    sweep = Sweep()
    with running_jobs(service, [Job("expiry", sweep, AN_HOUR_S, first_s=-AN_HOUR_S / 2)]):
        assert sweep.has_run(1)


@pytest.mark.parametrize("name", [SYNC.name, DELIVER.name])
def test_a_nudge_runs_the_sweep_at_once(service: Service, name: str):
    sweep = Sweep()
    with running_jobs(service, [rare(name, sweep)]):
        assert sweep.has_run(1)
        getattr(service.nudges, name)()
        assert sweep.has_run(2)


def test_a_nudge_that_comes_while_the_sweep_is_at_work_is_followed_at_once(service: Service, release: threading.Event):
    sweep = Sweep(each=lambda number: _hang(release) if number == 1 else None)
    with running_jobs(service, [rare("sync", sweep)]):
        assert sweep.has_run(1)
        service.nudges.sync()
        assert sweep.has_run(2)
        assert not release.is_set()
        release.set()


def test_a_nudge_that_comes_while_all_sweeps_are_at_work_is_followed_after_them(
    service: Service, release: threading.Event
):
    sync, deliver = Sweep(each=lambda number: _hang(release)), Sweep()
    with running_jobs(service, [rare("sync", sync), rare("deliver", deliver)]):
        service.nudges.sync()
        assert sync.has_run(2)
        service.nudges.sync()
        service.nudges.deliver()
        assert deliver.has_run(2)  # by now the timer has seen the nudge before this one, too
        release.set()
        assert sync.has_run(3)


def test_nothing_that_is_due_is_forgotten_however_many_nudge_at_once(service: Service):
    due: list[int] = []
    done: list[int] = []
    all_done = threading.Event()

    def take_what_is_due(_: int) -> None:
        while due:
            try:
                done.append(due.pop())
            except IndexError:  # the other sweep was faster
                break
        if len(done) == 200:
            all_done.set()

    def bring(number: int) -> None:
        due.append(number)
        service.nudges.sync()

    with running_jobs(service, [Job("sync", Sweep(take_what_is_due), 0.05, at_once=2)]):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(bring, range(200)))
        assert all_done.wait(PATIENCE_S)
    assert sorted(done) == list(range(200))


def test_a_sweep_that_breaks_says_so_and_runs_again(service: Service, caplog: pytest.LogCaptureFixture):
    def break_at_first(number: int) -> None:
        if number == 1:
            raise RuntimeError("the disk is full")

    sweep = Sweep(break_at_first)
    with running_jobs(service, [Job("expiry", sweep, 0.01)]):
        assert sweep.has_run(3)
    told = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.getMessage() for record in told] == ["job expiry broke; the next sweep tries again"]
    assert told[0].exc_info is not None
    assert "the disk is full" in str(told[0].exc_info[1])


def test_hung_syncs_do_not_hold_up_a_delivery(service: Service, release: threading.Event):
    sync, deliver = Sweep(each=lambda number: _hang(release)), Sweep()
    with running_jobs(service, [rare("sync", sync), rare("deliver", deliver)]):
        service.nudges.sync()
        assert sync.has_run(2)
        for nudges in range(1, 4):
            service.nudges.sync()
            service.nudges.deliver()
            assert deliver.has_run(nudges + 1)
        release.set()


def test_at_the_start_nothing_is_held_by_the_dead(service: Service):
    with service.store.transaction() as tx:
        athlete = add_connected(tx)
        claim_sync(tx)
        add_webhook(tx, athlete)
        queue_message(tx, athlete)
        assert tx.deliveries.claim_due(NOW, NOW, LEASE) is not None
    freed: list[bool] = []

    def look(_: int) -> None:
        with service.store.transaction() as tx:
            claims = tx.connections.claim_due(NOW, NOW, LEASE), tx.deliveries.claim_due(NOW, NOW, LEASE)
            freed.append(None not in claims)

    sweep = Sweep(look)
    with running_jobs(service, [rare("sync", sweep)]):
        assert sweep.has_run(1)
    assert freed == [True]


def test_the_end_waits_for_what_is_at_work(service: Service, release: threading.Event):
    finished: list[int] = []

    def work(number: int) -> None:
        _hang(release)
        finished.append(number)

    sweep = Sweep(work)
    with running_jobs(service, [rare("sync", sweep)]):
        assert sweep.has_run(1)
        release.set()
    assert finished == [1]


def test_after_the_end_a_nudge_does_nothing_and_hurts_nobody(service: Service):
    sweep = Sweep()
    with running_jobs(service, [rare("sync", sweep)]):
        assert sweep.has_run(1)
    service.nudges.sync()
    service.nudges.deliver()
    assert sweep.runs == 1


def test_the_jobs_can_be_ended_right_after_a_nudge_and_started_anew(service: Service):
    for _ in range(50):
        sweep = Sweep()
        with running_jobs(service, [rare("sync", sweep)]):
            assert sweep.has_run(1)
            service.nudges.sync()
            assert sweep.has_run(2)


def test_no_two_jobs_have_one_name():
    assert len({job.name for job in JOBS}) == len(JOBS)


@pytest.mark.parametrize("job", JOBS, ids=[job.name for job in JOBS])
def test_every_job_finds_nothing_to_do_on_a_fresh_installation(service: Service, job: Job):
    with service.store.transaction() as tx:
        before = tx.accounts.count()
    job.run(service)
    with service.store.transaction() as tx:
        assert tx.accounts.count() == before == 0


def _hang(release: threading.Event) -> None:
    assert release.wait(PATIENCE_S)
