"""The simulator and Strava itself, asked the same in the same situation: status, headers, keys and JSON types.

The recordings are of 2018, 2020, 2023 and 2025; the simulator is set to the year by its switches. Most bodies are too
long to have been kept; where the same call's answer was recorded elsewhere, that one is compared.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from integrations.strava.simulator.grants import SCOPES
from tests.integrations.simulator.conftest import App
from tests.integrations.simulator.receiver import receiving
from tests.integrations.simulator.recorded import ASKED, Scene, simulator_of

pytestmark = pytest.mark.real_data

#: Calls that the simulator does not have, by what their address holds.
NOT_SIMULATED = {
    "/comments": "what others say of a run is nothing to read training from",
    "/kudos": "what others say of a run is nothing to read training from",
    "/photos": "pictures are nothing to read training from",
    "/clubs/": "other people's data, and gone from Strava's API since September 2026",
    "/athlete/clubs": "other people's data",
    "/routes": "plans, not training",
    "/segments": "Strava restricts them, and no rule reads them",
    "/segment_efforts": "Strava restricts them, and no rule reads them",
    "/uploads": "files are uploaded by watches, not by a reader",
    "PUT /api/v3/athlete": "weight and power are nothing that a reader changes",
    "/gear/b": "the simulated runners have shoes and no bicycles",
}

#: Headers of a recording that are not compared, with the reason.
NOT_COMPARED = {
    "client/activity_with_ratelimit_exceeded.yml#0": (
        {"Status", "Etag", "Cache-Control"},
        "made from the recording of a good answer, whose headers it still carries",
    ),
}

#: Where the answer to the same call was recorded elsewhere.
BODIES_ELSEWHERE = {
    "client/activity.yml#0": "detailed_activity.run.json",
    **dict.fromkeys([name for name in ASKED if "athlete_activities" in name], "pages"),
}
#: Paths that the simulator adds to what was recorded, with the reason.
ADDED = {
    ".private_note": "named by people who use it, and shown to the owner only",
    ".photos.primary": "null where there is no photo, and the recorded run has one",
    "[].device_name": "in the list since the week after the recording",
}
#: Paths that the simulator lacks, by their beginning, with the reason.
LACKING = {
    ".segment_efforts[]": "no segments are simulated",
    ".photos.primary.": "no photos are simulated",
    ".photos.use_primary_photo": "there only with a photo",
    "[].average_temp": "no thermometer is simulated",
}

Recorded = dict[str, Any]
Shape = dict[str, set[str]]


def real_data() -> Path:
    folder = os.environ.get("AFTERRUN_REAL_DATA")
    if not folder:
        pytest.skip("AFTERRUN_REAL_DATA is not set: no real answers of Strava's to compare with")
    return Path(folder)


@pytest.fixture(scope="module")
def recordings() -> dict[str, Recorded]:
    """Every recorded exchange, by file and number within it."""
    text = (real_data() / "exports" / "http" / "recorded_exchanges.json").read_text(encoding="utf-8")
    numbers: Counter[str] = Counter()
    found = {}
    for exchange in json.loads(text):
        found[f"{exchange['file']}#{numbers[exchange['file']]}"] = exchange
        numbers[exchange["file"]] += 1
    return found


@pytest.fixture
def scene(request: pytest.FixtureRequest, recordings: dict[str, Recorded], served) -> Iterator[Scene]:
    """A simulator of the recording's year."""
    year = parsedate_to_datetime(recordings[request.node.callspec.params["name"]]["recorded_at"]).year
    board, url = served
    simulator = simulator_of(year)
    board.program = simulator.app
    with httpx.Client(base_url=url, trust_env=False, verify=False) as http, receiving() as receiver:
        app = App(simulator, http)
        held = app.connect(scopes=SCOPES)
        yield Scene(app, receiver, held["access_token"], held["refresh_token"])


def reason_to_leave_out(exchange: Recorded) -> str | None:
    address = f"{exchange['method']} {exchange['uri'].removeprefix('https://www.strava.com')}"
    return next((reason for part, reason in NOT_SIMULATED.items() if part in address), None)


