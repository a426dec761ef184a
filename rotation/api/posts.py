"""What is known of posts and units: successors, conditions, minimum staff; and leave to stay in a post."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.permissions import Declaration
from core.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
from core.api.viewsets import CreatableViewSet
from people.models import Cadre, Post, Unit
from rotation.api.acting import Acting, RemovableViewSet, WithinReach
from rotation.filters.tenure import OfCadreFilter, OfPostFilter, OfUnitFilter
from rotation.models import PostRequirement, PostSuccessor, TenureExtension, UnitStaffing
from rotation.services import posts as services
from rotation.services import tenure as tenures

READ, EDIT, DECIDE = Permission.VIEW_ROTATION, Permission.EDIT_ROTATION, Permission.DECIDE_ROTATION
READS = {"list": READ, "retrieve": READ}


class SuccessorSerializer(StrictModelSerializer):
    class Meta:
        model = PostSuccessor
        fields: tuple[str, ...] = ("id", "post", "cadre", "readiness", "note", "starts_on", "ends_on")
        read_only_fields = fields


class SuccessorEntry(StrictModelSerializer):
    post = ScopedRelatedField(Post, label="岗位编号")
    cadre = WithinReach(Cadre, Permission.VIEW_CADRE, label="后备人选（干部编号）")

    class Meta:
        model = PostSuccessor
        fields = ("post", "cadre", "readiness", "note", "starts_on")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> PostSuccessor:
        named = {name: validated_data.pop(name) for name in ("post", "cadre", "by")}
        return services.name_successor(values=validated_data, **named)


class SuccessorChange(StrictModelSerializer):
    class Meta:
        model = PostSuccessor
        fields = ("readiness", "note", "starts_on")

    def update(self, instance: PostSuccessor, validated_data: dict[str, Any]) -> PostSuccessor:
        by = validated_data.pop("by")
        services.change_successor(successor=instance, values=validated_data, by=by)
        return instance


class SuccessorViewSet(RemovableViewSet):
    """岗位后备人选；删除即从今天起不再作为后备，原来的记录保留。"""

    label = "岗位后备人选"
    model = PostSuccessor
    permission: ClassVar[Declaration] = {**READS, "create": EDIT, "partial_update": EDIT, "destroy": EDIT}
    filterset_class = OfPostFilter
    serializer_class = SuccessorSerializer
    create_serializer_class = SuccessorEntry
    change_serializer_class = SuccessorChange
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"starts_on": ("starts_on",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("post__unit", "cadre")
        return found

    def remove(self, row: PostSuccessor) -> None:
        services.end_successor(successor=row, on=self.viewer.on, by=self.viewer)


class RequirementSerializer(StrictModelSerializer):
    class Meta:
        model = PostRequirement
        fields = ("id", "post", "strength", "criterion", "value", "note", "position")
        read_only_fields = fields


class RequirementEntry(StrictModelSerializer):
    post = ScopedRelatedField(Post, label="岗位编号")

    class Meta:
        model = PostRequirement
        fields = ("post", "strength", "criterion", "value", "note")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> PostRequirement:
        post, by = validated_data.pop("post"), validated_data.pop("by")
        return services.add_requirement(post=post, values={"value": "", **validated_data}, by=by)


class RequirementChange(StrictModelSerializer):
    class Meta:
        model = PostRequirement
        fields = ("strength", "criterion", "value", "note")

    def update(self, instance: PostRequirement, validated_data: dict[str, Any]) -> PostRequirement:
        by = validated_data.pop("by")
        services.change_requirement(requirement=instance, values=validated_data, by=by)
        return instance


class RequirementViewSet(RemovableViewSet):
    """岗位条件。"""

    label = "岗位条件"
    model = PostRequirement
    permission: ClassVar[Declaration] = {**READS, "create": EDIT, "partial_update": EDIT, "destroy": EDIT}
    filterset_class = OfPostFilter
    serializer_class = RequirementSerializer
    create_serializer_class = RequirementEntry
    change_serializer_class = RequirementChange
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"position": ("post", "position")}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("post__unit")
        return found

    def remove(self, row: PostRequirement) -> None:
        services.remove_requirement(requirement=row, by=self.viewer)


class StaffingSerializer(StrictModelSerializer):
    unit = ScopedRelatedField(Unit, label="机构编号")

    class Meta:
        model = UnitStaffing
        fields = ("id", "unit", "minimum", "source", "starts_on", "ends_on")
        read_only_fields = ("ends_on",)
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> UnitStaffing:
        unit, by = validated_data.pop("unit"), validated_data.pop("by")
        return services.set_staffing(unit=unit, values=validated_data, by=by)


class StaffingViewSet(CreatableViewSet):
    """最低在岗人数：各版，新增即从生效日期起施行。"""

    label = "最低在岗人数"
    model = UnitStaffing
    permission: ClassVar[Declaration] = {**READS, "create": EDIT}
    http_method_names = ["get", "post", "head", "options"]
    filterset_class = OfUnitFilter
    serializer_class = StaffingSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"starts_on": ("starts_on",)}


class ExtensionSerializer(StrictModelSerializer):
    class Meta:
        model = TenureExtension
        fields: tuple[str, ...] = (
            *("id", "cadre", "post", "until", "reason", "state", "document_no"),
            *("requested_at", "requested_by", "decided_at", "decided_by", "answer"),
        )
        read_only_fields = fields


class ExtensionEntry(StrictModelSerializer):
    cadre = WithinReach(Cadre, EDIT, label="干部编号")

    class Meta:
        model = TenureExtension
        fields = ("cadre", "until", "reason")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> TenureExtension:
        return tenures.request_extension(at=timezone.now(), **validated_data)


class DecisionBody(StrictSerializer):
    approved = serializers.BooleanField(label="同意")
    answer = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=300, label="说明（不同意须写）"
    )


class ExtensionDecisionBody(DecisionBody):
    document_no = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=60, label="批准文号"
    )


class ExtensionViewSet(Acting, CreatableViewSet):
    """延长任职：申请，由另一位领导审批。"""

    label = "延长任职"
    model = TenureExtension
    permission: ClassVar[Declaration] = {**READS, "create": EDIT, "decide": DECIDE, "withdraw": EDIT}
    http_method_names = ["get", "post", "head", "options"]
    filterset_class = OfCadreFilter
    serializer_class = ExtensionSerializer
    create_serializer_class = ExtensionEntry
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"requested_at": ("requested_at",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("cadre", "post__unit")
        return found

    @extend_schema(
        summary="审批延长任职", request=ExtensionDecisionBody, responses={200: ExtensionSerializer}
    )
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str = "") -> Response:
        row, given = self.get_object(), self.given(ExtensionDecisionBody, request)
        tenures.decide_extension(extension=row, by=self.viewer, at=timezone.now(), **given)
        return self.answer(row)

    @extend_schema(summary="撤回延长任职的申请", request=None, responses={200: ExtensionSerializer})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str = "") -> Response:
        row = self.get_object()
        tenures.withdraw_extension(extension=row, by=self.viewer, at=timezone.now())
        return self.answer(row)
