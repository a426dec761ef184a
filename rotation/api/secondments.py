"""Secondments over HTTP, step by step; opinions are read on their page alone, where it is noted."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.permissions import Declaration, Need
from core.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
from core.api.viewsets import CreatableViewSet
from people.models import Cadre, Unit
from rotation.api.acting import Acting, ActingViewSet, WithinReach
from rotation.choices.secondments import (
    Direction,
    OpinionParty,
    OpinionStage,
    Outcome,
    SchemeState,
    SecondmentAct,
    SecondmentGrade,
)
from rotation.filters.secondments import SecondmentFilter
from rotation.models import (
    BroughtHome,
    ReturnPlan,
    Secondment,
    SecondmentExtension,
    SecondmentPlan,
)
from rotation.services import secondments as services
from rotation.services.secondments import Hop

SEE, EDITS = Permission.VIEW_SECONDMENT, Permission.EDIT_SECONDMENT
APPROVES, REVIEWS = Permission.APPROVE_SECONDMENT, Permission.REVIEW_SECONDMENT
DECISIONS = (SecondmentAct.APPROVE, SecondmentAct.REFUSE)
ACTS = tuple(a for a in SecondmentAct if a not in (SecondmentAct.RECOMMEND, SecondmentAct.EXTEND))
OUT_OF_REACH = "这份挂职不在您的办理范围内，或须由本人以外的人办理。"
SEES: dict[str, Need] = {"list": Permission.VIEW_SECONDMENT, "retrieve": Permission.VIEW_SECONDMENT}


class SecondmentSerializer(StrictModelSerializer):
    place = serializers.CharField(read_only=True, label="挂职单位")

    class Meta:
        model = Secondment
        fields = (
            "id",
            "cadre",
            "direction",
            "partner_kind",
            "organisation",
            "host_unit",
            "place",
            "title",
            "starts_on",
            "planned_end_on",
            "ended_on",
            "released",
            "study_rule",
            "state",
            "document_no",
            "plan",
        )


class _Values(StrictModelSerializer):
    plan = ScopedRelatedField(SecondmentPlan, required=False, allow_null=True, label="挂职计划编号")
    host_unit = ScopedRelatedField(Unit, required=False, allow_null=True, label="在本区挂职的机构编号")

    def validate_plan(self, plan: SecondmentPlan | None) -> SecondmentPlan | None:
        if plan is not None and plan.state == SchemeState.CLOSED:
            raise serializers.ValidationError("这份挂职计划已经总结。")
        return plan


class SecondmentEntry(_Values):
    """Somebody is put forward."""

    cadre = WithinReach(Cadre, EDITS, label="干部编号")

    class Meta:
        model = Secondment
        fields = ("cadre", *services.FIELDS)
        validators: list[Any] = []

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("direction") == Direction.IN and not attrs.get("host_unit"):
            raise serializers.ValidationError({"host_unit": ["来区挂职请填在本区挂职的机构。"]})
        return attrs

    def create(self, validated_data: dict[str, Any]) -> Secondment:
        by, cadre = validated_data.pop("by"), validated_data.pop("cadre")
        hop = Hop(by, timezone.now(), by.on, validated_data.get("reason", ""))
        return services.recommend(cadre=cadre, values=validated_data, hop=hop)


class SecondmentChange(_Values):
    """Before the letter everything, afterwards what the service still allows."""

    class Meta:
        model = Secondment
        fields = services.FIELDS
        validators: list[Any] = []

    def update(self, instance: Secondment, validated_data: dict[str, Any]) -> Secondment:
        by = validated_data.pop("by")
        services.change(secondment=instance, values=validated_data, by=by)
        return instance


class ActBody(StrictSerializer):
    """`on` is the day of reporting in, or the last day away; `document_no` of the letter or the return."""

    act = serializers.ChoiceField(choices=[(a.value, a.label) for a in ACTS], label="办理")
    on = serializers.DateField(required=False, label="日期（报到、期满）")
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=300, label="说明或原因"
    )
    document_no = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=60, label="文号"
    )


class ReturnPlanBody(StrictModelSerializer):
    class Meta:
        model = ReturnPlan
        fields = ("outcome", "position", "handover", "care")
        validators: list[Any] = []


class OpinionBody(StrictSerializer):
    """Written, not read: what is in an opinion is shown on its page alone, where reading is noted."""

    stage = serializers.ChoiceField(choices=OpinionStage.choices, label="环节")
    party = serializers.ChoiceField(choices=OpinionParty.choices, label="意见")
    text = serializers.CharField(max_length=4000, label="内容")
    grade = serializers.ChoiceField(
        choices=SecondmentGrade.choices, required=False, allow_blank=True, label="等次"
    )
    signer = serializers.CharField(required=False, allow_blank=True, max_length=60, label="签署人")
    signer_title = serializers.CharField(required=False, allow_blank=True, max_length=60, label="签署人职务")
    signed_on = serializers.DateField(required=False, allow_null=True, label="签署日期")


class BroughtBody(StrictModelSerializer):
    class Meta:
        model = BroughtHome
        fields = ("title", "text")


class StageBody(StrictSerializer):
    stage = serializers.ChoiceField(choices=OpinionStage.choices, label="环节")


class HostAddress(serializers.Serializer[Any]):
    """Told once and kept nowhere."""

    address = serializers.CharField(read_only=True, label="填写地址")
    expires_on = serializers.DateField(read_only=True, label="有效期至")


class SecondmentViewSet(ActingViewSet):
    """挂职：推荐、审批、派遣、报到、期满、鉴定、返岗。"""

    label = "挂职"
    model = Secondment
    permission: ClassVar[Declaration] = {
        **SEES,
        "create": EDITS,
        "partial_update": EDITS,
        "acts": (EDITS, APPROVES),
        "return_plan": EDITS,
        "opinions": (SEE, EDITS, REVIEWS),
        "brought_home": (SEE, EDITS),
        "host_form": EDITS,
    }
    filterset_class = SecondmentFilter
    serializer_class = SecondmentSerializer
    create_serializer_class = SecondmentEntry
    change_serializer_class = SecondmentChange
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "starts_on": ("starts_on",),
        "planned_end_on": ("planned_end_on",),
    }

    def rows(self, rows: QuerySet[Secondment]) -> QuerySet[Secondment]:
        return rows.select_related("host_unit", "cadre", "plan", "appointment")

    def row(self, permission: Permission) -> Secondment:
        """The one of the address, if the viewer may act on it as staff."""
        row: Secondment = self.get_object()
        if not Secondment.objects.visible_to(self.viewer, permission).filter(pk=row.pk).exists():
            raise PermissionDenied(OUT_OF_REACH, code="out_of_reach")
        return row

    def hop(self, reason: str = "", on: date | None = None) -> Hop:
        return Hop(self.viewer, timezone.now(), on or self.viewer.on, reason)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.row(EDITS)
        return super().partial_update(request, *args, **kwargs)

    @extend_schema(summary="办理一步", request=ActBody, responses={200: SecondmentSerializer})
    @action(detail=True, methods=["post"])
    def acts(self, request: Request, pk: str = "") -> Response:
        """批准、不批准、出具派遣函、报到、期满、完成鉴定、返岗、留任、撤销。"""
        given = self.given(ActBody, request)
        act = SecondmentAct(given["act"])
        row = self.row(APPROVES if act in DECISIONS else EDITS)
        self._take(row, act, given)
        return self.answer(row)

    def _take(self, row: Secondment, act: SecondmentAct, given: dict[str, Any]) -> None:
        hop, number = self.hop(given["reason"], given.get("on")), given["document_no"]
        match act:
            case SecondmentAct.APPROVE | SecondmentAct.REFUSE:
                services.approve(secondment=row, approved=act == SecondmentAct.APPROVE, hop=hop)
            case SecondmentAct.DISPATCH:
                services.dispatch(secondment=row, document_no=number, hop=hop)
            case SecondmentAct.REPORT_IN:
                services.report_in(secondment=row, hop=hop)
            case SecondmentAct.END:
                services.end(secondment=row, hop=hop)
            case SecondmentAct.APPRAISE:
                services.complete(secondment=row, hop=hop)
            case SecondmentAct.RETURN | SecondmentAct.KEEP:
                outcome = Outcome.RETURN if act == SecondmentAct.RETURN else Outcome.KEEP
                services.settle(secondment=row, outcome=outcome, document_no=number, hop=hop)
            case SecondmentAct.CANCEL:
                services.cancel(secondment=row, hop=hop)

    @extend_schema(summary="返岗安排", request=ReturnPlanBody, responses={200: SecondmentSerializer})
    @action(detail=True, methods=["post"], url_path="return-plan")
    def return_plan(self, request: Request, pk: str = "") -> Response:
        row, given = self.row(EDITS), self.given(ReturnPlanBody, request)
        services.arrange_return(secondment=row, values=given, hop=self.hop())
        return self.answer(row)

    @extend_schema(
        summary="登记中期考核或鉴定意见", request=OpinionBody, responses={200: SecondmentSerializer}
    )
    @action(detail=True, methods=["post"])
    def opinions(self, request: Request, pk: str = "") -> Response:
        """本人写个人总结，部门写派出单位意见，组织人事部门写其余；内容不由接口读出。"""
        given = self.given(OpinionBody, request)
        stage, party = OpinionStage(given.pop("stage")), OpinionParty(given.pop("party"))
        row = self.get_object()
        if not (party == OpinionParty.SELF and row.cadre_id == self.viewer.cadre_id):
            row = self.row(REVIEWS if party == OpinionParty.HOME else EDITS)
        services.record_opinion(secondment=row, stage=stage, party=party, values=given, hop=self.hop())
        return self.answer(row)

    @extend_schema(summary="登记成果带回", request=BroughtBody, responses={200: SecondmentSerializer})
    @action(detail=True, methods=["post"], url_path="brought-home")
    def brought_home(self, request: Request, pk: str = "") -> Response:
        row, given = self.get_object(), self.given(BroughtBody, request)
        if row.cadre_id != self.viewer.cadre_id:
            row = self.row(EDITS)
        services.bring_home(secondment=row, hop=self.hop(), **given)
        return self.answer(row)

    @extend_schema(summary="接收单位填写链接", request=StageBody, responses={201: HostAddress})
    @action(detail=True, methods=["post"], url_path="host-form")
    def host_form(self, request: Request, pk: str = "") -> Response:
        """一次性地址，只在这里给出一次；原来的地址随即作废。"""
        row, given = self.row(EDITS), self.given(StageBody, request)
        made, token = services.make_host_form(
            secondment=row, stage=OpinionStage(given["stage"]), hop=self.hop()
        )
        path = reverse("rotation:host_form", args=[token])
        address = f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)
        told = HostAddress({"address": address, "expires_on": made.expires_on}).data
        return Response(told, status=201, headers={"Cache-Control": "no-store"})


class SchemeSerializer(StrictModelSerializer):
    class Meta:
        model = SecondmentPlan
        fields = ("id", "year", "title", "quota", "note", "state")
        read_only_fields = ("state",)
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> SecondmentPlan:
        by = validated_data.pop("by")
        return services.write_plan(values=validated_data, by=by)

    def update(self, instance: SecondmentPlan, validated_data: dict[str, Any]) -> SecondmentPlan:
        by = validated_data.pop("by")
        return services.write_plan(values=validated_data, by=by, plan=instance)


class SchemeStateBody(StrictSerializer):
    state = serializers.ChoiceField(choices=SchemeState.choices, label="状态")


class SchemeViewSet(ActingViewSet):
    """年度挂职计划。"""

    label = "挂职计划"
    model = SecondmentPlan
    permission: ClassVar[Declaration] = {
        **SEES,
        "create": EDITS,
        "partial_update": EDITS,
        "progress": EDITS,
    }
    serializer_class = SchemeSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"year": ("year",)}

    @extend_schema(summary="执行或总结", request=SchemeStateBody, responses={200: SchemeSerializer})
    @action(detail=True, methods=["post"], url_path="state")
    def progress(self, request: Request, pk: str = "") -> Response:
        plan, given = self.get_object(), self.given(SchemeStateBody, request)
        services.move_plan(plan=plan, state=SchemeState(given["state"]), by=self.viewer)
        return self.answer(plan)


class SecondmentExtensionSerializer(StrictModelSerializer):
    class Meta:
        model = SecondmentExtension
        fields: tuple[str, ...] = (
            *("id", "secondment", "until", "reason", "state", "requested_at", "requested_by"),
            *("decided_at", "decided_by", "answer"),
        )
        read_only_fields = fields


class SecondmentExtensionEntry(StrictModelSerializer):
    secondment = WithinReach(Secondment, EDITS, label="挂职编号")

    class Meta:
        model = SecondmentExtension
        fields = ("secondment", "until", "reason")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> SecondmentExtension:
        by = validated_data.pop("by")
        return services.request_extension(hop=Hop(by, timezone.now(), by.on), **validated_data)


class ExtensionDecision(StrictSerializer):
    approved = serializers.BooleanField(label="同意")
    answer = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=300, label="说明（不同意须写）"
    )


class SecondmentExtensionViewSet(Acting, CreatableViewSet):
    """挂职延期：申请，由另一位领导审批。"""

    label = "挂职延期"
    model = SecondmentExtension
    permission: ClassVar[Declaration] = {**SEES, "create": EDITS, "decide": APPROVES}
    http_method_names = ["get", "post", "head", "options"]
    serializer_class = SecondmentExtensionSerializer
    create_serializer_class = SecondmentExtensionEntry
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"requested_at": ("requested_at",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("secondment__cadre", "secondment__host_unit")
        return found

    @extend_schema(
        summary="审批挂职延期", request=ExtensionDecision, responses={200: SecondmentExtensionSerializer}
    )
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str = "") -> Response:
        row, given = self.get_object(), self.given(ExtensionDecision, request)
        if not SecondmentExtension.objects.visible_to(self.viewer, APPROVES).filter(pk=row.pk).exists():
            raise PermissionDenied(OUT_OF_REACH, code="out_of_reach")
        hop = Hop(self.viewer, timezone.now(), self.viewer.on, given["answer"])
        services.decide_extension(extension=row, approved=given["approved"], hop=hop, by=self.viewer)
        return self.answer(row)
