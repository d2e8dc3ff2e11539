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


def test_a_value_that_is_kept_stays_the_first(store: Store):
    with store.transaction() as tx:
        assert tx.instance.keep("secret", "first") == "first"
        assert tx.instance.keep("secret", "second") == "first"
    with store.transaction() as tx:
        assert tx.instance.get("secret") == "first"


def test_of_two_who_keep_a_value_at_once_both_get_the_same(store: Store):
    def keep(number: int) -> str:
        with store.transaction() as tx:
            return tx.instance.keep("secret", str(number))

    with ThreadPoolExecutor(THREADS) as pool:
        assert len(set(pool.map(keep, range(THREADS * 5)))) == 1


def test_values_are_found_by_how_their_names_begin(store: Store):
    with store.transaction() as tx:
        for name in ("push-ignored:nonsense", "push-ignored:too-many", "push_ignored:other", "push-ignored"):
            tx.instance.put(name, "1")
        assert tx.instance.beginning_with("push-ignored:") == {"nonsense": "1", "too-many": "1"}
        assert tx.instance.beginning_with("push_") == {"ignored:other": "1"}


def test_a_counter_takes_several_at_once(store: Store):
    with store.transaction() as tx:
        assert [tx.instance.count("events", by) for by in (3, 1, 10)] == [3, 4, 14]
