"""The one place where the parts are built and wired. Tests call the same function with their own parts."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from integrations.channels import Channel, Surroundings, build_channels
from integrations.clock import Clock, wall_clock
from integrations.strava.client import StravaClient
from rules.advice import AdviceError, catalogue
from rules.checks import all_rules
from rules.rule import Rule
from service.drawings import drawn, png
from service.errors import BadSetting
from service.ledger import SharedLedger
from service.settings import Settings
from service.store import Store
from service.vault import Vault


def _new_id() -> str:
    return str(uuid.uuid4())


def _nobody() -> None:
    """No queue runs: what is due waits for the next sweep."""


@dataclass
class Nudges:
    """How to ask the queue to look at what is due now, instead of at its next sweep."""

    sync: Callable[[], None] = _nobody
    deliver: Callable[[], None] = _nobody
    intake: Callable[[], None] = _nobody


@dataclass(frozen=True)
class Service:
    """All parts of a running installation. `clock` is the time of the runs; `wall` that of leases and protocols."""

    settings: Settings
    vault: Vault
    store: Store
    strava: StravaClient
    channels: Mapping[str, Channel]
    clock: Clock
    wall: Clock
    rules: tuple[Rule, ...]
    new_id: Callable[[], str] = _new_id
    randomness: random.Random = field(default_factory=random.SystemRandom)
    nudges: Nudges = field(default_factory=Nudges)
    pause: Callable[[float], None] = time.sleep
    is_demo: bool = False


def build_service(
    settings: Settings,
    *,
    clock: Clock = wall_clock,
    wall: Clock = wall_clock,
    randomness: random.Random | None = None,
    is_demo: bool = False,
) -> Service:
    """Everything from settings: opens the data folder, makes the key on first start, migrates the database."""
    settings.require_strava()
    _read_advice()
    vault = Vault.in_folder(settings.data_dir)
    url = settings.database_url
    store = Store(url.get_secret_value(), vault) if url else Store.in_folder(settings.data_dir, vault)
    store.migrate()
    return Service(
        settings=settings,
        vault=vault,
        store=store,
        strava=StravaClient(
            settings.strava_client_id,
            settings.strava_client_secret,
            oauth_base=settings.strava_oauth_base,
            api_base=settings.strava_api_base,
            clock=clock,
            ledger=SharedLedger(store, clock),
        ),
        channels=build_channels(_surroundings(settings)),
        clock=clock,
        wall=wall,
        rules=all_rules(),
        randomness=randomness or random.SystemRandom(),
        is_demo=is_demo,
    )


def _picture(code: str) -> bytes | None:
    """A drawing for mail, where there is one."""
    return png(code) if code in drawn() else None


def _read_advice() -> None:
    """At the start, so that a mistake in an advice file stops it there, and not the first message."""
    try:
        catalogue()
    except AdviceError as error:
        raise BadSetting(f"rules/advice/{error}") from None


def _surroundings(settings: Settings) -> Surroundings:
    return Surroundings(
        smtp_url=settings.smtp_url,
        mail_from=settings.mail_from,
        operator_email=settings.operator_email,
        local_targets=settings.local_targets,
        pictures=_picture,
    )
