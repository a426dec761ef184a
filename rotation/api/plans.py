"""Rotation plans over HTTP: drafted, taken step by step, decided, announced, in effect; the same services.

A plan is 404 to whoever is moved in it, to relatives, and to whoever is not in the case. What only its
drafters or reviewers may do is refused to the others in the case with the sentence of the service.
"""

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
from people.models import Unit
from rotation.api.acting import ActingViewSet, Ordered, ordered
from rotation.filters.plans import PlanFilter
from rotation.forms.proposals import ProposalForm
from rotation.models import RotationPlan
from rotation.plan_states import PlanAction
from rotation.services import plans as services
from rotation.services.proposals import ask_for_proposals
from rotation.services.room import closing, effects, notices
from rotation.services.variants import check_editable

READ, EDIT = Permission.VIEW_ROTATION, Permission.EDIT_ROTATION
REVIEWS = (EDIT, Permission.DECIDE_ROTATION, Permission.REVIEW_SECONDMENT)
STEPS = tuple(a for a in PlanAction if a not in (PlanAction.DECIDE, PlanAction.ANNOUNCE))


class RotationPlanSerializer(StrictModelSerializer):
    class Meta:
        model = RotationPlan
        fields = ("id", "title", "unit", "state", "effective_on", "meeting_on", "document_no", "chosen")


class RotationPlanDetail(RotationPlanSerializer):
    """With why, for those in the case."""

    class Meta(RotationPlanSerializer.Meta):
        fields = (*RotationPlanSerializer.Meta.fields, "purpose", "notice_from", "notice_to")  # type: ignore[assignment]


class PlanEntry(StrictModelSerializer):
    unit = ScopedRelatedField(Unit, required=False, allow_null=True, label="涉及范围")

    class Meta:
        model = RotationPlan
        fields = ("title", "unit", "effective_on", "purpose")

    def validate_unit(self, unit: Unit | None) -> Unit | None:
        """Within the own part of the tree; elsewhere there is no such unit to plan for."""
        reach = Unit.objects.visible_to(self.viewer).in_reach(self.viewer, EDIT)
        if unit is not None and not reach.filter(pk=unit.pk).exists():
            raise serializers.ValidationError(f"没有编号为 {unit.pk} 的记录。")
        return unit

    def create(self, validated_data: dict[str, Any]) -> RotationPlan:
        by = validated_data.pop("by")
        return services.create_plan(values=validated_data, by=by, at=timezone.now())

    def update(self, instance: RotationPlan, validated_data: dict[str, Any]) -> RotationPlan:
        by = validated_data.pop("by")
        services.change_plan(plan=instance, values=validated_data, by=by)
        return instance


class StepBody(StrictSerializer):
    action = serializers.ChoiceField(choices=[(a.value, a.label) for a in STEPS], label="办理")
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=300, label="说明或原因"
    )


class AnnounceBody(StrictSerializer):
    starts_on = serializers.DateField(label="公示开始")
    ends_on = serializers.DateField(required=False, allow_null=True, default=None, label="公示结束")
    effective_on = serializers.DateField(required=False, allow_null=True, default=None, label="任职日期")


class EffectiveDayBody(StrictSerializer):
    effective_on = serializers.DateField(label="任职日期")


class ProposalBody(StrictSerializer):
    """The form of the page 系统建议, field by field; what is left out stands as the page offers it."""

    def to_internal_value(self, data: Any) -> Any:
        return dict(data) if isinstance(data, dict) else super().to_internal_value(data)

    def wish(self, plan: RotationPlan) -> Any:
        offered = ProposalForm(viewer=self.viewer, plan=plan)
        if unknown := sorted(set(self.validated_data) - set(offered.fields)):
            raise serializers.ValidationError({name[:60]: ["没有这个字段。"] for name in unknown})
        usual = {name: offered.get_initial_for_field(field, name) for name, field in offered.fields.items()}
        form = ProposalForm({**usual, **self.validated_data}, viewer=self.viewer, plan=plan)
        if not form.is_valid():
            raise serializers.ValidationError(
                {name: [str(word) for word in words] for name, words in form.errors.items()}
            )
        return form.wish()


class PlanViewSet(ActingViewSet):
    """轮岗方案；只列知悉范围内的。"""

    label = "轮岗方案"
    model = RotationPlan
    permission: ClassVar[Declaration] = {
        "list": READ,
        "retrieve": READ,
        "create": EDIT,
        "partial_update": EDIT,
        "steps": REVIEWS,
        "announce": EDIT,
        "effective_day": EDIT,
        "proposals": EDIT,
    }
    filterset_class = PlanFilter
    serializer_class = RotationPlanSerializer
    detail_serializer_class = RotationPlanDetail
    create_serializer_class = PlanEntry
    change_serializer_class = PlanEntry
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"effective_on": ("effective_on",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("unit", "chosen")
        return found

    @extend_schema(summary="办理一步", request=StepBody, responses={200: RotationPlanDetail})
    @action(detail=True, methods=["post"])
    def steps(self, request: Request, pk: str = "") -> Response:
        """提交预审、预审、退回、提请上会、生效、撤回、确认、办结、终止；退回、撤回和终止须写 `note`。"""
        plan, given = self.get_object(), self.given(StepBody, request)
        self._take(plan, PlanAction(given["action"]), given["note"])
        return self.answer(plan)

    def _take(self, plan: RotationPlan, step: PlanAction, note: str) -> None:
        by, at = self.viewer, timezone.now()
        match step:
            case PlanAction.TAKE_EFFECT:
                effects.take_effect(plan=plan, by=by, at=at)
            case PlanAction.REVERT:
                effects.revert(plan=plan, reason=note, by=by, at=at)
            case PlanAction.CONFIRM:
                effects.confirm(plan=plan, by=by, at=at)
            case PlanAction.CLOSE:
                closing.close(plan=plan, by=by, at=at)
            case _:
                services.take(plan=plan, action=step, by=by, at=at, note=note)

    @extend_schema(summary="任前公示", request=AnnounceBody, responses={200: RotationPlanDetail})
    @action(detail=True, methods=["post"])
    def announce(self, request: Request, pk: str = "") -> Response:
        plan, given = self.get_object(), self.given(AnnounceBody, request)
        notices.announce(plan=plan, by=self.viewer, at=timezone.now(), **given)
        return self.answer(plan)

    @extend_schema(summary="改任职日期", request=EffectiveDayBody, responses={200: RotationPlanDetail})
    @action(detail=True, methods=["post"], url_path="effective-day")
    def effective_day(self, request: Request, pk: str = "") -> Response:
        plan, given = self.get_object(), self.given(EffectiveDayBody, request)
        notices.change_effective_day(plan=plan, on=given["effective_on"], by=self.viewer)
        return self.answer(plan)

    @extend_schema(summary="系统建议", request=ProposalBody, responses={202: Ordered})
    @action(detail=True, methods=["post"])
    def proposals(self, request: Request, pk: str = "") -> Response:
        """开始计算；结果写成新的备选方案，进度看返回的任务地址。"""
        plan = self.get_object()
        check_editable(plan, self.viewer)
        body = ProposalBody(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return ordered(ask_for_proposals(plan=plan, wish=body.wish(plan), by=self.viewer))
