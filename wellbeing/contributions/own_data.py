"""The copy of one's own data beyond this room: the record, the family, and all that the growth file shows.

A cadre asks once and gets everything that the cadre may see (PIPL 45): what other apps keep stands in the own
edition of the growth file, so nothing of them is asked for one by one.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from core.access import Permission, Viewer
from core.classification import Sensitivity, sensitivity_of
from growth.contracts import Edition, Facts, SectionContext, Table, sections_for
from people.models import Cadre, FamilyMember
from wellbeing.models import ActivitySignUp, CareSupport
from wellbeing.services.privacy import register_own_data

OWN = Permission.OWN_WELLBEING
# What the machine keeps beside a value: an index, a sort key, the place of a file.
MACHINERY = (
    "id_number_index",
    "name_pinyin",
    "name_initials",
    "name_stroke_key",
    "photo_path",
    "photo_digest",
)
# Of a block of the growth file neither a drawing nor where a line comes from is data about the person.
BESIDE = ("svg", "source", "key")


def _own(viewer: Viewer, at: datetime) -> Cadre:
    mine = Cadre.objects.visible_to(viewer, OWN).with_position(timezone.localdate(at))
    found: Cadre = mine.get(pk=viewer.cadre_id or 0)
    return found


@register_own_data("record", "基本信息")
def own_record(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    yield dict(_fields(_own(viewer, at)))


def _fields(row: models.Model) -> Iterator[tuple[str, Any]]:
    """Every field about the person under its label, in full: it is the person who asks."""
    for field in row._meta.concrete_fields:
        personal = sensitivity_of(type(row), field.name) > Sensitivity.PLAIN or field.name == "staff_no"
        if personal and not field.is_relation and field.name not in MACHINERY:
            shown = getattr(row, f"get_{field.name}_display", None)
            yield str(field.verbose_name), shown() if shown else getattr(row, field.name)


@register_own_data("family", "家庭成员")
def own_family(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    for row in FamilyMember.objects.filter(cadre=_own(viewer, at)):
        yield dict(_fields(row))


@register_own_data("growth", "成长档案（本人版）")
def own_growth(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    context = SectionContext(_own(viewer, at), timezone.localdate(at), Edition.SELF, viewer)
    for section in sections_for(context):
        yield {"部分": section.title, "内容": [_block(block) for block in section.blocks]}


def _block(block: Any) -> Any:
    if isinstance(block, Facts):
        return {fact.label: fact.value for fact in block.rows}
    if isinstance(block, Table):
        labels = [column.title for column in block.columns]
        return [dict(zip(labels, row.cells, strict=False)) for row in block.rows]
    return asdict(block, dict_factory=_data)


def _data(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if name not in BESIDE}


@register_own_data("supports", "结对帮扶")
def own_supports(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    """Who helps until when; what the helper and the handler wrote down is theirs."""
    mine = CareSupport.objects.visible_to(viewer).filter(cadre_id=viewer.cadre_id or 0)
    for row in mine.select_related("helper").defer("situation", "result"):
        yield {
            "帮扶人": str(row.helper),
            "开始": row.starts_on,
            "至": row.until,
            "状态": row.get_state_display(),
        }


@register_own_data("activities", "文体活动")
def own_activities(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    mine = ActivitySignUp.objects.visible_to(viewer).filter(cadre_id=viewer.cadre_id or 0)
    for row in mine.select_related("activity"):
        yield {
            "活动": row.activity.title,
            "时间": row.activity.starts_at,
            "报名": row.get_state_display(),
            "到场": row.attended,
        }
