"""Study activities over HTTP: planned, changed, held."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from core.access import Permission
from core.api.serializers import ScopedRelatedField, StrictModelSerializer
from core.api.viewsets import WritableViewSet
from people.models import Unit
from training.api.study.access import EDITING
from training.choices import ActivityState
from training.filters.study import ActivityFilter
from training.models import (
    Article,
    StudyActivity,
    StudyGroup,
)
from training.queries.study import activity_list
from training.services.study import (
    ACTIVITY_FIELDS,
    RECORD_FIELDS,
    When,
    cancel_activity,
    create_activity,
    hold_activity,
    postpone_activity,
    update_activity,
    write_record,
)


class ActivityRow(StrictModelSerializer):
    """One activity in a list, with its time and heads."""

    starts_at = serializers.DateTimeField(source="slot.starts_at", read_only=True)
    ends_at = serializers.DateTimeField(source="slot.ends_at", read_only=True)
    place = serializers.CharField(source="slot.place", read_only=True)
    due = serializers.IntegerField(read_only=True, label="应到")
    came = serializers.IntegerField(read_only=True, label="实到")

    class Meta:
        model = StudyActivity
        fields: tuple[str, ...] = (
            "id",
            *ACTIVITY_FIELDS,
            "series",
            "state",
            "held_on",
            "starts_at",
            "ends_at",
            "place",
            "due",
            "came",
            "cancel_reason",
        )
        read_only_fields = fields


class ActivityEntry(StrictModelSerializer):
    """A new activity: what, for whom, when and where."""

    group = ScopedRelatedField(StudyGroup, label="学习组", required=False, allow_null=True)
    unit = ScopedRelatedField(Unit, label="参加机构", required=False, allow_null=True)
    article = ScopedRelatedField(Article, label="传达的文件文章", required=False, allow_null=True)
    starts_at = serializers.DateTimeField(label="开始时间")
    ends_at = serializers.DateTimeField(label="结束时间")
    place = serializers.CharField(label="地点", max_length=100, required=False, allow_blank=True)

    class Meta:
        model = StudyActivity
        fields: tuple[str, ...] = (*ACTIVITY_FIELDS, "starts_at", "ends_at", "place")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> StudyActivity:
        by = validated_data.pop("by")
        when = When(
            validated_data.pop("starts_at"), validated_data.pop("ends_at"), validated_data.pop("place", "")
        )
        return create_activity(values=validated_data, when=when, by=by)


class ActivityChange(ActivityEntry):
    """What is left out stays. A new time, `cancelled` and `moved` need the `reason`; `state` only goes to
    held or cancelled."""

    state = serializers.ChoiceField(
        [(one.value, one.label) for one in (ActivityState.HELD, ActivityState.CANCELLED)], required=False
    )
    reason = serializers.CharField(label="原因", max_length=200, required=False)

    class Meta(ActivityEntry.Meta):
        fields = (
            *ACTIVITY_FIELDS,
            "minutes",
            "decisions",
            "starts_at",
            "ends_at",
            "place",
            "state",
            "reason",
        )

    def update(self, instance: StudyActivity, validated_data: dict[str, Any]) -> StudyActivity:
        by, state = validated_data.pop("by"), validated_data.pop("state", None)
        reason = validated_data.pop("reason", "")
        when = self._when(instance, validated_data)
        told = {name: validated_data.pop(name) for name in RECORD_FIELDS if name in validated_data}
        if validated_data:
            update_activity(activity=instance, values=validated_data, by=by)
        if told:
            write_record(activity=instance, values=told, by=by)
        if when is not None:
            postpone_activity(activity=instance, when=when, reason=reason, by=by, on=by.on)
        if state == ActivityState.HELD:
            hold_activity(activity=instance, by=by, at=timezone.now())
        elif state == ActivityState.CANCELLED:
            cancel_activity(activity=instance, reason=reason, by=by, at=timezone.now())
        return instance

    def _when(self, activity: StudyActivity, values: dict[str, Any]) -> When | None:
        slot = activity.slot
        names = ("starts_at", "ends_at", "place")
        if not any(name in values for name in names):
            return None
        return When(*(values.pop(name, getattr(slot, name)) for name in names))


class ActivityDetail(ActivityRow):
    """With the agenda. Minutes only for whoever looks after others."""

    minutes = serializers.SerializerMethodField(label="记录")
    agenda = serializers.SerializerMethodField(label="议程")

    class Meta(ActivityRow.Meta):
        fields: tuple[str, ...] = (*ActivityRow.Meta.fields, "minutes", "decisions", "agenda")
        read_only_fields = fields

    def get_minutes(self, activity: StudyActivity) -> str:
        return activity.minutes if self.viewer.paths(Permission.VIEW_TRAINING) else ""

    def get_agenda(self, activity: StudyActivity) -> list[dict[str, Any]]:
        items = activity.agenda.select_related("speaker")
        return [
            {
                "order": item.order,
                "topic": item.topic,
                "speaker": item.speaker_id,
                "speaker_name": item.speaker.name if item.speaker else item.speaker_text,
            }
            for item in items
        ]


class ActivityViewSet(WritableViewSet):
    """学习活动。"""

    label = "学习活动"
    model = StudyActivity
    permission = EDITING
    filterset_class = ActivityFilter
    serializer_class = ActivityRow
    detail_serializer_class = ActivityDetail
    create_serializer_class = ActivityEntry
    change_serializer_class = ActivityChange
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "held_on": ("held_on",),
        "kind": ("kind", "held_on"),
    }

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return activity_list(self.viewer)

    def rows(self, rows: Any) -> QuerySet[StudyActivity]:
        fresh = activity_list(self.viewer)
        return fresh.filter(pk__in=rows.values("pk"))
