"""Whom a member of staff may plan for: everyone with the right over the zone, else the own units."""

from core.access import Permission, Viewer
from core.errors import DomainError
from people.models import Unit
from training.models import StudyActivity, StudyGroup

OUTSIDE = "这项活动不在你的管辖范围，请由负责全区或该单位的人员办理。"


def refuse_outside(group: StudyGroup | None, unit: Unit | None, by: Viewer) -> None:
    """Activities for everyone need the right over the whole zone."""
    if by.sees_all(Permission.EDIT_STUDY):
        return
    place = group.unit if group is not None else unit
    path = place.path if place is not None else None
    if not path or not any(path.startswith(own) for own in by.paths(Permission.EDIT_STUDY)):
        raise DomainError(OUTSIDE, field="group" if group else "unit", code="out_of_reach")


def refuse_outside_of(activity: StudyActivity, by: Viewer) -> None:
    refuse_outside(activity.group, activity.unit, by)
