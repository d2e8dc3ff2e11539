"""The calls that read athletes and activities."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from starlette.responses import Response

from integrations.strava.simulator import answers
from integrations.strava.simulator.activity import start_of, summary
from integrations.strava.simulator.answers import Refusal
from integrations.strava.simulator.athletes import MORE_OF_SHOES, detailed_athlete, pair_of_shoes, summary_athlete
from integrations.strava.simulator.calls import Call
from integrations.strava.simulator.course import course
from integrations.strava.simulator.detail import bounds, detail, laps, time_in_zones
from integrations.strava.simulator.grants import WHOLE_PROFILE
from integrations.strava.simulator.rights import access_of, meant_activity, reading_access
from integrations.strava.simulator.shelf import HeldActivity
from integrations.strava.simulator.state import Json, State, locked
from integrations.strava.simulator.totals import totals

DEFAULT_PER_PAGE, MOST_PER_PAGE = 30, 200


@locked
def athlete(state: State, call: Call) -> Response:
    access = access_of(state, call)
    shown = state.athletes[access.athlete_id]
    if WHOLE_PROFILE in access.scopes:
        return answers.reply(detailed_athlete(shown, _worn(state, shown.id)))
    return answers.reply(summary_athlete(shown))


@locked
def athlete_zones(state: State, call: Call) -> Response:
    """The heart rates between which the athlete's zones lie. It needs the scope for the whole profile."""
    access = access_of(state, call)
    if WHOLE_PROFILE not in access.scopes:
        raise Refusal(answers.scope_missing("profile:read_all"))
    zones = bounds(state.athletes[access.athlete_id].heart_rate_ends)
    return answers.reply({"heart_rate": {"custom_zones": False, "zones": zones}})


@locked
def stats(state: State, call: Call) -> Response:
    """The athlete's own totals, of what everyone may see."""
    access = access_of(state, call)
    if call.object_id != access.athlete_id:
        return answers.unauthorized("Athlete", "id")
    theirs = state.activities.of_athlete(access.athlete_id)
    return answers.reply(totals([held.body for held in theirs if state.is_readable(held)], state.clock()))


@locked
def activities(state: State, call: Call) -> Response:
    """A page of the athlete's own activities, newest first; past the end it is empty."""
    access = reading_access(state, call)
    after, before = _instant(call, "after"), _instant(call, "before")
    if after and after > state.clock():
        return answers.bad_request("Application", "after", "future")
    found = [held for held in state.readable(access) if _starts_between(held, after, before)]
    oldest_first = bool(after and not before and state.modes.oldest_first_with_only_after)
    found.sort(key=lambda held: (start_of(held.body), held.body["id"]), reverse=not oldest_first)
    return answers.reply([summary(held.body) for held in _page(call, found)])


@locked
def activity(state: State, call: Call) -> Response:
    held = meant_activity(state, reading_access(state, call), call)
    if call.object_id in state.faults.broken_activities:
        return answers.broken()
    return answers.reply(shown_detail(state, held))


@locked
def streams(state: State, call: Call) -> Response:
    """The course of an activity, by type if so asked: the streams named, or the distance alone, as once recorded.

    One that was typed in has none.
    """
    held = meant_activity(state, reading_access(state, call), call)
    if held.body.get("manual"):
        return answers.not_found()
    keys = (call.get("keys") or "distance").split(",")
    found = {name: stream for name, stream in course(held.body, held.cadence_change).items() if name in keys}
    if (call.get("key_by_type") or "").lower() == "true":
        return answers.reply(found)
    return answers.reply([{"type": name, **stream} for name, stream in found.items()])


@locked
def activity_laps(state: State, call: Call) -> Response:
    return answers.reply(laps(meant_activity(state, reading_access(state, call), call).body))


@locked
def activity_zones(state: State, call: Call) -> Response:
    """How long the activity lasted in each zone. Strava shows this to its subscribers only; here everyone is one."""
    access = reading_access(state, call)
    held = meant_activity(state, access, call)
    return answers.reply(time_in_zones(held.body, state.athletes[access.athlete_id].heart_rate_ends))


@locked
def gear(state: State, call: Call) -> Response:
    """A pair of the athlete's own shoes."""
    access = access_of(state, call)
    worn = _worn(state, access.athlete_id)
    for pair in state.athletes[access.athlete_id].shoes:
        if pair.id == call.object_name:
            return answers.reply(pair_of_shoes(pair, worn) | MORE_OF_SHOES)
    return answers.not_found()


def shown_detail(state: State, held: HeldActivity) -> Json:
    """An activity as its own call shows it, with the shoes it was run in."""
    pairs = state.athletes[held.athlete_id].shoes
    worn = [pair_of_shoes(pair, _worn(state, held.athlete_id)) for pair in pairs if pair.id == held.body.get("gear_id")]
    return detail(held.body) | {"gear": worn[0] if worn else None}


def _worn(state: State, athlete_id: int) -> dict[str, float]:
    """The metres run in each pair of shoes."""
    worn: dict[str, float] = defaultdict(float)
    for held in state.activities.of_athlete(athlete_id):
        if held.released:
            worn[held.body.get("gear_id") or ""] += held.body["distance"]
    return worn


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
