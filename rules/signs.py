"""The warning signs that come before any exercise: what is asked for which sore place, and how urgent an answer is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from types import MappingProxyType

from rules.diary import CheckIn, Diary, WarningSign
from rules.words import N_

UPPER_BACK = "upper-back"
#: Sore places of the trunk, for which the signs of the back are asked, and those of the limbs. A place that stands in
#: neither is asked about everything.
TRUNK = frozenset({UPPER_BACK, "lower-back", "neck", "shoulder", "chest", "ribs", "stomach"})
LIMBS = frozenset(
    {"arm", "hip", "groin", "buttock", "thigh", "hamstring", "knee", "shin", "calf", "achilles", "ankle", "foot"}
)


class Urgency(IntEnum):
    """How soon someone has to look at it. `WITHIN_DAYS` is for signs of bone stress: no running until examined."""

    SEE_SOMEONE_FIRST = 1
    WITHIN_DAYS = 2
    URGENT = 3
    EMERGENCY = 4

    @property
    def word(self) -> str:
        return self.name.lower().replace("_", "-")

    @property
    def care(self) -> str:
        """The code of the advice that says where to turn."""
        return _CARE[self]


_CARE = {
    Urgency.SEE_SOMEONE_FIRST: "see-someone-before-exercise",
    Urgency.WITHIN_DAYS: "see-a-physiotherapist",
    Urgency.URGENT: "ask-for-an-urgent-appointment",
    Urgency.EMERGENCY: "call-the-emergency-number",
}


@dataclass(frozen=True, slots=True)
class Sign:
    """A warning sign: its code, how urgent it is, the words to tick, and for which sore places it is asked.

    Without `places` it is asked for every one.
    """

    code: str
    urgency: Urgency
    words: str
    places: frozenset[str] = frozenset()

    def is_asked_at(self, place: str) -> bool:
        return not self.places or place in self.places or place not in TRUNK | LIMBS


#: The official line for pain between the shoulder blades: shown first and unsoftened.
OFFICIAL_LINE = "between-shoulder-blades"
NIGHT_PAIN = "night-pain"

#: NHS back pain page, NICE and local pathways, and the list for every sore place (evidence, section 3.3).
_SIGNS = (
    Sign("chest-pain", Urgency.EMERGENCY, N_("Chest pain")),
    Sign("breathlessness", Urgency.EMERGENCY, N_("Shortness of breath that is not usual for you")),
    Sign("sweating-or-sickness", Urgency.EMERGENCY, N_("Sweating or feeling sick with the pain"), TRUNK),
    Sign("arm-or-jaw-pain", Urgency.EMERGENCY, N_("Pain that spreads into an arm or the jaw"), TRUNK),
    Sign("collapse", Urgency.EMERGENCY, N_("Fainting or collapse")),
    Sign("palpitations", Urgency.EMERGENCY, N_("A heart that races, thumps or stumbles in effort")),
    Sign("tearing-pain", Urgency.EMERGENCY, N_("A sudden tearing pain in the chest, back or stomach"), TRUNK),
    Sign("breathing-pain", Urgency.EMERGENCY, N_("New pain on breathing, with a cough or a swollen calf")),
    Sign("serious-accident", Urgency.EMERGENCY, N_("Pain since a serious accident")),
    Sign("both-legs", Urgency.EMERGENCY, N_("Pain, tingling, weakness or numbness in both legs")),
    Sign("weakness-or-numbness", Urgency.EMERGENCY, N_("New weakness or numbness")),
    Sign("saddle-numbness", Urgency.EMERGENCY, N_("Numbness around the genitals or buttocks")),
    Sign("bladder-or-bowel", Urgency.EMERGENCY, N_("Trouble passing water, or loss of bladder or bowel control")),
    Sign("unsteady-walking", Urgency.EMERGENCY, N_("Trouble walking, or unsteady on your feet"), TRUNK),
    Sign(
        OFFICIAL_LINE,
        Urgency.URGENT,
        N_("Pain that comes from the top of the back, between the shoulders"),
        frozenset({UPPER_BACK}),
    ),
    Sign("fever", Urgency.URGENT, N_("A high temperature")),
    Sign("weight-loss", Urgency.URGENT, N_("Losing weight without trying")),
    Sign("lump-or-changed-shape", Urgency.URGENT, N_("A lump, or a changed shape of the back"), TRUNK),
    Sign("no-better-after-rest", Urgency.URGENT, N_("Pain that is no better after rest"), TRUNK),
    Sign(NIGHT_PAIN, Urgency.URGENT, N_("Pain that is worse at night"), TRUNK),
    Sign("worse-with-cough", Urgency.URGENT, N_("Worse when you cough, sneeze or go to the toilet"), TRUNK),
    Sign("swollen-calf", Urgency.URGENT, N_("One calf that is swollen, warm or painful at rest")),
    Sign("hot-red-joint", Urgency.URGENT, N_("A hot red joint with fever")),
    Sign("bony-spot", Urgency.WITHIN_DAYS, N_("One spot of bone that is sore to touch")),
    Sign("growing-pain", Urgency.WITHIN_DAYS, N_("Pain that grows during a run")),
    Sign("rest-or-night-pain", Urgency.WITHIN_DAYS, N_("Pain at night or at rest"), LIMBS),
    Sign("limping", Urgency.WITHIN_DAYS, N_("Limping")),
    Sign(
        "groin-pain",
        Urgency.WITHIN_DAYS,
        N_("Pain in the groin or the front of the hip when standing or hopping"),
        LIMBS,
    ),
    Sign("missed-periods", Urgency.SEE_SOMEONE_FIRST, N_("Missed periods, or little energy for weeks")),
    Sign("cancer", Urgency.SEE_SOMEONE_FIRST, N_("You have or have had cancer"), TRUNK),
    Sign("weak-bones", Urgency.SEE_SOMEONE_FIRST, N_("Osteoporosis, or you take steroids"), TRUNK),
    Sign("young-or-older", Urgency.SEE_SOMEONE_FIRST, N_("You are under 20 or over 55 and the pain is new"), TRUNK),
    Sign("weak-immune-system", Urgency.SEE_SOMEONE_FIRST, N_("A weakened immune system"), TRUNK),
    Sign("recent-infection", Urgency.SEE_SOMEONE_FIRST, N_("An infection in the last weeks"), TRUNK),
    Sign("fall-or-blow", Urgency.SEE_SOMEONE_FIRST, N_("A fall or a blow, even a small one"), TRUNK),
)

#: Every warning sign by its code, the most urgent first.
SIGNS: Mapping[str, Sign] = MappingProxyType({sign.code: sign for sign in _SIGNS})
#: What is asked after the official line, before anything milder is said of pain between the shoulder blades: age,
#: cancer, osteoporosis or steroids, fever, weight loss, night pain, injury. Any yes: care first.
AFTER_OFFICIAL_LINE = (
    "young-or-older",
    "cancer",
    "weak-bones",
    "fever",
    "weight-loss",
    NIGHT_PAIN,
    "fall-or-blow",
)


def signs_at(place: str) -> tuple[Sign, ...]:
    """What to ask for a sore place: for the upper back the official line first, then the most urgent first."""
    asked = [sign for sign in _SIGNS if sign.is_asked_at(place)]
    return tuple(sorted(asked, key=lambda sign: place != UPPER_BACK or sign.code != OFFICIAL_LINE))


def urgency_of(code: str) -> Urgency:
    """How urgent a sign is. One that is no longer (or not yet) in the list counts as urgent, never as nothing."""
    return SIGNS[code].urgency if code in SIGNS else Urgency.URGENT


def standing_signs(diary: Diary, at: datetime) -> tuple[WarningSign, ...]:
    """The signs that stand at that local moment: those named and not cleared, and night pain told with a check-in."""
    return (*diary.open_signs(at), *_told_with_pain(diary, at))


def most_urgent(standing: Iterable[WarningSign]) -> WarningSign | None:
    """The sign that speaks for all: the most urgent, of equals the official line, else the newest."""
    return max(standing, key=lambda sign: (urgency_of(sign.code), sign.code == OFFICIAL_LINE, sign.at), default=None)


def _told_with_pain(diary: Diary, at: datetime) -> Iterator[WarningSign]:
    """Pain of the trunk that is worse at night is an urgent sign, ticked on a list or not.

    It stands until the next answer for that place, or until the same sign is cleared.
    """
    newest: dict[str, CheckIn] = {}
    for answer in sorted(diary.check_ins, key=lambda answer: answer.at):
        if answer.at <= at:
            newest[answer.place] = answer
    for answer in newest.values():
        if answer.at_night and answer.place not in LIMBS and not _cleared(diary, answer.at, at):
            yield WarningSign(NIGHT_PAIN, answer.at)


def _cleared(diary: Diary, since: datetime, at: datetime) -> bool:
    return any(
        sign.code == NIGHT_PAIN and sign.cleared_at is not None and since <= sign.cleared_at <= at
        for sign in diary.signs
    )
