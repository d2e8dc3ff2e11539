"""What belongs to the installation as a whole: named values and counters."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from service.store import Store

THREADS, UPDATES = 4, 150


def test_a_value_is_kept_under_its_name_and_can_be_replaced(store: Store):
    with store.transaction() as tx:
        tx.instance.put("setup-code", "first")
        tx.instance.put("setup-code", "second")
        tx.instance.put("verify-token", "third")
    with store.transaction() as tx:
        assert tx.instance.get("setup-code") == "second"
        assert tx.instance.get("verify-token") == "third"
        assert tx.instance.get("never-put") is None


def test_a_removed_value_is_gone(store: Store):
    with store.transaction() as tx:
        tx.instance.put("setup-code", "first")
        tx.instance.remove("setup-code")
        tx.instance.remove("never-put")
        assert tx.instance.get("setup-code") is None


def test_counters_count_from_one_each_for_itself(store: Store):
    with store.transaction() as tx:
        assert [tx.instance.count("nonsense"), tx.instance.count("nonsense")] == [1, 2]
        assert tx.instance.count("unknown-owner") == 1
        assert tx.instance.get("nonsense") == "2"


def test_counting_from_many_threads_loses_none(store: Store):
    def count(_: int) -> None:
        for _ in range(UPDATES):
            with store.transaction() as tx:
                tx.instance.count("nonsense")

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(count, range(THREADS)))
    with store.transaction() as tx:
        assert tx.instance.get("nonsense") == str(THREADS * UPDATES)
