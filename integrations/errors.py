"""The only errors that leave this folder. Each says what its catcher has to do.

AdapterError
├── RetryLater       the other side is busy, slow or broken; try again, not before `at`
├── GiveUp           trying again cannot help (a gone address, a refused message)
├── SignInAgain      the runner has to connect Strava anew
└── OperatorNeeded   the operator has to act (app inactive, wrong client secret)
"""

from __future__ import annotations

from datetime import datetime


class AdapterError(Exception):
    """Something on the other side went wrong."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class RetryLater(AdapterError):
    """The other side cannot answer now; the same call may succeed later."""

    def __init__(self, message: str = "", *, at: datetime | None = None) -> None:
        super().__init__(message)
        self.at = at


class GiveUp(AdapterError):
    """The other side will not accept this, now or later."""


class SignInAgain(AdapterError):
    """Strava no longer accepts this runner's connection; the runner has to connect again."""


class OperatorNeeded(AdapterError):
    """Strava no longer accepts this installation; the operator has to act."""
