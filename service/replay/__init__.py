"""`afterrun replay`: when it would have spoken over a whole history, and why. Needs no account and no set-up."""

from service.replay.command import replay_command

__all__ = ["replay_command"]
