"""The demo for a visitor: pages on a local port, and a runner whose days pass in seconds once connected."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from rich.console import Console

from service.demo.stage import RUNNER_ID, Stage, stage
from service.language import _
from service.queue.embedded import running_jobs

#: Four hours of the runner's life in a second: a run every ten seconds or so.
SPEED = 4 * 3600.0
TICK_S = 0.25
#: Sweeps keep pace with the fast clock.
PACE = 0.05
#: Enough for a long look around; then the runner's clock stands still.
DAYS_AFTER = 120


@dataclass
class Player:
    """Moves the simulated Strava along: starts the clock when somebody connected, sends the pushes."""

    scene: Stage
    stopped: threading.Event

    def play(self) -> None:
        while not self.stopped.wait(TICK_S):
            self.step()

    def step(self) -> None:
        """One look: pushes that are due go out; days pass only while the runner is connected and read."""
        self.scene.clock.set_speed(SPEED if self._is_under_way() else 0.0)
        self.scene.simulator.release_due()
        self.scene.simulator.deliver_events()

    def _is_under_way(self) -> bool:
        if self.scene.simulator.next_upload() is None or self.scene.simulator.connection(RUNNER_ID) is None:
            return False
        with self.scene.service.store.transaction() as tx:
            connection = tx.connections.find_by_strava_id(RUNNER_ID)
        return connection is not None and connection.imported_at is not None


def serve_demo(console: Console, port: int) -> None:
    """Serve until Ctrl-C."""
    with stage(port=port, days_after=DAYS_AFTER) as scene, running_jobs(scene.service, pace=PACE):
        player = Player(scene, threading.Event())
        thread = threading.Thread(target=player.play, name="demo-player", daemon=True)
        thread.start()
        console.print(_("Open %(url)s and press Connect with Strava. Ctrl-C ends it.") % {"url": scene.base_url})
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            console.print(_("Goodbye."))
        finally:
            player.stopped.set()
            thread.join()
