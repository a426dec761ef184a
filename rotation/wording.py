"""Tenure in the words and lights of pages; known to views and contributions alike."""

from datetime import date
from typing import Any

from core.access import Permission, Viewer
from people.models import Cadre
from people.spans import months_in_words
from rotation.choices.tenure import TenureState
from rotation.queries.tenure import tenures

LIGHTS = {
    TenureState.OK: "green",
    TenureState.WARN: "blue",
    TenureState.OVER: "yellow",
    TenureState.HARD: "red",
}


def standing_of(cadre: Cadre, on: date) -> dict[str, Any]:
    """What a page says about somebody's tenure (rotation/tenure/standing.html)."""
    tenure = tenures([cadre.pk], on).get(cadre.pk)
    return {
        "tenure": tenure,
        "held": months_in_words(tenure.months) if tenure else "",
        "at_level": months_in_words(tenure.level_months) if tenure and tenure.level else "",
        "light_colour": LIGHTS[tenure.status] if tenure else "grey",
    }


def may_extend(viewer: Viewer, cadre_id: int) -> bool:
    return viewer.can(Permission.EDIT_ROTATION) and viewer.cadre_id != cadre_id
