"""One run from two sources counts once: which recordings are of the same effort."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from rules.model import RUN_FAMILY, Activity
from service.store.records import HeldActivity

#: Of two recordings of one effort, this share of the shorter lies within the longer: a watch and a phone are started
#: and stopped minutes apart, and what merely touches (a warm-up, then the race) overlaps in seconds.
SAME_SHARE = 0.5
#: With a hidden start only the day can be compared, and so the distance has to match.
SAME_DISTANCE = 0.02
A_DAY = timedelta(days=1)


def once_each(strava: Sequence[HeldActivity], own: Iterable[HeldActivity]) -> list[HeldActivity]:
    """Every effort once, in order of start: Strava's recording where there is one, else the own one that came first.

    Strava's own doubles are left to the cleaning, as without any file.
    """
    kept = list(strava)
    kept += unseen(own, [item.activity for item in strava])
    return sorted(kept, key=lambda item: (item.activity.start_local, item.activity.id))


def unseen(own: Iterable[HeldActivity], beside: Iterable[Activity]) -> Iterator[HeldActivity]:
    """The own recordings of efforts that are not among those `beside`, each effort once."""
    known: dict[date, list[Activity]] = defaultdict(list)
    for activity in beside:
        known[activity.local_day].append(activity)
    for item in sorted(own, key=_first_come):
        day = item.activity.local_day
        near = (other for near_day in (day - A_DAY, day, day + A_DAY) for other in known.get(near_day, ()))
        if not any(are_one_effort(item.activity, other) for other in near):
            known[day].append(item.activity)
            yield item


def are_one_effort(one: Activity, other: Activity) -> bool:
    """Whether two recordings are of the same effort: same kind of sport, and start and duration overlap."""
    if one.id == other.id:
        return True
    if one.sport != other.sport and not {one.sport, other.sport} <= RUN_FAMILY:
        return False
    if not (one.start_time_known and other.start_time_known):
        return one.local_day == other.local_day and _is_as_far(one, other)
    in_utc = one.utc_offset_s is not None and other.utc_offset_s is not None
    (first, first_end), (second, second_end) = _span(one, in_utc), _span(other, in_utc)
    shorter = min(first_end - first, second_end - second)
    if not shorter:
        return first <= second <= first_end or second <= first <= second_end
    return min(first_end, second_end) - max(first, second) > SAME_SHARE * shorter


def _first_come(item: HeldActivity) -> tuple[datetime, bool, datetime, int]:
    """What came first stays, so that what was told of it stays; of what came together the one that Strava named."""
    return item.first_seen_at, item.activity.id < 0, item.activity.start_local, item.activity.id


def _span(activity: Activity, in_utc: bool) -> tuple[datetime, datetime]:
    """Start and end, on the wall clock unless both sides know how far that is from UTC."""
    back = timedelta(seconds=activity.utc_offset_s or 0) if in_utc else timedelta(0)
    return activity.start_local - back, activity.finished_local - back


def _is_as_far(one: Activity, other: Activity) -> bool:
    far, other_far = one.distance_m or 0.0, other.distance_m or 0.0
    return abs(far - other_far) <= SAME_DISTANCE * max(far, other_far)
