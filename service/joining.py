"""An account without Strava: for who hands in files. Connecting Strava later keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from service import mailing
from service.bootstrap import Service
from service.connect import AdultNotConfirmed, NotInvited
from service.errors import NotFound
from service.setup import SETUP_CODE
from service.store.records import Athlete, NewAthlete, Units

LINK_LIFE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Joined:
    """A new account. `mail` says what became of the code for the email address, if one was given."""

    athlete: Athlete
    mail: Literal["none", "code-sent", "failed"]


def join(
    service: Service,
    *,
    adult: bool,
    email: str | None,
    invitation: str | None,
    units: Units = "km",
    first_weekday: int = 0,
    language: str = "en",
) -> Joined:
    """Make an account for the first runner or an invited one.

    Raises `AdultNotConfirmed`, `NotInvited`, or what is wrong with the address.
    """
    if email:
        email = mailing.checked_email(service, email)
    new = NewAthlete(None, service.clock(), units, first_weekday, language)
    return _joined(service, new, email, adult=adult, invitation=invitation, by_hand=False)


def join_by_hand(service: Service, *, adult: bool, email: str | None) -> Joined:
    """The same by who runs this installation, who needs no invitation."""
    if email:
        email = mailing.checked_email(service, email)
    new = NewAthlete(None, service.clock(), "km", 0, "en")
    return _joined(service, new, email, adult=adult, invitation=None, by_hand=True)


def new_link(service: Service, athlete_id: int) -> str:
    """A link that signs this runner in once, within a day. Raises `NotFound`."""
    with service.store.transaction() as tx:
        if tx.accounts.get(athlete_id) is None:
            raise NotFound
        secret = tx.api_tokens.new_link(athlete_id, service.wall() + LINK_LIFE)
    return f"{service.settings.base_url}/sign-in/link/{secret}"


def use_link(service: Service, secret: str) -> Athlete | None:
    """Whose link this is; it is used up by that."""
    with service.store.transaction() as tx:
        athlete_id = tx.api_tokens.use_link(secret, service.wall())
        return tx.accounts.get(athlete_id) if athlete_id is not None else None


def _joined(
    service: Service, new: NewAthlete, email: str | None, *, adult: bool, invitation: str | None, by_hand: bool
) -> Joined:
    if not adult:
        raise AdultNotConfirmed
    with service.store.transaction() as tx:
        athlete = tx.accounts.create(new)  # undone by the refusal: of two first visitors only one is the first
        if athlete.role == "operator":
            tx.instance.remove(SETUP_CODE)
        elif not by_hand and not (invitation and tx.accounts.use_invitation(invitation, service.wall())):
            raise NotInvited
    return Joined(athlete, mailing.send_confirmation(service, athlete, email) if email else "none")
