"""`afterrun simulate`: a local Strava with made-up runners, to try Afterrun or a client of one's own against.

Most imports are within functions: `--help` should not wait for the whole service.
"""

from __future__ import annotations

import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from service.language import _

if TYPE_CHECKING:
    from integrations.clock import Clock
    from integrations.strava.simulator import Simulator

PORT = 8422
#: How much the runners have done, and how much they still will do.
WEEKS_BEFORE, WEEKS_AFTER = 30, 26
FIRST_ATHLETE = 1001
#: How often events are looked for, in real seconds.
TICK_S = 0.5


@click.command("simulate", short_help=_("A local Strava with made-up runners, for tests and for trying things out."))
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65_535), help=_("0 takes a free one."))
@click.option("--athletes", default=3, show_default=True, type=click.IntRange(0, 1000), help=_("How many runners."))
@click.option("--seed", default=1, show_default=True, help=_("The same seed makes the same runners."))
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, 1e6),
    help=_("Seconds that pass there in one real second; 86400 is a day, and at 0 its clock stands still."),
)
def simulate_command(port: int, athletes: int, seed: int, speed: float) -> None:
    """Serve a local Strava until Ctrl-C. Nothing of it reaches Strava, and nothing is kept.

    It begins at the present hour. docs/simulator.md tells how to steer it.
    """
    from integrations.clock import wall_clock
    from integrations.strava.simulator import serve

    simulator = populated(wall_clock, athletes, seed, speed)
    try:
        with serve(simulator.app, port) as url:
            click.echo(settings_for(simulator, url))
            _deliver_until_interrupted(simulator)
    except OSError as error:
        raise click.ClickException(
            _("Port %(port)s cannot be used (%(reason)s). Take another one with --port.")
            % {"port": port, "reason": error.strerror}
        ) from None


def populated(clock: Clock, athletes: int, seed: int, speed: float) -> Simulator:
    """A Strava of so many made-up runners, whose clock starts where `clock` stands."""
    from datetime import timedelta

    from integrations.strava.simulator import SimulatedClock, Simulator
    from integrations.strava.simulator.generator import generate
    from integrations.strava.simulator.personas import PERSONAS

    now, personas = clock(), list(PERSONAS.values())
    first, last = now.date() - timedelta(weeks=WEEKS_BEFORE), now.date() + timedelta(weeks=WEEKS_AFTER)
    simulator = Simulator(clock=SimulatedClock(now, speed=speed), seed=seed, control=True)
    for number in range(athletes):
        persona = personas[number % len(personas)]
        # Further runners of a kind live another life.
        told = generate(persona, seed + number // len(personas), first, last)
        simulator.add_athlete(persona.athlete(FIRST_ATHLETE + number, tuple(told)))
    return simulator


def settings_for(simulator: Simulator, url: str) -> str:
    """What points an Afterrun at that Strava, and where it is steered."""
    return "\n".join(
        [
            _("A simulated Strava is at %(url)s. Point an Afterrun at it by these settings:") % {"url": url},
            "",
            f"AFTERRUN_STRAVA_CLIENT_ID={simulator.client_id}",
            f"AFTERRUN_STRAVA_CLIENT_SECRET={simulator.client_secret}",
            f"AFTERRUN_STRAVA_OAUTH_BASE={url}",
            f"AFTERRUN_STRAVA_API_BASE={url}/api/v3",
            "",
            _("Steer it below %(url)s, as docs/simulator.md tells. Ctrl-C ends it.") % {"url": f"{url}/simulator/"},
        ]
    )


def _deliver_until_interrupted(simulator: Simulator) -> None:
    stopped = threading.Event()
    # Who starts it in the background may have told it to ignore this; to be asked by name is to be meant.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        while not stopped.wait(TICK_S):
            simulator.deliver_events()
