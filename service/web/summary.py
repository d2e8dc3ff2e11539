"""One page to take to an appointment: what was run, what stood out, and what was told. Nothing is judged or advised."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request
from starlette.responses import Response

from rules.history import TrainingHistory
from rules.model import NO_RUN, Finding
from rules.policy import Outcome
from service.knowledge import diary_of, held_of
from service.messages.days import wall_clock
from service.messages.own_limit import limit_words, standing_limit
from service.messages.strava import view_on_strava
from service.messages.verdicts import verdict_of
from service.store.records import Athlete, StoredFinding
from service.web.access import Runner, ServiceHere, pages_for, runner
from service.web.back_plan import back_plan
from service.web.bars import WEEKS, weeks
from service.web.rendering import page
from service.web.source import source_for
from service.web.told import told

router = pages_for(runner)

LOOK_BACK = timedelta(weeks=WEEKS)


@router.get("/summary")
def summary(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    now = wall_clock(athlete, service.clock())
    today = now.date()
    with service.store.transaction() as tx:
        activities = [item.activity for item in held_of(tx, athlete.id, now)]
        findings = [one for one in tx.findings.of(athlete.id) if one.withdrawn_at is None and one.run.id != NO_RUN]
        diary, entries = diary_of(tx, athlete), tx.diary.entries(athlete.id)
    limit = standing_limit(diary.limit, today)
    checked = [one.at.date() for one in diary.self_checks[-1:] if today - one.at.date() <= LOOK_BACK]
    lately = [one for one in findings if one.outcome is Outcome.TOLD and today - one.day <= LOOK_BACK]
    return page(
        request,
        "summary.html",
        today=today,
        weeks=weeks(TrainingHistory.of(activities).runs, lately, today, athlete.first_weekday),
        found=[(one.day, _words(one, athlete), view_on_strava(one.run.id)) for one in reversed(lately)],
        told=[item for item in told(entries) if item.stands or item.lasts or today - item.day <= LOOK_BACK],
        checked=checked[0] if checked else None,
        patterns=back_plan(service, athlete).patterns if checked else (),
        limit=limit_words(limit, athlete.units) if limit else "",
        source=source_for(activities),
    )


def _words(stored: StoredFinding, athlete: Athlete) -> str:
    finding = Finding(stored.rule, stored.version, stored.key, stored.day, stored.severity, stored.facts)
    return verdict_of(stored.rule).line(finding, athlete.units)
