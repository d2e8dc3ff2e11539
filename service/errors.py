"""What can go wrong inside the service; pages turn each into one answer."""

from __future__ import annotations


class ServiceError(Exception):
    """Something could not be done."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class NotFound(ServiceError):
    """There is nothing here."""


class Conflict(ServiceError):
    """Something else happened in between; look again."""


class NotAllowed(ServiceError):
    """This is not yours to see or do."""


class BadSetting(ServiceError):
    """A setting is missing or wrong."""
