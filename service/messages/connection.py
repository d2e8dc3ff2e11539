"""About the connection to Strava: that it broke and how to mend it, or that it ended and what was deleted."""

from __future__ import annotations

from datetime import datetime

from integrations.channels.message import Link, Message, Section
from service.language import _, ngettext, speaking
from service.messages.footer import standing_links
from service.messages.pages import Pages
from service.store.records import Athlete


def connection_lost_message(message_id: str, athlete: Athlete, pages: Pages, now: datetime) -> Message:
    """Strava no longer accepts the runner's connection; one click mends it."""
    with speaking(athlete.language):
        return Message(
            id=message_id,
            kind="connection",
            event="connection.lost",
            created_at=now,
            language=athlete.language,
            subject=_("Your Strava connection needs you"),
            lead=_("Strava no longer accepts the connection, so new runs are not read and no message can come."),
            sections=(
                Section(
                    role="action",
                    offers=False,
                    heading=_("One thing to do: connect again"),
                    lines=(
                        _("It takes one click and Strava's consent page."),
                        _("Nothing is lost: your settings stay, and runs you record until then are read afterwards."),
                    ),
                    links=(Link(text=_("Connect again"), url=pages.connect),),
                ),
            ),
            footer_links=standing_links(message_id, pages),
        )


def disconnected_message(
    message_id: str,
    athlete: Athlete,
    *,
    activities: int,
    findings: int,
    messages: int,
    pages: Pages,
    now: datetime,
    revoked: bool = True,
) -> Message:
    """The receipt of "Disconnect Strava": what was deleted, counted, and what was kept.

    `revoked` is whether Strava confirmed that access has ended; if not, the runner can end it there.
    """
    with speaking(athlete.language):
        deleted = deleted_words(activities, findings, messages)
        return Message(
            id=message_id,
            kind="connection",
            event="connection.ended",
            created_at=now,
            language=athlete.language,
            subject=_("Strava is disconnected"),
            lead=_("Disconnected. Deleted: %(deleted)s.") % {"deleted": deleted},
            sections=(_what_is_kept(revoked, pages),),
            footer_links=standing_links(message_id, pages),
            data={"deleted": {"activities": activities, "findings": findings, "messages": messages}},
        )


def _what_is_kept(revoked: bool, pages: Pages) -> Section:
    unconfirmed = _(
        "Strava did not confirm that access has ended: please remove Afterrun under My Apps in Strava's settings."
    )
    return Section(
        lines=(
            *(() if revoked else (unconfirmed,)),
            _("Kept: your settings, your destinations and what you entered yourself."),
            _("You can connect again at any time, or delete your account in your settings."),
        ),
        links=(Link(text=_("Connect again"), url=pages.connect),),
    )


def deleted_words(activities: int, findings: int, messages: int) -> str:
    """`212 activities, 9 findings and 14 messages`; for pages that say what was deleted, too."""
    return _("%(activities)s, %(findings)s and %(messages)s") % {
        "activities": ngettext("%(count)d activity", "%(count)d activities", activities) % {"count": activities},
        "findings": ngettext("%(count)d finding", "%(count)d findings", findings) % {"count": findings},
        "messages": ngettext("%(count)d message", "%(count)d messages", messages) % {"count": messages},
    }
