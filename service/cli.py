"""The command line: `afterrun serve | demo | replay | rules | advice | webhooks | runs | runners`."""

from __future__ import annotations

import logging
import signal
import sys
from contextlib import ExitStack

import click
from rich.console import Console

from service.advice_command import advice_command
from service.errors import BadSetting
from service.language import _
from service.replay import replay_command
from service.rules_command import rules_command
from service.runners_command import runners_command
from service.runs_command import runs_command
from service.simulate_command import simulate_command
from service.webhooks_command import webhooks_command

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
DEMO_PORT = 8421


@click.group()
@click.version_option(package_name="afterrun")
def main() -> None:
    """Reads every run, holds it against the runner's own recent training, and speaks only when it helps."""


main.add_command(replay_command)
main.add_command(rules_command)
main.add_command(advice_command)
main.add_command(webhooks_command)
main.add_command(simulate_command)
main.add_command(runs_command)
main.add_command(runners_command)


@main.command()
def serve() -> None:
    """Run the service: pages, jobs and deliveries. Settings come from AFTERRUN_... or .env."""
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT, stream=sys.stderr)
    # Their lines name every call and every tick; ours name every outcome.
    for name in ("apscheduler", "httpx", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        _serve()
    except BadSetting as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.option("--once", is_flag=True, help="Tell the story and exit; the exit code says whether all went right.")
@click.option("--port", default=DEMO_PORT, show_default=True, help="Port of the pages.")
def demo(once: bool, port: int) -> None:
    """Show the main job against the built-in Strava simulator: no account, no set-up."""
    from service.demo.once import tell

    console = Console()
    code = tell(console)
    if code == 0 and not once and sys.stdin.isatty() and sys.stdout.isatty():
        from service.demo.served import serve_demo

        serve_demo(console, port)
    sys.exit(code)


def _serve() -> None:
    # Imported here: `replay` and `--help` should not wait for the whole service.
    import uvicorn

    from service import lifecycle, setup
    from service.bootstrap import build_service
    from service.lock import only_process
    from service.queue.embedded import running_jobs
    from service.settings import load_settings
    from service.web.app import create_app

    settings = load_settings()
    settings.require_strava()
    with ExitStack() as stack:
        stack.enter_context(only_process(settings.data_dir))
        service = build_service(settings)
        stack.callback(service.store.close)
        setup.print_setup_code(service)
        lifecycle.adopt_application(service)
        stack.enter_context(running_jobs(service))
        # Before uvicorn's own handler, which raises the signal again: so that everything above ends in order.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        click.echo(_("Afterrun is at %(url)s") % {"url": settings.base_url})
        uvicorn.run(
            create_app(service),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            proxy_headers=bool(settings.public_url),
        )


if __name__ == "__main__":
    main()
