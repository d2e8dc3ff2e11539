"""Connecting is signing in: Strava's consent names the athlete, and what was granted decides what follows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from integrations.strava.client import Grant
from integrations.strava.refusals import AthletesExceeded, CodeRefused
from rules.words import N_
from service import lifecycle, mailing
from service.bootstrap import Service
from service.errors import ServiceError
from service.language import _
from service.setup import SETUP_CODE
from service.store import Transaction
from service.store.connections import NewConnection
from service.store.records import Athlete, NewAthlete, Units

CALLBACK_PATH = "/strava/callback"
#: A fresh code is refused now and then and works a moment later.
CODE_RETRY_S = 2.0
#: After a consent to less than before, what is missing from the list says nothing for this long.
LEARN_AGAIN = timedelta(days=28)
INVITATION_LIFE = timedelta(days=7)


class Refused(ServiceError):
    message = N_("You did not allow access at Strava. Nothing was stored; you can try again whenever you like.")


class StateMismatch(ServiceError):
    message = N_("This sign-in did not start in this browser, or it was left open too long. Please start again.")


class RunsNotGranted(ServiceError):
    message = N_(
        "Strava did not give access to your runs, because that box was unticked. Without it there is nothing to read."
    )


class AdultNotConfirmed(ServiceError):
    message = N_("Please confirm that you are 18 or older; without it nothing is stored.")


class NoRoomForMore(ServiceError):
    """This installation reads as many runners as Strava's limits carry."""


class CapReached(ServiceError):
    message = N_(
        "Strava lets no further runner connect to this installation's application. The operator was told and can ask "
        "Strava for more; until then nothing was stored."
    )


class NotInvited(ServiceError):
    message = N_("This installation is by invitation. Please ask the person who runs it for a link.")


class Draft(BaseModel):
    """What a visitor entered before going to Strava. It lives in the signed cookie until Strava has answered."""

    model_config = ConfigDict(frozen=True)

    state: str
    adult: bool = False
    email: str | None = None
    invitation: str | None = None
    units: Units = "km"
    first_weekday: int = 0
    language: str = "en"


class Answer(BaseModel):
    """The query with which Strava sends a visitor back."""

    state: str = ""
    code: str = ""
    scope: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Connected:
    """How a connect ended. `mail` says what became of the code for the email address, if one was given."""

    athlete: Athlete
    is_new: bool
    sees_hidden_runs: bool
    mail: Literal["none", "code-sent", "failed"]


def may_join(service: Service, invitation: str | None) -> bool:
    """Whether somebody new may connect: the first runner, or one with an open invitation."""
    with service.store.transaction() as tx:
        if tx.accounts.count() == 0:
            return True
        return invitation is not None and tx.accounts.invitation_stands(invitation, service.wall())


def new_state() -> str:
    return secrets.token_urlsafe(24)


def consent_url(service: Service, draft: Draft) -> str:
    """Where to send the visitor, to come back to our callback with this draft's state."""
    return service.strava.consent_url(service.settings.base_url + CALLBACK_PATH, draft.state)


def complete(service: Service, draft: Draft | None, answer: Answer, signed_in: Athlete | None = None) -> Connected:
    """Take in Strava's answer: exchange the code, find or make the account, store the connection, start a sync.

    Who is `signed_in` without Strava keeps that account, if this athlete at Strava has none of their own.

    Raises the errors above, or one of the adapter's.
    """
    if draft is None or not secrets.compare_digest(draft.state.encode(), answer.state.encode()):
        raise StateMismatch
    if answer.error or not answer.code:
        raise Refused
    if "activity:read" not in answer.scope.split(","):
        raise RunsNotGranted
    grant = _exchange(service, answer)
    check_room(service, grant.athlete_id)
    now = service.clock()
    with service.store.transaction() as tx:
        known = tx.accounts.find_by_strava_id(grant.athlete_id)
        known = known or _attach(tx, signed_in, grant)
        athlete = known or _register(tx, draft, grant, now, service.wall())
        tx.connections.put(_new_connection(tx, athlete, grant, now))
    service.nudges.sync()
    sent = mailing.send_confirmation(service, athlete, draft.email) if draft.email and known is None else "none"
    return Connected(athlete, known is None, "activity:read_all" in grant.scopes, sent)


def new_invitation(service: Service) -> str:
    """A link that lets one more runner connect."""
    now = service.wall()
    with service.store.transaction() as tx:
        return f"{service.settings.base_url}/invite/{tx.accounts.new_invitation(now, now + INVITATION_LIFE)}"


def check_room(service: Service, strava_id: int | None = None) -> None:
    """Raise `NoRoomForMore`, with the figure, where one more runner could not be read within 48 hours.

    Whoever is connected already keeps the place; without `strava_id` it is about somebody new.
    """
    with service.store.transaction() as tx:
        if strava_id is not None and tx.connections.find_by_strava_id(strava_id) is not None:
            return
        connected, most = lifecycle.room_for_runners(tx, service.clock())
    if connected >= most:
        text = _("Strava's limits carry %(most)d runners here, and so many are connected. Please ask the operator.")
        raise NoRoomForMore(text % {"most": most})


def _exchange(service: Service, answer: Answer) -> Grant:
    try:
        try:
            return service.strava.exchange(answer.code, answer.scope)
        except CodeRefused:
            service.pause(CODE_RETRY_S)
            return service.strava.exchange(answer.code, answer.scope)
    except AthletesExceeded as error:
        now = service.clock()
        with service.store.transaction() as tx:
            lifecycle.tell_operators(service, tx, str(error), now, slug=f"athletes-exceeded:{now.date()}")
        raise CapReached from None


def _attach(tx: Transaction, signed_in: Athlete | None, grant: Grant) -> Athlete | None:
    """The account of who is signed in and never connected Strava: it is this athlete's from now on."""
    if signed_in is None or tx.accounts.knows_strava(signed_in.id):
        return None
    tx.accounts.name_strava(signed_in.id, grant.athlete_id)
    return signed_in


def _register(tx: Transaction, draft: Draft, grant: Grant, now: datetime, wall: datetime) -> Athlete:
    """A new account: the first is the operator's, every other needs an invitation."""
    if not draft.adult:
        raise AdultNotConfirmed
    # Made first, and undone by the refusal: of two first visitors at once only one is the first.
    athlete = tx.accounts.create(
        NewAthlete(
            strava_id=grant.athlete_id,
            created_at=now,
            units=draft.units,
            first_weekday=draft.first_weekday,
            language=draft.language,
        )
    )
    if athlete.role == "operator":
        tx.instance.remove(SETUP_CODE)  # it worked once, for the operator
    elif not (draft.invitation and tx.accounts.use_invitation(draft.invitation, wall)):
        raise NotInvited
    return athlete


def _new_connection(tx: Transaction, athlete: Athlete, grant: Grant, now: datetime) -> NewConnection:
    before = tx.connections.get(athlete.id)
    sees_less = before is not None and before.scope - grant.scopes
    return NewConnection(
        athlete_id=athlete.id,
        strava_id=grant.athlete_id,
        scope=grant.scopes,
        tokens=grant.tokens,
        now=now,
        learning_until=now + LEARN_AGAIN if sees_less else None,
    )
