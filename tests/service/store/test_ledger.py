"""The ledger of calls: never more than Strava allows, over all threads and processes, whoever dies between."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from integrations.strava.limits import DAY, QUARTER, Count, NoRoom, Purpose, Usage
from integrations.strava.simulator import SimulatedClock
from service.ledger import SharedLedger
from service.store import Store

NOON = datetime(2026, 6, 1, 12, 3, tzinfo=UTC)
NEXT_QUARTER = datetime(2026, 6, 1, 12, 15, tzinfo=UTC)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOON)


@pytest.fixture
def ledger(store: Store, clock: SimulatedClock) -> Iterator[SharedLedger]:
    return SharedLedger(store, clock)


def used(ledger: SharedLedger, span: timedelta = QUARTER) -> int:
    with ledger.store.transaction() as tx:
        return tx.quota.latest(ledger.clock(), span).read_used


def spend(ledger: SharedLedger, calls: int, purpose: Purpose = Purpose.FRESH) -> int:
    """How many of these calls the ledger lets out."""
    let_out = 0
    for _ in range(calls):
        try:
            ledger.reserve(purpose)
        except NoRoom:
            continue
        let_out += 1
    return let_out


def test_a_new_application_has_a_hundred_reads_in_a_quarter_hour_until_strava_says_more(ledger: SharedLedger):
    assert spend(ledger, 110) == 100
    with pytest.raises(NoRoom) as caught:
        ledger.reserve(Purpose.FRESH)
    assert caught.value.at == NEXT_QUARTER


def test_many_threads_together_never_go_beyond_the_limit(ledger: SharedLedger):
    with ThreadPoolExecutor(8) as pool:
        let_out = list(pool.map(lambda _: spend(ledger, 20), range(8)))
    assert sum(let_out) == 100
    assert used(ledger) == 100


def test_a_new_quarter_hour_begins_with_the_limits_that_strava_told_last(ledger: SharedLedger, clock: SimulatedClock):
    slot = ledger.reserve(Purpose.FRESH)
    told = Usage(clock(), Count(1, 400), Count(1, 4000), Count(1, 200), Count(1, 2000))
    ledger.note(slot, told, refused=False)
    clock.advance(QUARTER)
    assert spend(ledger, 250) == 200


def test_what_others_use_of_the_same_application_counts_as_soon_as_headers_tell(
    ledger: SharedLedger, clock: SimulatedClock
):
    slot = ledger.reserve(Purpose.FRESH)
    ledger.note(slot, Usage(clock(), read_quarter=Count(90, 100)), refused=False)
    assert spend(ledger, 20) == 10


def test_headers_of_an_earlier_moment_never_give_back_what_is_reserved(ledger: SharedLedger, clock: SimulatedClock):
    early = ledger.reserve(Purpose.FRESH)
    spend(ledger, 50)
    ledger.note(early, Usage(clock(), read_quarter=Count(1, 100)), refused=False)
    assert used(ledger) == 51


def test_a_call_that_got_no_answer_stays_counted_until_its_window_ends(ledger: SharedLedger, clock: SimulatedClock):
    ledger.reserve(Purpose.FRESH)
    assert (used(ledger), used(ledger, DAY)) == (1, 1)
    clock.advance(QUARTER)
    assert (used(ledger), used(ledger, DAY)) == (0, 1)
    clock.advance(DAY)
    assert used(ledger, DAY) == 0


def test_an_answer_that_comes_in_the_next_window_counts_there_once_and_brings_no_old_count_along(
    ledger: SharedLedger, clock: SimulatedClock
):
    slot = ledger.reserve(Purpose.FRESH)
    clock.advance(QUARTER)
    ledger.note(slot, Usage(clock(), read_quarter=Count(97, 100), read_day=Count(98, 1000)), refused=False)
    assert (used(ledger), used(ledger, DAY)) == (1, 98)


def test_a_refusal_without_headers_stops_everybody_for_the_quarter_hour(ledger: SharedLedger, clock: SimulatedClock):
    slot = ledger.reserve(Purpose.FRESH)
    ledger.note(slot, Usage(clock()), refused=True)
    assert spend(ledger, 1) == 0
    clock.advance_to(NEXT_QUARTER)
    assert spend(ledger, 1) == 1


def test_reading_again_never_takes_what_is_kept_for_fresh_runs(ledger: SharedLedger):
    assert spend(ledger, 200, Purpose.RECONCILE) == 80
    assert spend(ledger, 200, Purpose.DETAIL) == 0
    assert spend(ledger, 200, Purpose.FRESH) == 20


def test_what_the_calls_were_for_can_be_looked_up(ledger: SharedLedger, clock: SimulatedClock):
    spend(ledger, 3, Purpose.FRESH)
    spend(ledger, 2, Purpose.RECONCILE)
    with ledger.store.transaction() as tx:
        ((_, purposes),) = tx.quota.since(clock() - DAY, DAY)
    assert purposes == {Purpose.FRESH: 3, Purpose.RECONCILE: 2, Purpose.DETAIL: 0}


def test_windows_of_weeks_ago_are_forgotten(ledger: SharedLedger, clock: SimulatedClock):
    spend(ledger, 1)
    clock.advance(timedelta(days=15))
    spend(ledger, 1)
    with ledger.store.transaction() as tx:
        tx.quota.forget(clock() - timedelta(days=14))
        assert len(tx.quota.since(NOON - DAY, DAY)) == 1


PROCESS = """
import sys
from datetime import datetime
from pathlib import Path
from integrations.strava.limits import NoRoom, Purpose
from service.ledger import SharedLedger
from service.store import Store
from service.vault import Vault
url, folder, now = sys.argv[1:]
ledger = SharedLedger(Store(url, Vault.in_folder(Path(folder))), lambda: datetime.fromisoformat(now))
let_out = 0
for _ in range(60):
    try:
        ledger.reserve(Purpose.FRESH)
        let_out += 1
    except NoRoom:
        pass
print(let_out)
"""


def test_several_processes_together_never_go_beyond_the_limit(ledger: SharedLedger, tmp_path):
    url = ledger.store.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", PROCESS, url, str(tmp_path), NOON.isoformat()]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert sum(int(process.communicate(timeout=60)[0]) for process in running) == 100
