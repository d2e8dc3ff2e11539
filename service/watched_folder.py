"""AFTERRUN_INBOX_DIR: what is put there is taken in, and moved beside a report of what came of it.

A single runner's files lie in the folder itself; of several runners each has a subfolder, named by the runner's number
or by what stands before the @ of the email address. A file is taken once two looks in a row saw it unchanged: until
then it may still be written.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service import intake
from service.bootstrap import Service
from service.runs_words import report_words
from service.store.records import Athlete, Intake

log = logging.getLogger(__name__)

#: Under this name the installation keeps what the last look saw.
LOOKED = "watched-folder"
DONE, REFUSED = "done", "refused"


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file of a runner's, and what tells whether it changed."""

    file: Path
    athlete: Athlete
    mark: str


def sweep(service: Service) -> int:
    """Take in what did not change since the last look. Returns how many files that were."""
    folder = service.settings.inbox_dir
    if folder is None:
        return 0
    seen = list(_seen(service, folder))
    with service.store.transaction() as tx:
        before = json.loads(tx.instance.get(LOOKED) or "{}")
        tx.instance.put(LOOKED, json.dumps({str(one.file): one.mark for one in seen}))
    settled = [one for one in seen if before.get(str(one.file)) == one.mark]
    for one in settled:
        try:
            _take(service, one)
        except OSError as error:
            log.warning("watched folder: a file stays where it is (%s); check the folder's permissions", error.strerror)
    return len(settled)


def _seen(service: Service, folder: Path) -> Iterator[_Seen]:
    for place, athlete in _places(service, folder):
        for file in sorted(place.iterdir()):
            # A link could lead to what the folder's user may not read, and this service may.
            if file.name.startswith(".") or file.is_symlink() or not file.is_file():
                continue
            if (mark := _mark(file)) is not None:
                yield _Seen(file, athlete, mark)


def _places(service: Service, folder: Path) -> Iterator[tuple[Path, Athlete]]:
    """The folders that are looked into, and whose each is."""
    with service.store.transaction() as tx:
        everybody = tx.accounts.everybody()
    if not folder.is_dir():
        log.warning("AFTERRUN_INBOX_DIR: there is no such folder")
        return
    if len(everybody) == 1:
        yield folder, everybody[0]
    for place in sorted(folder.iterdir()):
        named = [athlete for athlete in everybody if place.name in _names(athlete)]
        if len(named) == 1 and place.is_dir() and not place.is_symlink():
            yield place, named[0]


def _names(athlete: Athlete) -> set[str]:
    return {str(athlete.id), *([athlete.email.partition("@")[0]] if athlete.email else [])}


def _mark(file: Path) -> str | None:
    try:
        found = file.stat()
    except FileNotFoundError:  # taken away meanwhile
        return None
    return f"{found.st_size}:{found.st_mtime_ns}"


def _take(service: Service, one: _Seen) -> None:
    """Read it where it lies and move it last: whatever breaks before leaves it there for the next look."""
    begun = intake.begin(service, one.athlete.id, one.file.name, one.file.stat().st_size)
    done = intake.take_in(service, begun, one.file)
    if done.state == "reading" or _mark(one.file) != one.mark:
        return  # written to while it was read: it is read again
    goal = one.file.parent / (REFUSED if done.state == "failed" else DONE)
    goal.mkdir(exist_ok=True)
    target = _free(goal, one.file.name)
    target.with_name(f"{target.name}.txt").write_text(_report(service, done), encoding="utf-8")
    one.file.rename(target)


def _free(folder: Path, name: str) -> Path:
    """A name that is not taken: an earlier file of the same name is kept."""
    target, number = folder / name, 2
    while target.exists():
        target, number = folder / f"{Path(name).stem}-{number}{Path(name).suffix}", number + 1
    return target


def _report(service: Service, done: Intake) -> str:
    with service.store.transaction() as tx:
        problems = tx.intakes.problems(done.id)
    return "\n".join([f"{done.name}: {report_words(done)}", *(line for _kind, line in problems), ""])
