"""The one page about the simulator names everything that it can do."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
from fastapi.routing import APIRoute

from integrations.strava.simulator import Fault, Modes, SimulatedClock, Simulator
from integrations.strava.simulator.app import ENDPOINTS
from integrations.strava.simulator.control import build_control
from integrations.strava.simulator.faults import Endpoint, EventFaults, Faults, LimitBody, Rotation
from integrations.strava.simulator.personas import PERSONAS
from tests.integrations.simulator.conftest import NOW

PAGE = Path(__file__).parents[3] / "docs" / "simulator.md"


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def routes() -> set[tuple[str, str]]:
    control = build_control(Simulator(clock=SimulatedClock(NOW)))
    return {(method, route.path) for route in control.routes if isinstance(route, APIRoute) for method in route.methods}


def test_the_table_of_the_control_api_is_the_control_api(page: str):
    rows = re.findall(r"^\| `(GET|POST|PATCH|PUT|DELETE) (/[^`?]*)", page, re.MULTILINE)
    assert len(rows) == len(set(rows))
    assert set(rows) == routes()


@pytest.mark.parametrize("switches", [Faults, EventFaults, Modes])
def test_every_switch_is_named(page: str, switches: type):
    names = {field.name for field in fields(switches) if not field.name.startswith("_")} - {"events"}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


def test_every_fault_kind_of_call_and_choice_is_named(page: str):
    words = [fault.value for fault in Fault]
    words += [word for choice in (Endpoint, Rotation, LimitBody) for word in get_args(choice)]
    assert [word for word in (*words, *PERSONAS, "oddities") if f"`{word}`" not in page] == []


def test_every_address_of_strava_s_own_is_named(page: str):
    last_parts = {endpoint.path.split("/")[-1].split(":")[0] for endpoint in ENDPOINTS}
    assert [part for part in sorted(last_parts - {"{id"}) if f"/{part}" not in page] == []


def test_it_is_one_page(page: str):
    assert len(page.splitlines()) < 150
