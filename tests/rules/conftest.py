"""Property tests try the same examples every time and are not hurried: a busy machine must not fail them."""

from __future__ import annotations

import gc

from hypothesis import settings

settings.register_profile("afterrun", derandomize=True, deadline=None, max_examples=30)
settings.load_profile("afterrun")


def pytest_collection_finish() -> None:
    """All that was imported and collected stays until the end: the collector need not look through it again."""
    gc.freeze()
