"""Who is in the case, and what those say who were asked (征求意见)."""

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
from rotation.api.acting import Acting, Removing, account_field
from rotation.choices.plans import CaseDuty, ConsultStance
from rotation.filters.plans import OfPlanFilter
from rotation.forms.plans import MemberForm
from rotation.models import ConsultOpinion, PlanMember, RotationPlan
from rotation.services.plans import add_member, give_opinion, remove_member

READ, EDIT = Permission.VIEW_ROTATION, Permission.EDIT_ROTATION
ASKED = (READ, Permission.REVIEW_SECONDMENT)  # heads of departments are asked for their opinion
DUTIES = [choice for choice in CaseDuty.choices if choice[0] != CaseDuty.DECIDER]


class PlanMemberSerializer(StrictModelSerializer):
    name = serializers.CharField(source="user.name", read_only=True, label="姓名")

    class Meta:
        model = PlanMember
        fields = ("id", "plan", "user", "name", "duty", "added_at")
        read_only_fields = fields


class MemberEntry(StrictModelSerializer):
    plan = ScopedRelatedField(RotationPlan, label="方案编号")
    user = account_field("账号编号")
    duty = serializers.ChoiceField(choices=DUTIES, label="参与方式")

    class Meta:
        model = PlanMember
        fields = ("plan", "user", "duty")
        validators: list[Any] = []

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Those whom the page offers; others are not known here."""
        offered: Any = MemberForm(plan=data["plan"]).fields["user"]
        user = offered.queryset.filter(pk=data["user"]).first()
        if user is None:
            raise serializers.ValidationError({"user": ["没有可以加入的这个账号。"]})
        return {**data, "user": user, "duty": CaseDuty(data["duty"])}

    def create(self, validated_data: dict[str, Any]) -> PlanMember:
        return add_member(at=timezone.now(), **validated_data)


class MemberViewSet(Removing, CreatableViewSet):
    """知悉人员；参会领导由议题加入。"""

    label = "知悉人员"
    model = PlanMember
    permission: ClassVar[Declaration] = {"list": READ, "retrieve": READ, "create": EDIT, "destroy": EDIT}
    http_method_names = ["get", "post", "delete", "head", "options"]
    filterset_class = OfPlanFilter
    serializer_class = PlanMemberSerializer
    create_serializer_class = MemberEntry
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"id": ("pk",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("user", "plan")
        return found

    def remove(self, row: PlanMember) -> None:
        remove_member(member=row, by=self.viewer)


class ConsultationSerializer(StrictModelSerializer):
    name = serializers.CharField(source="user.name", read_only=True, label="被征求意见人")

    class Meta:
        model = ConsultOpinion
        fields = ("id", "plan", "name", "round", "asked_at", "stance", "words", "given_at")
        read_only_fields = fields


class ConsultBody(StrictSerializer):
    stance = serializers.ChoiceField(choices=ConsultStance.choices, label="意见")
    words = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=1000, label="具体意见"
    )


class ConsultationViewSet(Acting):
    """征求意见；被征求意见的人只见自己的。"""

    label = "征求意见"
    model = ConsultOpinion
    permission: ClassVar[Declaration] = {"list": ASKED, "retrieve": ASKED, "give": ASKED}
    http_method_names = ["get", "post", "head", "options"]
    filterset_class = OfPlanFilter
    serializer_class = ConsultationSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"asked_at": ("asked_at",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        """What others say does not lead one's own opinion."""
        asked = PlanMember.objects.visible_to(self.viewer).filter(
            user=self.viewer.user_id, duty=CaseDuty.CONSULTED
        )
        others = rows.exclude(plan__in=asked.values("plan"))
        found: QuerySet[Any] = others | rows.filter(user=self.viewer.user_id)
        return found.select_related("user", "plan")

    @extend_schema(summary="反馈意见", request=ConsultBody, responses={200: ConsultationSerializer})
    @action(detail=True, methods=["post"])
    def give(self, request: Request, pk: str = "") -> Response:
        """本人反馈一次，不能再改；不同意或有建议的须写明。"""
        row, given = self.get_object(), self.given(ConsultBody, request)
        stance = ConsultStance(given["stance"])
        give_opinion(opinion=row, stance=stance, words=given["words"], by=self.viewer, at=timezone.now())
        return self.answer(row)
