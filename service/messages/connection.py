"""About the connection to Strava: that the runner ended it, and what was deleted.

For the operator also: that Strava's pushes stay away.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from integrations.channels.message import Link, Message, Section
from service.language import _, ngettext, speaking
from service.messages.days import full_date, wall_clock
from service.messages.footer import standing_links
from service.messages.pages import Pages
from service.messages.subscription import by_schedule_alone, cures, state_words
from service.store.records import Athlete
from service.subscription_record import EVENTS, State, SubscriptionStatus


class Ending(Enum):
    """How a connection ended: by the runner here, by the runner at Strava, or because nothing could be read."""

    HERE = "here"
    AT_STRAVA = "at-strava"
    UNREADABLE = "unreadable"


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
    ending: Ending = Ending.HERE,
    ended_at: datetime | None = None,
) -> Message:
    """The receipt of the end of a connection: what was deleted, counted, and what was kept.

    `revoked` is whether Strava confirmed that access has ended; if not, the runner can end it there. `ending` is how
    it came, and `ended_at` when: for what ended at Strava the moment, for what could not be read the last reading.
    """
    with speaking(athlete.language):
        deleted = deleted_words(activities, findings, messages)
        day = full_date(wall_clock(athlete, ended_at or now).date())
        return Message(
            id=message_id,
            kind="connection",
            event="connection.ended",
            created_at=now,
            language=athlete.language,
            subject=_("Strava is disconnected"),
            lead=f"{_why_it_ended(ending, day)} {_deleted_line(deleted)}",
            sections=(_what_is_kept(revoked, pages),),
            footer_links=standing_links(message_id, pages),
            data={"deleted": {"activities": activities, "findings": findings, "messages": messages}},
        )


def _why_it_ended(ending: Ending, day: str) -> str:
    if ending is Ending.AT_STRAVA:
        return _("You ended Afterrun's access at Strava on %(day)s.") % {"day": day}
    if ending is Ending.UNREADABLE:
        return _("Strava has not accepted the connection since %(day)s, for 30 days now, so it was ended.") % {
            "day": day
        }
    return _("Disconnected.")


def _deleted_line(deleted: str) -> str:
    return _("Deleted: %(deleted)s.") % {"deleted": deleted}


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


def subscription_trouble_message(
    message_id: str, athlete: Athlete, status: SubscriptionStatus, *, late_minutes: int, pages: Pages, now: datetime
) -> Message:
    """To the operator: Strava's pushes stay away, what that means for runners, and the one thing to do."""
    with speaking(athlete.language):
        return Message(
            id=message_id,
            kind="connection",
            event=EVENTS[status.state],
            created_at=now,
            language=athlete.language,
            subject=_trouble_subject(status.state),
            lead=state_words(status),
            sections=(
                Section(lines=(by_schedule_alone(late_minutes),)),
                Section(
                    role="action",
                    offers=False,
                    heading=_("What to do"),
                    lines=cures(status),
                    links=(Link(text=_("See how pushes stand"), url=pages.operator),),
                ),
            ),
            footer_links=standing_links(message_id, pages),
            data={"subscription": {"state": status.state.value}},
        )


def _trouble_subject(state: State) -> str:
    if state is State.FOREIGN:
        return _("Strava sends its pushes to another address")
    if state is State.SILENT:
        return _("No push has come from Strava for days")
    return _("Strava no longer sends pushes")


def deleted_words(activities: int, findings: int, messages: int) -> str:
    """`212 activities, 9 findings and 14 messages`; for pages that say what was deleted, too."""
    return _("%(activities)s, %(findings)s and %(messages)s") % {
        "activities": ngettext("%(count)d activity", "%(count)d activities", activities) % {"count": activities},
        "findings": ngettext("%(count)d finding", "%(count)d findings", findings) % {"count": findings},
        "messages": ngettext("%(count)d message", "%(count)d messages", messages) % {"count": messages},
    }
