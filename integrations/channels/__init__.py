"""Ways of delivery, one file each: a file here that defines `build` is a channel, found by folder scan."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from pydantic import BaseModel, SecretStr

from integrations.channels.message import Message


def _no_picture(code: str) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an installation tells its channels: the mail server, the sender, and who may be reached.

    `local_targets` are `host` or `host:port` entries that a webhook may reach although they are private or
    plain http. `instance_name` names this installation in mails; `operator_email` is where replies go.
    `pictures` gives a drawing by its code as PNG, `None` where there is none.
    """

    smtp_url: SecretStr | None = None
    mail_from: str = ""
    operator_email: str = ""
    instance_name: str = "Afterrun"
    local_targets: frozenset[str] = frozenset()
    pictures: Callable[[str], bytes | None] = _no_picture


class Channel(Protocol):
    """One way of delivery. `Address` validates what a runner enters for it; it is stored encrypted as JSON."""

    code: str
    Address: type[BaseModel]

    def send(self, address: Any, message: Message) -> str:
        """Deliver once, or raise `RetryLater` or `GiveUp`. Returns the receiver's answer in a few words."""
        ...


def build_channels(surroundings: Surroundings) -> Mapping[str, Channel]:
    """Every channel that can work in these surroundings, by its code."""
    channels: dict[str, Channel] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = import_module(f"{__name__}.{info.name}")
        if hasattr(module, "build"):
            channel = module.build(surroundings)
            if channel is not None:
                channels[channel.code] = channel
    return channels
