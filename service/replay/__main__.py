"""`python -m service.replay PATH...`: the same as `afterrun replay`."""

from service.replay.command import replay_command

replay_command(prog_name="afterrun replay")
