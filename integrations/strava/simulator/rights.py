"""What a call may do: whose token it carries, which scopes that has, and which activity is meant."""

from __future__ import annotations

from integrations.strava.simulator import answers
from integrations.strava.simulator.answers import Refusal
from integrations.strava.simulator.calls import Call
from integrations.strava.simulator.grants import WRITE, Access
from integrations.strava.simulator.shelf import HeldActivity
from integrations.strava.simulator.state import State


def access_of(state: State, call: Call) -> Access:
    """What the call's access token allows. Refuses a call without a good one."""
    access = state.grants.access(state.token_of(call), state.clock())
    if access is None:
        raise Refusal(answers.bad_token())
    return access


def reading_access(state: State, call: Call) -> Access:
    """The same for a call that reads activities."""
    access = access_of(state, call)
    if not access.sees_activities:
        raise Refusal(answers.scope_missing("activity:read_permission"))
    return access


def writing_access(state: State, call: Call) -> Access:
    """The same for a call that changes activities or makes one."""
    access = access_of(state, call)
    if WRITE not in access.scopes:
        raise Refusal(answers.scope_missing("activity:write_permission"))
    return access


def meant_activity(state: State, access: Access, call: Call) -> HeldActivity:
    """The activity that the address names, where that access may see it and it has arrived."""
    held = state.activities.get(call.object_id)
    if held is None or not held.is_open_to(access) or not state.is_readable(held):
        raise Refusal(answers.not_found())
    return held
