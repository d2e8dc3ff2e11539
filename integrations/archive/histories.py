"""From the paths a runner gives to histories: files, folders of pages or tables, exports zipped or unpacked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from integrations.archive.files import decoded, is_list, kind_of, read_bytes, read_zip
from integrations.archive.model import Found, History, Log, Problem, Unusable, history
from integrations.archive.pages import read_page
from integrations.archive.table import read_table

#: How far below a given folder an export may lie.
DEEPEST = 4
#: The list in an unpacked export, whatever its language. All else there is recordings, pictures and other lists.
EXPORT = "activities.csv"
#: Files named one by one among those passed over.
_NAMED = 3


def read_histories(paths: Sequence[Path], on_progress: Callable[[Path], None] | None = None) -> Iterator[History]:
    """Every history in these files and folders, one after the other as they are read; never raises for a file.

    What a file holds is told by its content, not by its name. A file is one history under its stem. In a folder,
    each table or zip is a history of its own, all pages of the API together are one under the folder's name, other
    files are passed over and noted, and its subfolders are read too. Of an unpacked export (a folder with an
    activities.csv) that list alone is read, under the folder's name. A path that cannot be used is a history without
    activities and with a fatal problem. `on_progress` is told each file before it is read.
    """
    progress = on_progress or (lambda path: None)
    for path in paths:
        if _is_folder(path):
            yield from _folder(path, progress)
        else:
            yield _history(path.stem, [path], progress)


def _folder(folder: Path, progress: Callable[[Path], None]) -> Iterator[History]:
    found = False
    for part in _below(folder, DEEPEST, progress):
        found = True
        yield part
    if not found:
        yield _failed(folder, "no list of activities is in this folder; give the folder or .zip of a Strava export")


def _below(folder: Path, depth: int, progress: Callable[[Path], None]) -> Iterator[History]:
    """The histories of a folder and, where it is no unpacked export, of its subfolders."""
    try:
        files, folders = _inside(folder)
    except OSError as why:
        yield _failed(folder, f"this folder cannot be opened ({why.strerror or why}); check its permissions")
        return
    if exports := [file for file in files if file.name.casefold() == EXPORT and is_list(file)]:
        yield _history(_name_of(folder), exports, progress)
        return
    yield from _side_by_side(folder, files, progress)
    if depth:
        for subfolder in folders:
            yield from _below(subfolder, depth - 1, progress)


def _inside(folder: Path) -> tuple[list[Path], list[Path]]:
    """Files and folders, hidden ones and links to folders left out: a link may lead back up."""
    entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    folders = [entry for entry in entries if entry.is_dir() and not entry.is_symlink()]
    return [entry for entry in entries if entry.is_file()], folders


def _side_by_side(folder: Path, files: Iterable[Path], progress: Callable[[Path], None]) -> Iterator[History]:
    """The histories of a folder's files; the first of them carries the note on what was passed over."""
    pages: list[Path] = []
    tables: list[Path] = []
    others: list[Path] = []
    for file in files:
        (others if not is_list(file) else pages if _is_page(file) else tables).append(file)
    groups = [(_name_of(folder), pages)] if pages else []
    log = Log()
    _note_passed_over(folder, others, log)
    for name, group in [*groups, *((file.stem, [file]) for file in tables)]:
        yield _history(name, group, progress, log)
        log = Log()


def _note_passed_over(folder: Path, others: Sequence[Path], log: Log) -> None:
    if others:
        named = ", ".join(file.name for file in others[:_NAMED])
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        log.skip(folder, None, f"passed over, as they hold no list of activities: {named}{more}")


def _name_of(folder: Path) -> str:
    return folder.resolve().name


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_page(file: Path) -> bool:
    try:
        return kind_of(file) == "page"
    except (Unusable, OSError):
        return False


def _history(name: str, files: Iterable[Path], progress: Callable[[Path], None], log: Log | None = None) -> History:
    """One history out of files. A file that cannot be used is a fatal problem and costs that file."""
    log = log or Log()
    found: list[Found] = []
    for file in files:
        progress(file)
        try:
            found += _read(file, log)
        except Unusable as why:
            log.fatal(file, why.line, why.what)
        except OSError as why:
            log.fatal(file, None, f"this file cannot be read ({why.strerror or why}); check its name and permissions")
    return history(name, found, log)


def _read(file: Path, log: Log) -> list[Found]:
    if file.exists() and not file.is_file():
        raise Unusable("this is neither a file nor a folder; give the file itself")
    kind = kind_of(file)
    if kind == "page":
        return list(read_page(decoded(read_bytes(file)), file, log))
    place, data = read_zip(file) if kind == "zip" else (file, read_bytes(file))
    return list(read_table(decoded(data), place, log))


def _failed(path: Path, what: str) -> History:
    return History(_name_of(path), (), (Problem(path, None, what, "fatal"),))
