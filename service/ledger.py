"""The one ledger of calls to Strava: each is counted in the database before it goes out.

What a call counts for lapses with its window, so a process that died between the two costs one call and no more.
"""

from __future__ import annotations

from dataclasses import dataclass

from integrations.clock import Clock
from integrations.strava.limits import NoRoom, Purpose, Slot, Usage, room_at, told
from service.store import Store


@dataclass(frozen=True, slots=True)
class SharedLedger:
    """`integrations.strava.limits.Ledger` over the database, in transactions of its own that are over at once."""

    store: Store
    clock: Clock

    def reserve(self, purpose: Purpose) -> Slot:
        now = self.clock()
        with self.store.transaction() as tx:
            windows = tx.quota.present(now)
            at = room_at(windows, purpose, now)
            if at is None:
                windows = tuple(window.spent() for window in windows)
                tx.quota.put(windows)
                tx.quota.count(windows, purpose)
        if at is not None:
            raise NoRoom("the calls that Strava allows are used up", at=at)
        return Slot(now, windows)

    def note(self, slot: Slot, usage: Usage, *, refused: bool) -> None:
        """Raise the counts where the headers say more than we know of; most answers say nothing new."""
        is_over = any(self.clock() >= window.ends_at for window in slot.windows)
        if not is_over and told(slot.windows, usage, refused=refused) == slot.windows:
            return
        with self.store.transaction() as tx:
            present = tx.quota.present(self.clock())
            same = [window for window in present if window.starts_at <= slot.at]
            # Of a window that began meanwhile the headers may tell nothing, and the call may count in it.
            later = [window.spent() for window in present if window.starts_at > slot.at]
            tx.quota.put([*told(same, usage, refused=refused), *later])
