"""A faithful local Strava: OAuth, lists, limits, push events and faults, on its own clock."""

from integrations.strava.simulator.activity import Session, SimulatedActivity, run
from integrations.strava.simulator.athletes import Shoes, SimulatedAthlete
from integrations.strava.simulator.clock import SimulatedClock
from integrations.strava.simulator.faults import Fault, Faults, Modes
from integrations.strava.simulator.quota import ONE_ATHLETE, TEN_ATHLETES
from integrations.strava.simulator.server import serve
from integrations.strava.simulator.simulator import Simulator

__all__ = [
    "ONE_ATHLETE",
    "TEN_ATHLETES",
    "Fault",
    "Faults",
    "Modes",
    "Session",
    "Shoes",
    "SimulatedActivity",
    "SimulatedAthlete",
    "SimulatedClock",
    "Simulator",
    "run",
    "serve",
]
