"""`afterrun webhooks`: how Strava's pushes stand, and what the operator can do about them, beside a running service.

Most imports are within functions: `--help` should not wait for the whole service.
"""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING

import click

from service.beside import beside_serve
from service.language import _

if TYPE_CHECKING:
    from service.bootstrap import Service
    from service.subscription_record import SubscriptionStatus

#: Exit codes: something is left to do for the operator; Strava did not answer.
TO_DO, NO_ANSWER = 1, 3
SHOWN_CHANGES = 5


@click.group("webhooks", short_help=_("How Strava's pushes stand, and how to mend them."))
def webhooks_command() -> None:
    """Strava's push subscription. A running `afterrun serve` looks after it by itself; this is for when it cannot.

    Exit codes: 0 all is well, 1 something is left to do, 3 Strava did not answer.
    """


@webhooks_command.command(short_help=_("How the subscription stands."))
def status() -> None:
    """Ask Strava how the subscription stands, and change nothing."""
    from service import subscription

    with beside_serve() as service:
        found = subscription.check(service)
        _say(service, found)
        _say_when(service)
    sys.exit(_exit_code(found))


@webhooks_command.command(short_help=_("Have Strava push to this installation."))
def create() -> None:
    """Make the subscription, also after `delete`. Strava asks our address meanwhile, so `afterrun serve` has to run."""
    from service import subscription

    with beside_serve() as service:
        made = subscription.want(service)
        _say(service, made)
    sys.exit(_exit_code(made))


@webhooks_command.command(short_help=_("Make anew what is not in order."))
@click.option(
    "--replace-foreign", is_flag=True, help=_("Also end a subscription that leads elsewhere. You are asked first.")
)
def repair(replace_foreign: bool) -> None:
    """Replace a subscription of ours that is lost, silent or leads to an earlier address. One in order is kept."""
    from service import subscription

    with beside_serve() as service:
        replaced = _foreign_to_replace(service) if replace_foreign else None
        mended = subscription.repair(service, replaced)
        _say(service, mended)
    sys.exit(_exit_code(mended))


@webhooks_command.command(short_help=_("Have Strava push no more."))
def delete() -> None:
    """End our subscription, and make none until `create`. Runs are read by schedule then. A foreign one is kept."""
    from service import subscription
    from service.subscription_record import State

    with beside_serve() as service:
        ended = subscription.delete(service)
        _say(service, ended)
    sys.exit(TO_DO if ended.state is State.FOREIGN else _exit_code(ended))


def _foreign_to_replace(service: Service) -> int | None:
    """The number of a foreign subscription, once its host was typed: what is ended here belongs to somebody else."""
    from service import subscription
    from service.subscription_record import State

    found = subscription.check(service)
    if found.state is not State.FOREIGN:
        return None
    name = found.host or str(found.id)
    click.echo(_("Strava pushes to %(name)s. That installation will hear of no more runs at once.") % {"name": name})
    typed = click.prompt(_("To end its subscription, type %(name)s") % {"name": name}, default="", show_default=False)
    if typed.strip() != name:
        raise click.ClickException(_("That is not what was asked for. Nothing was changed."))
    return found.id


def _say(service: Service, status: SubscriptionStatus) -> None:
    """How it stands, what Strava said to that, and the cure. The path of our address is a secret and stays out."""
    from service.lifecycle import late_minutes
    from service.messages.subscription import by_schedule_alone, cures, state_words
    from service.subscription_record import State

    click.echo(state_words(status))
    if status.state in (State.UNREACHABLE, State.UNKNOWN, State.STALE, State.MISSING) and status.reason:
        click.echo(status.reason)
    for line in cures(status):
        click.echo(f"  {line}")
    if status.state not in (State.ACTIVE, State.UNKNOWN):
        with service.store.transaction() as tx:
            click.echo(by_schedule_alone(late_minutes(service, tx)))


def _say_when(service: Service) -> None:
    from service import silence, subscription_record

    with service.store.transaction() as tx:
        record, heard_at = subscription_record.read(tx), silence.heard_at(tx)
    click.echo(_("Last seen at Strava: %(when)s") % {"when": _when(record.verified_at)})
    click.echo(_("Last push: %(when)s") % {"when": _when(heard_at)})
    if record.changes:
        click.echo(_("What changed, the latest last:"))
    for change in record.changes[-SHOWN_CHANGES:]:
        click.echo(f"  {_when(change.at)}  {change.state} {change.id or ''}".rstrip())


def _when(moment: datetime | None) -> str:
    return _("never") if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def _exit_code(status: SubscriptionStatus) -> int:
    from service.subscription_record import State

    if status.state is State.UNKNOWN:
        return NO_ANSWER
    return 0 if status.state in (State.ACTIVE, State.NOT_WANTED) else TO_DO
