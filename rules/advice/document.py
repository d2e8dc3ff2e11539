"""A TOML file that still knows its lines, so that every complaint can name the place and the cure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class AdviceError(Exception):
    """The advice files hold a mistake. The message names the file, the line where it can be found, and the cure."""


@dataclass(frozen=True)
class Document:
    """One file of tables. `name` is its path below the advice folder, as complaints show it."""

    name: str
    lines: tuple[str, ...]
    tables: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path, name: str) -> Document:
        """Parse `folder/name`. Raises `AdviceError` if it is missing, not UTF-8 or not TOML."""
        try:
            text = (folder / name).read_text("utf-8")
            return cls(name, tuple(text.splitlines()), tomllib.loads(text))
        except FileNotFoundError as error:
            raise AdviceError(f"{name}: there is no such file. Put it back beside the others.") from error
        except UnicodeDecodeError as error:
            raise AdviceError(f"{name}: this is not UTF-8. Save the file with that encoding.") from error
        except tomllib.TOMLDecodeError as error:
            raise AdviceError(_explain(name, str(error))) from error

    def entries(self) -> Iterable[Entry]:
        """The tables in the order of the file."""
        for code, table in self.tables.items():
            if not isinstance(table, dict):
                raise self.complaint(f'"{code}" stands outside a table.', "Put it below a [name].", key=code)
            yield Entry(self, code, table)

    def complaint(self, problem: str, cure: str, *, code: str | None = None, key: str | None = None) -> AdviceError:
        """An error that points at `key` in table `code`, at the table, or at the file, whatever can be found."""
        line = self._line_of(code, key)
        place = self.name if line is None else f"{self.name}, line {line}"
        return AdviceError(f"{place}: {problem} {cure}")

    def _line_of(self, code: str | None, key: str | None) -> int | None:
        table = 0 if code is None else self._find(rf"\s*\[\s*{_maybe_quoted(code)}\s*\]", 0)
        if table is None:
            return None
        found = None if key is None else self._find(rf"\s*{_maybe_quoted(key)}\s*=", table)
        if found is None:
            return None if code is None else table + 1
        return found + 1

    def _find(self, pattern: str, start: int) -> int | None:
        numbered = enumerate(self.lines[start:], start)
        return next((number for number, line in numbered if re.match(pattern, line)), None)


@dataclass(frozen=True)
class Entry:
    """One [code] table of a file, read key by key with a check for each."""

    document: Document
    code: str
    table: Mapping[str, Any]

    def complaint(self, problem: str, cure: str, key: str | None = None) -> AdviceError:
        return self.document.complaint(f"[{self.code}] {problem}", cure, code=self.code, key=key)

    def require(self, keys: Iterable[str], *, optional: Iterable[str] = ()) -> None:
        """Complain of a key that is missing, and of one that nobody reads (a typing slip)."""
        keys, optional = tuple(keys), tuple(optional)
        for key in keys:
            if key not in self.table:
                raise self.complaint(f"has no {key}.", f"Add a line that starts with: {key} =")
        for key in self.table:
            if key not in (*keys, *optional):
                known = ", ".join((*keys, *optional))
                raise self.complaint(f'has "{key}", which is not known.', f"Use one of: {known}.", key)

    def string(self, key: str) -> str:
        value = self.table[key]
        if not isinstance(value, str) or not value.strip():
            raise self.complaint(f"has no text in {key}.", f'Write {key} = "..." with words in it.', key)
        return value.strip()

    def strings(self, key: str, *, among: frozenset[str] | None = None) -> tuple[str, ...]:
        """A list of texts, each of them one of `among` where that is given."""
        values = self.table.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
            raise self.complaint(f"needs a list of texts in {key}.", f'Write {key} = ["...", "..."] or [].', key)
        for value in values:
            if among is not None and value not in among:
                known = ", ".join(sorted(among))
                raise self.complaint(f'has an unknown {key}: "{value}".', f"Use one of: {known}.", key)
        return tuple(values)


def _maybe_quoted(name: str) -> str:
    return rf"[\"']?{re.escape(name)}[\"']?"


def _explain(name: str, error: str) -> str:
    """The parser's own words with its place moved to the front."""
    found = re.search(r" \(at line (\d+), column \d+\)", error)
    if found is None:
        return f"{name}: {error}. Correct the end of the file."
    problem = error.replace(found.group(), "")
    return f"{name}, line {found[1]}: {problem}. Correct that line; each [name] and each key stands once."
