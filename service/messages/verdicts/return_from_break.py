"""return-from-break in words."""

from __future__ import annotations

from datetime import date

from rules.model import Finding
from service.language import _, ngettext
from service.messages.days import day_of_month
from service.messages.units import distance, percent
from service.messages.verdict import Row, Verdict, number, text, told
from service.store.records import Units


class Words(Verdict):
    """The first run, or the first days, after a break against the running before it."""

    def subject(self, finding: Finding, units: Units, when: str) -> str:
        given = {**_numbers(finding, units), "when": when}
        if _is_first_run(finding):
            return _("%(distance)s %(when)s after %(off)s; your longest before was %(longest)s") % given
        return _("%(first)s within 7 days after %(off)s; your usual week before was %(week)s") % given

    def line(self, finding: Finding, units: Units) -> str:
        given = _numbers(finding, units)
        if _is_first_run(finding):
            return _("%(distance)s after %(off)s, %(percent)s %% of your longest before them (%(longest)s).") % given
        return _("%(first)s within 7 days after %(off)s, %(percent)s %% of your week before (%(week)s).") % given

    def lead(self, finding: Finding, units: Units) -> str:
        given = _numbers(finding, units)
        if _is_first_run(finding):
            return _("You ran %(distance)s after %(off)s; your longest before them was %(longest)s.") % given
        return _("You ran %(first)s within 7 days after %(off)s; your average week before them was %(week)s.") % given

    def why(self, finding: Finding) -> str:
        first = _(
            "A review links starting again after a break with more running injuries; by how much to start is coaching "
            "practice (strength D)."
        )
        return f"{first} {_other_sport()}" if told(finding, "other_sport") else first

    def base_rate(self, finding: Finding) -> str:
        return _("In a study of 5,205 runners roughly 2 of 1,000 runs were followed by an overuse injury.")

    def inputs(self, finding: Finding, units: Units) -> tuple[Row, ...]:
        given = _numbers(finding, units)
        of_it = _("%(percent)s %% of that longest run") if _is_first_run(finding) else _("%(percent)s %% of that week")
        return (
            (_("This run"), given["distance"]),
            (_("First 7 days so far"), given["first"]),
            (_("Days off"), _("%(off)s, after your run on %(day)s") % given),
            (_("Longest run before them"), given["longest"]),
            (_("Average week before them"), given["week"]),
            (_("Share"), of_it % given),
        )

    def threshold(self, finding: Finding, units: Units) -> str:
        given = {"threshold": percent(number(finding, "threshold_percent") / 100)}
        if _is_first_run(finding):
            return _("more than %(threshold)s %% of that longest run") % given
        return _("more than %(threshold)s %% of that week") % given


def _other_sport() -> str:
    return _("Your other sport in that time kept you fit; tendons and bones get used to running by running alone.")


def _is_first_run(finding: Finding) -> bool:
    return text(finding, "basis") == "first-run"


def _numbers(finding: Finding, units: Units) -> dict[str, str]:
    days = int(number(finding, "break_days"))
    share, limit = number(finding, "percent") / 100, number(finding, "threshold_percent") / 100
    return {
        "off": ngettext("%(count)d day off", "%(count)d days off", days) % {"count": days},
        "distance": distance(number(finding, "distance_m"), units),
        "first": distance(number(finding, "first_7_days_m"), units),
        "longest": distance(number(finding, "longest_m"), units),
        "week": distance(number(finding, "base_week_m"), units),
        "percent": percent(share, above=limit),
        "day": day_of_month(date.fromisoformat(text(finding, "last_day"))),
    }
