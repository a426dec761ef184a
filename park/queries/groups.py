"""Members of leading groups and the posts they sit there by."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from core.access import Permission, Viewer
from core.periods import covers
from park.models import GroupMember
from people.choices import CadreStatus
from people.models import Cadre


def post_names(cadre_ids: Iterable[int], on: date) -> dict[int, str]:
    """By cadre: department and title of the main post of the day. One query."""
    rows: QuerySet[Any] = Cadre.objects.filter(pk__in=list(cadre_ids)).with_position(on)
    found = rows.order_by().values_list("pk", "unit_name", "post_title")
    return {pk: f"{unit or ''}{title or ''}" for pk, unit, title in found if unit or title}


def moved(members: QuerySet[Any], on: date) -> QuerySet[Any]:
    """Of the members sitting on the day those whose post is no longer the one they sit by, with `now`.

    Also whoever has left the service; a group that is closed has nobody to look at again.
    """
    post: QuerySet[Any] = Cadre.objects.filter(pk=OuterRef("cadre")).with_position(on).order_by()
    words = Concat(Coalesce(F("unit_name"), Value("")), Coalesce(F("post_title"), Value("")))
    post = post.annotate(words=words).values("words")[:1]
    sitting = members.filter(covers(on), group__ended_on__isnull=True)
    rows = sitting.annotate(now=Coalesce(Subquery(post, output_field=CharField()), Value("")))
    changed = ~Q(now=F("post_name")) | ~Q(cadre__status=CadreStatus.ACTIVE)
    found: QuerySet[Any] = rows.filter(changed).select_related("cadre")
    return found


def to_recheck(members: QuerySet[Any], on: date) -> dict[int, str]:
    """Member id → what they are now: the new post, 没有任职, or how they have left."""
    found: dict[int, str] = {}
    for row in moved(members, on):
        active = row.cadre.status == CadreStatus.ACTIVE
        found[row.pk] = (row.now or "没有任职") if active else row.cadre.get_status_display()
    return found


def moved_in_sight(viewer: Viewer) -> QuerySet[Any]:
    """For whoever keeps the leading groups of the zone."""
    if not viewer.sees_all(Permission.EDIT_PARK):
        return GroupMember.objects.none()
    return moved(GroupMember.objects.visible_to(viewer), viewer.on)
