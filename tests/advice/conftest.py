"""Property tests of advice run as those of the rules do."""

from __future__ import annotations

from tests.rules import conftest as conftest
