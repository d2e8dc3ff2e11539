"""Whether a clinician has read what is said about warning signs and pain. Until then every such page says so."""

from __future__ import annotations

from service.language import _

#: The name under which the review is recorded in docs/decisions/; a test holds the two together.
REVIEWED_BY: str | None = None


def review_note() -> str:
    """What stands on the pages until somebody named has reviewed them; empty afterwards."""
    if REVIEWED_BY is not None:
        return ""
    return _(
        "Not yet reviewed by a clinician. Written from public guidance for patients. If in doubt, ask for help sooner."
    )
