"""Tables of activities: Strava's activities.csv in every language and vintage, and the plain table. Pure.

Columns are found by their header, never by position; where a header comes twice, the last cell that is not empty
counts. Strava's exports give UTC without an offset and no zone at all.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from integrations.archive.dates import read_date
from integrations.archive.languages import LANGUAGES, PLAIN, Language, folded
from integrations.archive.model import Foreign, Outcome, Problem, Source, Unusable, found_in_list
from integrations.archive.text import decoded
from integrations.strava.mapping import RACE, activity_from_api
from rules.model import Activity

#: Longer than any cell may be: the widest export's rows have some 2,000 characters.
_LONGEST_LINE = 2**20


@dataclass(frozen=True, slots=True)
class Plan:
    """Which columns of one file are read: the field -> its positions, in order."""

    language: Language
    columns: Mapping[str, tuple[int, ...]]
    width: int

    @property
    def is_strava(self) -> bool:
        return self.language is not PLAIN

    def gives_utc(self, row: Sequence[str]) -> bool:
        """Whether this row's time is UTC: always in an export, in a plain table where its `time_basis` says so."""
        basis = self.columns.get("time_basis")
        return self.language.in_utc or (basis is not None and _cell(row, basis).startswith("utc"))


class OddRow(ValueError):
    """This row cannot be an activity."""


def plan(header: Sequence[str]) -> Plan | None:
    """How to read a file with this header, `None` where it is no list of activities that is known."""
    names = [folded(name) for name in header]
    for language in (*LANGUAGES, PLAIN):
        columns: dict[str, tuple[int, ...]] = {}
        for position, name in enumerate(names):
            if field := language.field_of.get(name):
                columns[field] = (*columns.get(field, ()), position)
        if columns.keys() >= {"id", "date", "type"} and columns.keys() & {"distance", "distance_m"}:
            return Plan(language, columns, len(header))
    return None


def header_of(head: bytes) -> list[str]:
    """The cells of the first line that is not empty, of a table that begins with these bytes."""
    try:
        return next((row for _, row in _rows(io.StringIO(decoded(head), newline=""))), [])
    except Unusable:
        return []


def read_table(stream: BinaryIO, encoding: str, path: Path) -> Iterator[Outcome]:
    """Every activity of a table, row by row as they are read. Odd rows and odd fields are left out with a problem each.

    Raises `Foreign` for a table of something else, `Unusable` where no row at all can be read.
    """
    rows = _rows(io.TextIOWrapper(stream, encoding, errors="replace", newline=""))
    line, header = next(rows, (1, []))
    reading = plan(header)
    if reading is None:
        raise Foreign(_foreign_header(), line)
    seen = kept = 0
    for line, row in rows:
        seen += 1
        try:
            activity, odd = _activity(reading, row)
        except OddRow as why:
            yield Problem(path, line, f"{why}; this row is left out")
            continue
        for what in odd:
            yield Problem(path, line, what)
        kept += 1
        source: Source = "strava-export" if reading.is_strava else "table"
        yield found_in_list(path, line, activity, source, reading.gives_utc(row))
    if seen and not kept:
        raise Unusable(f"none of its {seen} rows could be read as an activity; request the export again")
    if not seen:
        yield Problem(path, None, "the list is empty: it has a header and no activities", "note")


def _foreign_header() -> str:
    known = ", ".join(language.name for language in LANGUAGES[:-1])
    return (
        "this first line is not the header of a list of activities. A Strava export in another language than "
        f"{known}: set Strava to English and request it again. One saved anew by a spreadsheet: take the original"
    )


def _rows(text: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line each begins on; quoted cells may hold line breaks."""
    reader = csv.reader(_lines(text))
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as why:
            raise Unusable(
                f"the table breaks off here ({why}); a quote may be open. Request the export again", line
            ) from why
        if row:
            yield line, row


def _lines(text: TextIO) -> Iterator[str]:
    """Lines, none of them so long that it would fill the memory."""
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise csv.Error("a line without end")
        yield line


def _activity(reading: Plan, row: Sequence[str]) -> tuple[Activity, list[str]]:
    """One row as an activity, and what was odd in it; `OddRow` where the row has to go."""
    if len(row) < reading.width or any(row[reading.width :]):
        raise OddRow(f"this row has {len(row)} columns, not {reading.width} (cut off, or a comma outside quotes?)")
    body = _body(reading, row)
    activity, problems = activity_from_api(body)
    if activity is None:
        odd = problems[0]
        raise OddRow(f"{odd.field} {body.get(odd.field)!r:.40} is {odd.what}")
    return activity, [f"{odd.field} {body.get(odd.field)!r:.40} is {odd.what}; it is left out" for odd in problems]


def _body(reading: Plan, row: Sequence[str]) -> Mapping[str, Any]:
    """The row in the words of Strava's API, so that one mapping serves both; empty cells are absent."""
    body: dict[str, Any] = {field: cell for field, at in reading.columns.items() if (cell := _cell(row, at))}
    body["start_date_local"] = _start(body.get("date", ""), reading.language)
    body["sport_type"] = reading.language.sport(body.get("type", ""))
    body["distance"] = _distance(reading, row) or None
    if reading.gives_utc(row):
        body["utc_offset"] = None
    # A race is ticked with 1.0; what Strava holds no file of was typed in.
    body["workout_type"] = RACE if body.get("race", "").startswith(("1", "true")) else None
    body["manual"] = "file" in reading.columns and "file" not in body
    return body


def _cell(row: Sequence[str], positions: Sequence[int]) -> str:
    """The last of these cells that is not empty."""
    for position in reversed(positions):
        if text := row[position].strip():
            return text
    return ""


def _start(text: str, language: Language) -> str:
    try:
        return read_date(text, language.month_of).isoformat()
    except ValueError as why:
        raise OddRow(f"the date {text[:40]!r} cannot be read") from why


def _distance(reading: Plan, row: Sequence[str]) -> str | float:
    """Metres: from the column in metres where there is one, else from the one shown to people."""
    if positions := reading.columns.get("distance_m"):
        return _cell(row, positions)
    shown, *metres = reading.columns["distance"]
    return _cell(row, metres) or shown_distance(row[shown].strip())


def shown_distance(text: str) -> str | float:
    """A distance as shown, in metres, where it is one; else the text.

    Kilometres have two decimals ("9.75", in Dutch "9,72"); swims are shown in metres ("1,600", "1.500").
    """
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text):
        return float(re.sub(r"[.,]", "", text))
    if match := re.fullmatch(r"(\d[\d.,]*)[.,](\d\d)", text):
        whole = re.sub(r"[.,]", "", match[1])
        return round(float(f"{whole}.{match[2]}") * 1000, 1)
    return text
