"""One-time codes and invitations: used once, in time, and never guessed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from service.store import Store, Transaction
from service.store.accounts import CODE_TRIES, CodePurpose
from tests.service.store.samples import NOW, STRAVA_ID, add_athlete, later

LIFE = timedelta(minutes=15)
SPACING = timedelta(minutes=2)
END = NOW + LIFE


def test_a_right_code_opens_once(store: Store):
    with store.transaction() as tx:
        athlete_id, code = _with_code(tx)
        assert len(code) == 6
        assert code.isdecimal()
        assert tx.accounts.use_code("sign-in", athlete_id, f" {code} ", NOW)
        assert not tx.accounts.use_code("sign-in", athlete_id, code, NOW)


def test_of_two_who_use_a_code_at_the_same_moment_one_gets_in(store: Store):
    with store.transaction() as tx:
        athlete_id, code = _with_code(tx)
    assert sorted(_use_together(store, athlete_id, [code, code])) == [False, True]


def test_a_wrong_code_opens_nothing_and_leaves_the_right_one_usable(store: Store):
    with store.transaction() as tx:
        athlete_id, code = _with_code(tx)
        assert not tx.accounts.use_code("sign-in", athlete_id, _wrong(code), NOW)
        assert tx.accounts.use_code("sign-in", athlete_id, code, NOW)


def test_after_five_wrong_tries_the_right_code_is_worth_nothing(store: Store):
    with store.transaction() as tx:
        athlete_id, code = _with_code(tx)
        for _ in range(CODE_TRIES):
            assert not tx.accounts.use_code("sign-in", athlete_id, _wrong(code), NOW)
        assert not tx.accounts.use_code("sign-in", athlete_id, code, NOW)


def test_guessing_from_many_sides_at_once_gains_no_further_try(store: Store):
    with store.transaction() as tx:
        athlete_id, code = _with_code(tx)
    assert _use_together(store, athlete_id, [_wrong(code)] * CODE_TRIES) == [False] * CODE_TRIES
    with store.transaction() as tx:
        assert not tx.accounts.use_code("sign-in", athlete_id, code, NOW)


def test_a_code_works_up_to_its_end_and_not_a_second_longer(store: Store):
    with store.transaction() as tx:
        athlete_id, code = _with_code(tx)
        assert not tx.accounts.use_code("sign-in", athlete_id, code, END + timedelta(seconds=1))
        assert tx.accounts.use_code("sign-in", athlete_id, code, END)


def test_a_second_code_is_refused_until_some_time_has_passed(store: Store):
    with store.transaction() as tx:
        athlete_id, _ = _with_code(tx)
        assert _new_code(tx, athlete_id, NOW + SPACING / 2) is None
        assert _new_code(tx, athlete_id, NOW + SPACING) is not None


def test_a_newer_code_ends_the_older_one_and_has_all_its_tries(store: Store):
    with store.transaction() as tx:
        athlete_id, older = _with_code(tx)
        for _ in range(CODE_TRIES):
            tx.accounts.use_code("sign-in", athlete_id, _wrong(older), NOW)
        newer = _new_code(tx, athlete_id, NOW + SPACING)
        assert newer is not None
        assert older == newer or not tx.accounts.use_code("sign-in", athlete_id, older, NOW)
        assert tx.accounts.use_code("sign-in", athlete_id, newer, NOW)


def test_a_code_serves_its_own_purpose_and_its_own_athlete_only(store: Store):
    with store.transaction() as tx:
        athlete_id, code = _with_code(tx)
        other = add_athlete(tx, STRAVA_ID + 1)
        assert not tx.accounts.use_code("confirm-email", athlete_id, code, NOW)
        assert not tx.accounts.use_code("sign-in", other.id, code, NOW)
        assert _new_code(tx, athlete_id, NOW, "confirm-email") is not None
        assert tx.accounts.use_code("sign-in", athlete_id, code, NOW)


def test_an_invitation_lets_one_runner_in(store: Store):
    with store.transaction() as tx:
        token = tx.accounts.new_invitation(NOW, later(days=7))
        assert tx.accounts.invitation_stands(token, NOW)
        assert tx.accounts.use_invitation(token, NOW)
        assert not tx.accounts.invitation_stands(token, NOW)
        assert not tx.accounts.use_invitation(token, NOW)


def test_of_two_who_follow_one_invitation_at_the_same_moment_one_gets_in(store: Store):
    with store.transaction() as tx:
        token = tx.accounts.new_invitation(NOW, later(days=7))
    together = threading.Barrier(2)

    def follow(_: int) -> bool:
        together.wait(timeout=10)
        with store.transaction() as tx:
            return tx.accounts.use_invitation(token, NOW)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(follow, range(2))) == [False, True]


def test_an_invitation_that_is_too_old_or_made_up_lets_nobody_in(store: Store):
    with store.transaction() as tx:
        token = tx.accounts.new_invitation(NOW, later(days=7))
        assert not tx.accounts.use_invitation(token, later(days=7))
        assert not tx.accounts.use_invitation("made-up", NOW)
        assert tx.accounts.use_invitation(token, later(days=7, seconds=-1))


def _with_code(tx: Transaction) -> tuple[int, str]:
    """A new athlete and the code that was mailed to them NOW."""
    athlete = add_athlete(tx)
    code = _new_code(tx, athlete.id, NOW)
    assert code is not None
    return athlete.id, code


def _new_code(tx: Transaction, athlete_id: int, at, purpose: CodePurpose = "sign-in") -> str | None:
    return tx.accounts.new_code(purpose, athlete_id, at + LIFE, not_before=at + LIFE - SPACING)


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def _use_together(store: Store, athlete_id: int, codes: list[str]) -> list[bool]:
    together = threading.Barrier(len(codes))

    def use(code: str) -> bool:
        together.wait(timeout=10)
        with store.transaction() as tx:
            return tx.accounts.use_code("sign-in", athlete_id, code, NOW)

    with ThreadPoolExecutor(len(codes)) as pool:
        return list(pool.map(use, codes))
