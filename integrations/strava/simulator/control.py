"""The control API: everything that a test steers a `Simulator` by, as JSON under `/simulator/`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

from integrations.strava.simulator import control_bodies as bodies
from integrations.strava.simulator.athletes import SimulatedAthlete
from integrations.strava.simulator.clock import SimulatedClock
from integrations.strava.simulator.generator import generate
from integrations.strava.simulator.oddities import odd_athlete
from integrations.strava.simulator.personas import PERSONAS

if TYPE_CHECKING:
    from integrations.strava.simulator.simulator import Simulator

Json = dict[str, Any]

#: Where the control API begins.
CONTROL_PREFIX = "/simulator"


def build_control(simulator: Simulator) -> FastAPI:
    """The program to be mounted at `CONTROL_PREFIX`. It asks for no password: whoever reaches it may steer."""
    control = FastAPI(title="Strava simulator", openapi_url=None)
    control.add_exception_handler(ValueError, _refused(422))
    control.add_exception_handler(KeyError, _refused(404))
    for add in _PARTS:
        add(control, simulator)
    return control


def _refused(status: int) -> Callable[[Request, Exception], JSONResponse]:
    """What the simulator refuses, in its own words."""

    def answer(_: Request, problem: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(problem.args[0] if problem.args else problem)}, status)

    return answer


def _add_state(control: FastAPI, simulator: Simulator) -> None:
    @control.get("/state")
    def state() -> Json:
        """Where everything stands."""
        upload = simulator.next_upload()
        return {
            "now": simulator.clock().isoformat(),
            "athletes": {number: len(simulator.activity_ids(number)) for number in simulator.athlete_ids},
            "connected": [number for number in simulator.athlete_ids if simulator.connection(number)],
            "next_upload": upload.isoformat() if upload else None,
            "subscribed": simulator.subscription is not None,
            "pending_events": len(simulator.pending_events),
            "quota": simulator.quota,
        }

    @control.post("/clock")
    def clock(body: bodies.Clock) -> Json:
        """Move the clock forward, or let it run at another speed."""
        held = simulator.clock
        if not isinstance(held, SimulatedClock):
            raise HTTPException(409, "this simulator runs on a clock that is not its own")
        if body.speed is not None:
            held.set_speed(body.speed)
        if body.to is not None:
            held.advance_to(body.to.astimezone(UTC))
        return {"now": held.advance(timedelta(seconds=body.advance_s)).isoformat(), "arrived": simulator.release_due()}


def _add_use(control: FastAPI, simulator: Simulator) -> None:
    @control.post("/quota")
    def quota(body: bodies.Quota) -> Json:
        """Use up calls as if other athletes had made them."""
        simulator.spend_quota(reads=body.reads, writes=body.writes)
        return simulator.quota

    @control.get("/calls")
    def calls(first: int = 0) -> list[Json]:
        """The calls received, from the one of that number on. No secrets are in them."""
        return [asdict(call) for call in simulator.calls[max(first, 0) :]]


def _add_athletes(control: FastAPI, simulator: Simulator) -> None:
    @control.post("/athletes", status_code=201)
    def add_athlete(body: bodies.Athlete) -> Json:
        """Give someone an account: without activities, as a persona with months of them, or with every oddity."""
        simulator.add_athlete(_athlete(simulator, body))
        return {"id": body.id, "activities": simulator.activity_ids(body.id)}

    @control.delete("/athletes/{athlete_id}")
    def delete_athlete(athlete_id: int) -> Json:
        """Let an account go."""
        simulator.delete_athlete(athlete_id)
        return {}


def _athlete(simulator: Simulator, body: bodies.Athlete) -> SimulatedAthlete:
    today = simulator.clock().date()
    if body.persona == "oddities":
        made = odd_athlete(body.id, today - timedelta(days=1))
    elif body.persona:
        persona = PERSONAS[body.persona]
        told = generate(persona, body.seed, today - timedelta(weeks=body.weeks), today + timedelta(weeks=body.ahead))
        made = persona.athlete(body.id, tuple(told))
    else:
        made = SimulatedAthlete(id=body.id)
    return replace(made, first_name=body.first_name or made.first_name, last_name=body.last_name or made.last_name)


def _add_activities(control: FastAPI, simulator: Simulator) -> None:
    @control.get("/athletes/{athlete_id}/activities")
    def listed(athlete_id: int) -> Json:
        """The ids of what has arrived, oldest start first."""
        return {"ids": simulator.activity_ids(_known(simulator, athlete_id))}

    @control.post("/athletes/{athlete_id}/activities", status_code=201)
    def add(athlete_id: int, body: bodies.Activity) -> Json:
        """Add an activity. It arrives at its upload: now at the earliest."""
        return {"id": simulator.add_activity(_known(simulator, athlete_id), body.recorded())}

    @control.delete("/athletes/{athlete_id}/activities/{activity_id}")
    def delete(athlete_id: int, activity_id: int) -> Json:
        simulator.delete_activity(athlete_id, activity_id)
        return {}


def _add_changes(control: FastAPI, simulator: Simulator) -> None:
    @control.patch("/athletes/{athlete_id}/activities/{activity_id}")
    def edit(athlete_id: int, activity_id: int, body: bodies.Edit) -> Json:
        """Change fields of Strava's JSON."""
        simulator.edit_activity(athlete_id, activity_id, **body.model_dump(exclude_unset=True))
        return {}

    @control.post("/athletes/{athlete_id}/activities/{activity_id}/crop")
    def crop(athlete_id: int, activity_id: int, body: bodies.Crop) -> Json:
        """Cut a run to a length. No event tells of it."""
        simulator.crop_activity(athlete_id, activity_id, body.distance_m)
        return {}

    @control.post("/athletes/{athlete_id}/activities/{activity_id}/visibility")
    def show(athlete_id: int, activity_id: int, body: bodies.Visibility) -> Json:
        """Hide an activity, or show it again."""
        simulator.set_visibility(athlete_id, activity_id, body.visibility)
        return {}


