"""`afterrun webhooks` beside a running service: plain words, the cure, and no secret."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from integrations.strava.simulator import Fault
from service import push, subscription
from service.cli import main
from service.lock import only_process
from tests.integrations.simulator.receiver import receiving
from tests.world import World, world


@pytest.fixture
def pushed(tmp_path: Path) -> Iterator[World]:
    """A service that runs: its pages are served, and it holds the lock."""
    with world(tmp_path, pushes=True) as built, only_process(tmp_path):
        yield built


@pytest.fixture
def unreachable(tmp_path: Path) -> Iterator[World]:
    """Nobody answers at the public address: `serve` does not run."""
    with world(tmp_path) as built:
        yield built


def webhooks(home: World, *arguments: str, typed: str | None = None, **changes: str) -> Result:
    settings = home.service.settings
    env = {
        "AFTERRUN_DATA_DIR": str(settings.data_dir),
        "AFTERRUN_PUBLIC_URL": settings.public_url,
        "AFTERRUN_STRAVA_CLIENT_ID": settings.strava_client_id,
        "AFTERRUN_STRAVA_CLIENT_SECRET": settings.strava_client_secret.get_secret_value(),
        "AFTERRUN_STRAVA_OAUTH_BASE": settings.strava_oauth_base,
        "AFTERRUN_STRAVA_API_BASE": settings.strava_api_base,
    }
    result = CliRunner().invoke(main, ["webhooks", *arguments], input=typed, env=env | changes)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    kept = push.push_secrets(home.service)
    for secret in (kept.path, kept.verify_token, home.simulator.client_secret):
        assert secret not in result.output
    return result


def test_a_subscription_in_order_is_said_in_one_sentence(pushed):
    told = webhooks(pushed, "status")
    assert told.exit_code == 0
    assert told.output.splitlines()[0] == "Strava tells us of new runs at once."
    assert "Last push: never" in told.output
    assert f"2026-06-01 12:00 UTC  active {pushed.simulator.subscription.id}" in told.output


def test_a_missing_subscription_is_said_with_its_cure_and_not_made(pushed):
    pushed.simulator.drop_subscription()
    told = webhooks(pushed, "status")
    assert told.exit_code == 1
    assert "afterrun webhooks repair" in told.output
    assert "No run is lost: all are read by schedule alone, up to 15 minutes late." in told.output
    assert pushed.simulator.subscription is None


@pytest.mark.parametrize("command", ["create", "repair"])
def test_a_missing_subscription_is_made_while_the_service_runs(pushed, command):
    pushed.simulator.drop_subscription()
    assert webhooks(pushed, command).exit_code == 0
    made = pushed.simulator.subscription
    assert made is not None
    assert pushed.instance(push.SUBSCRIPTION) == str(made.id)


def test_an_address_that_cannot_be_reached_is_said_with_stravas_reason_and_the_cures(unreachable):
    told = webhooks(unreachable, "create")
    assert told.exit_code == 1
    assert "not verifiable" in told.output
    assert "`afterrun serve` has to run" in told.output
    assert "No run is lost" in told.output


@pytest.mark.parametrize("command", ["status", "create", "repair", "delete"])
def test_a_strava_that_does_not_answer_is_no_verdict(pushed, command):
    kept = pushed.simulator.subscription
    pushed.simulator.faults.fail_next("subscriptions", Fault.UNAVAILABLE)
    told = webhooks(pushed, command)
    assert told.exit_code == 3
    assert "Strava does not say at the moment" in told.output
    assert pushed.simulator.subscription == kept


def test_an_end_lasts_until_the_next_create(pushed):
    told = webhooks(pushed, "delete")
    assert (told.exit_code, pushed.simulator.subscription) == (0, None)
    assert "To have them again: afterrun webhooks create" in told.output
    subscription.ensure(pushed.service)
    assert pushed.simulator.subscription is None
    assert "ended by the operator" in webhooks(pushed, "status").output
    assert webhooks(pushed, "create").exit_code == 0
    assert pushed.simulator.subscription is not None


def test_without_a_public_address_there_is_nothing_to_look_after(pushed):
    told = webhooks(pushed, "status", AFTERRUN_PUBLIC_URL="")
    assert told.exit_code == 0
    assert "AFTERRUN_PUBLIC_URL" in told.output


def test_a_setting_that_is_missing_is_named(pushed):
    told = webhooks(pushed, "status", AFTERRUN_STRAVA_CLIENT_SECRET="")
    assert told.exit_code == 1
    assert "AFTERRUN_STRAVA_CLIENT_SECRET is missing" in told.output


# Somebody else's


@pytest.fixture
def taken_over(pushed: World) -> Iterator[World]:
    """Another installation with the same application has its own subscription."""
    with receiving() as theirs:
        pushed.simulator.drop_subscription()
        pushed.service.strava.create_subscription(theirs.url.replace("127.0.0.1", "localhost"), "their-token")
        yield pushed


@pytest.mark.parametrize("command", ["status", "create", "repair", "delete"])
def test_a_foreign_subscription_is_named_by_its_host_and_left_alone(taken_over, command):
    kept = taken_over.simulator.subscription
    told = webhooks(taken_over, command)
    assert told.exit_code == 1
    assert "somebody else: localhost." in told.output
    assert "afterrun webhooks repair --replace-foreign" in told.output
    assert "/callback" not in told.output
    assert taken_over.simulator.subscription == kept


@pytest.mark.parametrize("typed", ["\n", "yes\n", "127.0.0.1\n", None])
def test_a_foreign_subscription_stays_unless_its_host_is_typed(taken_over, typed):
    kept = taken_over.simulator.subscription
    assert webhooks(taken_over, "repair", "--replace-foreign", typed=typed).exit_code == 1
    assert taken_over.simulator.subscription == kept


def test_a_foreign_subscription_gives_way_once_its_host_was_typed(taken_over):
    told = webhooks(taken_over, "repair", "--replace-foreign", typed="localhost\n")
    assert told.exit_code == 0
    url = taken_over.simulator.subscription.callback_url
    assert url == taken_over.service.settings.public_url + push.callback_path(taken_over.service)


def test_nobody_is_asked_where_nothing_is_foreign(pushed):
    kept = pushed.simulator.subscription
    assert webhooks(pushed, "repair", "--replace-foreign").exit_code == 0
    assert pushed.simulator.subscription == kept
