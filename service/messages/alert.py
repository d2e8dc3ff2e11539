"""The message about a run that was far from the runner's usual, or about a race, which is not judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from integrations.channels.message import Message
from rules.advice import Choice
from rules.diary import OwnLimit
from rules.model import Activity, Finding, Run
from rules.policy import Decision
from rules.return_ladder import LadderStep, Wait
from service.language import speaking
from service.messages.days import wall_clock
from service.messages.footer import standing_links, what_this_is, what_this_is_not
from service.messages.own_limit import limit_data, standing_limit
from service.messages.pages import Pages
from service.messages.strava import attribution
from service.messages.telling import in_order, step_shown, tell
from service.messages.usual_range import comes_first, step_data
from service.store.records import Athlete


def alert_message(
    message_id: str,
    athlete: Athlete,
    decisions: Sequence[Decision],
    activity: Activity | None,
    choice: Choice,
    alert_ids: Mapping[str, str],
    pages: Pages,
    now: datetime,
    *,
    limit: OwnLimit | None = None,
    step: LadderStep | None = None,
    waits_for: Wait | None = None,
) -> Message:
    """One message for all that is told of one run.

    `decisions` are those told at this run, `activity` its recording (for the device's name), `choice` the advice
    for `leading(decisions)`, `alert_ids` the id of each finding's alert by the rule's code. In place of `choice`
    stands the runner's own `limit` while it lasts, and before both what the range of that day `waits_for` (pain, a
    warning sign, an injury, an illness). For who returns from a break `step` is the one thing to do.
    """
    race = decisions[0].run.race
    today = wall_clock(athlete, now).date()
    own = standing_limit(limit, today)
    way_back = None if own or comes_first(waits_for, own) else step_shown(decisions, step)
    with speaking(athlete.language):
        telling = tell(decisions, choice, athlete.units, pages, today, limit=own, step=way_back, waits_for=waits_for)
        return Message(
            id=message_id,
            kind="race" if race else "alert",
            event="alert.created",
            created_at=now,
            language=athlete.language,
            subject=telling.subject,
            lead=telling.lead,
            sections=telling.sections,
            footer=(what_this_is_not() if race else what_this_is(), *attribution([activity])),
            footer_links=standing_links(message_id, pages),
            data={
                "race": race,
                "run": _run_data(decisions[0].run),
                "alerts": [finding_data(one.finding, alert_ids[one.finding.rule]) for one in in_order(decisions)],
                "advice": _advice_data(choice, own, way_back, waits_for),
                "step": step_data(way_back) if way_back else None,
            },
        )


def finding_data(finding: Finding, alert_id: str) -> dict[str, Any]:
    """One alert for machines."""
    return {
        "id": alert_id,
        "rule": finding.rule,
        "version": finding.version,
        "key": finding.key,
        "day": finding.day.isoformat(),
        "severity": finding.severity.word,
        "facts": dict(finding.facts),
    }


def _run_data(run: Run) -> dict[str, Any]:
    return {"id": run.id, "day": run.local_day.isoformat(), "distance_m": run.distance_m}


def _advice_data(
    choice: Choice, limit: OwnLimit | None, step: LadderStep | None, waits_for: Wait | None
) -> dict[str, Any]:
    if waits_for and comes_first(waits_for, limit):
        return {"action": None, "prompt": None, "waits_for": waits_for.value}
    if limit is not None:
        return {"action": None, "prompt": None, "limit": limit_data(limit)}
    prompt = choice.prompt.code if choice.prompt else None
    return {"action": None if step else choice.action.code, "prompt": prompt}
