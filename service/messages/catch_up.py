"""After an outage: from when to when nothing was read, and what would have been said. Never an alert."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from integrations.channels.message import Link, Message, Section
from service.language import _, speaking
from service.messages.days import full_date, wall_clock
from service.messages.footer import standing_links
from service.messages.noted import finding_lines
from service.messages.pages import Pages
from service.messages.strava import view_on_strava
from service.store.records import Athlete, StoredFinding


def catch_up_message(
    message_id: str,
    athlete: Athlete,
    since: datetime,
    until: datetime,
    missed: Sequence[StoredFinding],
    runs: int,
    pages: Pages,
) -> Message:
    """`missed` is what would have been told of the `runs` that came in between these instants."""
    with speaking(athlete.language):
        return Message(
            id=message_id,
            kind="digest",
            event="catch_up.created",
            created_at=until,
            language=athlete.language,
            subject=_("I was away"),
            lead=_between(wall_clock(athlete, since), wall_clock(athlete, until)),
            sections=(_what_would_have_been_said(athlete, missed),),
            footer_links=standing_links(message_id, pages),
            data={
                "from": wall_clock(athlete, since).isoformat(),
                "until": wall_clock(athlete, until).isoformat(),
                "runs": runs,
                "findings": [{"rule": one.rule, "key": one.key, "severity": one.severity.word} for one in missed],
            },
        )


def away_section(note: Message, pages: Pages) -> Section:
    """What the digest of that week says of it."""
    since, until = (datetime.fromisoformat(note.data[name]) for name in ("from", "until"))
    return Section(
        heading=_("I was away"),
        lines=(_between(since, until),),
        links=(Link(text=_("What I would have said"), url=pages.message(note.id)),),
    )


def _between(since: datetime, until: datetime) -> str:
    return _("Your runs could not be read from %(since)s to %(until)s; they are read now.") % {
        "since": full_date(since.date()),
        "until": full_date(until.date()),
    }


def _what_would_have_been_said(athlete: Athlete, missed: Sequence[StoredFinding]) -> Section:
    if not missed:
        return Section(lines=(_("Nothing in them was far from your usual."),))
    return Section(
        heading=_("This is what I would have said"),
        lines=(*finding_lines(missed, athlete.units), _("It is old news by now, so no message was sent.")),
        links=view_on_strava(*(one.run.id for one in missed)),
    )
