"""What older entries said is still known."""

from __future__ import annotations

from rules.diary import Exclusions
from service.store import Store
from service.store.diary import Preferences
from tests.service.store.samples import NOW, add_athlete


def test_who_declared_to_be_pregnant_before_exclusions_were_asked_is_still_known_to_be(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.diary.add(athlete.id, Preferences(expecting=True), NOW)
        assert tx.diary.diary(athlete.id).exclusions == Exclusions(("C1",), expecting=True)
        tx.diary.add(athlete.id, Exclusions(("C2",)), NOW)
        assert not tx.diary.diary(athlete.id).expecting
