"""What can be offered to a runner: content in TOML, checked when read, and the choice among it."""

from rules.advice.document import AdviceError
from rules.advice.loader import catalogue
from rules.advice.picker import Choice, pick, pick_action, pick_prompt

__all__ = ["AdviceError", "Choice", "catalogue", "pick", "pick_action", "pick_prompt"]