def _add_connections(control: FastAPI, simulator: Simulator) -> None:
    @control.post("/athletes/{athlete_id}/approve")
    def approve(athlete_id: int, body: bodies.Approval) -> Json:
        """Consent without the page: a code that the application can exchange."""
        return {"code": simulator.approve(_known(simulator, athlete_id), body.scopes)}

    @control.post("/athletes/{athlete_id}/revoke")
    def revoke(athlete_id: int) -> Json:
        """End the connection from Strava's side."""
        simulator.revoke(_connected(simulator, athlete_id))
        return {}

    @control.post("/athletes/{athlete_id}/expire-access")
    def expire(athlete_id: int) -> Json:
        """Let the access tokens run out before their time."""
        simulator.expire_access(_connected(simulator, athlete_id))
        return {}

    @control.post("/athletes/{athlete_id}/rotate-refresh-token")
    def rotate(athlete_id: int) -> Json:
        """Make the refresh token that the application holds a dead one."""
        simulator.rotate_refresh_token(_connected(simulator, athlete_id))
        return {}


def _add_faults(control: FastAPI, simulator: Simulator) -> None:
    @control.post("/faults/next")
    def fail_next(body: bodies.FailNext) -> Json:
        """Plan the next answers to one kind of call."""
        simulator.faults.fail_next(body.endpoint, body.fault, times=body.times, after=body.after)
        return {}

    @control.post("/faults/share")
    def fail_share(body: bodies.FailShare) -> Json:
        """Let a share of all calls fail, the same ones in every run with that seed."""
        simulator.faults.fail_share(body.share, body.seed, body.kinds)
        return {}

    @control.delete("/faults")
    def clear() -> Json:
        """Call off what is planned. Switches stay."""
        simulator.faults.clear()
        return {}


def _add_switches(control: FastAPI, simulator: Simulator) -> None:
    @control.patch("/switches")
    def switch(body: bodies.Switches) -> Json:
        """Set switches of what goes wrong; what is not named stays."""
        bodies.apply(body, simulator.faults)
        return {}

    @control.patch("/switches/events")
    def switch_events(body: bodies.EventSwitches) -> Json:
        """The same for events on their way."""
        bodies.apply(body, simulator.faults.events)
        return {}

    @control.patch("/modes")
    def set_modes(body: bodies.ModeSwitches) -> Json:
        """Set how this Strava behaves; what is not named stays."""
        bodies.apply(body, simulator.modes)
        return {}


def _add_events(control: FastAPI, simulator: Simulator) -> None:
    @control.get("/events")
    def pending() -> list[Json]:
        """The events not yet taken."""
        return list(simulator.pending_events)

    @control.post("/events/deliver")
    def deliver() -> Json:
        """Post every event that is due, once."""
        return {"taken": simulator.deliver_events()}

    @control.post("/events/forge")
    def forge(body: bodies.Forged) -> Json:
        """Post an event that nothing stands behind, as a stranger could."""
        return {"status": simulator.forge_event(body.payload, url=body.url, signed_with=body.signed_with)}

    @control.delete("/subscription")
    def drop() -> Json:
        """Lose the subscription without a word."""
        simulator.drop_subscription()
        return {}


def _known(simulator: Simulator, athlete_id: int) -> int:
    if athlete_id not in simulator.athlete_ids:
        raise KeyError(f"there is no athlete {athlete_id}")
    return athlete_id


def _connected(simulator: Simulator, athlete_id: int) -> int:
    if simulator.connection(_known(simulator, athlete_id)) is None:
        raise HTTPException(409, f"athlete {athlete_id} is not connected")
    return athlete_id


_PARTS = (
    *(_add_state, _add_use, _add_athletes, _add_activities, _add_changes),
    *(_add_connections, _add_faults, _add_switches, _add_events),
)
