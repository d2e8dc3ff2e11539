"""A runner's upper-back plan as a page shows it: what the answers go together with, the days, how each is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from integrations.channels.message import Picture
from rules.advice import Runner, catalogue
from rules.diary import Diary, SelfCheck
from rules.model import Finding
from rules.self_check import (
    PATTERNS,
    SENTENCES,
    AnswersRefused,
    Assessment,
    PlanDay,
    Reason,
    Weighed,
    assess,
    questions,
)
from rules.self_check.outcome import Outcome
from rules.usual_range import usual_range
from service.bootstrap import Service
from service.knowledge import diary_of, history_of, is_stopped
from service.language import _
from service.messages.advice_words import words_of
from service.messages.days import short_day, wall_clock
from service.messages.own_limit import standing_limit
from service.messages.reasons import grade_words
from service.messages.usual_range import comes_first
from service.messages.verdicts import verdict_of
from service.store import Transaction
from service.store.records import Athlete


@dataclass(frozen=True)
class Item:
    """One thing of the plan and how it is done."""

    code: str
    name: str
    dose: str
    steps: tuple[str, ...]
    step_up: str
    avoid: str
    grade: str
    picture: Picture | None


@dataclass(frozen=True)
class Day:
    """One day: the names of what to do, by code, and of the cue for a run."""

    number: int
    words: str
    is_today: bool
    todo: tuple[tuple[str, str], ...]
    if_running: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BackPlan:
    """All of it. While the runner is `stopped` (a sign, red pain) or has an own limit there are no days."""

    stopped: bool
    own_limit: bool
    patterns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    days: tuple[Day, ...] = ()
    items: tuple[Item, ...] = ()
    recheck_words: str = ""
    recheck_due: bool = False
    asked_exclusions: bool = True


def back_plan(service: Service, athlete: Athlete) -> BackPlan:
    """As things stand now: the newest self-check, without what the runner has to leave out by now."""
    now = wall_clock(athlete, service.clock())
    with service.store.transaction() as tx:
        diary = diary_of(tx, athlete)
        outcome = _newest(tx, athlete, diary, now)
        waits_for = usual_range(history_of(tx, athlete, now), now, days=1, told_at=diary.present(now))[0].waits_for
    limit = standing_limit(diary.limit, now.date())
    stopped = is_stopped(diary, now) or comes_first(waits_for, limit)
    if stopped or limit is not None or not isinstance(outcome, Assessment):
        return BackPlan(stopped, limit is not None)
    return _shown(outcome, now.date(), Runner.of(diary, now))


def _newest(tx: Transaction, athlete: Athlete, diary: Diary, now: datetime) -> Outcome | None:
    """Where the newest self-check leads; nowhere if its questions are others by now: then it is gone through again."""
    if not diary.self_checks:
        return None
    try:
        return outcome_of(tx, athlete, diary.self_checks[-1], now)
    except AnswersRefused:
        return None


def outcome_of(tx: Transaction, athlete: Athlete, entry: SelfCheck, now: datetime) -> Outcome:
    """Where those answers lead. Raises `AnswersRefused` for answers that cannot be."""
    history = history_of(tx, athlete, now)
    found = [
        Finding(one.rule, one.version, one.key, one.day, one.severity, one.facts)
        for one in tx.findings.of(athlete.id)
        if one.withdrawn_at is None
    ]
    return assess(entry.answers, history.diary, entry.at, found, history, Runner.of(history.diary, now))


def recheck_is_due(diary: Diary, at: datetime) -> bool:
    """Whether the two weeks of the newest plan are over, which asks how it is."""
    return bool(diary.self_checks) and (at.date() - diary.self_checks[-1].at.date()).days >= LAST_DAY


#: Days from the self-check to the last day of its plan.
LAST_DAY = 13


def _shown(outcome: Assessment, today: date, runner: Runner) -> BackPlan:
    codes = dict.fromkeys(code for day in outcome.plan for code in (*day.prompts, *day.if_running))
    return BackPlan(
        stopped=False,
        own_limit=False,
        patterns=tuple(_pattern(one) for one in outcome.patterns),
        days=tuple(_day(day, today) for day in outcome.plan),
        items=tuple(_item(code) for code in codes),
        recheck_words=short_day(outcome.recheck_day),
        recheck_due=today >= outcome.recheck_day,
        asked_exclusions=runner.exclusions is not None,
    )


def _pattern(weighed: Weighed) -> tuple[str, tuple[str, ...]]:
    sentence = _(SENTENCES[weighed.level]) % {"pattern": _(PATTERNS[weighed.pattern])}
    return sentence, tuple(_reason(reason) for reason in weighed.reasons)


def _reason(reason: Reason) -> str:
    if reason.kind == "answer":
        question = next(one for one in questions() if one.code == reason.code)
        answer = _(question.answers[reason.answer])
        return _("You answered: %(question)s %(answer)s") % {"question": _(question.words), "answer": answer}
    if reason.kind == "finding":
        return _("Found in your runs: %(title)s") % {"title": _(verdict_of(reason.code).rule.title)}
    known = {
        "desk-days": _("You told us of long desk days."),
        "few-run-free-days": _("Your last four weeks held less than one day without a run in seven."),
    }
    return known[reason.code]


def _day(day: PlanDay, today: date) -> Day:
    return Day(
        day.number, short_day(day.day), day.day == today, tuple(_named(day.prompts)), tuple(_named(day.if_running))
    )


def _named(codes: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((code, words_of(catalogue()[code]).name) for code in codes)


def _item(code: str) -> Item:
    item = catalogue()[code]
    words = words_of(item)
    return Item(
        code=code,
        name=words.name,
        dose=words.dose,
        steps=words.steps,
        step_up=words.step_up,
        avoid=words.avoid,
        grade=grade_words(item.grade),
        picture=Picture(code=code, alt=words.alt) if words.alt else None,
    )
