"""Where the pages of this installation are, for links in messages."""

from __future__ import annotations

from service.bootstrap import Service
from service.messages.pages import Pages


def pages_of(service: Service) -> Pages:
    return Pages(service.settings.base_url)
