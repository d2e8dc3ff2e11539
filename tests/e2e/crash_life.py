"""One life of the service in the kill test: started as always, counting its steps, ended by SIGKILL or by the story."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal

from pydantic import SecretStr
from sqlalchemy import event, select

from integrations.strava.simulator import SimulatedActivity
from service import connect, deliver, digest, expiry, mailing, push, sync
from service.bootstrap import Service, build_service
from service.lock import only_process
from service.queue.embedded import running_jobs
from service.settings import Settings
from service.store.schema import athletes, connections, deliveries
from tests.e2e.crash_scene import Outside, Shared, Story
from tests.world import ALL_SCOPES

Place = Literal["anywhere", "channel", "outbox"]
#: Statements that write what is told: a death between two of them must undo them all.
OUTBOX = ("INSERT INTO messages", "INSERT INTO deliveries", "INSERT INTO findings")


@dataclass(frozen=True)
class Death:
    """When a service kills itself: after so many steps at that place."""

    place: Place
    after: int


NEVER = Death("anywhere", 2**62)


class Steps:
    """Counts what the service does to the world; where its death is due, it kills itself."""

    def __init__(self, shared: Shared, death: Death) -> None:
        self._shared = shared
        self._death = death
        self._taken: Counter[Place] = Counter()

    def statement(self, _connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if sql.startswith(OUTBOX):
            self._take("outbox")
        self.anywhere()

    def channel(self) -> None:
        self._take("channel")
        self.anywhere()

    def anywhere(self, *_: Any) -> None:
        self._take("anywhere")
        self._shared.steps = self._taken["anywhere"]

    def _take(self, place: Place) -> None:
        self._taken[place] += 1
        if place == self._death.place and self._taken[place] >= self._death.after:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Counted:
    """Something whose calls are steps: one before, one after."""

    inner: Any
    step: Callable[[], None]

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        if name.startswith("_") or isinstance(found, type) or not callable(found):
            return found

        def counted(*args: Any, **kwargs: Any) -> Any:
            self.step()
            answer = found(*args, **kwargs)
            self.step()
            return answer

        return counted


def build(folder: Path, there: Outside, shared: Shared) -> Service:
    settings = Settings(
        _env_file=None,
        data_dir=folder,
        strava_client_id=there.client_id,
        strava_client_secret=SecretStr(there.client_secret),
        strava_oauth_base=there.strava,
        strava_api_base=f"{there.strava}/api/v3",
        smtp_url=SecretStr(f"smtp://127.0.0.1:{there.mail}"),
        mail_from="afterrun@example.org",
        local_targets=frozenset({f"127.0.0.1:{there.hooks}"}),
        settle_minutes=30,
        poll_minutes=1440,
    )
    return build_service(settings, clock=shared.clock, randomness=Random(1))


def connect_runners(folder: Path, there: Outside, shared: Shared) -> None:
    """Both runners connect, each with a webhook and a mail address; nothing is read yet."""
    service = build(folder, there, shared)
    for number, (runner, code) in enumerate(there.codes.items(), start=1):
        invitation = connect.new_invitation(service).rpartition("/")[2]
        draft = connect.Draft(state="state", adult=True, invitation=invitation)
        answer = connect.Answer(state="state", code=code, scope=",".join(ALL_SCOPES))
        athlete = connect.complete(service, draft, answer).athlete
        url = f"http://127.0.0.1:{there.hooks}/{runner}"
        mailing.add_destination(service, athlete, "webhook", {"url": url}, label=f"hook {number}")
        email = mailing.add_destination(service, athlete, "email", {"email": f"{runner}@example.org"}, label="mail")
        with service.store.transaction() as tx:
            tx.deliveries.set_state(email.id, "active")
    service.store.close()


def live(folder: Path, there: Outside, shared: Shared, told: Story, death: Death) -> None:
    """A start of the service, as `afterrun serve` starts it, and then its jobs from one due moment to the next."""
    with only_process(folder):
        built = build(folder, there, shared)
        steps = Steps(shared, death)
        event.listen(built.store.engine, "before_cursor_execute", steps.statement)
        event.listen(built.store.engine, "commit", steps.anywhere)
        channels = {code: Counted(channel, steps.channel) for code, channel in built.channels.items()}
        strava: Any = Counted(built.strava, steps.anywhere)
        service = replace(built, strava=strava, channels=channels)
        with running_jobs(service, catalogue=()):  # releases what the dead one held
            _play(service, shared, told)
        service.store.close()


def _play(service: Service, shared: Shared, told: Story) -> None:
    _work(service)
    while (moment := _next_moment(service, told, shared.clock())) <= told.end:
        before = shared.clock()
        shared.advance_to(moment)
        for runner, activity in told.uploads(before, moment):
            push.receive(service, _push(runner, activity))  # lost, where a kill comes first: then the schedule finds it
        _work(service)


def _work(service: Service) -> None:
    for sweep in (sync.sweep, digest.sweep, deliver.sweep, expiry.sweep):
        sweep(service)


def _push(runner: int, activity: SimulatedActivity) -> bytes:
    what = {"object_type": "activity", "object_id": activity.body["id"], "aspect_type": "create", "owner_id": runner}
    when = {"event_time": int(activity.uploaded_at.timestamp()), "subscription_id": 1, "updates": {}}
    return json.dumps(what | when).encode()


def _next_moment(service: Service, told: Story, now: datetime) -> datetime:
    uploads = [activity.uploaded_at for _, activity in told.uploads(now, told.end)]
    with service.store.engine.connect() as connection:
        columns = (connections.c.sync_due_at, athletes.c.digest_due_at, deliveries.c.due_at)
        due = [moment for column in columns for moment in connection.execute(select(column)).scalars()]
    later = [moment for moment in [*uploads, *due] if moment is not None and moment > now]
    return min(later, default=told.end + timedelta(days=1))
