"""Hand-made recordings: one invented run as a FIT, a GPX and a TCX file, and zips of such files."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fitdecode.utils import compute_crc

from integrations.archive import FoundRun, Problem, read_recording
from integrations.archive.model import Outcome

START = datetime(2026, 8, 2, 6, 20, 32, tzinfo=UTC)
_FIT_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
#: Metres of a degree along the equator, where everybody here runs.
DEGREE_M = 111_195.08


@dataclass(frozen=True)
class Dot:
    """One point: seconds and metres since the start, `metres=None` where there is no place."""

    second: float
    metres: float | None
    heart_rate: int | None = 150
    cadence: int | None = 84


def steady(seconds: int = 3600, speed_mps: float = 2.8, every: int = 5) -> list[Dot]:
    """An hour at 2.8 m/s: 10.08 km."""
    return [Dot(second, second * speed_mps) for second in range(0, seconds + 1, every)]


def with_a_stop() -> list[Dot]:
    """20 minutes of running, 10 of standing at a point a minute, 20 of running: 6.72 km."""
    before, after = steady(1200), [Dot(dot.second + 1800, dot.metres + 3360) for dot in steady(1200)]
    return [*before, *(Dot(1200 + 60 * minute, 3360) for minute in range(1, 10)), *after]


# --- FIT ------------------------------------------------------------------------------------------------------------

#: Base types of FIT: identifier and struct format.
ENUM, UINT8, UINT16, SINT32, UINT32, STRING = (
    (0x00, "B"),
    (0x02, "B"),
    (0x84, "H"),
    (0x85, "i"),
    (0x86, "I"),
    (0x07, "s"),
)
FILE_ID, DEVICE_SETTINGS, SPORT, SESSION, RECORD, ACTIVITY = 0, 2, 12, 18, 20, 34
RUNNING, CYCLING, SWIMMING, TRAINING = 1, 2, 5, 10
Message = tuple[int, Mapping[int, tuple[tuple[int, str], float | str | None]]]


def fit_seconds(moment: datetime) -> int:
    return round((moment - _FIT_EPOCH).total_seconds())


def fit(*messages: Message, checksum: int | None = None) -> bytes:
    """A FIT file of these messages, each with its definition before it."""
    body = b"".join(_message(number, fields) for number, fields in messages)
    header = struct.pack("<BBHI4s", 14, 0x20, 2100, len(body), b".FIT")
    header += struct.pack("<H", compute_crc(header))
    whole = header + body
    return whole + struct.pack("<H", compute_crc(whole) if checksum is None else checksum)


def _message(number: int, fields: Mapping[int, tuple[tuple[int, str], float | str | None]]) -> bytes:
    given = {key: (base, value) for key, (base, value) in fields.items() if value is not None}
    encoded = {key: _value(form, value) for key, ((_, form), value) in given.items()}
    definition = struct.pack("<BBBHB", 0x40, 0, 0, number, len(given))
    for key, ((identifier, _), _) in given.items():
        definition += bytes([key, len(encoded[key]), identifier])
    return definition + b"\0" + b"".join(encoded.values())


def _value(form: str, value: float | str) -> bytes:
    return value.encode() + b"\0" if isinstance(value, str) else struct.pack("<" + form, round(value))


def file_id(kind: int = 4, product: str | None = "Testwatch 5") -> Message:
    return FILE_ID, {0: (ENUM, kind), 1: (UINT16, 1), 8: (STRING, product)}


def records(dots: Iterable[Dot], start: datetime = START, stated: bool = True) -> list[Message]:
    return [
        (
            RECORD,
            {
                253: (UINT32, fit_seconds(start + timedelta(seconds=dot.second))),
                0: (SINT32, None if dot.metres is None else 0),
                1: (SINT32, None if dot.metres is None else dot.metres / DEGREE_M * 2**31 / 180),
                5: (UINT32, dot.metres * 100 if stated and dot.metres is not None else None),
                3: (UINT8, dot.heart_rate),
                4: (UINT8, dot.cadence),
            },
        )
        for dot in dots
    ]


def session(
    sport: int = RUNNING,
    sub_sport: int = 0,
    start: datetime | None = START,
    elapsed_s: float | None = 3600,
    timer_s: float | None = 3600,
    distance_m: float | None = 10080,
    cadence: int | None = 84,
) -> Message:
    fields: dict[int, tuple[tuple[int, str], float | str | None]] = {
        2: (UINT32, None if start is None else fit_seconds(start)),
        5: (ENUM, sport),
        6: (ENUM, sub_sport),
        7: (UINT32, None if elapsed_s is None else elapsed_s * 1000),
        8: (UINT32, None if timer_s is None else timer_s * 1000),
        9: (UINT32, None if distance_m is None else distance_m * 100),
        16: (UINT8, 150),
        17: (UINT8, 171),
        18: (UINT8, cadence),
        22: (UINT16, 42),
    }
    return SESSION, fields


def activity(offset_s: int | None = 7200, end: datetime = START + timedelta(hours=1)) -> Message:
    local = None if offset_s is None else fit_seconds(end) + offset_s
    return ACTIVITY, {253: (UINT32, fit_seconds(end)), 1: (UINT16, 1), 5: (UINT32, local)}


def fit_run(dots: Sequence[Dot] | None = None, **totals: object) -> bytes:
    """A whole file as a watch writes it: two hours ahead of UTC."""
    return fit(file_id(), *records(dots or steady()), session(**totals), activity())  # type: ignore[arg-type]


# --- GPX and TCX ----------------------------------------------------------------------------------------------------


def gpx_point(dot: Dot, start: datetime = START, time: bool = True) -> str:
    stamp = f"<time>{start + timedelta(seconds=dot.second):%Y-%m-%dT%H:%M:%S}Z</time>" if time else ""
    sensors = "" if dot.heart_rate is None else f"<t:hr>{dot.heart_rate}</t:hr>"
    sensors += "" if dot.cadence is None else f"<t:cad>{dot.cadence}</t:cad>"
    return (
        f'<trkpt lat="0.0" lon="{(dot.metres or 0) / DEGREE_M:.7f}"><ele>12.5</ele>{stamp}'
        f"<extensions><t:TrackPointExtension>{sensors}</t:TrackPointExtension></extensions></trkpt>\n"
    )


def gpx_track(dots: Iterable[Dot], sport: str | None = "running", start: datetime = START, time: bool = True) -> str:
    kind = f"<type>{sport}</type>" if sport else ""
    points = "".join(gpx_point(dot, start, time) for dot in dots)
    return f"<trk><name>Along the canal</name>{kind}<trkseg>\n{points}</trkseg></trk>\n"


def gpx(*tracks: str, version: str = "1.1", head: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> str:
    names = f'xmlns="http://www.topografix.com/GPX/{version.replace(".", "/")}" xmlns:t="http://www.example.org/t"'
    return f'{head}<gpx version="{version}" creator="Testwatch 5" {names}>\n{"".join(tracks)}</gpx>\n'


def tcx_lap(dots: Sequence[Dot], timer_s: float = 3600, metres: float = 10080, zone: str = "Z") -> str:
    points = "".join(
        f"<Trackpoint><Time>{_stamp(dot.second, zone)}</Time>"
        f"<DistanceMeters>{dot.metres}</DistanceMeters><HeartRateBpm><Value>{dot.heart_rate}</Value></HeartRateBpm>"
        f"<Extensions><TPX><RunCadence>{dot.cadence}</RunCadence></TPX></Extensions></Trackpoint>\n"
        for dot in dots
    )
    return (
        f'<Lap StartTime="{_stamp(dots[0].second, zone)}"><TotalTimeSeconds>{timer_s}</TotalTimeSeconds>'
        f"<DistanceMeters>{metres}</DistanceMeters><AverageHeartRateBpm><Value>150</Value></AverageHeartRateBpm>"
        f"<MaximumHeartRateBpm><Value>171</Value></MaximumHeartRateBpm><Track>\n{points}</Track></Lap>\n"
    )


def _stamp(second: float, zone: str) -> str:
    """The moment as a wall clock that many hours from UTC would show it: `zone` is `Z` or such as `+02:00`."""
    hours = 0 if zone == "Z" else int(zone[:3])
    return f"{START + timedelta(seconds=second, hours=hours):%Y-%m-%dT%H:%M:%S}.000{zone}"


def tcx_activity(*laps: str, sport: str = "Running") -> str:
    creator = "<Creator><Name>Testwatch 5</Name></Creator>"
    return f'<Activity Sport="{sport}"><Id>2026-08-02T06:20:32Z</Id>\n{"".join(laps)}{creator}</Activity>\n'


def tcx(*activities: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> str:
    return (
        f'{head}<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">'
        f"<Activities>{''.join(activities)}</Activities></TrainingCenterDatabase>"
    )


# --- reading --------------------------------------------------------------------------------------------------------


def outcomes(data: bytes | str, kind: str) -> list[Outcome]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(read_recording(stream, kind, Path(f"run.{kind}")))  # type: ignore[arg-type]


def runs(data: bytes | str, kind: str) -> list[FoundRun]:
    """The activities, where nothing was left out."""
    told = outcomes(data, kind)
    assert [one for one in told if isinstance(one, Problem) and one.kind != "note"] == []
    return [one for one in told if isinstance(one, FoundRun)]


def only(data: bytes | str, kind: str) -> FoundRun:
    (run,) = runs(data, kind)
    return run


def refusal(data: bytes | str, kind: str) -> str:
    """Why nothing of this file is used."""
    (problem,) = outcomes(data, kind)
    assert isinstance(problem, Problem)
    assert problem.kind == "fatal"
    return problem.what


def notes(data: bytes | str, kind: str) -> list[str]:
    return [one.what for one in outcomes(data, kind) if isinstance(one, Problem) and one.kind == "note"]


def zipped(path: Path, members: Mapping[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path
