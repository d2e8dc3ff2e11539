"""What is held of a runner: how much of each kind, until when, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from starlette.responses import Response

from service.expiry import STRAVA_LIFE
from service.language import _, ngettext
from service.messages.days import full_date, wall_clock
from service.store import Transaction
from service.store.records import Athlete
from service.web.access import Runner, ServiceHere, pages_for, runner
from service.web.emptied import why_empty
from service.web.rendering import page

router = pages_for(runner)


@dataclass(frozen=True)
class HeldKind:
    """One kind of what is held: how much of it, since and until when, and what it is held for; all in words."""

    title: str
    count: str
    until: str
    why: str
    since: str = ""


@router.get("/held")
def held(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    with service.store.transaction() as tx:
        from_strava = [*_activities(tx, athlete), *_details(tx, athlete)]
        derived = [*_derived(tx, athlete), *_hashes(tx, athlete)]
        own = [*_keys(tx, athlete), *_own(tx, athlete)]
        emptied = why_empty(tx, athlete, service.clock())
    groups = ((_("From Strava"), from_strava), (_("Made from it"), derived), (_("Keys, and what is your own"), own))
    return page(request, "held.html", groups=groups, emptied=emptied, days=STRAVA_LIFE.days)


def _activities(tx: Transaction, athlete: Athlete) -> Iterator[HeldKind]:
    window, older = tx.activities.span(athlete.id), tx.activities.span(athlete.id, before_break=True)
    yield HeldKind(
        _("Activities of the last 26 weeks and 4 days"),
        _activities_words(window.count),
        _until(athlete, window.confirmed_at),
        _("A new run is compared with these. Each reading confirms all of them anew, or takes away what is gone."),
        _day(athlete, window.since),
    )
    yield HeldKind(
        _("Activities from before a long break"),
        _activities_words(older.count),
        _until(athlete, older.confirmed_at),
        _("After a break of weeks the way back is compared with what was usual before it."),
        _day(athlete, older.since),
    )


def _details(tx: Transaction, athlete: Athlete) -> Iterator[HeldKind]:
    fades = tx.activities.span(athlete.id, with_fade=True)
    pairs, confirmed_at = tx.shoes.span(athlete.id)
    yield HeldKind(
        _("How steps change late in a long run"),
        ngettext("%(count)d run", "%(count)d runs", fades.count) % {"count": fades.count},
        _until(athlete, fades.confirmed_at),
        _("One number a run, only if you asked for it in the settings. The recorded course itself is not kept."),
    )
    yield HeldKind(
        _("Shoes"),
        ngettext("%(count)d pair", "%(count)d pairs", pairs) % {"count": pairs},
        _until(athlete, confirmed_at),
        _("Their name and how far they have run, for a note when a pair has run far."),
    )


def _derived(tx: Transaction, athlete: Athlete) -> Iterator[HeldKind]:
    findings, bare_findings = tx.findings.count(athlete.id)
    messages, stubs = tx.inbox.count(athlete.id)
    yield HeldKind(
        _("Findings with their numbers"),
        str(findings),
        _("As long as their run is held"),
        _("They are what a message says, and correct it when a run is edited."),
    )
    yield HeldKind(
        _("Messages with their text"),
        str(messages),
        _("As long as a run that they are about is held; those about pain, the connection and tests stay"),
        _("You can read again what you were told, and how it was delivered."),
    )
    yield HeldKind(
        _("What is left of those whose run is gone"),
        str(bare_findings + stubs),
        _("Until you disconnect Strava or delete your account"),
        _("The rule, how unusual, the day and whether you were told: so nothing is told twice, or too often."),
    )


def _hashes(tx: Transaction, athlete: Athlete) -> Iterator[HeldKind]:
    yield HeldKind(
        _("Hashes of runs that were held once"),
        str(tx.activities.count_seen(athlete.id)),
        _("Until you disconnect Strava or delete your account"),
        _("A run that comes back is known again by it and is not taken for news. Nothing can be read from a hash."),
    )


def _keys(tx: Transaction, athlete: Athlete) -> Iterator[HeldKind]:
    has_keys = tx.connections.tokens(athlete.id) is not None
    yield HeldKind(
        _("Strava's access keys"),
        _("2, encrypted") if has_keys else _("none"),
        _("Until you disconnect Strava; a connection that Strava refuses for 30 days is deleted, too"),
        _("Without them no run can be read."),
    )


def _own(tx: Transaction, athlete: Athlete) -> Iterator[HeldKind]:
    yield HeldKind(
        _("Runs from your own files"),
        _activities_words(tx.own.count(athlete.id)),
        _("Until you delete them, one by one or all at once, or delete your account"),
        _("They are yours: judged like any other run, also without Strava."),
    )
    yield HeldKind(
        _("What you told and set"),
        _("%(count)d, encrypted") % {"count": len(tx.diary.entries(athlete.id))},
        _("Until you delete it, one entry or all"),
        _("Pain and warning signs are answered first, and exercises and distances that do not fit are left out."),
    )
    yield HeldKind(
        _("Addresses that messages go to"),
        _("%(count)d, encrypted") % {"count": len(tx.deliveries.destinations(athlete.id))},
        _("Until you remove them"),
        _("Messages are sent there and nowhere else."),
    )


def _activities_words(count: int) -> str:
    return ngettext("%(count)d activity", "%(count)d activities", count) % {"count": count}


def _until(athlete: Athlete, confirmed_at: datetime | None) -> str:
    """When the oldest of it goes, if Strava does not confirm it before."""
    if confirmed_at is None:
        return _("nothing is held")
    given = {"day": _day(athlete, confirmed_at), "end": _day(athlete, confirmed_at + STRAVA_LIFE)}
    return _("%(end)s at the latest, unless Strava confirms it anew; it last did on %(day)s") % given


def _day(athlete: Athlete, instant: datetime | None) -> str:
    return "" if instant is None else full_date(wall_clock(athlete, instant).date())
