"""Projects, enterprises, visits, requests and who holds what over HTTP; writes go through the services."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.permissions import Declaration
from core.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
from core.api.viewsets import CreatableViewSet, ScopedViewSet, WritableViewSet
from park.access import may_edit_row, may_visit, sides_of
from park.filters.field import (
    AssignmentFilter,
    EnterpriseFilter,
    HandoverStateFilter,
    ProjectFilter,
    RequestFilter,
    VisitFilter,
)
from park.models import Assignment, Enterprise, EnterpriseRequest, Handover, Project, Visit
from park.queries.enterprises import with_standing
from park.services import enterprises as enterprise_services
from park.services import handovers
from park.services import projects as project_services
from park.services.assignments import assign
from park.services.visits import VISIT_FIELDS, record_visit
from people.models import Cadre, Unit

EDITING: Declaration = {
    "list": Permission.VIEW_PARK,
    "retrieve": Permission.VIEW_PARK,
    "create": Permission.EDIT_PARK,
    "partial_update": Permission.EDIT_PARK,
}
VISITING: Declaration = {
    "list": Permission.VIEW_PARK,
    "retrieve": Permission.VIEW_PARK,
    "create": (Permission.REPORT_PARK, Permission.EDIT_PARK),
}
GIVING: Declaration = {
    "list": Permission.VIEW_PARK,
    "retrieve": Permission.VIEW_PARK,
    "create": Permission.EDIT_PARK,
}
POST_ONLY = ["get", "post", "head", "options"]
PROJECT_ENTRY = tuple(name for name in project_services.PROJECT_FIELDS if name != "task")


class OwnedEntry(StrictModelSerializer):
    """A row given to a department in the writer's part of the tree."""

    lead_official = ScopedRelatedField(Cadre, required=False, allow_null=True, label="包保领导编号")
    lead_department = ScopedRelatedField(Unit, required=False, allow_null=True, label="责任部门编号")

    def validate_lead_department(self, unit: Unit | None) -> Unit | None:
        reach = Unit.objects.visible_to(self.viewer).in_reach(self.viewer, Permission.EDIT_PARK)
        if unit is not None and not reach.filter(pk=unit.pk).exists():
            raise serializers.ValidationError(f"没有编号为 {unit.pk} 的记录。")
        return unit

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        everywhere = self.viewer.sees_all(Permission.EDIT_PARK)
        missing = not data.get("lead_department", getattr(self.instance, "lead_department", None))
        if not everywhere and missing:
            raise serializers.ValidationError({"lead_department": "请填写责任部门。"})
        return data


class ProjectSerializer(StrictModelSerializer):
    class Meta:
        model = Project
        fields = ("id", *project_services.PROJECT_FIELDS, "stage", "stage_on", "state", "ended_on", "plan")


class ProjectEntry(OwnedEntry):
    class Meta:
        model = Project
        fields = PROJECT_ENTRY
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Project:
        by = validated_data.pop("by")
        return project_services.create_project(values=validated_data, by=by)

    def update(self, instance: Project, validated_data: dict[str, Any]) -> Project:
        by = validated_data.pop("by")
        if not may_edit_row(instance, by):
            raise Http404
        project_services.update_project(project=instance, values=validated_data, by=by)
        return instance


class ProjectViewSet(WritableViewSet):
    """园区项目。"""

    label = "园区项目"
    model = Project
    permission = EDITING
    filterset_class = ProjectFilter
    serializer_class = ProjectSerializer
    create_serializer_class = ProjectEntry
    change_serializer_class = ProjectEntry
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("name",), "due_on": ("due_on",)}


ENTERPRISE_SHOWN = tuple(
    name for name in enterprise_services.ENTERPRISE_FIELDS if name != "contact_phone"
)  # a telephone number is not handed out in lists


class EnterpriseSerializer(StrictModelSerializer):
    last_visit = serializers.DateField(read_only=True, label="最近走访")
    grade_code = serializers.CharField(read_only=True, label="亩均档次")

    class Meta:
        model = Enterprise
        fields = ("id", *ENTERPRISE_SHOWN, "last_visit", "grade_code")


class EnterpriseEntry(OwnedEntry):
    class Meta:
        model = Enterprise
        fields = ENTERPRISE_SHOWN
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Enterprise:
        by = validated_data.pop("by")
        return enterprise_services.create_enterprise(values=validated_data, by=by, on=by.on)

    def update(self, instance: Enterprise, validated_data: dict[str, Any]) -> Enterprise:
        by = validated_data.pop("by")
        if not may_edit_row(instance, by):
            raise Http404
        enterprise_services.update_enterprise(enterprise=instance, values=validated_data, by=by, on=by.on)
        return instance


class EnterpriseViewSet(WritableViewSet):
    """园区企业。"""

    label = "园区企业"
    model = Enterprise
    permission = EDITING
    filterset_class = EnterpriseFilter
    serializer_class = EnterpriseSerializer
    create_serializer_class = EnterpriseEntry
    change_serializer_class = EnterpriseEntry
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("name",), "grid": ("grid",)}

    def rows(self, rows: QuerySet[Enterprise]) -> QuerySet[Any]:
        return with_standing(rows, self.viewer.on)


class VisitSerializer(StrictModelSerializer):
    class Meta:
        model = Visit
        fields = ("id", "enterprise", "on", *VISIT_FIELDS, "visitors", "created_at")


