"""Sore places in words. They never stand in a subject, a push title or a calendar entry."""

from __future__ import annotations

from service.language import _


def place_words(place: str) -> str:
    """`upper back` for `upper-back`; a place that has no words of its own is "another place"."""
    words = {
        "upper-back": _("upper back"),
        "lower-back": _("lower back"),
        "neck": _("neck"),
        "shoulder": _("shoulder"),
        "chest": _("chest"),
        "ribs": _("ribs"),
        "stomach": _("stomach"),
        "arm": _("arm"),
        "hip": _("hip"),
        "groin": _("groin"),
        "buttock": _("buttock"),
        "thigh": _("front thigh"),
        "hamstring": _("back thigh"),
        "knee": _("knee"),
        "shin": _("shin"),
        "calf": _("calf"),
        "achilles": _("Achilles tendon"),
        "ankle": _("ankle"),
        "foot": _("foot"),
    }
    return words.get(place) or _("another place")
