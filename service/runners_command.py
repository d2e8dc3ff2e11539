"""`afterrun runners`: accounts without Strava, made by whoever runs this installation.

Most imports are within functions: `--help` should not wait for the whole service.
"""

from __future__ import annotations

import click

from service.beside import beside_serve
from service.errors import ServiceError
from service.language import _


@click.group("runners", short_help=_("Accounts without Strava, and links to sign in."))
def runners_command() -> None:
    """Who uses this installation. A runner without Strava hands in files, and signs in by a link or a mailed code."""


@runners_command.command("list", short_help=_("The numbers of all runners."))
def list_runners() -> None:
    """One line a runner: the number, the role, and whether Strava is connected. No name and no run is shown."""
    with beside_serve() as service:
        with service.store.transaction() as tx:
            lines = [
                f"{athlete.id:>6}  {athlete.role:<8}  {'Strava' if tx.connections.get(athlete.id) else '-'}"
                for athlete in tx.accounts.everybody()
            ]
        for line in lines:
            click.echo(line)


@runners_command.command(short_help=_("Make an account for somebody without Strava."))
@click.option("--email", default="", help=_("Their address; it is confirmed by a code, which needs a mail server."))
@click.option("--adult", is_flag=True, help=_("They said that they are 18 or older."))
def add(email: str, adult: bool) -> None:
    """Make an account and print a link that signs in once. The first one becomes the operator's."""
    from service import joining

    with beside_serve() as service:
        try:
            joined = joining.join_by_hand(service, adult=adult, email=email or None)
        except ServiceError as error:
            raise click.ClickException(_(str(error))) from None
        click.echo(_("Runner %(id)d. This link signs in once, within a day:") % {"id": joined.athlete.id})
        click.echo(joining.new_link(service, joined.athlete.id))


@runners_command.command(short_help=_("Print a link that signs in once."))
@click.argument("runner_id", type=int)
def link(runner_id: int) -> None:
    """For who has neither Strava nor a confirmed address. An earlier link ends."""
    from service import joining

    with beside_serve() as service:
        try:
            click.echo(joining.new_link(service, runner_id))
        except ServiceError:
            raise click.ClickException(_("There is no such runner; `afterrun runners list` has the numbers.")) from None