class VisitEntry(StrictModelSerializer):
    """`visitors` are cadre ids; a request is registered on the pages."""

    enterprise = ScopedRelatedField(Enterprise, label="企业编号")
    visitors = ScopedRelatedField(Cadre, many=True, label="走访人编号")

    class Meta:
        model = Visit
        fields = ("enterprise", "on", "visitors", *VISIT_FIELDS)
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Visit:
        by, enterprise = validated_data.pop("by"), validated_data.pop("enterprise")
        if not may_visit(enterprise, by):
            raise Http404
        on, visitors = validated_data.pop("on"), validated_data.pop("visitors")
        return record_visit(
            enterprise=enterprise,
            on=on,
            visitors=visitors,
            values=validated_data,
            by=by,
            at=timezone.localtime(),
        )


class VisitViewSet(CreatableViewSet):
    """企业走访，只能新增。"""

    label = "企业走访"
    model = Visit
    permission = VISITING
    filterset_class = VisitFilter
    serializer_class = VisitSerializer
    create_serializer_class = VisitEntry
    http_method_names = POST_ONLY
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"on": ("on",)}

    def rows(self, rows: QuerySet[Visit]) -> QuerySet[Visit]:
        return rows.prefetch_related("visitors")


class RequestSerializer(StrictModelSerializer):
    class Meta:
        model = EnterpriseRequest
        fields = (
            "id",
            "enterprise",
            "visit",
            "kind",
            "text",
            "state",
            "raised_on",
            "department",
            "handler",
            "due_on",
            "answered_on",
            "closed_on",
            "result",
            "satisfaction",
        )


class RequestViewSet(ScopedViewSet):
    """企业诉求；办理步骤在页面上走。"""

    label = "企业诉求"
    model = EnterpriseRequest
    permission = Permission.VIEW_PARK
    filterset_class = RequestFilter
    serializer_class = RequestSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"raised_on": ("raised_on",)}


class AssignmentSerializer(StrictModelSerializer):
    class Meta:
        model = Assignment
        fields = (
            "id",
            "cadre",
            "task",
            "project",
            "enterprise",
            "role",
            "lead_official",
            "starts_on",
            "ends_on",
            "end_reason",
        )


class AssignmentEntry(StrictModelSerializer):
    """A project or an enterprise to a cadre, from today on."""

    cadre = ScopedRelatedField(Cadre, label="干部编号")
    project = ScopedRelatedField(Project, required=False, allow_null=True, label="项目编号")
    enterprise = ScopedRelatedField(Enterprise, required=False, allow_null=True, label="企业编号")
    lead_official = ScopedRelatedField(Cadre, label="带教领导编号")

    class Meta:
        model = Assignment
        fields = ("cadre", "project", "enterprise", "lead_official", "note")
        validators: list[Any] = []

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if bool(data.get("project")) == bool(data.get("enterprise")):
            raise serializers.ValidationError("请选一个项目，或选一家企业，不要两项都选。")
        return data

    def create(self, validated_data: dict[str, Any]) -> Assignment:
        by, cadre = validated_data.pop("by"), validated_data["cadre"]
        subject: Any = validated_data.get("project") or validated_data.get("enterprise")
        reach = Cadre.objects.visible_to(by, Permission.EDIT_PARK).filter(pk=cadre.pk)
        if not may_edit_row(subject, by) or not reach.exists():
            raise Http404
        return assign(
            cadre=cadre,
            subject=subject,
            lead_official=validated_data["lead_official"],
            note=validated_data.get("note", ""),
            by=by,
            on=by.on,
        )


class AssignmentViewSet(CreatableViewSet):
    """包干：谁从哪天到哪天承担什么、由谁带教。"""

    label = "包干"
    model = Assignment
    permission = GIVING
    filterset_class = AssignmentFilter
    serializer_class = AssignmentSerializer
    create_serializer_class = AssignmentEntry
    http_method_names = POST_ONLY
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"starts_on": ("starts_on",)}


class NoteBody(StrictSerializer):
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=300, label="交接说明"
    )


class HandoverSerializer(StrictModelSerializer):
    cadre = serializers.IntegerField(source="assignment.cadre_id", read_only=True, label="移交人编号")

    class Meta:
        model = Handover
        fields = ("id", "assignment", "cadre", "to", "reason", "offered_on", "state", "answered_on", "note")


class HandoverViewSet(ScopedViewSet):
    """移交：谁把哪一项包干移给谁、接收了没有；接收、退回由接收人办理，撤回由移交方办理。"""

    label = "移交"
    model = Handover
    permission = Permission.VIEW_PARK
    filterset_class = HandoverStateFilter
    serializer_class = HandoverSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"offered_on": ("offered_on",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("assignment__cadre", "to")
        return found

    @extend_schema(summary="接收移交", request=NoteBody, responses={200: HandoverSerializer})
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str = "") -> Response:
        """从今天起由接收人承担，此前的记录仍属原承担人。"""
        return self._answered(handovers.accept, request, taker=True)

    @extend_schema(summary="退回移交", request=NoteBody, responses={200: HandoverSerializer})
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str = "") -> Response:
        """须写明 `note`，由移交方另选接收人。"""
        return self._answered(handovers.decline, request, taker=True)

    @extend_schema(summary="撤回移交", request=NoteBody, responses={200: HandoverSerializer})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str = "") -> Response:
        """这一项继续由原承担人负责。"""
        return self._answered(handovers.withdraw, request, taker=False)

    def _answered(self, run: Callable[..., None], request: Request, *, taker: bool) -> Response:
        """Whose turn it is not learns no more than that there is nothing to do."""
        row = self.get_object()
        takes, gives = sides_of(row, self.viewer)
        if not (takes if taker else gives):
            raise Http404
        body = NoteBody(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        run(handover=row, by=self.viewer, on=self.viewer.on, **body.validated_data)
        return Response(HandoverSerializer(row, context=self.get_serializer_context()).data)
