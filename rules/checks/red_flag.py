"""red-flag: a warning sign stands, and comes before all else (R16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rules.history import TrainingHistory
from rules.model import Explanation, Finding, Grade, RuleState, Run, Severity, Source, Watch
from rules.rule import Rule
from rules.signs import OFFICIAL_LINE, most_urgent, standing_signs, urgency_of
from rules.words import N_


@dataclass(frozen=True)
class RedFlag(Rule):
    """Speaks while any warning sign stands (`rules/signs.py`), whatever its urgency: always `STOP`.

    It has no thresholds. The lists are guidance; single signs have no good evidence for how right they are (grade D).
    """

    code = "red-flag"
    title = N_("Please stop and read this first")
    version = 1
    grade = Grade.D
    about_period = False
    quiet_days = 0
    lookback_days = 0
    outranks = True
    needs_history = False

    explanation = Explanation(
        what_it_sees=N_(
            "The warning signs that you ticked and have not cleared, and pain of the back or chest that you said is "
            "worse at night. One is enough."
        ),
        why_it_matters=N_(
            "Behind these signs there is now and then something that needs a doctor soon. No stretch, exercise or "
            "distance is offered until they are cleared."
        ),
        evidence=N_(
            "Official guidance on back pain and an international framework (strength D). There is no good evidence on "
            "how often a single sign is right: one alone seldom means something serious."
        ),
        limits=N_(
            "Questions cannot examine you. It knows only what you ticked, and the list is not complete: if something "
            "worries you, ask for help without it."
        ),
        clears_when=N_("It clears when you clear the sign, best after someone has examined you."),
        sources=(
            Source("NHS, back pain", "https://www.nhs.uk/conditions/back-pain/"),
            Source("Finucane et al., Journal of Orthopaedic & Sports Physical Therapy 2020;50:350"),
        ),
    )

    def check(self, history: TrainingHistory, run: Run) -> Finding | None:
        return None  # it works on answers: see `check_diary`

    def check_diary(self, history: TrainingHistory, at: datetime) -> Finding | None:
        signs = standing_signs(history.diary, at)
        leading = most_urgent(signs)
        if leading is None:
            return None
        newest = max(signs, key=lambda sign: sign.at)
        urgency = urgency_of(leading.code)
        return Finding(
            rule=self.code,
            version=self.version,
            key=newest.at.isoformat(),
            day=newest.at.date(),
            severity=Severity.STOP,
            facts={
                "sign": leading.code,
                "urgency": urgency.word,
                "care": urgency.care,
                "signs": ", ".join(sorted({sign.code for sign in signs})),
                "official_line": any(sign.code == OFFICIAL_LINE for sign in signs),
                "since": min(sign.at for sign in signs).isoformat(timespec="minutes"),
            },
        )

    def draws_on_runs(self, finding: Finding) -> bool:
        return False

    def state(self, history: TrainingHistory, at: datetime) -> RuleState:
        return RuleState(Watch.WATCHING)


RULE = RedFlag()
