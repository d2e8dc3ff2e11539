"""The simulated Strava as an object: build it, serve `app`, and steer everything else by its methods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from integrations.clock import Clock
from integrations.strava.simulator import events
from integrations.strava.simulator.activity import SimulatedActivity, consistent
from integrations.strava.simulator.app import build_app
from integrations.strava.simulator.athletes import SimulatedAthlete
from integrations.strava.simulator.calls import ReceivedCall
from integrations.strava.simulator.editing import edit, hold
from integrations.strava.simulator.faults import Endpoint, Faults, Modes
from integrations.strava.simulator.grants import SCOPES, Access, Grant, Grants
from integrations.strava.simulator.quota import TEN_ATHLETES, Level, Quota
from integrations.strava.simulator.shelf import HeldActivity
from integrations.strava.simulator.state import Application, Json, State, Subscription


class Simulator:
    """A local Strava. Every method may be called from any thread, while `app` is being served.

    `clock` is the only time it knows; everything random follows from `seed`. Athletes' activities arrive when the
    clock passes their upload: what was uploaded before the start is there from the start. `faults` and `modes`
    are set directly. With `control` the same can be done over HTTP, below `/simulator/`, by whoever reaches it.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        athletes: Iterable[SimulatedAthlete] = (),
        seed: int = 0,
        client_id: str = "1234",
        client_secret: str = "simulated-secret",  # noqa: S107 - opens nothing but this simulator
        application_name: str = "Afterrun",
        callback_domain: str = "",
        level: Level = TEN_ATHLETES,
        modes: Modes | None = None,
        control: bool = False,
    ) -> None:
        self.clock = clock
        self.faults = Faults()
        self.modes = modes or Modes()
        self._state = State(
            clock=clock,
            application=Application(client_id, client_secret, application_name, callback_domain),
            athletes={},
            grants=Grants(seed, self.modes),
            quota=Quota(level, self.modes),
            faults=self.faults,
            modes=self.modes,
        )
        for athlete in athletes:
            self.add_athlete(athlete)
        self.app: Starlette = build_app(self._state, _control(self) if control else ())

    @property
    def client_id(self) -> str:
        return self._state.application.client_id

    @property
    def client_secret(self) -> str:
        return self._state.application.client_secret

    # Who and what is there

    def add_athlete(self, athlete: SimulatedAthlete) -> None:
        """Give someone an account, with all their activities. Raises `ValueError` when the id is taken."""
        with self._state.lock:
            if athlete.id in self._state.athletes:
                raise ValueError(f"athlete {athlete.id} exists already")
            self._state.athletes[athlete.id] = athlete
            for activity in athlete.activities:
                hold(self._state, athlete.id, activity)
            events.release_due(self._state)

    def delete_athlete(self, athlete_id: int) -> None:
        """Let an account go with all its activities. The application hears what it hears of a revocation."""
        with self._state.lock:
            if self._state.athletes.pop(athlete_id, None) is None:
                raise KeyError(f"there is no athlete {athlete_id}")
            events.disconnect(self._state, athlete_id)
            self._state.grants.revoke(athlete_id)
            self._state.activities.remove_athlete(athlete_id)

    @property
    def athlete_ids(self) -> tuple[int, ...]:
        with self._state.lock:
            return tuple(self._state.athletes)

    def add_activity(self, athlete_id: int, activity: SimulatedActivity) -> int:
        """Add an activity and return its id. It arrives, with its event, at its upload: now at the earliest."""
        with self._state.lock:
            arrives = max(activity.uploaded_at, self.clock())
            activity_id = hold(self._state, athlete_id, replace(activity, uploaded_at=arrives))
            events.release_due(self._state)
            return activity_id

    def edit_activity(self, athlete_id: int, activity_id: int, **changes: Any) -> None:
        """Change fields of Strava's JSON (`distance=4200.0`). Only a new name or sport causes an event."""
        with self._state.lock:
            edit(self._state, self._held(athlete_id, activity_id), changes)

    def crop_activity(self, athlete_id: int, activity_id: int, distance_m: float) -> None:
        """Cut a run to that length at its pace, as the athlete does when the watch ran on. No event tells of it."""
        with self._state.lock:
            held = self._held(athlete_id, activity_id)
            if not 0 < distance_m < held.body["distance"]:
                raise ValueError(f"activity {activity_id} is {held.body['distance']} m long: crop it to less, above 0")
            share = distance_m / held.body["distance"]
            times = {name: round(held.body[name] * share) for name in ("moving_time", "elapsed_time")}
            edit(self._state, held, {"distance": round(distance_m, 1)} | times)

    def set_visibility(self, athlete_id: int, activity_id: int, visibility: str) -> None:
        """`everyone`, `followers_only` or `only_me`. Without the private scope, hiding reads as deleting."""
        with self._state.lock:
            held = self._held(athlete_id, activity_id)
            was_private = held.is_private
            held.body = consistent(held.body | {"visibility": visibility})
            if held.released:
                events.tell_visibility(self._state, held, was_private)

    def delete_activity(self, athlete_id: int, activity_id: int) -> None:
        with self._state.lock:
            held = self._held(athlete_id, activity_id)
            self._state.activities.remove(activity_id)
            if held.released:
                events.tell_activity(self._state, held, "delete")

    def release_due(self) -> list[int]:
        """Let arrive what the clock has passed, with its events, and return the ids. Every call does so as well."""
        with self._state.lock:
            return events.release_due(self._state)

    def activity_ids(self, athlete_id: int) -> list[int]:
        """The athlete's activities that have arrived, oldest start first."""
        with self._state.lock:
            arrived = [held for held in self._state.activities.of_athlete(athlete_id) if held.released]
            return [held.body["id"] for held in sorted(arrived, key=lambda held: str(held.body["start_date"]))]

    def next_upload(self) -> datetime | None:
        """When the next activity will arrive, if any is still to come."""
        with self._state.lock:
            return self._state.activities.next_arrival()

    # Connections

    def approve(self, athlete_id: int, scopes: Sequence[str] = SCOPES) -> str:
        """Consent without the page: a fresh code for these scopes."""
        with self._state.lock:
            return self._state.grants.issue_code(athlete_id, tuple(scopes), self.clock())

    def connection(self, athlete_id: int) -> Grant | None:
        """The athlete's present tokens and scopes."""
        with self._state.lock:
            return self._state.grants.by_athlete.get(athlete_id)

    def revoke(self, athlete_id: int) -> None:
        """End the connection from Strava's side, as the athlete's own settings page does."""
        with self._state.lock:
            events.disconnect(self._state, athlete_id)

    def expire_access(self, athlete_id: int) -> Access | None:
        """Let the access tokens run out before their time."""
        with self._state.lock:
            self._state.grants.expire_access(athlete_id, self.clock())
            return self._state.grants.by_athlete[athlete_id].access

    def rotate_refresh_token(self, athlete_id: int) -> str:
        """Replace the refresh token as if another process had refreshed; returns the new one."""
        with self._state.lock:
            return self._state.grants.rotate(athlete_id)

    # Limits, events, log

    def spend_quota(self, *, reads: int = 0, writes: int = 0) -> None:
        """Use up calls as if other athletes had made them."""
        with self._state.lock:
            self._state.quota.spend(self.clock(), reads=reads, writes=writes)

    def deliver_events(self) -> int:
        """Post every event that is due, once; returns how many were taken."""
        return events.deliver(self._state)

    def forge_event(self, payload: Json, *, url: str = "", signed_with: str | None = None) -> int | None:
        """Post an event that nothing stands behind, to the subscriber or to `url`, as a stranger could.

        Returns the receiver's status, None where it did not answer. With `signed_with` the event is signed by that
        key. Raises `ValueError` where there is neither a subscriber nor a `url`.
        """
        receiver = url or (self.subscription.callback_url if self.subscription else "")
        if not receiver:
            raise ValueError("nobody is subscribed: say to which url the event goes")
        return events.forge(self._state, payload, url=receiver, signed_with=signed_with)

    @property
    def quota(self) -> dict[str, str]:
        """The use of the limits, as the four headers tell it."""
        with self._state.lock:
            return self._state.quota.headers(self.clock())

    @property
    def pending_events(self) -> tuple[Json, ...]:
        """Events not yet taken, as they will be posted."""
        with self._state.lock:
            return tuple(dict(event.payload) for event in self._state.events)

    @property
    def subscription(self) -> Subscription | None:
        with self._state.lock:
            return self._state.subscription

    def drop_subscription(self) -> None:
        """Lose the subscription without a word, as has been seen to happen."""
        with self._state.lock:
            self._state.subscription = None
            self._state.events.clear()

    @property
    def calls(self) -> tuple[ReceivedCall, ...]:
        """All calls received so far, in order."""
        with self._state.lock:
            return tuple(self._state.calls)

    def calls_to(self, endpoint: Endpoint) -> tuple[ReceivedCall, ...]:
        return tuple(call for call in self.calls if call.endpoint == endpoint)

    def _held(self, athlete_id: int, activity_id: int) -> HeldActivity:
        held = self._state.activities.get(activity_id)
        if held is None or held.athlete_id != athlete_id:
            raise KeyError(f"athlete {athlete_id} has no activity {activity_id}")
        return held


def _control(simulator: Simulator) -> list[BaseRoute]:
    # Imported here: it is for tests, and brings a whole framework.
    from integrations.strava.simulator.control import CONTROL_PREFIX, build_control

    return [Mount(CONTROL_PREFIX, build_control(simulator))]
