"""Training over HTTP: classes, who took part, and the hours of cadres with the lines behind them."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.permissions import Declaration
from core.api.serializers import ScopedRelatedField, StrictModelSerializer
from core.api.viewsets import ScopedViewSet, WritableViewSet
from people.api.scope import require_cadre
from people.models import Cadre
from training.choices import HourRegime, HoursStatus, Ledger
from training.filters import ClassFilter, LedgerFilter, ParticipationFilter, ledger_day, years_up_to
from training.hours import HoursSummary
from training.models import Participation, TrainingClass
from training.queries import ON_THE_LIST, HoursStatement, hours_for, hours_of, ledger_cadres
from training.services import (
    CLASS_FIELDS,
    add_participants,
    change_participation,
    create_class,
    delete_class,
    remove_participant,
    update_class,
)
from training.services.enrolment import (
    apply_for,
    approve,
    enrol_people,
    reject,
    withdraw,
    withdraw_own,
)

LIVE_FIELDS = (
    "programme",
    "state",
    "lecturer",
    "contact",
    "enrolment_way",
    "capacity",
    "seats_taken",
    "has_waiting_list",
    "enrol_opens_at",
    "enrol_closes_at",
    "cost",
    "leave_limit",
    "cancel_reason",
)
EDITING: Declaration = {
    "list": Permission.VIEW_TRAINING,
    "retrieve": Permission.VIEW_TRAINING,
    "create": Permission.EDIT_TRAINING,
    "partial_update": Permission.EDIT_TRAINING,
    "destroy": Permission.EDIT_TRAINING,
    "apply": Permission.SIGN_UP,
    "withdraw": (Permission.EDIT_TRAINING, Permission.SIGN_UP),
    "approve": Permission.EDIT_TRAINING,
    "reject": Permission.EDIT_TRAINING,
}


class ReasonInput(serializers.Serializer):
    """Why; where a reason is needed the service says so."""

    reason = serializers.CharField(label="说明", max_length=200, required=False, default="")


def amount(label: str, **options: Any) -> serializers.DecimalField:
    """Hours and days in quarters."""
    return serializers.DecimalField(max_digits=6, decimal_places=2, min_value=0, label=label, **options)


class ClassSerializer(StrictModelSerializer):
    """Days and hours left out follow from the dates and the rule in force."""

    days = amount("天数", required=False)
    hours = amount("学时", required=False)
    people = serializers.IntegerField(read_only=True, label="参训人数")

    class Meta:
        model = TrainingClass
        fields: tuple[str, ...] = (
            "id",
            *CLASS_FIELDS,
            *LIVE_FIELDS,
            "people",
            "updated_at",
        )
        read_only_fields = ("id", *LIVE_FIELDS, "updated_at")
        validators: list[Any] = []  # the service checks, in the words of the model

    def create(self, validated_data: dict[str, Any]) -> TrainingClass:
        by = validated_data.pop("by")
        return create_class(values=validated_data, by=by)


class ClassChange(ClassSerializer):
    recredit = serializers.BooleanField(
        label="同时更新已按原学时认定的学员", required=False, default=False, write_only=True
    )

    class Meta(ClassSerializer.Meta):
        fields = (*ClassSerializer.Meta.fields, "recredit")

    def update(self, instance: TrainingClass, validated_data: dict[str, Any]) -> TrainingClass:
        by, recredit = validated_data.pop("by"), validated_data.pop("recredit", False)
        update_class(training_class=instance, values=validated_data, by=by, recredit=recredit)
        return instance


class ParticipationSerializer(StrictModelSerializer):
    """What one person was credited for one class."""

    training_class = serializers.IntegerField(source="training_class_id", read_only=True, label="班次编号")
    class_name = serializers.CharField(source="training_class.name", read_only=True)
    cadre = serializers.IntegerField(source="cadre_id", read_only=True, label="干部编号")
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)

    class Meta:
        model = Participation
        fields: tuple[str, ...] = (
            "id",
            "training_class",
            "class_name",
            "cadre",
            "cadre_name",
            "state",
            "origin",
            "waiting_since",
            "hours",
            "days",
            "result",
            "certificate_no",
            "note",
        )
        read_only_fields = ("id", "state", "origin", "waiting_since")

    def update(self, instance: Participation, validated_data: dict[str, Any]) -> Participation:
        by = validated_data.pop("by")
        require_cadre(by, instance.cadre, Permission.EDIT_TRAINING)
        change_participation(participation=instance, values=validated_data, by=by)
        return instance


class ParticipationEntry(StrictModelSerializer):
    """Hours and days left out are what the class counts."""

    training_class = ScopedRelatedField(TrainingClass, label="班次编号")
    cadre = ScopedRelatedField(Cadre, label="干部编号")
    hours = amount("认定学时", required=False)
    days = amount("认定天数", required=False)

    class Meta:
        model = Participation
        fields = ("training_class", "cadre", "hours", "days", "result")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Participation:
        by, cadre = validated_data.pop("by"), validated_data.pop("cadre")
        require_cadre(by, cadre, Permission.EDIT_TRAINING)
        held: TrainingClass = validated_data["training_class"]
        if not held.is_archived:
            return enrol_people(training_class=held, cadres=[cadre], by=by, at=timezone.now())[0]
        return add_participants(cadres=[cadre], by=by, **validated_data)[0]


class ClassViewSet(WritableViewSet):
    """培训班次。"""

    label = "培训班次"
    model = TrainingClass
    permission = EDITING
    filterset_class = ClassFilter
    serializer_class = ClassSerializer
    change_serializer_class = ClassChange
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "starts_on": ("starts_on",),
        "name": ("name",),
        "hours": ("hours",),
        "people": ("people",),
    }

    def rows(self, rows: QuerySet[TrainingClass]) -> QuerySet[TrainingClass]:
        return rows.annotate(people=ON_THE_LIST)

    @extend_schema(request=None, responses={201: ParticipationSerializer})
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str = "") -> Response:
        """本人报名；报上即确认的，随即占用名额或进入候补。"""
        row = apply_for(training_class=self.get_object(), by=self.viewer, at=timezone.now())
        return Response(ParticipationSerializer(row).data, status=201)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        delete_class(training_class=self.get_object(), by=self.viewer)
        return Response(status=204)


class ParticipationViewSet(WritableViewSet):
    """参训记录与认定学时。"""

    label = "参训记录"
    model = Participation
    permission = EDITING
    filterset_class = ParticipationFilter
    serializer_class = ParticipationSerializer
    create_serializer_class = ParticipationEntry
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "starts_on": ("training_class__starts_on",),
        "hours": ("hours",),
    }

    def rows(self, rows: QuerySet[Participation]) -> QuerySet[Participation]:
        return rows.select_related("training_class", "cadre")

    @extend_schema(request=ReasonInput, responses=ParticipationSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str = "") -> Response:
        """退出：本人退出自己的报名，或由经办办理并写明原因。"""
        row, at = self.get_object(), timezone.now()
        if row.cadre_id == self.viewer.cadre_id:
            withdraw_own(participation=row, by=self.viewer, at=at)
        else:
            require_cadre(self.viewer, row.cadre, Permission.EDIT_TRAINING)
            withdraw(participation=row, by=self.viewer, at=at, reason=self._reason(request))
        return Response(self.shown(row))

    @extend_schema(request=ReasonInput, responses=ParticipationSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str = "") -> Response:
        """审批通过；没有名额的进入候补。"""
        return self._decide(request, approve)

    @extend_schema(request=ReasonInput, responses=ParticipationSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str = "") -> Response:
        """审批不通过，须写明原因。"""
        return self._decide(request, reject)

    def _decide(self, request: Request, service: Any) -> Response:
        row = self.get_object()
        require_cadre(self.viewer, row.cadre, Permission.EDIT_TRAINING)
        reason = self._reason(request)
        service(participations=[row], by=self.viewer, at=timezone.now(), reason=reason)
        return Response(self.shown(row))

    def _reason(self, request: Request) -> str:
        given = ReasonInput(data=request.data)
        given.is_valid(raise_exception=True)
        return str(given.validated_data.get("reason", ""))

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        require_cadre(self.viewer, row.cadre, Permission.EDIT_TRAINING)
        remove_participant(participation=row, by=self.viewer)
        return Response(status=204)


@dataclass(frozen=True, slots=True)
class Standing:
    """A cadre and where the cadre stands; the statement only where one cadre is asked for."""

    cadre: Any
    summary: HoursSummary
    statement: HoursStatement | None = None


class LineSerializer(serializers.Serializer):
    """One class behind the figure: what was credited, what of it falls into the period, and why."""

    participation_id = serializers.IntegerField()
    class_id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField()
    theme = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    ledger = serializers.ChoiceField(Ledger.choices)
    credited_hours = amount("认定学时")
    credited_days = amount("认定天数")
    hours = amount("计入本期学时")
    days = amount("计入本期天数")
    counted = serializers.BooleanField()
    why = serializers.CharField()
    result = serializers.CharField()


class HoursRow(serializers.Serializer):
    """Hours of one cadre in the period that holds the day `on`, against what is required."""

    cadre = serializers.IntegerField(source="cadre.pk")
    name = serializers.CharField(source="cadre.name")
    staff_no = serializers.CharField(source="cadre.staff_no", allow_null=True)
    unit_name = serializers.CharField(source="cadre.unit_name", allow_null=True)
    on = serializers.DateField(source="summary.on")
    period_first = serializers.DateField(source="summary.period.first")
    period_last = serializers.DateField(source="summary.period.last")
    regime = serializers.ChoiceField(HourRegime.choices, source="summary.regime")
    hours = amount("计入学时", source="summary.hours")
    days = amount("计入天数", source="summary.days")
    online_hours = amount("网络学时", source="summary.earned.online_hours")
    required_hours = amount("应学学时", source="summary.required_hours")
    required_days = amount("或应学天数", source="summary.required_days")
    gap_hours = amount("还差学时", source="summary.gap_hours")
    status = serializers.ChoiceField(HoursStatus.choices, source="summary.status")
    status_words = serializers.CharField(source="summary.status_words")


class HoursDetail(HoursRow):
    """With every line, so that each figure can be checked."""

    basis = serializers.CharField(source="statement.basis")
    rule_note = serializers.CharField(source="statement.rule_note")
    lines = LineSerializer(source="statement.lines", many=True)


YEAR = OpenApiParameter("year", int, description="年度；不填为今年，截至今天")


class HoursViewSet(ScopedViewSet):
    """学时台账：在职干部在本年度或五年周期内的学时。"""

    label = "学时台账"
    model = Cadre
    permission = Permission.VIEW_TRAINING
    filterset_class = LedgerFilter
    serializer_class = HoursRow
    detail_serializer_class = HoursDetail
    detail_parameters = ("year",)
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "name": ("name_pinyin",),
        "staff_no": ("staff_no",),
    }

    def get_queryset(self) -> QuerySet[Cadre]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return ledger_cadres(self.viewer)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        cadres = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        summaries = hours_for([cadre.pk for cadre in cadres], on=ledger_day(request))
        rows = [Standing(cadre, summaries[cadre.pk]) for cadre in cadres]
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    @extend_schema(parameters=[YEAR])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self._check_year(request.query_params.get("year"))
        cadre = self.get_object()
        statement = hours_of(cadre, on=ledger_day(request))
        return Response(self.get_serializer(Standing(cadre, statement.summary, statement)).data)

    def _check_year(self, year: str | None) -> None:
        known = [str(number) for number, _ in years_up_to(self.viewer.on)]
        if year is not None and year not in known:
            raise serializers.ValidationError({"year": [f"年度请填 {known[-1]}–{known[0]}。"]})
