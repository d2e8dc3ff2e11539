"""Where the links in messages lead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pages:
    """The addresses of this installation's pages. `base_url` comes without a closing slash."""

    base_url: str

    def message(self, message_id: str) -> str:
        return f"{self.base_url}/inbox/{message_id}"

    @property
    def inbox(self) -> str:
        return f"{self.base_url}/inbox"

    @property
    def warning_signs(self) -> str:
        return f"{self.base_url}/warning-signs"

    @property
    def destinations(self) -> str:
        return f"{self.base_url}/destinations"

    @property
    def operator(self) -> str:
        return f"{self.base_url}/operator"

    @property
    def connect(self) -> str:
        return f"{self.base_url}/connect"

    @property
    def settings(self) -> str:
        return f"{self.base_url}/settings"

    @property
    def check_in(self) -> str:
        return f"{self.base_url}/check-in"

    @property
    def self_check(self) -> str:
        return f"{self.base_url}/self-check"

    @property
    def held(self) -> str:
        return f"{self.base_url}/held"
