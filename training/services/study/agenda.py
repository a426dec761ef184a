"""The agenda of an activity and who speaks to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from people.models import Cadre
from training.choices import ActivityState
from training.models import AgendaItem, StudyActivity
from training.services.study.reach import refuse_outside_of
from training.services.teaching import settle_teaching

AGENDA_FIELDS = ("topic", "speaker", "speaker_text", "minutes", "outline")


@transaction.atomic
def add_item(*, activity: StudyActivity, values: Mapping[str, Any], by: Viewer) -> AgendaItem:
    _refuse(activity, by)
    last = activity.agenda.aggregate(last=Max("order"))["last"] or 0
    item = AgendaItem(activity=activity, order=last + 1, **values)
    _check_speaker(item, by)
    save_validated(item)
    _record(item, "增加议程", by, values_of(item, AGENDA_FIELDS))
    _settle(activity, by)
    return item


@transaction.atomic
def change_item(*, item: AgendaItem, values: Mapping[str, Any], by: Viewer) -> None:
    _refuse(item.activity, by)
    changes = changes_to(item, values)
    if changes:
        apply_changes(item, changes)
        if "speaker" in changes:
            _check_speaker(item, by)
        save_validated(item)
        _record(item, "修改议程", by, changes)
        _settle(item.activity, by)


@transaction.atomic
def remove_item(*, item: AgendaItem, by: Viewer) -> None:
    _refuse(item.activity, by)
    _record(item, "删除议程", by, {})
    item.delete()
    _settle(item.activity, by)


@transaction.atomic
def take_over_agenda(*, activity: StudyActivity, by: Viewer) -> int:
    """Copies the points of the last activity of the series, without the speakers; only into an empty one."""
    _refuse(activity, by)
    if activity.agenda.exists():
        raise DomainError("本场已有议程，不再沿用上期。", code="has_agenda")
    before = StudyActivity.objects.filter(series=activity.series_id, held_on__lt=activity.held_on)
    last = before.filter(agenda__isnull=False).order_by("-held_on", "-pk").first()
    if activity.series_id is None or last is None:
        raise DomainError("没有可以沿用的上期议程。", code="no_agenda")
    items = [
        AgendaItem(activity=activity, order=item.order, topic=item.topic, minutes=item.minutes)
        for item in last.agenda.all()
    ]
    AgendaItem.objects.bulk_create(items)
    label = f"沿用上期议程：{activity}"
    record(action=AuditAction.TRAINING_CHANGED, by=by, subject=activity, label=label)
    return len(items)


@transaction.atomic
def invite_speakers(*, activity: StudyActivity, cadres: Sequence[Cadre], by: Viewer) -> list[AgendaItem]:
    """Proposed speakers come onto the agenda, each with a point to speak to."""
    topic = f"{activity.get_theme_display()}交流发言" if activity.theme else "交流发言"
    return [add_item(activity=activity, values={"topic": topic, "speaker": cadre}, by=by) for cadre in cadres]


def _check_speaker(item: AgendaItem, by: Viewer) -> None:
    speaker = item.speaker
    if speaker is None:
        return
    if speaker.pk == by.cadre_id:
        raise DomainError("本人的发言由其他经办人登记。", field="speaker", code="own_record")
    if not Cadre.objects.visible_to(by, Permission.EDIT_STUDY).filter(pk=speaker.pk).exists():
        raise DomainError("该干部不在你的管辖范围。", field="speaker", code="out_of_reach")
    if (
        AgendaItem.objects.filter(activity=item.activity, speaker=speaker, topic=item.topic)
        .exclude(pk=item.pk)
        .exists()
    ):
        raise DomainError(f"{speaker} 已在本场议程中。", field="speaker", code="already_speaks")


def _refuse(activity: StudyActivity, by: Viewer) -> None:
    refuse_outside_of(activity, by)
    if activity.state == ActivityState.CANCELLED:
        raise DomainError("活动已取消，议程不再修改。", code="cancelled")


def _settle(activity: StudyActivity, by: Viewer) -> None:
    """An agenda corrected after the activity changes what its speakers earned."""
    if activity.state == ActivityState.HELD:
        settle_teaching(activity=activity, by=by, at=timezone.now(), reason="议程已更正")


def _record(item: AgendaItem, act: str, by: Viewer, changes: Any) -> None:
    record(action=AuditAction.TRAINING_CHANGED, by=by, subject=item, label=f"{act}：{item}", changes=changes)
