"""Lets the season happen to the real service: runs come in one by one, digests fall due, pain is told on the pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from integrations.strava.simulator.personas import ANNA
from service import deliver, digest, push, sync
from service.demo.chapters import SORE_PLACE, Answer, Chapter, answers_of
from service.demo.stage import Stage
from service.demo.visitor import Visitor
from service.store.records import Athlete

ATHLETE_ID = 1


def work(scene: Stage) -> None:
    """What the jobs do when they are nudged, one after the other."""
    sync.sweep(scene.service)
    digest.sweep(scene.service)
    deliver.sweep(scene.service)


def play(scene: Stage, chapter: Chapter, visitor: Visitor | None = None) -> None:
    """Let everything happen up to the chapter's end, each thing at its own moment and taken in at once.

    Without a visitor nobody answers, which matters to the last chapter alone.
    """
    end = instant(chapter.until)
    while (moment := min(_moments(scene))) <= end:
        scene.clock.advance_to(moment)
        scene.simulator.release_due()
        if scene.simulator.deliver_events():
            scene.clock.advance(push.PUSH_WAIT)  # pushes are read a moment after they came
        for answer in answers_of(scene.season):
            if visitor is not None and instant(answer.at) == moment:
                _tell(visitor, answer)
        work(scene)
    scene.clock.advance_to(end)


def instant(local: datetime) -> datetime:
    """The moment of the runner's wall clock."""
    return local.replace(tzinfo=ZoneInfo(ANNA.time_zone))


def _moments(scene: Stage) -> Iterator[datetime]:
    """When something happens next: an upload, a digest or an answer. Always one that is too late to happen at all."""
    now = scene.clock()
    yield datetime.max.replace(tzinfo=now.tzinfo)
    if (upload := scene.simulator.next_upload()) is not None:
        yield upload
    if (due := athlete(scene).digest_due_at) is not None:
        yield due
    yield from (at for at in (instant(answer.at) for answer in answers_of(scene.season)) if at > now)


def athlete(scene: Stage) -> Athlete:
    """The runner, as the service knows her."""
    with scene.service.store.transaction() as tx:
        return tx.accounts.existing(ATHLETE_ID)


def _tell(visitor: Visitor, answer: Answer) -> None:
    """Through the check-in's pages, as a person would: warning signs first, none of them fits, then the pain."""
    visitor.open("/check-in")
    visitor.submit("/check-in", place=SORE_PLACE)
    visitor.submit("/check-in/signs", none="true")
    morning = "true" if answer.next_morning else "false"
    visitor.submit("/check-in/pain", pain=str(answer.pain), next_morning=morning)
