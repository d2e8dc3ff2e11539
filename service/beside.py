"""What commands share that work on the installation beside a running `afterrun serve`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from service.errors import BadSetting

if TYPE_CHECKING:
    from service.bootstrap import Service


@contextmanager
def beside_serve() -> Iterator[Service]:
    """The installation of these settings, beside one that runs: without its lock and without its jobs."""
    from service.bootstrap import build_service
    from service.settings import load_settings

    with _silent_log():
        try:
            service = build_service(load_settings())
        except BadSetting as error:
            raise click.ClickException(str(error)) from None
        try:
            yield service
        finally:
            service.store.close()


@contextmanager
def _silent_log() -> Iterator[None]:
    """What the log would say is said on the screen."""
    loggers = [logging.getLogger(name) for name in ("alembic", "service")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
