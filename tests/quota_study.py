"""`make quota`: how many runners a tier of Strava's limits carries, as the table in docs/operations.md.

A simulated week of training for each number of runners and each tier; nothing fails and nobody is killed, so that the
same code gives the same table. The figures stand beside the page in docs/quota_study.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from integrations.strava.simulator.calls import ReceivedCall
from integrations.strava.simulator.quota import ONE_ATHLETE, TEN_ATHLETES, Level
from tests.chaos.course import Course, run_through
from tests.chaos.figures import FREE, MINUTE, beyond_quota
from tests.chaos.story import Story, is_run, tell
from tests.chaos.strava import Weather

DOCS = Path(__file__).parent.parent / "docs"
PAGE, FIGURES = DOCS / "operations.md", DOCS / "quota_study.json"
BEGIN, END = "<!-- quota study: written by make quota -->", "<!-- end of the quota study -->"
#: What Strava's limits are for each tier; those of reviewed applications are not published, and reported as this.
TIERS = {
    "new application": ONE_ATHLETE,
    "10 athletes": TEN_ATHLETES,
    "reviewed (reported)": Level(overall=(600, 6_000), read=(300, 3_000)),
}
RUNNERS = (10, 100, 1_000)
#: Roughly what made-up runners run in a week.
RUNS_A_WEEK = 4


@dataclass(frozen=True)
class Row:
    """One line of the table. Delays are minutes from the upload of a run until it was read, or until an alert of it."""

    tier: str
    runners: int
    runs: int
    reads_a_day: int
    busiest_day: int
    allowed_a_day: int
    read_after_median: float
    read_after_p99: float
    read_after_longest: float
    alert_after_longest: float
    never_read: int
    beyond: int

    @property
    def carries(self) -> bool:
        """Whether every run is read within an hour, but for one in a hundred."""
        return self.read_after_p99 <= 60 and not self.never_read and not self.beyond


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runners", type=int, nargs="*", default=list(RUNNERS))
    parser.add_argument("--dry", action="store_true", help="print only, write nothing")
    given = parser.parse_args()
    rows = [study(tier, limits, runners) for runners in given.runners for tier, limits in TIERS.items()]
    sys.stdout.write(table(rows) + "\n")
    if not given.dry:
        FIGURES.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
        PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), rows), encoding="utf-8")


def study(tier: str, limits: Level, runners: int) -> Row:
    """A week of that many runners within those limits."""
    story = tell(runners, runners * RUNS_A_WEEK, seed=1)
    course = run_through(story, limits, Weather())
    reads = _reads_a_day(story, course.log.calls)
    delays = sorted(_read_after(story, course))
    alerts = sorted(_alert_after(story, course))
    return Row(
        tier=tier,
        runners=runners,
        runs=len(story.runs),
        reads_a_day=round(sum(reads) / len(reads)),
        busiest_day=max(reads),
        allowed_a_day=limits.read[1],
        read_after_median=delays[len(delays) // 2],
        read_after_p99=delays[int(0.99 * len(delays))],
        read_after_longest=delays[-1],
        alert_after_longest=alerts[-1] if alerts else 0.0,
        never_read=sum(run.id not in story.touched for run in story.runs) - len(delays),
        beyond=beyond_quota(course.log.calls, limits),
    )


def table(rows: Iterable[Row]) -> str:
    head = (
        "runners",
        "tier",
        "reads a day",
        "busiest day",
        "run read after (median, 99 %, longest)",
        "alert",
        "carries",
    )
    lines = [_line(head), _line("---" for _ in head)]
    for row in rows:
        after = (row.read_after_median, row.read_after_p99, row.read_after_longest)
        cells = (
            f"{row.runners:,}",
            row.tier,
            f"{row.reads_a_day:,} of {row.allowed_a_day:,}",
            f"{row.busiest_day:,}",
            ", ".join(f"{minutes:g}" for minutes in after) + " min",
            f"{row.alert_after_longest:g} min",
            "yes" if row.carries else "no",
        )
        lines.append(_line(cells))
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def renewed(page: str, rows: Iterable[Row]) -> str:
    """The page with the table in its place."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table(rows)}\n\n{END}{after}"


def rows_from(text: str) -> list[Row]:
    return [Row(**row) for row in json.loads(text)]


def _reads_a_day(story: Story, calls: Iterable[ReceivedCall]) -> Sequence[int]:
    """Calls that count as reads on each whole day of the story."""
    days = Counter(call.at.date() for call in calls if call.endpoint not in FREE)
    first, last = story.events[0].at.date(), story.end.date()
    whole = [first + timedelta(days=number) for number in range(1, (last - first).days)]
    return [days[day] for day in whole]


def _read_after(story: Story, course: Course) -> Iterable[float]:
    """Minutes from the upload of each run that nobody touches until it was first seen."""
    seen = {number: held.first_seen_at for mine in course.kept for number, held in mine.held.items()}
    for run in story.runs:
        if run.id in seen and run.id not in story.touched:
            yield round((seen[run.id] - run.at) / MINUTE, 1)


def _alert_after(story: Story, course: Course) -> Iterable[float]:
    uploaded = {event.id: event.at for event in story.events if event.deed == "upload" and is_run(event.activity)}
    arrived = {came.message_id: came.at for came in reversed(course.log.arrivals)}
    for mine in course.kept:
        for found in mine.findings:
            if found.message_id in arrived and found.run.id in uploaded:
                yield round((arrived[found.message_id] - uploaded[found.run.id]) / MINUTE, 1)


if __name__ == "__main__":
    main()
