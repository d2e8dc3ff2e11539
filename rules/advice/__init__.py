"""What can be offered to a runner: content in TOML, checked when read, and the choice among it."""

from rules.advice.document import AdviceError
from rules.advice.loader import catalogue
from rules.advice.picker import Choice, Prompt, Why, pick, pick_action, pick_prompt
from rules.advice.runner import Occasion, Runner, traits_of

__all__ = [
    "AdviceError",
    "Choice",
    "Occasion",
    "Prompt",
    "Runner",
    "Why",
    "catalogue",
    "pick",
    "pick_action",
    "pick_prompt",
    "traits_of",
]
