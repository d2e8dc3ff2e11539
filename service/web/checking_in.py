"""The check-in: warning signs before anything else, then pain or the week; absences; and the list of what was told."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from fastapi import Form, Request
from starlette.responses import Response

from rules.days import runs_of_days
from rules.diary import Absence, AbsenceKind, CheckIn, Effort, WarningSign, WeeklyAnswer
from rules.model import Run
from rules.pain import Light, traffic_light
from rules.return_ladder import Wait
from rules.signs import LIMBS, NIGHT_PAIN, SIGNS, TRUNK, UPPER_BACK, Sign, signs_at, standing_signs
from service import checking_in
from service.bootstrap import Service
from service.knowledge import diary_of, history_of
from service.language import _
from service.messages.days import short_day, wall_clock
from service.messages.emergency import country_of
from service.messages.places import place_words
from service.messages.signs import official_line
from service.messages.strava import view_on_strava
from service.messages.units import distance
from service.messages.usual_range import wait_words
from service.store.records import Athlete, Units
from service.web import entered
from service.web.access import Runner, ServiceHere, VisitHere, pages_for, runner
from service.web.back_plan import recheck_is_due
from service.web.entered import Mistyped
from service.web.pain_questions import pain_questions
from service.web.rendering import page, redirect
from service.web.source import source_of
from service.web.stop import stop_of
from service.web.told import absence_words, changed_words, felt_words, participation_words, told

router = pages_for(runner)

Purpose = Literal["pain", "week"]
#: A sore place that stands in no list: there every sign is asked.
ANOTHER = "another"
PLACES = (UPPER_BACK, "lower-back", *sorted(TRUNK - {UPPER_BACK, "lower-back"}), *sorted(LIMBS), ANOTHER)
LONGEST_PLACE = 32
#: How far back an answer or an absence may be entered.
DAYS_BACK, ABSENCE_BACK = 28, 365
#: Where only the day of an answer is known: pain of the next morning, or of a day's run.
MORNING, EVENING = time(8), time(20)
Sore = Annotated[str, Form(max_length=LONGEST_PLACE)]
Level = Annotated[int, Form(ge=0, le=3)]


@router.get("/check-in")
def check_in(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    return _overview(request, service, athlete)


@router.post("/check-in")
def screen(
    request: Request,
    athlete: Runner,
    place: Sore = "",
    purpose: Annotated[Purpose, Form()] = "pain",
    morning: Annotated[bool, Form()] = False,
) -> Response:
    """The warning signs of a sore place: they come before any other question."""
    return _signs_page(request, place, purpose, morning=morning)


@router.post("/check-in/signs")
def answer_signs(
    request: Request,
    service: ServiceHere,
    athlete: Runner,
    place: Sore = "",
    purpose: Annotated[Purpose, Form()] = "pain",
    sign: Annotated[list[str] | None, Form()] = None,
    none: Annotated[bool, Form()] = False,
    morning: Annotated[bool, Form()] = False,
) -> Response:
    """A sign that was ticked counts, whatever else was: then nothing more is asked."""
    at = wall_clock(athlete, service.clock())
    if named := [WarningSign(code, at) for code in dict.fromkeys(sign or []) if code in SIGNS]:
        checking_in.tell(service, athlete, *named)
        return redirect("/check-in")
    if not none:
        problem = _("Please tick what fits, or “None of these”. Nothing else is asked before.")
        return _signs_page(request, place, purpose, problem, morning=morning)
    return _questions(request, place, purpose, at.date(), morning=morning)


@router.post("/check-in/pain")
def tell_pain(
    request: Request,
    service: ServiceHere,
    visit: VisitHere,
    athlete: Runner,
    pain: Annotated[int, Form(ge=0, le=10)],
    place: Sore = ANOTHER,
    day: Annotated[str, Form()] = "",
    none: Annotated[bool, Form()] = False,
    next_morning: Annotated[bool, Form()] = False,
    altered_stride: Annotated[bool, Form()] = False,
    at_night: Annotated[bool, Form()] = False,
) -> Response:
    if not none:
        return _signs_page(request, place, "pain", _("The warning signs come first."))
    now = wall_clock(athlete, service.clock())
    try:
        on = entered.day(day, now.date() - timedelta(days=DAYS_BACK), now.date())
    except Mistyped as error:
        return _questions(request, place, "pain", now.date(), str(error))
    at = _moment(on or now.date(), now, next_morning)
    checking_in.tell(service, athlete, CheckIn(at, place, pain, next_morning, altered_stride, at_night))
    visit.note(_("Kept."))
    return redirect("/check-in")


@router.post("/check-in/week")
def tell_week(
    request: Request,
    service: ServiceHere,
    visit: VisitHere,
    athlete: Runner,
    participation: Level,
    changed: Level,
    felt: Level,
    place: Sore = "",
    none: Annotated[bool, Form()] = False,
) -> Response:
    if not none:
        return _signs_page(request, place, "week", _("The warning signs come first."))
    today = wall_clock(athlete, service.clock()).date()
    checking_in.tell(service, athlete, WeeklyAnswer(today, participation, changed, felt, place or None))
    visit.note(_("Kept."))
    return redirect("/check-in")


@router.post("/check-in/effort")
def tell_effort(
    request: Request,
    service: ServiceHere,
    visit: VisitHere,
    athlete: Runner,
    run: Annotated[int, Form()],
    effort: Annotated[int, Form(ge=0, le=10)],
) -> Response:
    """How hard a run was; said again, it replaces what was said of the same run."""
    now = wall_clock(athlete, service.clock())
    if run not in {one.id for one in _rateable(service, athlete, now.date())}:
        return _overview(request, service, athlete, problem=_("Please choose one of your runs of the last 7 days."))
    checking_in.put(service, athlete, Effort(run, effort, now))
    visit.note(_("Kept."))
    return redirect("/check-in")


@router.post("/check-in/absence")
def tell_absence(
    request: Request,
    service: ServiceHere,
    visit: VisitHere,
    athlete: Runner,
    kind: Annotated[AbsenceKind, Form()],
    first_day: Annotated[str, Form()] = "",
    last_day: Annotated[str, Form()] = "",
) -> Response:
    today = wall_clock(athlete, service.clock()).date()
    try:
        first = entered.day(first_day, today - timedelta(days=ABSENCE_BACK), today) or today
        last = entered.day(last_day, first, today)
    except Mistyped as error:
        return _overview(request, service, athlete, problem=str(error))
    checking_in.keep(service, athlete, Absence(kind, first, last))
    visit.note(_noted(kind))
    return redirect("/check-in")


@router.post("/check-in/remove-all")
def remove_all(service: ServiceHere, visit: VisitHere, athlete: Runner) -> Response:
    checking_in.forget_all(service, athlete)
    visit.note(_("All that you told is deleted."))
    return redirect("/check-in")


@router.post("/check-in/night-pain/clear")
def clear_night_pain(service: ServiceHere, visit: VisitHere, athlete: Runner) -> Response:
    """A sign that was told with a check-in has no entry of its own to clear: it gets one, cleared."""
    with service.store.transaction() as tx:
        diary = diary_of(tx, athlete)
    now = diary.present(wall_clock(athlete, service.clock()))
    standing = standing_signs(diary, now)
    cleared = [WarningSign(sign.code, sign.at, cleared_at=now) for sign in standing if sign.code == NIGHT_PAIN]
    checking_in.tell(service, athlete, *cleared)
    visit.note(_cleared())
    return redirect("/check-in")


@router.post("/check-in/{entry_id}/clear")
def clear(service: ServiceHere, visit: VisitHere, athlete: Runner, entry_id: int) -> Response:
    checking_in.clear_sign(service, athlete, entry_id)
    visit.note(_cleared())
    return redirect("/check-in")


@router.post("/check-in/{entry_id}/end")
def end(service: ServiceHere, visit: VisitHere, athlete: Runner, entry_id: int) -> Response:
    checking_in.end_absence(service, athlete, entry_id)
    visit.note(_("Good that you are back. Short runs lead back; what is usual for you stands under “Next”."))
    return redirect("/check-in")


@router.post("/check-in/{entry_id}/remove")
def remove(service: ServiceHere, visit: VisitHere, athlete: Runner, entry_id: int) -> Response:
    checking_in.forget(service, athlete, entry_id)
    visit.note(_("Deleted."))
    return redirect("/check-in")


def _overview(request: Request, service: Service, athlete: Athlete, problem: str = "") -> Response:
    with service.store.transaction() as tx:
        diary, entries = diary_of(tx, athlete), tx.diary.entries(athlete.id)
        at = diary.present(wall_clock(athlete, service.clock()))
        due, source = pain_questions(tx, athlete, diary, at), source_of(tx, athlete)
    is_red, runs = traffic_light(diary, at) is Light.RED, _rateable(service, athlete, at.date())
    own = {entry.at for _id, entry in entries if isinstance(entry, WarningSign) and entry.code == NIGHT_PAIN}
    return page(
        request,
        "check_in.html",
        status=422 if problem else 200,
        stop=stop_of(diary, at, country_of(athlete.time_zone)),
        told_night_pain=[one for one in standing_signs(diary, at) if one.code == NIGHT_PAIN and one.at not in own],
        is_red=is_red,
        red_words=wait_words(Wait.PAIN),
        told=told(entries),
        due=due,
        has_plan=bool(diary.self_checks),
        recheck_due=recheck_is_due(diary, at),
        places=_places(),
        # Pain and warning signs come first: then this page names no distance, not even one that was run.
        runs=[] if is_red else [(run.id, _run_words(run, athlete.units), view_on_strava(run.id)) for run in runs],
        source=source,
        absences=absence_words(),
        today=at.date(),
        earliest=at.date() - timedelta(days=ABSENCE_BACK),
        problem=problem,
    )


def _rateable(service: Service, athlete: Athlete, today: date) -> tuple[Run, ...]:
    """The runs of the last 7 days, the newest first."""
    with service.store.transaction() as tx:
        history = history_of(tx, athlete, wall_clock(athlete, service.clock()))
    return runs_of_days(history, today, 7)[::-1]


def _run_words(run: Run, units: Units) -> str:
    return f"{short_day(run.local_day)}: {distance(run.distance_m, units)}"


def _signs_page(
    request: Request, place: str, purpose: Purpose, problem: str = "", *, morning: bool = False
) -> Response:
    return page(
        request,
        "check_in_signs.html",
        status=422 if problem else 200,
        place=place,
        place_name=place_words(place) if place else "",
        purpose=purpose,
        morning=morning,
        signs=[(sign.code, _(sign.words)) for sign in _asked(place)],
        official=official_line() if place == UPPER_BACK else "",
        problem=problem,
    )


def _asked(place: str) -> tuple[Sign, ...]:
    """The signs of that place; where nothing is sore, those that are asked whatever hurts."""
    return signs_at(place) if place else tuple(sign for sign in SIGNS.values() if not sign.places)


def _questions(
    request: Request, place: str, purpose: Purpose, today: date, problem: str = "", *, morning: bool = False
) -> Response:
    """What is asked once no sign fits."""
    return page(
        request,
        "check_in_week.html" if purpose == "week" else "check_in_pain.html",
        status=422 if problem else 200,
        place=place,
        place_name=place_words(place) if place else "",
        morning=morning,
        is_upper_back=place == UPPER_BACK,
        today=today,
        earliest=today - timedelta(days=DAYS_BACK),
        questions=_weekly_questions(),
        problem=problem,
    )


def _weekly_questions() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Our own three, for the last 7 days: field, question, answers from 0 to 3."""
    return (
        ("participation", _("How much of the running that you meant to do did you do?"), participation_words()),
        ("changed", _("How much of it did you change because something was sore?"), changed_words()),
        ("felt", _("How much did you feel it?"), felt_words()),
    )


def _places() -> list[tuple[str, str]]:
    return [(place, place_words(place)) for place in PLACES]


def _moment(day: date, now: datetime, next_morning: bool) -> datetime:
    """When an answer counts: now, or on an earlier day its morning or evening."""
    if day == now.date():
        return now
    return datetime.combine(day, MORNING if next_morning else EVENING)


def _noted(kind: AbsenceKind) -> str:
    if kind in (AbsenceKind.INJURED, AbsenceKind.ILL):
        return _("Kept. Get well: until you tell us that it is over, no distance is named.")
    return _("Kept.")


def _cleared() -> str:
    return _("Cleared. If it comes back, tell it again.")
