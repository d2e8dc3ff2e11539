"""The traffic light of pain: from what the runner answered to carry on, shorten, or stop running."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from rules.diary import CheckIn, Diary, WeeklyAnswer
from rules.signs import standing_signs

#: Pain from 0 to 10: stricter than the models for the Achilles and the knee that it comes from (evidence, section 3.1).
AMBER_FROM, RED_FROM = 3, 6
#: Two ambers within this many days are red for load.
TWO_AMBERS = timedelta(days=7)
#: So long a green or amber answer says something of now. A red one stands until the runner answers again.
STANDS = timedelta(days=28)
#: A pain entry is asked about until this many answers in a row are green.
GREENS_TO_SETTLE = 3
#: The question of the next morning, and how much of the night has to lie before it.
MORNING, LEAST_NIGHT = time(8), timedelta(hours=6)
#: A weekly answer is substantial with no training at all, or with this much changed or felt (0 to 3).
NO_TRAINING, SUBSTANTIAL = 3, 2
#: It speaks of the 7 days before it and stands this long without a new one.
WEEK_STANDS = timedelta(days=14)


class Light(StrEnum):
    """What the answers say, from nothing told to stop running. Compare by `level`."""

    NONE = "none"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"

    @property
    def level(self) -> int:
        return tuple(Light).index(self)


@dataclass(frozen=True, slots=True)
class Levels:
    """From which pain (0 to 10) an answer is amber, and from which red."""

    amber: int = AMBER_FROM
    red: int = RED_FROM

    @classmethod
    def of(cls, diary: Diary) -> Levels:
        """The runner's own, where they are stricter than ours."""
        own = diary.thresholds.get("pain", {})
        return cls(min(AMBER_FROM, int(own.get("caution", AMBER_FROM))), min(RED_FROM, int(own.get("high", RED_FROM))))


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer and its light. `rising` says that it is the second rise in a row, from run to run."""

    answer: CheckIn
    light: Light
    rising: bool = False


def traffic_light(diary: Diary, at: datetime) -> Light:
    """The light at that local moment: the reddest of all sore places, and red with any warning sign."""
    if standing_signs(diary, at):
        return Light.RED
    lights = [reading.light for reading in standing(readings(diary, at), at)]
    return max(lights, key=lambda light: light.level, default=Light.NONE)


def readings(diary: Diary, at: datetime, levels: Levels | None = None) -> tuple[Reading, ...]:
    """Every answer up to that local moment with its light, in order of time."""
    levels = levels or Levels.of(diary)
    read: list[Reading] = []
    for answer in sorted((one for one in diary.check_ins if one.at <= at), key=lambda one: one.at):
        read.append(_read(read, answer, levels))
    return tuple(read)


def standing(read: Iterable[Reading], at: datetime) -> tuple[Reading, ...]:
    """The newest reading of each sore place, where it still says something of that local moment."""
    newest = {reading.answer.place: reading for reading in read}
    return tuple(
        reading for reading in newest.values() if reading.light is Light.RED or at - reading.answer.at <= STANDS
    )


def places_asked_about(diary: Diary, at: datetime) -> tuple[str, ...]:
    """The sore places to ask about after the next run: those without three green answers in a row since they hurt."""
    return tuple(reading.answer.place for reading in _unsettled(diary, at))


@dataclass(frozen=True, slots=True)
class PainQuestion:
    """A question that is due: about a sore place, the morning after (`morning`) or since a run that followed."""

    place: str
    morning: bool


def questions_due(diary: Diary, at: datetime, last_run_ended: datetime | None = None) -> tuple[PainQuestion, ...]:
    """What to ask about at that local moment: each place until three answers in a row are green.

    After an answer come the next morning's question and one about the next run; where both are due, the later one.
    """
    asked = (_question(reading, at, last_run_ended) for reading in _unsettled(diary, at))
    return tuple(question for question in asked if question is not None)


def _question(newest: Reading, at: datetime, last_run_ended: datetime | None) -> PainQuestion | None:
    place, answered = newest.answer.place, newest.answer.at
    ran_at = last_run_ended if last_run_ended is not None and answered < last_run_ended <= at else None
    morning = _next_morning(answered)
    if morning <= at and not _settled_overnight(newest) and (ran_at is None or ran_at < morning):
        return PainQuestion(place, morning=True)
    return None if ran_at is None else PainQuestion(place, morning=False)


def _settled_overnight(reading: Reading) -> bool:
    """A green answer of the morning: the next question waits for the next run."""
    return reading.answer.next_morning and reading.light is Light.GREEN


def asks_again_at(diary: Diary, at: datetime) -> datetime | None:
    """The local moment of the next morning's question, which may have passed; `None` where nothing is to be asked.

    After a green answer in the morning the next question waits for the next run.
    """
    mornings = [
        _next_morning(reading.answer.at) for reading in _unsettled(diary, at) if not _settled_overnight(reading)
    ]
    return min(mornings, default=None)


def is_substantial(answer: WeeklyAnswer) -> bool:
    """Whether a weekly answer tells of a problem that held the runner back: our own three questions, 0 to 3."""
    return answer.participation >= NO_TRAINING or max(answer.changed, answer.felt) >= SUBSTANTIAL


def substantial_week(diary: Diary, at: datetime) -> WeeklyAnswer | None:
    """The newest substantial weekly answer, where no later one for the same place took it back."""
    newest: dict[str | None, WeeklyAnswer] = {}
    for answer in sorted(diary.weekly, key=lambda answer: answer.day):
        if answer.day <= at.date():
            newest[answer.place] = answer
    stands = (one for one in newest.values() if is_substantial(one) and at.date() - one.day <= WEEK_STANDS)
    return max(stands, key=lambda one: one.day, default=None)


# One answer


def _read(before: Sequence[Reading], answer: CheckIn, levels: Levels) -> Reading:
    here = [reading for reading in before if reading.answer.place == answer.place]
    rising = _is_rising([reading.answer for reading in here], answer)
    light = Light.RED if rising else _own_light(answer, levels)
    if light is Light.AMBER and _is_second_amber(before, answer):
        light = Light.RED
    if here:
        light = max(light, _carried(here[-1], answer), key=lambda one: one.level)
    return Reading(answer, light, rising)


def _own_light(answer: CheckIn, levels: Levels) -> Light:
    """What the answer says for itself: green settles by the next morning."""
    if answer.pain >= levels.red or answer.altered_stride or answer.at_night:
        return Light.RED
    if answer.pain >= levels.amber or (answer.next_morning and answer.pain > 0):
        return Light.AMBER
    return Light.GREEN


def _is_rising(before: Sequence[CheckIn], answer: CheckIn) -> bool:
    """Whether it is the second rise in a row, held against the most that was told of each of the two runs before."""
    pains = list(_pain_by_run([*before, answer]))
    pains[-1] = answer.pain  # what had settled since the run is not rising
    return len(pains) > 2 and pains[-3] < pains[-2] < pains[-1]


def _pain_by_run(answers: Sequence[CheckIn]) -> Iterator[int]:
    """The most pain told of each run (or day, where no run is named), in order."""
    most: int | None = None
    for at, answer in enumerate(answers):
        if most is not None and not _of_one_run(answers[at - 1], answer):
            yield most
            most = None
        most = answer.pain if most is None else max(most, answer.pain)
    if most is not None:
        yield most


def _of_one_run(earlier: CheckIn, later: CheckIn) -> bool:
    if earlier.run_id is not None and later.run_id is not None:
        return earlier.run_id == later.run_id
    return _days_between(earlier, later) == 0 or (later.next_morning and _days_between(earlier, later) == 1)


def _days_between(earlier: CheckIn, later: CheckIn) -> int:
    return (later.at.date() - earlier.at.date()).days


def _is_second_amber(before: Iterable[Reading], answer: CheckIn) -> bool:
    """Whether another run within 7 days was amber or red, whatever the place."""
    return any(
        reading.light.level >= Light.AMBER.level
        and answer.at - reading.answer.at <= TWO_AMBERS
        and not _of_one_run(reading.answer, answer)
        for reading in before
    )


def _carried(earlier: Reading, answer: CheckIn) -> Light:
    """What stays of the light before: all of it where the pain grew, and red until something got better."""
    before = earlier.answer
    if answer.pain > before.pain:
        return earlier.light
    no_less = answer.pain == before.pain and answer.altered_stride >= before.altered_stride
    if earlier.light is Light.RED and no_less and answer.at_night >= before.at_night:
        return Light.RED
    return Light.GREEN


# When to ask again


def _unsettled(diary: Diary, at: datetime) -> Iterator[Reading]:
    """The newest reading of each place that is still asked about."""
    read = readings(diary, at)
    for newest in standing(read, at):
        if _is_open(reading for reading in read if reading.answer.place == newest.answer.place):
            yield newest


def _is_open(read: Iterable[Reading]) -> bool:
    """Whether something hurt and three green answers in a row have not followed yet, itself included."""
    is_open, greens = False, 0
    for reading in read:
        is_open = is_open or reading.light is not Light.GREEN or reading.answer.pain > 0
        greens = greens + 1 if is_open and reading.light is Light.GREEN else 0
        if greens == GREENS_TO_SETTLE:
            is_open, greens = False, 0
    return is_open


def _next_morning(answered: datetime) -> datetime:
    """The first 8 o'clock with at least six hours in between: who answers after midnight is asked the same day."""
    earliest = answered + LEAST_NIGHT
    morning = datetime.combine(earliest.date(), MORNING)
    return morning if morning >= earliest else morning + timedelta(days=1)
