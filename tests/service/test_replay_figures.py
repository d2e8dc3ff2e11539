"""`afterrun replay` as a lab: how often each rule spoke, what became of the rest, and what other settings would do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from integrations.archive import History
from rules.checks import all_rules
from rules.diary import CheckIn, Diary
from rules.model import Activity
from rules.policy import Reason
from service.cli import main
from service.replay.figures import by_rule, pain_overlap, reasons_by_rule
from service.replay.lived import Lived, live_again, with_rules
from service.replay.report import print_summary
from tests.rules.builders import TODAY, ordinary_weeks, run, runs
from tests.service.test_replay import cells, findings, replay, table


def lived(*parts: Activity | Iterable[Activity], diary: Diary | None = None) -> Lived:
    activities = [one for part in parts for one in ([part] if isinstance(part, Activity) else part)]
    history = History("anna", tuple(sorted(activities, key=lambda one: one.start_local)))
    return live_again(history, all_rules(), *([diary] if diary else []))


def sore(ago: float, pain: int) -> CheckIn:
    return CheckIn(TODAY - timedelta(days=ago), "knee", pain)


def summary(*lives: Lived) -> str:
    """All that is printed, on one line."""
    printed = StringIO()
    print_summary(Console(width=160, file=printed), lives)
    return " ".join(printed.getvalue().split())


BUSY = [*ordinary_weeks(10, days=90), run(20, 14), run(17, 18.5), run(0, 21)]


# What became of what was found


def test_every_finding_is_told_noted_held_back_or_silent():
    life = lived(BUSY)
    (of,) = by_rule([life]).values()
    assert (of.rule, of.told, of.folded, of.digest, of.held_back, of.silenced) == ("run-spike", 1, 0, 1, 0, 1)
    assert of.told + of.digest + of.held_back + of.silenced == len(life.decisions)


def test_what_two_rules_say_of_one_run_is_counted_as_folded():
    history = [*runs(range(14, 90, 2), 5), *runs(range(1, 14), 7), run(0, 12)]
    life = lived(history)
    together = {rule for message in life.messages if len(message) > 1 for rule in (one.finding.rule for one in message)}
    assert together
    assert {of.rule for of in by_rule([life]).values() if of.folded} == together


def test_a_finding_the_day_after_a_message_is_held_back():
    (of,) = by_rule([lived(ordinary_weeks(10), run(1, 14), run(0, 30))]).values()
    assert (of.rule, of.told, of.held_back, of.silenced) == ("run-spike", 1, 1, 0)


def test_how_often_a_rule_speaks_is_counted_in_52_weeks_with_runs_over_all_runners():
    loud, quiet = lived(ordinary_weeks(10, days=364), run(km=21)), lived(ordinary_weeks(10, days=364))
    (of,) = by_rule([loud, quiet]).values()
    assert of.a_year == pytest.approx((52 / 53 / 2, 52 / 53 * 0.9))


def test_reasons_are_counted_rule_by_rule():
    assert reasons_by_rule([lived(BUSY)]) == {"run-spike": {Reason.QUIET: 1, Reason.NOTE: 1}}


def test_one_history_gets_its_own_figures_without_percentiles(tmp_path):
    result = replay(table(tmp_path / "dora.csv", BUSY))
    assert cells(result, "run-spike") == ["1", "0", "1", "0", "1", "3.7"]
    assert "percentile" not in result.stdout
    assert "Messages in 52 weeks with runs: 3.7." in result.stdout


# Pain


def test_without_logged_pain_that_is_said_and_nothing_is_claimed():
    said = summary(lived(BUSY))
    assert "No pain logged" in said
    assert "does not predict an injury" in said


def test_pain_near_a_message_is_held_against_how_many_days_are_near_one():
    diary = Diary(check_ins=(sore(80, 4), sore(15, 5), sore(12, 2)))
    life = lived(BUSY, diary=diary)
    overlap = pain_overlap([life, lived(ordinary_weeks(10))])
    assert overlap is not None
    # Told 20 days ago: the pain of 15 days ago is near it, that of 80 is not, and 2 of 10 is no pain to speak of.
    assert (overlap.pain_days, overlap.near, overlap.days, overlap.days_near) == (2, 1, 90, 14)
    said = summary(life)
    assert "Days with pain of 3 of 10 or more: 2, of which 50.0 % lay within 14 days from a message on" in said
    assert "of all days 15.6 % did" in said
    assert "does not predict an injury" in said


# Other settings


def test_a_higher_threshold_is_shown_beside_ours(tmp_path):
    history = [*ordinary_weeks(10, days=90), run(0, 13.5)]
    result = replay("--set", "run-spike.caution=0.4", table(tmp_path / "dora.csv", history))
    assert result.exit_code == 0
    assert "run-spike.caution: 0.3 → 0.4" in result.stdout
    assert cells(result, "run-spike") == ["1 → 0", "0 → 1", "0", "3.7 → 0.0", "3.7 → 0.0"]
    assert cells(result, "Messages") == ["1 → 0", "", "", "3.7 → 0.0", "3.7 → 0.0"]


def test_several_settings_are_compared_together(tmp_path):
    settings = ("--set", "run-spike.caution=0.5", "--set", "fortnight-rise.caution=2", "--set", "fortnight-rise.high=3")
    result = replay(*settings, table(tmp_path / "ben.csv", runs(range(14, 60), 4), runs(range(0, 14), 7)))
    assert "fortnight-rise.caution: 1.65 → 2" in result.stdout
    assert cells(result, "fortnight-rise")[0] == "1 → 0"


def test_where_nothing_changes_one_figure_stands(tmp_path):
    result = replay("--set", "run-spike.caution=0.5", table(tmp_path / "anna.csv", ordinary_weeks(10), run(km=21)))
    assert cells(result, "run-spike")[0] == "1"


def test_a_terminal_of_plain_letters_gets_a_plain_arrow(tmp_path):
    file = table(tmp_path / "anna.csv", ordinary_weeks(10), run(km=21))
    command = [sys.executable, "-m", "service.replay", "--set", "run-spike.caution=0.5", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, env={"PYTHONIOENCODING": "ascii", "PATH": ""})
    assert done.stdout.startswith("run-spike.caution: 0.3 -> 0.5")


def test_json_holds_what_the_settings_would_have_said(tmp_path):
    file = table(tmp_path / "dora.csv", ordinary_weeks(10, days=90), run(0, 13.5))
    (ours,), (theirs,) = findings(file), findings("--set", "run-spike.caution=0.4", file)
    assert (ours["severity"], ours["pushed"]) == ("caution", True)
    assert (theirs["severity"], theirs["silent_because"]) == ("note", "note")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("run-spike.caution=4", "Error: run-spike.caution must be between 0.15 and 0.9, not 4"),
        ("run-spike.caution=nan", "Error: run-spike.caution must be between 0.15 and 0.9, not nan"),
        ("run-spike=0.4", "Error: 'run-spike=0.4' is not of the form run-spike.caution=0.4"),
        ("no-such.caution=0.4", "Error: there is no rule no-such; the rules are "),
        ("run-spike.compared_days=4", "Error: run-spike has no threshold compared_days that may be moved"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_one_line_before_anything_is_read(setting, said):
    result = replay("--set", setting, Path("nowhere.csv"))
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith(said)


def test_histories_without_runs_have_nothing_to_compare(tmp_path):
    result = replay("--set", "run-spike.caution=0.4", table(tmp_path / "empty.csv"))
    assert result.exit_code == 0
    assert "No runs that can be compared." in result.stdout


def test_the_same_rules_again_say_the_same():
    life = lived(BUSY)
    assert with_rules(life, all_rules()).decisions == life.decisions


# The command line


def test_the_command_line_knows_the_rules_and_the_replay(tmp_path):
    listed = CliRunner().invoke(main, ["rules", "--json"])
    assert listed.exit_code == 0
    assert [one["code"] for one in json.loads(listed.stdout)] == [rule.code for rule in all_rules()]
    file = table(tmp_path / "anna.csv", ordinary_weeks(10), run(km=21))
    assert "told" not in (told := CliRunner().invoke(main, ["replay", "--json", str(file)])).stderr
    assert json.loads(told.stdout)["rule"] == "run-spike"


def test_listing_the_rules_waits_for_nothing_heavy():
    heavy = ["fastapi", "sqlalchemy", "stravalib", "pydantic", "apscheduler", "uvicorn", "httpx", "jinja2"]
    program = (
        "import sys; from click.testing import CliRunner; from service.cli import main;"
        "assert CliRunner().invoke(main, ['rules', '--json']).exit_code == 0;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
