"""Variants, the moves in them, what the checks say and why a variant goes ahead although one fails."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.permissions import Declaration, Need
from core.api.serializers import ScopedRelatedField, StrictModelSerializer
from core.api.viewsets import CreatableViewSet
from people.models import Cadre, Post
from rotation.api.acting import RemovableViewSet, WithinReach
from rotation.checking import Check, key_of
from rotation.choices.plans import CaseDuty, MoveKind
from rotation.filters.plans import MoveFilter, OfVariantFilter, VariantFilter
from rotation.models import Move, PlanMember, RotationPlan, Variant, Waiver
from rotation.queries.checks import check_variant
from rotation.services import variants as services
from rotation.services.plans import waive

READ, EDIT = Permission.VIEW_ROTATION, Permission.EDIT_ROTATION
WRITES: dict[str, Need] = {
    "list": READ,
    "retrieve": READ,
    "create": EDIT,
    "partial_update": EDIT,
    "destroy": EDIT,
}


class VariantSerializer(StrictModelSerializer):
    class Meta:
        model = Variant
        fields = ("id", "plan", "letter", "title", "origin", "weights", "gives_up", "note")
        read_only_fields = fields


class VariantEntry(StrictModelSerializer):
    plan = ScopedRelatedField(RotationPlan, label="方案编号")

    class Meta:
        model = Variant
        fields: tuple[str, ...] = ("plan", "title", "note")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Variant:
        return services.add_variant(at=timezone.now(), **validated_data)


class VariantChange(StrictModelSerializer):
    class Meta:
        model = Variant
        fields = ("title", "note")

    def update(self, instance: Variant, validated_data: dict[str, Any]) -> Variant:
        by = validated_data.pop("by")
        values = {"title": instance.title, "note": instance.note, **validated_data}
        services.rename_variant(variant=instance, by=by, **values)
        return instance


class CheckSerializer(serializers.Serializer[Any]):
    key = serializers.SerializerMethodField(label="检查项（说明理由时填）")
    code = serializers.CharField(read_only=True, label="规则")
    verdict = serializers.CharField(read_only=True, label="结论")
    message = serializers.CharField(read_only=True, label="说明")
    evidence = serializers.CharField(read_only=True, label="依据的事实")
    basis = serializers.CharField(source="source", read_only=True, label="规定出处")
    cadre_id = serializers.IntegerField(read_only=True, label="干部")
    post_id = serializers.IntegerField(read_only=True, label="岗位")
    unit_id = serializers.IntegerField(read_only=True, label="机构")

    def get_key(self, check: Check) -> str:
        return key_of(check)


class VariantViewSet(RemovableViewSet):
    """备选方案；`checks` 给出全部核对结果。"""

    label = "备选方案"
    model = Variant
    permission: ClassVar[Declaration] = {
        **WRITES,
        "checks": READ,
        "duplicate": EDIT,
        "choose": EDIT,
        "undo": EDIT,
    }
    filterset_class = VariantFilter
    serializer_class = VariantSerializer
    create_serializer_class = VariantEntry
    change_serializer_class = VariantChange
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"letter": ("letter",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("plan__chosen")
        return found

    @extend_schema(responses=CheckSerializer(many=True))
    @action(detail=True, methods=["get"], filterset_class=None, pagination_class=None)
    def checks(self, request: Request, pk: str = "") -> Response:
        """Of relatives and effect periods: not for whoever is only asked for an opinion."""
        variant = self.get_object()
        if _only_asked(variant, self.viewer):
            return Response([])
        checks = check_variant(variant, on=self.viewer.on).checks
        return Response(CheckSerializer(checks, many=True).data)

    @extend_schema(summary="复制备选方案", request=None, responses={201: VariantSerializer})
    @action(detail=True, methods=["post"], url_path="copy")
    def duplicate(self, request: Request, pk: str = "") -> Response:
        """同样的人员调整，用下一个字母。"""
        made = services.copy_variant(variant=self.get_object(), by=self.viewer, at=timezone.now())
        return self.answer(made, status=201)

    @extend_schema(summary="选定备选方案", request=None, responses={200: VariantSerializer})
    @action(detail=True, methods=["post"])
    def choose(self, request: Request, pk: str = "") -> Response:
        variant = self.get_object()
        services.choose_variant(variant=variant, by=self.viewer)
        return self.answer(variant)

    @extend_schema(summary="撤销上一步修改", request=None, responses={200: VariantSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str = "") -> Response:
        variant = self.get_object()
        services.undo_edit(variant=variant, by=self.viewer, at=timezone.now())
        return self.answer(variant)

    def remove(self, row: Variant) -> None:
        services.remove_variant(variant=row, by=self.viewer)


def _only_asked(variant: Variant, viewer: Any) -> bool:
    mine = PlanMember.objects.visible_to(viewer).filter(plan=variant.plan_id, user=viewer.user_id)
    return bool(mine.filter(duty=CaseDuty.CONSULTED).exists())


class MoveSerializer(StrictModelSerializer):
    class Meta:
        model = Move
        fields: tuple[str, ...] = (
            *("id", "variant", "position", "cadre", "from_text", "from_post", "to_post", "kind", "origin"),
        )
        read_only_fields = fields


class MoveDetail(MoveSerializer):
    class Meta(MoveSerializer.Meta):
        fields = (*MoveSerializer.Meta.fields, "reason")
        read_only_fields = fields


class MoveEntry(StrictModelSerializer):
    """A person who is in the variant already gets the new place; without `to_post` it is a removal."""

    variant = ScopedRelatedField(Variant, label="备选方案编号")
    cadre = WithinReach(Cadre, EDIT, label="干部编号")
    to_post = ScopedRelatedField(Post, allow_null=True, label="拟任岗位编号（免职填 null）")
    kind = serializers.ChoiceField(choices=MoveKind.choices, required=False, allow_null=True, label="类型")
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=500, label="任免理由"
    )

    class Meta:
        model = Move
        fields: tuple[str, ...] = ("variant", "cadre", "to_post", "kind", "reason")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Move:
        kind = MoveKind(validated_data["kind"]) if validated_data.get("kind") else None
        draft = services.MoveDraft(
            validated_data["cadre"], validated_data["to_post"], kind, reason=validated_data["reason"]
        )
        return services.add_move(
            variant=validated_data["variant"], draft=draft, by=validated_data["by"], at=timezone.now()
        )


class MoveChange(StrictModelSerializer):
    to_post = ScopedRelatedField(Post, allow_null=True, label="拟任岗位编号（免职填 null）")
    kind = serializers.ChoiceField(choices=MoveKind.choices, allow_null=True, label="类型")
    reason = serializers.CharField(allow_blank=True, max_length=500, label="任免理由")

    class Meta:
        model = Move
        fields = ("to_post", "kind", "reason")

    def update(self, instance: Move, validated_data: dict[str, Any]) -> Move:
        """Where the place changes and no kind is named, the levels decide it anew."""
        moved = "to_post" in validated_data
        kind = validated_data.get("kind") if moved or "kind" in validated_data else instance.kind
        services.change_move(
            move=instance,
            kind=MoveKind(kind) if kind else None,
            reason=validated_data.get("reason", str(instance.reason)),
            to_post=validated_data["to_post"] if moved else instance.to_post,
            by=validated_data["by"],
            at=timezone.now(),
        )
        return instance


class MoveViewSet(RemovableViewSet):
    """人员调整。"""

    label = "人员调整"
    model = Move
    permission: ClassVar[Declaration] = WRITES
    filterset_class = MoveFilter
    serializer_class = MoveSerializer
    detail_serializer_class = MoveDetail
    create_serializer_class = MoveEntry
    change_serializer_class = MoveChange
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"position": ("position",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("variant__plan", "cadre", "to_post__unit")
        return found

    def remove(self, row: Move) -> None:
        services.remove_move(move=row, by=self.viewer, at=timezone.now())


class WaiverSerializer(StrictModelSerializer):
    class Meta:
        model = Waiver
        fields = ("id", "variant", "key", "message", "reason", "at")
        read_only_fields = fields


class WaiverEntry(StrictModelSerializer):
    variant = ScopedRelatedField(Variant, label="备选方案编号")
    reason = serializers.CharField(max_length=500, label="理由")

    class Meta:
        model = Waiver
        fields = ("variant", "key", "reason")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Waiver:
        return waive(at=timezone.now(), **validated_data)


class WaiverViewSet(CreatableViewSet):
    """对不具备的条件说明理由；`key` 取自 `checks`。"""

    label = "说明理由"
    model = Waiver
    permission: ClassVar[Declaration] = {"list": READ, "retrieve": READ, "create": EDIT}
    http_method_names = ["get", "post", "head", "options"]
    filterset_class = OfVariantFilter
    serializer_class = WaiverSerializer
    create_serializer_class = WaiverEntry
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"at": ("at",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        """They tell of relatives and effect periods, as the checks do."""
        asked = PlanMember.objects.visible_to(self.viewer).filter(
            user=self.viewer.user_id, duty=CaseDuty.CONSULTED
        )
        found: QuerySet[Any] = rows.exclude(variant__plan__in=asked.values("plan"))
        return found
