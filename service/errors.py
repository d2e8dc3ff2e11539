"""What can go wrong inside the service; pages turn each into one answer."""

from __future__ import annotations

from typing import ClassVar

from rules.words import N_


class ServiceError(Exception):
    """Something could not be done. `message` says what and what to do, for whoever is at the page."""

    message: ClassVar[str] = N_("Something could not be done.")

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.message)


class NotFound(ServiceError):
    message = N_("There is nothing here.")


class Conflict(ServiceError):
    message = N_("Something else happened in between; look again.")


class NotAllowed(ServiceError):
    message = N_("This is not yours to see or do.")


class BadSetting(ServiceError):
    message = N_("A setting is missing or wrong.")
