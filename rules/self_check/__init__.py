"""The self-check for the upper back: warning signs first, then what it goes together with, and a plan for two weeks."""

from rules.self_check.outcome import Assessment, CareFirst, Outcome, assess
from rules.self_check.plan import PlanDay
from rules.self_check.questions import AnswersRefused, Part, Question, checked, questions
from rules.self_check.recheck import NOT_REVIEWED, WHEN_TO_BE_SEEN, Change, Recheck, recheck
from rules.self_check.weighing import PATTERNS, SENTENCES, Level, Pattern, Reason, Weighed

__all__ = [
    "NOT_REVIEWED",
    "PATTERNS",
    "SENTENCES",
    "WHEN_TO_BE_SEEN",
    "AnswersRefused",
    "Assessment",
    "CareFirst",
    "Change",
    "Level",
    "Outcome",
    "Part",
    "Pattern",
    "PlanDay",
    "Question",
    "Reason",
    "Recheck",
    "Weighed",
    "assess",
    "checked",
    "questions",
    "recheck",
]
