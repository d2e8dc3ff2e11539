"""The calls about athletes and activities."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from starlette.responses import Response

from integrations.strava.simulator import answers
from integrations.strava.simulator.activity import detail, start_of, summary
from integrations.strava.simulator.answers import Refusal
from integrations.strava.simulator.athletes import detailed_athlete, pair_of_shoes, summary_athlete
from integrations.strava.simulator.calls import Call
from integrations.strava.simulator.course import course
from integrations.strava.simulator.grants import Access
from integrations.strava.simulator.state import HeldActivity, State, locked

DEFAULT_PER_PAGE, MOST_PER_PAGE = 30, 200


@locked
def athlete(state: State, call: Call) -> Response:
    access = _access(state, call)
    shown = state.athletes[access.athlete_id]
    if "profile:read_all" in access.scopes:
        return answers.reply(detailed_athlete(shown, _worn(state, shown.id)))
    return answers.reply(summary_athlete(shown))


@locked
def activities(state: State, call: Call) -> Response:
    """A page of the athlete's own activities, newest first; past the end it is empty."""
    access = _activity_access(state, call)
    after, before = _instant(call, "after"), _instant(call, "before")
    if after and after > state.clock():
        return answers.bad_request("Application", "after", "future")
    found = [held for held in state.readable(access) if _starts_between(held, after, before)]
    oldest_first = bool(after and not before and state.modes.oldest_first_with_only_after)
    found.sort(key=lambda held: (start_of(held.body), held.body["id"]), reverse=not oldest_first)
    return answers.reply([summary(held.body) for held in _page(call, found)])


@locked
def activity(state: State, call: Call) -> Response:
    access = _activity_access(state, call)
    held = state.activities.get(call.object_id)
    if held is None or not held.is_open_to(access) or not state.is_readable(held):
        return answers.not_found()
    if call.object_id in state.faults.broken_activities:
        return answers.broken()
    shoes = state.athletes[access.athlete_id].shoes
    worn = [
        pair_of_shoes(pair, _worn(state, access.athlete_id)) for pair in shoes if pair.id == held.body.get("gear_id")
    ]
    return answers.reply(detail(held.body) | {"gear": worn[0] if worn else None})


@locked
def streams(state: State, call: Call) -> Response:
    """The course of an activity, by type if so asked; one that was typed in has none."""
    access = _activity_access(state, call)
    held = state.activities.get(call.object_id)
    if held is None or not held.is_open_to(access) or not state.is_readable(held) or held.body.get("manual"):
        return answers.not_found()
    found = course(held.body, held.cadence_change, (call.get("keys") or "").split(","))
    if (call.get("key_by_type") or "").lower() == "true":
        return answers.reply(found)
    return answers.reply([{"type": name, **stream} for name, stream in found.items()])


@locked
def gear(state: State, call: Call) -> Response:
    """A pair of the athlete's own shoes."""
    access = _access(state, call)
    worn = _worn(state, access.athlete_id)
    for pair in state.athletes[access.athlete_id].shoes:
        if pair.id == call.object_name:
            return answers.reply(pair_of_shoes(pair, worn) | {"resource_state": 3, "description": ""})
    return answers.not_found()


def _worn(state: State, athlete_id: int) -> dict[str, float]:
    """The metres run in each pair of shoes."""
    worn: dict[str, float] = defaultdict(float)
    for held in state.activities.values():
        if held.athlete_id == athlete_id and held.released:
            worn[held.body.get("gear_id") or ""] += held.body["distance"]
    return worn


def _access(state: State, call: Call) -> Access:
    access = state.grants.access(call.bearer, state.clock())
    if access is None:
        raise Refusal(answers.bad_token())
    return access


def _activity_access(state: State, call: Call) -> Access:
    access = _access(state, call)
    if not access.sees_activities:
        raise Refusal(answers.unauthorized("AccessToken", "activity:read_permission", "missing"))
    return access


def _starts_between(held: HeldActivity, after: datetime | None, before: datetime | None) -> bool:
    start = start_of(held.body)
    return (after is None or start > after) and (before is None or start < before)


def _page(call: Call, found: list[HeldActivity]) -> list[HeldActivity]:
    per_page = min(_count(call, "per_page") or DEFAULT_PER_PAGE, MOST_PER_PAGE)
    first = (max(_count(call, "page") or 1, 1) - 1) * per_page
    return found[first : first + per_page]


def _instant(call: Call, name: str) -> datetime | None:
    seconds = _count(call, name)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        # Milliseconds taken for seconds lie beyond any calendar.
        return datetime.max.replace(tzinfo=UTC)


def _count(call: Call, name: str) -> int | None:
    text = call.get(name)
    if text is None:
        return None
    if not text.isdecimal():
        raise Refusal(answers.bad_request("Application", name))
    return int(text)
