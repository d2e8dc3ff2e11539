"""The pages that a person sees when an application asks for access."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader

from integrations.strava.simulator.athletes import SimulatedAthlete
from integrations.strava.simulator.state import State

if TYPE_CHECKING:
    from integrations.strava.simulator.oauth import Request

_PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True, trim_blocks=True)

_MEANINGS = {
    "read": "See your public profile",
    "read_all": "See your private routes, segments and events",
    "profile:read_all": "See your complete profile",
    "profile:write": "Change your weight and starred segments",
    "activity:read": "See activities that are visible to everyone or to followers",
    "activity:read_all": "See activities that are visible to you only, and hidden parts of maps",
    "activity:write": "Upload and change activities",
}


def consent_page(state: State, request: Request, athlete: SimulatedAthlete | None, query_string: str) -> str:
    """Who asks for what: each scope can be unticked, and the athlete chosen where there are several."""
    athletes = list(state.athletes.values())
    return _PAGES.get_template("consent.html").render(
        application=state.application.name,
        scopes=[(scope, _MEANINGS[scope]) for scope in request.scopes],
        athletes=athletes,
        chosen=athlete.id if athlete else next((one.id for one in athletes), None),
        query_string=query_string,
    )


def capacity_page() -> str:
    """What Strava shows in place of consent when the application has all the athletes it may have."""
    return _PAGES.get_template("capacity.html").render()
