"""Plans, tasks, progress reports, indicators and readings over HTTP; writes go through the services."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework import serializers

from core.access import Permission
from core.api.permissions import Declaration
from core.api.serializers import ScopedRelatedField, StrictModelSerializer
from core.api.viewsets import CreatableViewSet, ScopedViewSet, WritableViewSet
from park.access import holds, may_edit
from park.filters.indicators import IndicatorFilter
from park.filters.plans import PlanFilter, ReadingFilter, ReportFilter
from park.filters.tasks import TaskFilter
from park.models import ActionPlan, Indicator, IndicatorReading, ProgressReport, Task
from park.queries.signals import with_signal
from park.queries.tasks import signal_book
from park.services import indicators as indicator_services
from park.services import tasks as task_services
from people.models import Cadre, Unit

REPORTING: Declaration = {
    "list": Permission.VIEW_PARK,
    "retrieve": Permission.VIEW_PARK,
    "create": (Permission.REPORT_PARK, Permission.EDIT_PARK),
}
EDITING: Declaration = {
    "list": Permission.VIEW_PARK,
    "retrieve": Permission.VIEW_PARK,
    "create": Permission.EDIT_PARK,
    "partial_update": Permission.EDIT_PARK,
}
POST_ONLY = ["get", "post", "head", "options"]


class PlanSerializer(StrictModelSerializer):
    class Meta:
        model = ActionPlan
        fields: tuple[str, ...] = ("id", "title", "year", "document_no", "unit", "state", "base_on")


class PlanDetail(PlanSerializer):
    """With the text and its clauses; `source` points into the text."""

    items = serializers.SerializerMethodField(label="条目")

    class Meta(PlanSerializer.Meta):
        fields = (*PlanSerializer.Meta.fields, "text", "items")

    def get_items(self, plan: ActionPlan) -> list[dict[str, Any]]:
        return [
            {
                "id": item.pk,
                "parent": item.parent_id,
                "no": item.no,
                "level": item.level,
                "kind": item.kind,
                "text": item.text,
                "source": [item.source_start, item.source_end],
            }
            for item in plan.items.all()
        ]


class PlanViewSet(ScopedViewSet):
    """行动方案。"""

    label = "行动方案"
    model = ActionPlan
    permission = Permission.VIEW_PARK
    filterset_class = PlanFilter
    serializer_class = PlanSerializer
    detail_serializer_class = PlanDetail
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"year": ("year",), "title": ("title",)}

    def rows(self, rows: QuerySet[ActionPlan]) -> QuerySet[ActionPlan]:
        return rows.prefetch_related("items") if self.action == "retrieve" else rows.defer("text")


class TaskSerializer(StrictModelSerializer):
    """`signal` is the light of today: red, yellow, blue, green or grey."""

    signal = serializers.CharField(read_only=True, label="亮灯")

    class Meta:
        model = Task
        fields: tuple[str, ...] = (
            "id",
            "plan",
            "item",
            "parent",
            "no",
            "name",
            "measures",
            "goal",
            "recurrence",
            "is_key",
            "lead_official",
            "lead_department",
            "owner",
            "starts_on",
            "due_on",
            "due_text",
            "state",
            "percent",
            "reported_on",
            "ended_on",
            "extended_times",
            "reminded_times",
            "supervised_times",
            "signal",
        )


class TaskEntry(StrictModelSerializer):
    """A new task is a draft; it is issued on the pages, when its four responsible fields are filled."""

    plan = ScopedRelatedField(ActionPlan, label="方案编号")
    lead_official = ScopedRelatedField(Cadre, required=False, allow_null=True, label="责任领导编号")
    lead_department = ScopedRelatedField(Unit, required=False, allow_null=True, label="责任部门编号")
    owner = ScopedRelatedField(Cadre, required=False, allow_null=True, label="责任人编号")

    class Meta:
        model = Task
        fields: tuple[str, ...] = ("plan", *task_services.TASK_FIELDS)
        validators: list[Any] = []  # the service checks, in the words of the model
        extra_kwargs = {"starts_on": {"required": False}}

    def validate_lead_department(self, unit: Unit | None) -> Unit | None:
        """Tasks are given within the own part of the tree; elsewhere there is no such unit to give to."""
        reach = Unit.objects.visible_to(self.viewer).in_reach(self.viewer, Permission.EDIT_PARK)
        if unit is not None and not reach.filter(pk=unit.pk).exists():
            raise serializers.ValidationError(f"没有编号为 {unit.pk} 的记录。")
        return unit

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if (
            not self.viewer.sees_all(Permission.EDIT_PARK)
            and not self.instance
            and not data.get("lead_department")
        ):
            raise serializers.ValidationError({"lead_department": "请填写责任部门。"})
        return data

    def create(self, validated_data: dict[str, Any]) -> Task:
        by, plan = validated_data.pop("by"), validated_data.pop("plan")
        return task_services.create_task(plan=plan, values=validated_data, by=by, on=by.on)

    def update(self, instance: Task, validated_data: dict[str, Any]) -> Task:
        by = validated_data.pop("by")
        if not may_edit(instance, by):
            raise Http404
        task_services.update_task(task=instance, values=validated_data, by=by, on=by.on)
        return instance


class TaskChange(TaskEntry):
    class Meta(TaskEntry.Meta):
        fields = task_services.TASK_FIELDS


TaskChange._declared_fields.pop("plan", None)


class TaskViewSet(WritableViewSet):
    """园区任务。"""

    label = "园区任务"
    model = Task
    permission = EDITING
    filterset_class = TaskFilter
    serializer_class = TaskSerializer
    create_serializer_class = TaskEntry
    change_serializer_class = TaskChange
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "position": ("plan", "position"),
        "due_on": ("due_on",),
        "percent": ("percent",),
        "reported_on": ("reported_on",),
    }

    def rows(self, rows: QuerySet[Task]) -> QuerySet[Any]:
        on = self.viewer.on
        return with_signal(rows, on, signal_book(self.viewer).terms(on))


class ReportSerializer(StrictModelSerializer):
    class Meta:
        model = ProgressReport
        fields = (
            "id",
            "task",
            "on",
            "percent",
            "text",
            "problems",
            "next_steps",
            "reporter",
            "owner",
            "lead_official",
            "unit",
            "corrects",
            "correction_reason",
            "created_at",
        )


class ReportEntry(StrictModelSerializer):
    """By whoever holds the task, or for them by those who look after it.

    With `corrects` and `correction_reason` it puts an earlier report right and stands for its day.
    """

    task = ScopedRelatedField(Task, label="任务编号")
    on = serializers.DateField(required=False, label="日期（更正时不填）")
    corrects = ScopedRelatedField(ProgressReport, required=False, allow_null=True, label="更正哪一次反馈")

    class Meta:
        model = ProgressReport
        fields = (
            "task",
            "on",
            "percent",
            "text",
            "problems",
            "next_steps",
            "corrects",
            "correction_reason",
        )
        validators: list[Any] = []

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        report = data.get("corrects")
        if report and report.task_id != data["task"].pk:
            raise serializers.ValidationError({"corrects": "这次反馈不是该任务的。"})
        if bool(report) == ("on" in data):
            message = "更正沿用原来的日期，不要填日期。" if report else "请填日期。"
            raise serializers.ValidationError({"on": message})
        return data

    def create(self, validated_data: dict[str, Any]) -> ProgressReport:
        by, task = validated_data.pop("by"), validated_data.pop("task")
        if not holds(task, by) and not may_edit(task, by):
            raise Http404
        report = validated_data.pop("corrects", None)
        reason, at = validated_data.pop("correction_reason", ""), timezone.localtime()
        if report is None:
            return task_services.report_progress(task=task, by=by, at=at, **validated_data)
        return task_services.correct_report(report=report, reason=reason, by=by, at=at, **validated_data)


class ReportViewSet(CreatableViewSet):
    """任务进展反馈，只能新增。"""

    label = "进展反馈"
    model = ProgressReport
    permission = REPORTING
    filterset_class = ReportFilter
    serializer_class = ReportSerializer
    create_serializer_class = ReportEntry
    http_method_names = POST_ONLY
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"on": ("on",)}


class IndicatorSerializer(StrictModelSerializer):
    class Meta:
        model = Indicator
        fields = (
            "id",
            "plan",
            "item",
            "task",
            "parent",
            "name",
            "unit",
            "baseline",
            "baseline_on",
            "target",
            "comparison",
            "deadline",
            "deadline_text",
            "latest",
            "latest_on",
        )


class IndicatorViewSet(ScopedViewSet):
    """指标。"""

    label = "指标"
    model = Indicator
    permission = Permission.VIEW_PARK
    filterset_class = IndicatorFilter
    serializer_class = IndicatorSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "position": ("plan", "position"),
        "deadline": ("deadline",),
    }


class IndicatorReadingSerializer(StrictModelSerializer):
    class Meta:
        model = IndicatorReading
        fields = ("id", "indicator", "on", "value", "note", "corrects", "created_at")


class ReadingEntry(StrictModelSerializer):
    indicator = ScopedRelatedField(Indicator, label="指标编号")

    class Meta:
        model = IndicatorReading
        fields = ("indicator", "on", "value", "note")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> IndicatorReading:
        by, indicator = validated_data.pop("by"), validated_data.pop("indicator")
        if not Indicator.objects.visible_to(by, Permission.EDIT_PARK).filter(pk=indicator.pk).exists():
            raise Http404
        return indicator_services.register_reading(
            indicator=indicator, by=by, at=timezone.localtime(), **validated_data
        )


class ReadingViewSet(CreatableViewSet):
    """指标读数，只能新增。"""

    label = "指标读数"
    model = IndicatorReading
    permission: ClassVar[Declaration] = {
        "list": Permission.VIEW_PARK,
        "retrieve": Permission.VIEW_PARK,
        "create": Permission.EDIT_PARK,
    }
    filterset_class = ReadingFilter
    serializer_class = IndicatorReadingSerializer
    create_serializer_class = ReadingEntry
    http_method_names = POST_ONLY
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"on": ("on",)}
