"""The activities of the simulated Strava, found by number or by athlete, and in the order in which they arrive."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.strava.simulator.activity import ONLY_ME
from integrations.strava.simulator.grants import Access

Json = dict[str, Any]

_FIRST_ID = 15_000_000_001


@dataclass
class HeldActivity:
    """An activity on its way to Strava or there (`released`)."""

    athlete_id: int
    body: Json
    uploaded_at: datetime
    released: bool = False
    cadence_change: float = 0.0

    @property
    def is_private(self) -> bool:
        return bool(self.body.get("visibility") == ONLY_ME)

    def is_open_to(self, access: Access) -> bool:
        """Whether that access may see it at all, whenever it arrives."""
        if self.athlete_id != access.athlete_id or not access.sees_activities:
            return False
        return access.sees_private or not self.is_private


@dataclass
class Shelf:
    """All activities of all athletes. A list call for one of a thousand athletes looks at that one's alone."""

    _by_id: dict[int, HeldActivity] = field(default_factory=dict)
    _of_athlete: defaultdict[int, dict[int, HeldActivity]] = field(default_factory=lambda: defaultdict(dict))
    #: By arrival. What was removed meanwhile stays in here until its turn.
    _waiting: list[tuple[datetime, int]] = field(default_factory=list)
    _next_id: int = _FIRST_ID

    def __contains__(self, activity_id: int) -> bool:
        return activity_id in self._by_id

    def get(self, activity_id: int) -> HeldActivity | None:
        return self._by_id.get(activity_id)

    def of_athlete(self, athlete_id: int) -> Collection[HeldActivity]:
        """That athlete's, those on their way too."""
        return self._of_athlete[athlete_id].values() if athlete_id in self._of_athlete else ()

    def add(self, held: HeldActivity) -> None:
        activity_id = held.body["id"]
        self._by_id[activity_id] = self._of_athlete[held.athlete_id][activity_id] = held
        heapq.heappush(self._waiting, (held.uploaded_at, activity_id))

    def remove(self, activity_id: int) -> None:
        held = self._by_id.pop(activity_id)
        del self._of_athlete[held.athlete_id][activity_id]

    def remove_athlete(self, athlete_id: int) -> None:
        """Remove everything of that athlete."""
        for activity_id in self._of_athlete.pop(athlete_id, {}):
            del self._by_id[activity_id]

    def take_due(self, now: datetime) -> list[HeldActivity]:
        """What has arrived by now and was not taken yet, oldest upload first."""
        due = []
        while (arrival := self.next_arrival()) and arrival <= now:
            held = self._by_id[heapq.heappop(self._waiting)[1]]
            held.released = True
            due.append(held)
        return due

    def next_arrival(self) -> datetime | None:
        """When the next activity will arrive, if any is still to come."""
        while self._waiting:
            uploaded_at, activity_id = self._waiting[0]
            held = self._by_id.get(activity_id)
            if held and not held.released and held.uploaded_at == uploaded_at:
                return uploaded_at
            heapq.heappop(self._waiting)
        return None

    def free_id(self) -> int:
        """A number that no activity has had."""
        while self._next_id in self._by_id:
            self._next_id += 1
        self._next_id += 1
        return self._next_id - 1
