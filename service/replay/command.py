"""The command: reads the files, lives each history again, and prints it for people or for machines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from integrations.archive import History, Problem, read_histories
from rules.checks import all_rules
from rules.policy import Decision, Outcome
from rules.rule import Rule
from rules.thresholds import Overrides, ThresholdRefused, parse_overrides, rules_with
from service.language import _, ngettext
from service.replay.comparison import print_comparison
from service.replay.lived import Lived, live_again, with_rules
from service.replay.report import print_history, print_summary


@click.command("replay", short_help=_("When it would have spoken over a whole history, and why."))
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=_("One finding a line on standard output, told or not."))
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="RULE.NAME=VALUE",
    help=_("Compare with another threshold, such as run-spike.caution=0.4; may be given several times."),
)
@click.pass_context
def replay_command(context: click.Context, paths: tuple[Path, ...], as_json: bool, settings: tuple[str, ...]) -> None:
    """When Afterrun would have spoken over a history you have, and why.

    PATH is a Strava export (the .zip, its folder or its activities.csv), a folder or zip of recordings (FIT, GPX,
    TCX), a folder of saved pages of Strava's API, or a plain table of runs. Nothing is sent
    anywhere and no account is needed.
    """
    overrides, rules = _settings(settings)
    notes = Console(stderr=True, highlight=False)
    problems: list[Problem] = []
    lives = list(_lives(paths, rules, problems, notes))
    if as_json:
        _print_json(lives)
    elif overrides:
        print_comparison(
            Console(highlight=False), [with_rules(lived, all_rules()) for lived in lives], lives, overrides
        )
    else:
        _print_report(lives)
    _print_problems(notes, problems)
    context.exit(1 if any(problem.kind == "fatal" for problem in problems) else 0)


class _Refused(click.ClickException):
    """A setting that cannot be: one line, and the exit code of a wrong call."""

    exit_code = 2


def _settings(texts: Sequence[str]) -> tuple[Overrides, Sequence[Rule]]:
    """The thresholds that were asked for, and all rules with them."""
    try:
        overrides = parse_overrides(texts)
        return overrides, rules_with(all_rules(), overrides)
    except ThresholdRefused as error:
        raise _Refused(str(error)) from None


def _lives(paths: Sequence[Path], rules: Sequence[Rule], problems: list[Problem], notes: Console) -> Iterator[Lived]:
    """Each history lived again, its problems set aside for the end. A bar shows how far, on a terminal only."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=notes, transient=True, disable=not notes.is_terminal) as progress:
        task = progress.add_task(_("Reading"), total=_files(paths))
        for history in read_histories(paths, lambda path: progress.update(task, advance=1, description=path.name)):
            problems += history.problems
            if _has_something(history):
                yield live_again(history, rules)


def _has_something(history: History) -> bool:
    """A file that could not be read at all is a problem, not an empty history."""
    return bool(history.activities) or not history.fatal


def _files(paths: Sequence[Path]) -> int:
    """How many files there are to read at most: some of a folder's are passed over."""
    return sum(sum(1 for file in path.rglob("*") if file.is_file()) if path.is_dir() else 1 for path in paths)


def _print_json(lives: Sequence[Lived]) -> None:
    for lived in lives:
        for decision in lived.decisions:
            click.echo(json.dumps(_line(lived.name, decision), allow_nan=False))


def _line(athlete: str, decision: Decision) -> dict[str, object]:
    finding = decision.finding
    return {
        "athlete": athlete,
        "rule": finding.rule,
        "key": finding.key,
        "day": finding.day.isoformat(),
        "severity": finding.severity.word,
        "facts": dict(finding.facts),
        "pushed": decision.outcome is Outcome.TOLD,
        "silent_because": None if decision.reason is None else decision.reason.value,
    }


def _print_report(lives: Sequence[Lived]) -> None:
    console = Console(highlight=False)
    for lived in lives:
        print_history(console, lived)
    print_summary(console, lives)


def _print_problems(notes: Console, problems: Sequence[Problem]) -> None:
    """Every file that could not be used by name; what was left out of the others only as a count."""
    for problem in problems:
        if problem.kind == "fatal":
            _say(notes, str(problem))
    skipped = [problem for problem in problems if problem.kind == "skipped"]
    if skipped:
        counted = ngettext("%(count)d thing was left out", "%(count)d things were left out", len(skipped))
        _say(
            notes,
            _("%(counted)s. The first: %(first)s")
            % {"counted": counted % {"count": len(skipped)}, "first": skipped[0]},
        )
    for what, files in Counter(problem.what for problem in problems if problem.kind == "note").items():
        _say(notes, _("Note on %(files)s: %(what)s") % {"files": _file_count(files), "what": what})


def _file_count(count: int) -> str:
    return ngettext("%(count)d file", "%(count)d files", count) % {"count": count}


def _say(notes: Console, line: str) -> None:
    """One line, however long, as it stands: paths are not markup."""
    notes.print(line, markup=False, soft_wrap=True)
