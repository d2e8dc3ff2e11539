"""What came of a file, in words."""

from __future__ import annotations

from service.language import _
from service.store.records import Intake


def report_words(done: Intake) -> str:
    if done.state == "failed":
        return _("nothing could be read")
    given = {"added": done.added, "known": done.known, "skipped": done.skipped}
    return _("%(added)d new, %(known)d known before, %(skipped)d left out") % given