def headers_of(answer: httpx.Response) -> set[str]:
    return {name.title() for name in answer.headers}


def form(name: str, text: str) -> str:
    """What of a header is the same in every answer: numbers and marks vary, and how UTF-8 is spelt."""
    if name == "Date":
        return str(parsedate_to_datetime(text).tzinfo)
    if name == "Etag":
        return re.sub(r"[0-9a-f]{32}", "*", text)
    return re.sub(r"\d+", "9", text).lower() if name.endswith("Usage") or name == "Content-Length" else text.lower()


def shape(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every path in a JSON value with the type found there; a list's members count as one."""
    kinds = {type(None): "null", bool: "boolean", int: "number", float: "number", str: "string", list: "list"}
    yield path, kinds.get(type(value), "object")
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from shape(inner, f"{path}.{key}")
    if isinstance(value, list):
        for inner in value:
            yield from shape(inner, f"{path}[]")


def types(value: object) -> Shape:
    found: Shape = {}
    for path, kind in shape(value):
        found.setdefault(path, set()).add(kind)
    return found


def recorded_body(name: str, exchange: Recorded) -> object:
    """The body, from where it was kept; None where it was not."""
    api = real_data() / "exports" / "api"
    if name in BODIES_ELSEWHERE:
        source = api / BODIES_ELSEWHERE[name]
        pages = sorted(source.glob("*.json")) if source.is_dir() else [source]
        bodies = [json.loads(page.read_text(encoding="utf-8")) for page in pages]
        return [row for body in bodies for row in body] if source.is_dir() else bodies[0]
    text = exchange["body"].strip()
    return None if text.endswith("characters left out>") or not text else json.loads(text)


def optional(body: object) -> set[str]:
    """Paths of a list's members that some of them lack."""
    if not isinstance(body, list) or not body:
        return set()
    members = [set(types(member)) for member in body]
    return {f"[]{path}" for path in set.union(*members) - set.intersection(*members)}


def test_every_recorded_exchange_is_compared_or_left_out_for_a_reason(recordings: dict[str, Recorded]):
    left_out = {name for name, exchange in recordings.items() if reason_to_leave_out(exchange)}
    assert ASKED.keys() | left_out == recordings.keys()
    assert not ASKED.keys() & left_out
    assert (len(recordings), len(ASKED)) == (78, 31)


@pytest.mark.parametrize("name", ASKED)
def test_the_status_and_every_recorded_header_are_the_same(name: str, recordings: dict[str, Recorded], scene: Scene):
    exchange = recordings[name]
    answer = ASKED[name](scene)
    assert answer.status_code == exchange["status"]["code"]
    but, _ = NOT_COMPARED.get(name, (set(), ""))
    recorded = {key: values[0] for key, values in exchange["headers"].items() if key not in but}
    assert recorded.keys() <= headers_of(answer)
    assert {key: form(key, answer.headers[key]) for key in recorded} == {
        key: form(key, text) for key, text in recorded.items()
    }
    limits = {key for key in headers_of(answer) if "Ratelimit" in key}
    assert limits == {key for key in recorded if "Ratelimit" in key}


@pytest.mark.parametrize("name", ASKED)
def test_the_body_has_the_same_keys_and_types(name: str, recordings: dict[str, Recorded], scene: Scene):
    recorded = recorded_body(name, recordings[name])
    answer = ASKED[name](scene)
    if recorded is None:
        # Not kept: what can be said of it is whether there was one.
        assert bool(answer.content.strip()) == bool(recordings[name]["body"].strip())
        return
    real, simulated = types(recorded), types(answer.json())
    other = {path for path, kinds in simulated.items() if not kinds <= real.get(path, set())}
    assert other - ADDED.keys() == set()
    needed = real.keys() - optional(recorded)
    assert {path for path in needed - simulated.keys() if not path.startswith(tuple(LACKING))} == set()
