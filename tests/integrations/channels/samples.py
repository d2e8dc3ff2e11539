"""A message as the service would make it, with every role a section can have."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from integrations.channels.message import Link, Message, Section

NOW = datetime(2026, 5, 12, 18, 30, tzinfo=UTC)

SECTIONS = (
    Section(
        lines=("In a study of 5,205 runners roughly 2 of 1,000 runs were followed by an overuse injury.",),
        links=(Link(text="View on Strava", url="https://www.strava.com/activities/123", role="strava"),),
    ),
    Section(role="action", heading="One thing to do", lines=("Keep the next two runs below 8 km.", "Then go on.")),
    Section(
        role="prompt",
        heading="Upper back",
        lines=("Sit tall on a chair.", "Lean back over its edge.", "Hold for two breaths."),
        rows=(("How often", "2 × 8, every second day"),),
    ),
    Section(
        heading="How do your legs feel?",
        links=(
            Link(text="Fine", url="https://run.example.org/a/1"),
            Link(text="Tired", url="https://run.example.org/a/2"),
        ),
    ),
    Section(role="example", heading="As it would have read", lines=("12.0 km on Sunday.",)),
    Section(
        role="card",
        heading="Why this message",
        rows=(("This run", "14.2 km"), ("Longest of the last 30 days", "10.3 km"), ("Rule", "run-spike, version 1")),
        links=(Link(text="The study", url="https://doi.org/10.1136/bjsports-2024-109380"),),
    ),
)


def alert(**changes: Any) -> Message:
    """An alert about a long run; `changes` replace its fields."""
    usual: dict[str, Any] = {
        "id": "alert-42",
        "kind": "alert",
        "event": "alert.created",
        "created_at": NOW,
        "language": "en_GB",
        "subject": "14.2 km: longer than your last 30 days",
        "lead": "Today’s run of 14.2 km was 38 % longer than any of the last 30 days.",
        "sections": SECTIONS,
        "footer": ("You get this because you connected your runs.",),
        "footer_links": (Link(text="Settings", url="https://run.example.org/settings"),),
        "data": {"rule": "run-spike", "ratio": 1.38},
    }
    return Message(**{**usual, **changes})
