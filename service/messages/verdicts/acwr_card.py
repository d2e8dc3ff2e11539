"""acwr-card in words: a number to look up, never a finding."""

from __future__ import annotations

from collections.abc import Mapping

from rules.model import Fact
from service.language import _
from service.messages.units import distance, ratio
from service.messages.verdict import Row, Verdict
from service.store.records import Units


class Words(Verdict):
    """The ratio of the last 7 days to the 21 before them. There are no findings, only the card."""

    def card_rows(self, card: Mapping[str, Fact], units: Units) -> tuple[Row, ...]:
        """The rows of what `AcwrCard.card` gives, for a page."""
        return (
            (_("Last 7 days"), _distance(card, "last_7_days_m", units)),
            (_("Average week of the 21 days before"), _distance(card, "week_before_m", units)),
            (_("Ratio (7 days to 21, uncoupled)"), _ratio(card.get("acwr_uncoupled"))),
        )


def _distance(card: Mapping[str, Fact], name: str, units: Units) -> str:
    return distance(float(card[name] or 0), units)


def _ratio(value: Fact) -> str:
    return _("none, after three weeks without a run") if value is None else ratio(float(value))
