"""The calls that change an activity or make one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from integrations.strava.simulator import answers
from integrations.strava.simulator.activity import Session, SimulatedActivity
from integrations.strava.simulator.answers import Refusal
from integrations.strava.simulator.api import shown_detail
from integrations.strava.simulator.calls import Call
from integrations.strava.simulator.editing import edit, hold
from integrations.strava.simulator.events import release_due
from integrations.strava.simulator.grants import Access
from integrations.strava.simulator.rights import meant_activity, writing_access
from integrations.strava.simulator.state import State, locked

Json = dict[str, Any]

_TEXTS = ("name", "description", "private_note")
_SWITCHES = ("commute", "trainer", "hide_from_home")
_SPORT = re.compile(r"[A-Za-z]{3,30}")


@locked
def update(state: State, call: Call) -> Response:
    """Change what was given, from JSON or a form. A description replaces the one there was."""
    access = writing_access(state, call)
    held = meant_activity(state, access, call)
    edit(state, held, _changes(call))
    return answers.reply(shown_detail(state, held))


@locked
def create(state: State, call: Call) -> Response:
    """Make an activity as if typed in by hand. It is there at once and announced like any other."""
    access = writing_access(state, call)
    given = call.json or {**call.query, **call.form}
    session = Session(
        name=_needed(given, "name"),
        sport=_sport(given.get("sport_type") or given.get("type")),
        start_local=_start_local(_needed(given, "start_date_local")),
        moving_time_s=round(_number(given, "elapsed_time")),
        distance_m=_number(given, "distance", 0.0),
        description=str(given["description"]) if given.get("description") else None,
        time_zone=_time_zone(state, access),
        manual=True,
    )
    body = dict(session.recorded().body)
    body |= {"trainer": _is_true(given.get("trainer")), "commute": _is_true(given.get("commute"))}
    held_id = hold(state, access.athlete_id, SimulatedActivity(body, state.clock()))
    release_due(state)
    made = state.activities.get(held_id)
    return answers.created(shown_detail(state, made)) if made else answers.broken()


def _changes(call: Call) -> Json:
    given: Mapping[str, object] = call.json or {**call.query, **call.form}
    changes: Json = {name: str(given[name]) for name in _TEXTS if given.get(name) is not None}
    # Seen on Strava: a switch in a form, where it can only be text, is passed over without a word.
    changes |= {name: given[name] for name in _SWITCHES if isinstance(given.get(name), bool)}
    if given.get("gear_id") is not None:
        changes["gear_id"] = None if given["gear_id"] == "none" else str(given["gear_id"])
    sport = given.get("sport_type") or given.get("type")
    return changes if sport is None else changes | {"sport_type": _sport(sport)}


def _needed(given: Mapping[str, object], name: str) -> str:
    text = given.get(name)
    if not text:
        raise Refusal(answers.bad_request("Activity", name, "missing"))
    return str(text)


def _number(given: Mapping[str, object], name: str, default: float | None = None) -> float:
    if given.get(name) in (None, "") and default is not None:
        return default
    try:
        number = float(_needed(given, name))
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e9:
        raise Refusal(answers.bad_request("Activity", name))
    return number


def _sport(given: object) -> str:
    """The word for the sport; `Other` has been seen to be refused."""
    word = str(given or "")
    if not _SPORT.fullmatch(word) or word == "Other":
        raise Refusal(answers.bad_request("Activity", "sport_type"))
    return word[:1].upper() + word[1:]


def _start_local(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise Refusal(answers.bad_request("Activity", "start_date_local")) from None


def _time_zone(state: State, access: Access) -> str:
    """Where the athlete was last, by what they recorded; UTC for one who recorded nothing."""
    latest = max(state.readable(access), key=lambda held: str(held.body["start_date"]), default=None)
    if latest is None:
        return "UTC"
    name = str(latest.body.get("timezone")).rpartition(" ")[2]
    try:
        return ZoneInfo(name).key
    except (ValueError, KeyError):
        return "UTC"


def _is_true(given: object) -> bool:
    return str(given).lower() in {"1", "true"}
