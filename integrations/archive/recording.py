"""One recording, a FIT, GPX or TCX file, as the activities in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Literal

from integrations.archive.believed import Session, believed, notes_of
from integrations.archive.fit import read_fit
from integrations.archive.gpx import read_gpx
from integrations.archive.markup import elements
from integrations.archive.model import Outcome, Problem, Unusable, forgiving
from integrations.archive.tcx import read_tcx

Format = Literal["fit", "gpx", "tcx"]

#: No file holds as many; beyond this it is made to keep us busy.
MOST_SESSIONS = 500

_READERS: Mapping[Format, Callable[[BinaryIO], Iterator[Session | Unusable]]] = {
    "fit": read_fit,
    "gpx": lambda stream: read_gpx(elements(stream)),
    "tcx": lambda stream: read_tcx(elements(stream)),
}


def read_recording(stream: BinaryIO, kind: Format, path: Path) -> Iterator[Outcome]:
    """Every session, track or activity in a recording, and what was left out of it; `path` is where it lies.

    The stream is read once from where it stands. A recording of which nothing can be used ends in a problem that is
    fatal. How the formats count: FIT states totals in its session message, TCX in its laps, GPX nothing, so that
    its points are summed up. All three count the steps of one leg. Ascent is in FIT alone. Local time is known where
    a FIT file holds `local_timestamp` (or the device's zone) and where the times of a TCX file state an offset.
    """
    return forgiving(_outcomes(stream, kind, path))


def _outcomes(stream: BinaryIO, kind: Format, path: Path) -> Iterator[Outcome]:
    try:
        for number, session in enumerate(_READERS[kind](stream), start=1):
            if number > MOST_SESSIONS:
                raise Unusable(f"this file says it holds more than {MOST_SESSIONS} sessions; the rest is left out")
            yield from _outcome(session, kind, path, "" if number == 1 else f"part {number} of it: ")
    except Unusable as why:
        yield Problem(path, why.line, why.what, "fatal")


def _outcome(session: Session | Unusable, kind: Format, path: Path, which: str) -> Iterator[Outcome]:
    """One session and the notes on it, or why it is left out."""
    try:
        if isinstance(session, Unusable):
            raise session
        found = believed(session, kind, path)
    except Unusable as why:
        damage = f" ({'; '.join(session.notes)})" if isinstance(session, Session) and session.notes else ""
        yield Problem(path, why.line, which + why.what + damage, "fatal")
        return
    yield found
    for note in notes_of(session):
        yield Problem(path, None, which + note, "note")
