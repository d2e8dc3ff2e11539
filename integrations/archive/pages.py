"""Pages of Strava's API, saved as JSON: lists of activities, or one activity in detail. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from integrations.archive.model import Foreign, Outcome, Problem, Unusable, found_in_list
from integrations.strava.mapping import activity_from_api

#: Every activity has these, in a list and in detail, in 2014 and now.
_MARKS = {"id", "start_date", "start_date_local", "type", "sport_type", "elapsed_time"}


def read_page(text: str, path: Path) -> Iterator[Outcome]:
    """Every activity of a page; odd ones and odd fields are left out with a problem each.

    An empty list is the page after the last one. Raises `Foreign` where none of it is an activity, `Unusable`
    where it is no JSON.
    """
    bodies = _bodies(text)
    if bodies and not any(_is_activity(body) for body in bodies):
        raise Foreign(
            "this is JSON, but no activities: give answers of GET /athlete/activities or GET /activities/{id} of the "
            "Strava API, as they came"
        )
    for number, body in enumerate(bodies, start=1):
        activity, problems = activity_from_api(body)
        place = f"activity {number} of this page"
        if activity is None:
            reasons = "; ".join(f"{odd.field} is {odd.what}" for odd in problems)
            yield Problem(path, None, f"{place} is left out: {reasons}")
            continue
        for odd in problems:
            yield Problem(path, None, f"{place}: {odd.field} is {odd.what}; it is left out")
        yield found_in_list(path, None, activity, "strava-pages", in_utc=False)


def _bodies(text: str) -> list[Any]:
    try:
        page = json.loads(text)
    except json.JSONDecodeError as why:
        raise Unusable(f"the JSON is broken or cut off ({why.msg}); fetch this page again", why.lineno) from why
    except (ValueError, RecursionError) as why:
        raise Unusable(
            "this JSON cannot be read (numbers too long, or nested too deep); fetch this page again"
        ) from why
    return page if isinstance(page, list) else [page]


def _is_activity(body: object) -> bool:
    return isinstance(body, Mapping) and len(_MARKS & body.keys()) >= 4
