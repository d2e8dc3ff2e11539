"""`afterrun runs`: a runner's own files taken in from the command line, and what was taken in so far.

Most imports are within functions: `--help` should not wait for the whole service.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.beside import beside_serve
from service.errors import NotFound
from service.language import _, ngettext

if TYPE_CHECKING:
    from service.bootstrap import Service
    from service.store.records import Athlete, Intake

SHOWN_RUNS = 20
_OF_RUNNER = click.option(
    "--runner", "runner_id", type=int, help=_("Whose runs; `afterrun runners list` has the numbers.")
)


@click.group("runs", short_help=_("Take in a runner's own files, and list or delete what came of them."))
def runs_command() -> None:
    """Runs from a Strava export (.zip, its folder or its activities.csv) and from FIT, GPX and TCX files."""


@runs_command.command("import", short_help=_("Take in files or folders."))
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@_OF_RUNNER
def import_files(paths: tuple[Path, ...], runner_id: int | None) -> None:
    """Take in each path and report what was left out and why. The same again adds nothing. Exit code 1: one failed."""
    with beside_serve() as service:
        athlete = _runner(service, runner_id)
        done = [_import(service, athlete, path) for path in paths]
    sys.exit(1 if any(one.state == "failed" for one in done) else 0)


@runs_command.command("list", short_help=_("The newest runs that were taken in."))
@_OF_RUNNER
def list_runs(runner_id: int | None) -> None:
    """The newest of a runner's own runs, with the number by which each can be deleted."""
    from service.messages.units import distance

    with beside_serve() as service:
        athlete = _runner(service, runner_id)
        with service.store.transaction() as tx:
            total, newest = tx.own.count(athlete.id), tx.own.newest(athlete.id, SHOWN_RUNS)
        click.echo(
            ngettext("%(count)d activity of your own", "%(count)d activities of your own", total) % {"count": total}
        )
        for item in newest:
            far = distance(item.activity.distance_m or 0.0, athlete.units)
            click.echo(
                f"{item.activity.id:>20}  {item.activity.start_local:%Y-%m-%d %H:%M}  {item.activity.sport}  {far}"
            )


@runs_command.command(
    "delete", short_help=_("Delete one of them, or all."), context_settings={"ignore_unknown_options": True}
)
@click.argument("activity_id", type=int, required=False)
@click.option("--all", "everything", is_flag=True, help=_("All of the runner's own runs. You are asked first."))
@_OF_RUNNER
def delete(activity_id: int | None, everything: bool, runner_id: int | None) -> None:
    """Delete own runs by their number in `afterrun runs list`, or all of them. What Strava gave is left alone."""
    from service import intake

    if (activity_id is None) != everything:
        raise click.UsageError(_("Give the number of one run, or --all."))
    with beside_serve() as service:
        athlete = _runner(service, runner_id)
        if activity_id is None:
            click.confirm(_("Delete all runs that were taken in from files?"), abort=True)
            count = intake.delete_all(service, athlete)
        else:
            try:
                intake.delete(service, athlete, activity_id)
            except NotFound:
                raise click.ClickException(_("There is no such run; `afterrun runs list` has the numbers.")) from None
            count = 1
        click.echo(ngettext("%(count)d run deleted.", "%(count)d runs deleted.", count) % {"count": count})


def _import(service: Service, athlete: Athlete, path: Path) -> Intake:
    from service import intake
    from service.runs_words import report_words

    size = path.stat().st_size if path.is_file() else 0
    done = intake.take_in(service, intake.begin(service, athlete.id, path.name or str(path), size), path)
    with service.store.transaction() as tx:
        problems = tx.intakes.problems(done.id)
    click.echo(f"{path}: {report_words(done)}")
    for _kind, line in problems:
        click.echo(f"  {line}")
    return done


def _runner(service: Service, runner_id: int | None) -> Athlete:
    with service.store.transaction() as tx:
        everybody = tx.accounts.everybody()
    chosen = [athlete for athlete in everybody if runner_id in (None, athlete.id)]
    if not chosen:
        raise click.ClickException(
            _("There is no such runner; `afterrun runners add` makes an account without Strava.")
        )
    if len(chosen) > 1:
        raise click.ClickException(_("There is more than one runner: say whose runs with --runner."))
    return chosen[0]
