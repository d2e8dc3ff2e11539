"""The door for a runner's own programs: runs in, reports out. Opened by a key that the runner made, and can revoke."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response

from integrations.archive import FoundRun, stable_id
from rules.model import Activity
from rules.words import N_
from service import intake
from service.bootstrap import Service
from service.errors import NotFound, ServiceError
from service.store.records import Intake
from service.web.access import ServiceHere
from service.web.uploading import UNBOUNDED, Spooled, small_body, spool_body, spool_form

#: One run as JSON takes a few hundred bytes.
LARGEST_RUN = 16_384
A_DAY_S = 86_400


class BadKey(ServiceError):
    message = N_("Send a key from the page about your own runs: Authorization: Bearer <key>.")


class RunGiven(BaseModel):
    """One run as a program gives it. SI units; `cadence_spm` counts the steps of both feet."""

    model_config = ConfigDict(extra="forbid")

    start: AwareDatetime
    distance_m: float = Field(ge=0, le=1_000_000, allow_inf_nan=False)
    moving_time_s: int | None = Field(None, gt=0, le=10 * A_DAY_S)
    elapsed_time_s: int = Field(gt=0, le=10 * A_DAY_S)
    sport: str = Field("Run", pattern=r"^[A-Za-z]{1,40}$")
    race: bool = False
    treadmill: bool = False
    elevation_gain_m: float | None = Field(None, ge=0, le=20_000, allow_inf_nan=False)
    average_hr_bpm: float | None = Field(None, ge=20, le=260, allow_inf_nan=False)
    max_hr_bpm: float | None = Field(None, ge=20, le=260, allow_inf_nan=False)
    cadence_spm: float | None = Field(None, ge=0, le=400, allow_inf_nan=False)

    def found(self) -> FoundRun:
        """The run as a file would have given it. A start in UTC says nothing of the runner's clock."""
        offset = self.start.utcoffset() or timedelta(0)
        given = self.model_dump(exclude={"start"})
        activity = Activity(
            id=stable_id(self.start, self.elapsed_time_s, self.distance_m),
            start_local=self.start.replace(tzinfo=None),
            utc_offset_s=round(offset.total_seconds()),
            **given,
        )
        return FoundRun(Path("run.json"), None, activity, "api", self.start, zone_known=bool(offset))


def caller(service: ServiceHere, authorization: Annotated[str, Header()] = "") -> int:
    """Whose key was sent."""
    scheme, _space, key = authorization.partition(" ")
    with service.store.transaction() as tx:
        athlete_id = tx.api_tokens.use(key.strip(), service.clock()) if scheme.lower() == "bearer" else None
    if athlete_id is None:
        raise BadKey
    return athlete_id


Caller = Annotated[int, Depends(caller)]
router = APIRouter(prefix="/api/v1", dependencies=[Depends(caller)])


async def received(
    request: Request, service: ServiceHere, athlete_id: Caller, name: Annotated[str, Query(max_length=200)] = ""
) -> list[Spooled] | bytes:
    """Files, or the JSON of one run; read after the key was seen. Asynchronous: it is the server's edge."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return await small_body(request, LARGEST_RUN)
    if kind == "multipart/form-data":
        return await spool_form(request, service, None)
    return [await spool_body(request, service, Path(name).name or "upload")]


@router.post("/runs", max_body_size=UNBOUNDED)
def add_runs(
    service: ServiceHere, athlete_id: Caller, given: Annotated[list[Spooled] | bytes, Depends(received)]
) -> Response:
    """202 and where to look for the report; for one run as JSON 200 and the report."""
    if isinstance(given, bytes):
        return _add_one(service, athlete_id, given)
    begun = [intake.begin(service, athlete_id, file.name, file.size, file.spool) for file in given]
    service.nudges.intake()
    return JSONResponse({"intakes": [_described(service, one) for one in begun]}, status_code=202)


@router.get("/runs/intakes/{intake_id}")
def report(service: ServiceHere, athlete_id: Caller, intake_id: int) -> Response:
    with service.store.transaction() as tx:
        found = tx.intakes.get(athlete_id, intake_id)
    if found is None:
        raise NotFound
    return JSONResponse(_described(service, found))


def _add_one(service: Service, athlete_id: int, body: bytes) -> Response:
    try:
        run = RunGiven.model_validate_json(body)
    except ValidationError as error:
        wrong = [
            {"field": ".".join(str(part) for part in one["loc"]), "problem": one["msg"]}
            for one in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        return JSONResponse({"detail": wrong}, status_code=422)
    done = intake.keep_one(service, athlete_id, "run.json", run.found())
    return JSONResponse(_described(service, done))


def _described(service: Service, one: Intake) -> dict[str, Any]:
    """An intake as JSON. `report` lists what was left out, up to a bound; `skipped` counts all of it."""
    with service.store.transaction() as tx:
        problems = tx.intakes.problems(one.id)
    names = ("id", "name", "state", "found", "added", "known", "skipped", "done_bytes", "total_bytes")
    return {
        **{name: getattr(one, name) for name in names},
        "url": f"{service.settings.base_url}/api/v1/runs/intakes/{one.id}",
        "report": [{"kind": kind, "what": line} for kind, line in problems],
    }
