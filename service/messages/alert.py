"""The message about a run that was far from the runner's usual, or about a race, which is not judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from integrations.channels.message import Message
from rules.advice import Choice
from rules.model import Activity
from rules.policy import Decision
from service.language import speaking
from service.messages.days import wall_clock
from service.messages.footer import standing_links, warning_signs, what_this_is, what_this_is_not
from service.messages.pages import Pages
from service.messages.strava import attribution
from service.messages.telling import in_order, tell
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
) -> Message:
    """One message for all that is told of one run.

    `decisions` are those told at this run, `activity` its recording (for the device's name), `choice` the advice
    for `leading(decisions)`, `alert_ids` the id of each finding's alert by the rule's code.
    """
    race = decisions[0].run.race
    with speaking(athlete.language):
        telling = tell(decisions, choice, athlete.units, pages, wall_clock(athlete, now).date())
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
            footer_links=(warning_signs(pages), *standing_links(message_id, pages)),
            data=_data(decisions, choice, alert_ids),
        )


def _data(decisions: Sequence[Decision], choice: Choice, alert_ids: Mapping[str, str]) -> dict[str, Any]:
    run = decisions[0].run
    return {
        "race": run.race,
        "run": {
            "id": run.id,
            "day": run.local_day.isoformat(),
            "distance_m": run.distance_m,
        },
        "alerts": [_alert(decision, alert_ids) for decision in in_order(decisions)],
        "advice": {"action": choice.action.code, "prompt": choice.prompt.code},
    }


def _alert(decision: Decision, alert_ids: Mapping[str, str]) -> dict[str, Any]:
    finding = decision.finding
    return {
        "id": alert_ids[finding.rule],
        "rule": finding.rule,
        "version": finding.version,
        "key": finding.key,
        "day": finding.day.isoformat(),
        "severity": finding.severity.word,
        "facts": dict(finding.facts),
    }
