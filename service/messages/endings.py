"""That a connection ended, or the whole installation stands still: why, and the one thing to do about it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from integrations.channels.message import Link, Message, Section
from service.language import _, speaking
from service.messages.footer import standing_links
from service.messages.pages import Pages
from service.store.records import Athlete

#: Tokens that died; died twice within a day of use; the box for runs unticked; the operator's new application.
Ending = Literal["sign-in-again", "other-program", "scope-missing", "new-application"]


class _Words(NamedTuple):
    subject: str
    lead: str
    cure: str


def connection_ended_message(message_id: str, athlete: Athlete, ending: Ending, pages: Pages, now: datetime) -> Message:
    """No run is read until this runner connects again; one click mends it."""
    with speaking(athlete.language):
        words = _words(ending)
        return Message(
            id=message_id,
            kind="connection",
            event="connection.lost",
            created_at=now,
            language=athlete.language,
            subject=words.subject,
            lead=words.lead,
            sections=(
                Section(
                    role="action",
                    offers=False,
                    heading=_("One thing to do: connect again"),
                    lines=(
                        words.cure,
                        _("Nothing is lost: your settings stay, and runs you record until then are read afterwards."),
                    ),
                    links=(Link(text=_("Connect again"), url=pages.connect),),
                ),
            ),
            footer_links=standing_links(message_id, pages),
            data={"reason": ending},
        )


def _words(ending: Ending) -> _Words:
    needs_you = _("Your Strava connection needs you")
    one_click = _("It takes one click and Strava's consent page.")
    return {
        "sign-in-again": _Words(
            needs_you,
            _("Strava no longer accepts the connection, so new runs are not read and no message can come."),
            one_click,
        ),
        "other-program": _Words(
            needs_you,
            _(
                "Strava ended the connection for the second time within a day. This happens when another program uses "
                "the same Strava application: each renewal by one ends the access of the other."
            ),
            _("First ask the operator of this installation to stop the other program, then connect again."),
        ),
        "scope-missing": _Words(
            needs_you,
            _("Strava no longer lets us see your runs, because the box for activities was unticked."),
            _("On Strava's consent page, leave the boxes for your activities ticked."),
        ),
        "new-application": _Words(
            _("Please connect Strava once more"),
            _("This installation moved to another Strava application, and Strava asks each runner for consent to it."),
            one_click,
        ),
    }[ending]


def state_words(state: str) -> str:
    """What a runner's pages say while nothing can be read, by the state of the connection."""
    return {
        "sign-in-again": _("Strava no longer accepts the connection: no new run is read until you connect again."),
        "scope-missing": _(
            "Strava no longer lets us see your runs: connect again and leave the boxes for your activities ticked."
        ),
        "new-application": _(
            "This installation moved to another Strava application: no new run is read until you connect again."
        ),
    }[state]


def operator_trouble_message(message_id: str, operator: Athlete, trouble: str, pages: Pages, now: datetime) -> Message:
    """Strava refuses the whole installation. Runners read that it is paused and nothing for them to do."""
    with speaking(operator.language):
        return Message(
            id=message_id,
            kind="connection",
            event="installation.paused",
            created_at=now,
            language=operator.language,
            subject=_("Strava does not accept this installation"),
            lead=_("No runner's runs are read until this is mended. It is tried again every hour."),
            sections=(
                Section(
                    role="action",
                    offers=False,
                    heading=_("One thing to do"),
                    lines=(operator_cure(trouble), trouble),
                    links=(
                        Link(text=_("Your Strava application"), url="https://www.strava.com/settings/api"),
                        Link(text=_("How it stands"), url=pages.operator),
                    ),
                ),
            ),
            footer_links=standing_links(message_id, pages),
        )


def operator_cure(trouble: str) -> str:
    """What mends it, by what Strava said."""
    if "Inactive" in trouble:
        return _("The application is inactive: renew the Strava subscription of the account that owns it.")
    if "athletes" in trouble:
        return _("The application has as many runners as Strava allows it: ask Strava for more at its settings page.")
    return _("Check client id and secret of the Strava application in AFTERRUN_STRAVA_CLIENT_ID and ..._SECRET.")


def paused_words() -> str:
    """What runners read meanwhile."""
    return _("Reading runs is paused on the operator's side: there is nothing for you to do.")
