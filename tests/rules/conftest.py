"""Property tests try the same examples every time and are not hurried: a busy machine must not fail them."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("afterrun", derandomize=True, deadline=None, max_examples=40)
settings.load_profile("afterrun")
