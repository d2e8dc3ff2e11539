"""Load numbers as other programs show them: to be looked up, never sent, for none of them predicts an injury."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import isinf

from babel.numbers import format_decimal

from rules.days import runs_of_days
from rules.history import SIGHT, TrainingHistory
from rules.load import (
    ACUTE_DAYS,
    FATIGUE_DAYS,
    FITNESS_DAYS,
    acute_load,
    acwr_coupled,
    acwr_ewma,
    acwr_uncoupled,
    chronic_load,
    daily_distance_m,
    daily_session_rpe,
    monotony,
    strain,
    training_balances,
)
from service.language import _, ngettext
from service.messages.units import METRES, present_locale
from service.messages.verdict import Row
from service.store.records import Units


def load_rows(history: TrainingHistory, today: date, units: Units) -> tuple[Row, ...]:
    """Every number by distance, in the runner's unit, for the days up to and including today."""
    if not history.runs:
        return ()
    days = min(SIGHT.days, (today - history.runs[0].local_day).days + 1)
    daily = daily_distance_m(runs_of_days(history, today, days), today, days)
    week, balance = daily[-ACUTE_DAYS:], training_balances(daily)[-1]
    gains = {"fitness": FITNESS_DAYS, "fatigue": FATIGUE_DAYS}
    return (
        (_("Acute load: mean day of the last 7"), _in(acute_load(daily), units)),
        (_("Chronic load: mean day of the last 28"), _in(chronic_load(daily), units)),
        (_("Acute to chronic, coupled (7 days in 28)"), _plain(acwr_coupled(daily))),
        (_("Acute to chronic, uncoupled (7 days, 21 before)"), _plain(acwr_uncoupled(daily))),
        (_("Acute to chronic, exponentially weighted"), _plain(acwr_ewma(daily))),
        (_("Monotony of 7 days, population SD"), _plain(monotony(week) if len(week) == ACUTE_DAYS else None)),
        (_("Monotony of 7 days, sample SD"), _plain(monotony(week, sample=True) if len(week) == ACUTE_DAYS else None)),
        (_("Strain of 7 days, population SD"), _in(strain(week) if len(week) == ACUTE_DAYS else None, units)),
        (_("CTL, fitness (gain 1/%(fitness)d a day)") % gains, _in(balance.ctl, units)),
        (_("ATL, fatigue (gain 1/%(fatigue)d a day)") % gains, _in(balance.atl, units)),
        (_("TSB, form (CTL less ATL of the same day)"), _in(balance.tsb, units)),
        *_by_effort(history, today),
    )


def _by_effort(history: TrainingHistory, today: date) -> Iterator[Row]:
    """Session RPE of the last 7 days, where the runner told how hard any run of them was."""
    runs = runs_of_days(history, today, ACUTE_DAYS)
    rated = {one.run_id: float(one.rpe) for one in history.diary.efforts}
    if not any(run.id in rated for run in runs):
        return
    daily, missing = daily_session_rpe(runs, rated, today, ACUTE_DAYS)
    total = format_decimal(round(sum(daily)), locale=present_locale())
    if missing:
        words = ngettext("%(total)s AU, without %(count)d run", "%(total)s AU, without %(count)d runs", missing)
        yield _("Effort times minutes, last 7 days"), words % {"total": total, "count": missing}
        return
    yield _("Effort times minutes, last 7 days"), _("%(total)s AU") % {"total": total}
    yield _("Monotony of 7 days by effort, population SD"), _plain(monotony(daily))
    yield _("Strain of 7 days by effort, population SD"), _plain(strain(daily))


def _plain(value: float | None) -> str:
    """Two decimals; division by nothing is maximal, and too few days, or none with a run, give no number."""
    if value is None:
        return _("no number: too few days, or none with a run")
    return _("maximal") if isinf(value) else format_decimal(round(value, 2), "0.00", locale=present_locale())


def _in(value: float | None, units: Units) -> str:
    if value is None or isinf(value):
        return _plain(value)
    shown = format_decimal(round(value / float(METRES[units]), 1), "#,##0.0", locale=present_locale())
    return f"{shown} {units}"
