"""back-context: a sore upper back together with more running or long desk days (R17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import ClassVar

from rules.breaks import SIGHT
from rules.diary import Diary
from rules.history import TrainingHistory
from rules.model import Explanation, Fact, Finding, Grade, RuleState, Run, Severity, Source, Watch
from rules.rule import Rule
from rules.signs import UPPER_BACK, standing_signs
from rules.thresholds import as_set
from rules.words import N_

#: R1 to R4: the rules that see more running than usual.
LOAD_RULES = frozenset({"run-spike", "fortnight-rise", "stair-climb", "streak"})
#: Places that a runner with a sore upper back means or feels too.
AROUND = frozenset({"neck", "shoulder", "ribs", "chest"})


@dataclass(frozen=True, slots=True)
class _Complaint:
    """A day on which the upper back was felt, and how much (0 to 10), where that was told."""

    day: date
    place: str | None
    pain: int | None


@dataclass(frozen=True)
class BackContext(Rule):
    """Puts an upper-back complaint beside what the runs and the desk held in the `days` before.

    A complaint is pain of `least_pain` or more (0 to 10), or a weekly answer of `least_felt` or more (0 to 3), for the
    upper back; for a runner who named the upper back, also one for a place around it or for none. One string of
    complaints is spoken of once. Expert opinion alone stands behind it (grade D), and no study of runners' upper backs.
    """

    code = "back-context"
    title = N_("Your running and your days beside your answer")
    version = 1
    grade = Grade.D
    about_period = True
    quiet_days = 14
    lookback_days = SIGHT.days
    needs_history = False
    bounds: ClassVar[Mapping[str, tuple[float, float]]] = MappingProxyType({"least_pain": (1, 3)})

    days: int = 14
    least_pain: int = 1
    least_felt: int = 1

    explanation = Explanation(
        what_it_sees=N_(
            "That your upper back hurts or was felt in the last 14 days, by your own answers, and that in these days "
            "your running rose well above your usual, or that you told us of long desk days."
        ),
        why_it_matters=N_(
            "More running than usual and long sitting are two things that you can change. Either of them sometimes "
            "goes with a stiff or sore upper back; whether it is so for you only a change can show."
        ),
        evidence=N_(
            "Expert opinion (strength D). No study has followed the upper backs of runners, and no single posture has "
            "been shown to be the right one."
        ),
        limits=N_(
            "It puts two things side by side and does not know what your pain comes from. It stays silent while a "
            "warning sign stands: those come first."
        ),
        clears_when=N_("It clears with an answer of 0, or after 14 days without an answer that names the upper back."),
        sources=(
            Source("Slater et al., Journal of Orthopaedic & Sports Physical Therapy 2019;49:562"),
            Source("NHS, back pain", "https://www.nhs.uk/conditions/back-pain/"),
        ),
    )

    def check(self, history: TrainingHistory, run: Run) -> Finding | None:
        return self.check_diary(history, run.start_local)

    def check_diary(self, history: TrainingHistory, at: datetime) -> Finding | None:
        complaints = sorted(self._complaints(history.diary, at), key=lambda one: one.day)
        present = [one for one in complaints if self._stands(one, history.diary, at)]
        if not present or standing_signs(history.diary, at):
            return None
        load = self._last_load(history, at)
        if load is None and not history.diary.desk_days:
            return None
        return Finding(
            rule=self.code,
            version=self.version,
            key=self._first_day(complaints).isoformat(),
            day=present[-1].day,
            severity=Severity.CAUTION,
            facts=self._facts(present[-1], load, history.diary),
        )

    def draws_on_runs(self, finding: Finding) -> bool:
        """Beside the complaint and days at a desk, which the runner told, it may name a rise in running."""
        return finding.facts.get("load_rule") is not None

    def state(self, history: TrainingHistory, at: datetime) -> RuleState:
        return RuleState(Watch.WATCHING)

    def _complaints(self, told: Diary, at: datetime) -> Iterator[_Complaint]:
        """Every complaint of the upper back up to that moment."""
        for answer in told.check_ins:
            if answer.at <= at and answer.pain >= self.least_pain and _is_upper_back(answer.place, told):
                yield _Complaint(answer.at.date(), answer.place, answer.pain)
        for week in told.weekly:
            if week.day <= at.date() and week.felt >= self.least_felt and _is_upper_back(week.place, told):
                yield _Complaint(week.day, week.place, None)

    def _stands(self, complaint: _Complaint, told: Diary, at: datetime) -> bool:
        """Whether the complaint is recent and no answer of nothing for the same place followed it."""
        if (at.date() - complaint.day).days > self.days:
            return False
        answers = [one for one in told.check_ins if one.at <= at and one.place == complaint.place]
        newest = max(answers, key=lambda one: one.at, default=None)
        if newest is not None and newest.pain < self.least_pain and newest.at.date() >= complaint.day:
            return False
        return not any(
            complaint.day < week.day <= at.date()
            and week.felt < self.least_felt
            and week.place in (complaint.place, None)
            for week in told.weekly
        )

    def _first_day(self, complaints: list[_Complaint]) -> date:
        """The day on which the present string of complaints began: no two of it are more than `days` apart."""
        days = [complaint.day for complaint in complaints]
        starts = [later for earlier, later in pairwise(days) if (later - earlier).days > self.days]
        return starts[-1] if starts else days[0]

    def _last_load(self, history: TrainingHistory, at: datetime) -> Finding | None:
        """The newest finding of more running than usual in the days before, by the rules as this runner set them."""
        from rules.checks import all_rules  # late, because this rule is one of them

        rules = [as_set(rule, history.diary.thresholds) for rule in all_rules() if rule.code in LOAD_RULES]
        for run in reversed(history.between(at - timedelta(days=self.days), at)):
            seen = history.as_seen_at(run.start_local)
            found = [finding for rule in rules if (finding := rule.check(seen, run)) is not None]
            if found:
                return max(found, key=lambda finding: finding.severity)
        return None

    def _facts(self, last: _Complaint, load: Finding | None, told: Diary) -> dict[str, Fact]:
        return {
            "complaint_day": last.day.isoformat(),
            "pain_of_10": last.pain,
            "desk_days": told.desk_days,
            "load_rule": None if load is None else load.rule,
            "load_day": None if load is None else load.day.isoformat(),
            "load_severity": None if load is None else load.severity.word,
            "within_days": self.days,
        }


def _is_upper_back(place: str | None, told: Diary) -> bool:
    return place == UPPER_BACK or (told.upper_back and (not place or place in AROUND))


RULE = BackContext()
