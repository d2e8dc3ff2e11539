"""docs/drawings.md and its pictures are written from the drawings: here they must be the same."""

from __future__ import annotations

import pytest

from rules.model import Advice
from tests.contact_sheet import DOCS, FOLDER, PAGE, movements, page, picture

STALE = "run make docs"


def test_the_page_of_drawings_says_what_the_catalogue_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), STALE


@pytest.mark.parametrize("advice", movements(), ids=lambda advice: advice.code)
def test_each_picture_on_the_page_is_the_one_that_is_sent(advice: Advice) -> None:
    assert (FOLDER / f"{advice.code}.svg").read_text(encoding="utf-8") == picture(advice), STALE


def test_no_picture_is_left_of_a_movement_that_went_away() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == {advice.code for advice in movements()}


def test_both_sheets_are_there() -> None:
    assert (DOCS / "images" / "drawings.png").exists()
    assert (DOCS / "images" / "drawings-dark.png").exists()
