"""What the control API takes: a misspelt or impossible field is refused by name."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NaiveDatetime, field_validator, model_validator

from integrations.strava.simulator.activity import Session, SimulatedActivity
from integrations.strava.simulator.faults import Endpoint, Fault, LimitBody, Rotation
from integrations.strava.simulator.grants import SCOPES
from integrations.strava.simulator.personas import PERSONAS

Json = dict[str, Any]

Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0, le=10 * 366 * 86_400, allow_inf_nan=False)]
Metres = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Number = Annotated[int, Field(ge=1, lt=2**63)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Clock(_Body):
    """`advance_s` and `to` move it forward, `speed` is simulated seconds per real second."""

    advance_s: Seconds = 0
    to: AwareDatetime | None = None
    speed: Annotated[float, Field(ge=0, le=1e7, allow_inf_nan=False)] | None = None


class Quota(_Body):
    reads: Count = 0
    writes: Count = 0


class Athlete(_Body):
    """A persona brings activities from `weeks` ago to `ahead` weeks from now; `oddities` brings each one once."""

    id: Number
    first_name: str | None = None
    last_name: str | None = None
    persona: str | None = None
    seed: int = 1
    weeks: Annotated[int, Field(ge=0, le=520)] = 26
    ahead: Annotated[int, Field(ge=0, le=520)] = 0

    @field_validator("persona")
    @classmethod
    def _is_known(cls, code: str | None) -> str | None:
        known = {*PERSONAS, "oddities"}
        if code is not None and code not in known:
            raise ValueError(f"there is no persona {code!r}: take one of {', '.join(sorted(known))}")
        return code


class Activity(_Body):
    """What an athlete did, in the words of `Session`."""

    start_local: NaiveDatetime
    distance_m: Metres
    moving_time_s: Count | None = None
    elapsed_time_s: Count | None = None
    time_zone: str = "Europe/Berlin"
    sport: str = "Run"
    name: str = "Run"
    workout_type: int | None = 0
    visibility: Literal["everyone", "followers_only", "only_me"] = "everyone"
    treadmill: bool = False
    manual: bool = False
    hidden_start: bool = False
    elevation_gain_m: Metres = 0
    average_hr: float | None = None
    max_hr: float | None = None
    cadence: float | None = None
    gear_id: str | None = None
    device_name: str | None = None
    description: str | None = None
    perceived_exertion: int | None = None
    upload_delay_s: Seconds = 180
    cadence_change: float = 0

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (ValueError, OSError, KeyError):
            raise ValueError(f"there is no time zone {name!r}: write one like Europe/Berlin") from None

    def recorded(self) -> SimulatedActivity:
        """The activity in Strava's JSON."""
        fields = self.model_dump(exclude={"upload_delay_s"})
        return Session(**fields, upload_delay=timedelta(seconds=self.upload_delay_s)).recorded()


class Edit(_Body):
    """Fields of Strava's JSON that can be changed later."""

    name: str = ""
    sport_type: str = ""
    distance: Metres = 0
    moving_time: Count = 0
    elapsed_time: Count = 0
    total_elevation_gain: Metres = 0
    average_heartrate: float | None = None
    max_heartrate: float | None = None
    workout_type: int | None = None
    gear_id: str | None = None
    trainer: bool = False
    commute: bool = False
    description: str | None = None
    perceived_exertion: int | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Edit:
        if not self.model_fields_set:
            raise ValueError("name at least one field to change")
        return self


class Crop(_Body):
    distance_m: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]


class Visibility(_Body):
    visibility: Literal["everyone", "followers_only", "only_me"]


class Approval(_Body):
    scopes: list[str] = list(SCOPES)

    @field_validator("scopes")
    @classmethod
    def _are_known(cls, scopes: list[str]) -> list[str]:
        unknown = [scope for scope in scopes if scope not in SCOPES]
        if unknown:
            raise ValueError(f"there is no scope {unknown[0]!r}: take some of {', '.join(SCOPES)}")
        return scopes


class FailNext(_Body):
    endpoint: Endpoint
    fault: Fault
    times: Annotated[int, Field(ge=1, le=10_000)] = 1
    after: Annotated[int, Field(ge=0, le=10_000)] = 0


class FailShare(_Body):
    share: Annotated[float, Field(ge=0, le=1)]
    seed: int = 0
    kinds: Annotated[list[Fault], Field(min_length=1)] = list(Fault)


class Switches(_Body):
    """The switches of `Faults`."""

    inactive: bool = False
    refuse_next_codes: Count = 0
    fresh_code_refused_for: timedelta = timedelta(0)
    readable_after: timedelta = timedelta(0)
    broken_activities: set[int] = set()
    headers_on_errors: bool = True
    slow_answers_s: dict[Endpoint, Annotated[float, Field(ge=0, le=600)]] = {}


class EventSwitches(_Body):
    """The switches of `EventFaults`."""

    drop_next: Count = 0
    duplicate_next: Count = 0
    delay: timedelta = timedelta(0)
    reverse: bool = False


class ModeSwitches(_Body):
    """The fields of `Modes`."""

    rotation: Rotation = "sometimes"
    scope_in_token: bool = True
    oldest_first_with_only_after: bool = False
    capacity: Count | None = None
    capacity_at_token: bool = False
    header_only: bool = False
    limit_body: LimitBody = "overall rate limit"
    read_limits: bool = True
    limits_on_streams: bool = True
    sign_events: bool = False
    code_lifetime: timedelta = timedelta(minutes=10)
    event_spacing: timedelta = timedelta(seconds=60)
    event_timeout_s: Annotated[float, Field(gt=0, le=600)] = 2.0


class Forged(_Body):
    """`url` is where the event goes if not to the subscriber. With `signed_with` it carries a signature by that key."""

    payload: Json
    url: str = ""
    signed_with: str | None = None


def apply(body: BaseModel, switches: object) -> None:
    """Set what the body names, and nothing else."""
    for name in body.model_fields_set:
        setattr(switches, name, getattr(body, name))
