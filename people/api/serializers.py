"""What the register shows to whom: the basic card, the record with VIEW_RESUME, the rest with VIEW_FAMILY."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.access import Permission
from core.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
from people.api.scope import private_allowed, require_cadre, require_unit
from people.identity import mask_identity, mask_phone
from people.models import (
    AnnualAppraisal,
    Appointment,
    Cadre,
    Education,
    FamilyMember,
    Honour,
    KinTie,
    Post,
    ResumeEntry,
    Unit,
)
from people.services import appointments as appointment_services
from people.services import units as unit_services
from people.services.cadres import update_cadre
from people.services.entry import enter_cadre

BASIC_FIELDS = (
    "id",
    "staff_no",
    "name",
    "sex",
    "birth_month",
    "political_status",
    "staff_type",
    "rank",
    "leadership_level",
    "status",
    "unit",
    "unit_name",
    "post_title",
    "post_since",
    "updated_at",
)
CARD_FIELDS = (
    "former_name",
    "ethnicity",
    "native_place",
    "birthplace",
    "party_joined_on",
    "work_started_on",
    "rank_since",
    "professional_title",
    "specialty",
)
# Left out: stored keys and the photo; the rest is what people.services.cadres accepts.
WRITABLE_FIELDS = (
    "staff_no",
    "name",
    "sex",
    "birth_month",
    "political_status",
    "staff_type",
    "rank",
    "leadership_level",
    "status",
    *CARD_FIELDS,
    "party_note",
    "retirement_month",
    "health",
    "reward_text",
    "appraisal_text",
    "note",
    "id_number",
    "phone",
    "address",
)


class CadreRow(StrictModelSerializer):
    """The basic card: everyone who may see the cadre may see this."""

    unit = serializers.IntegerField(source="unit_id_at", read_only=True, allow_null=True)
    unit_name = serializers.CharField(read_only=True, allow_null=True)
    post_title = serializers.CharField(read_only=True, allow_null=True)
    post_since = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = Cadre
        fields: tuple[str, ...] = BASIC_FIELDS
        read_only_fields: tuple[str, ...] = BASIC_FIELDS


class ResumeItem(serializers.ModelSerializer):
    class Meta:
        model = ResumeEntry
        fields = ("starts_on", "ends_on", "text", "parent")


class EducationItem(serializers.ModelSerializer):
    class Meta:
        model = Education
        fields = ("mode", "level", "degree", "level_school", "degree_school")


class AppraisalItem(serializers.ModelSerializer):
    class Meta:
        model = AnnualAppraisal
        fields = ("year", "grade", "note")


class HonourItem(serializers.ModelSerializer):
    class Meta:
        model = Honour
        fields = ("kind", "title", "awarded_on", "awarding_body", "deed")


class FamilyItem(serializers.ModelSerializer):
    # Encrypted on disk: the model's own field says nothing that a generator could read.
    name = serializers.CharField()
    workplace = serializers.CharField()

    class Meta:
        model = FamilyMember
        fields = ("relation", "name", "birth_month", "political_status", "workplace")


class RecordPart(serializers.ModelSerializer):
    """What needs 「查看简历与考核」."""

    resume = ResumeItem(many=True)
    education = EducationItem(many=True)
    appraisals = AppraisalItem(many=True)
    honours = HonourItem(many=True)

    class Meta:
        model = Cadre
        fields = (
            "health",
            "retirement_month",
            "party_note",
            "reward_text",
            "appraisal_text",
            "note",
            "resume",
            "education",
            "appraisals",
            "honours",
        )


class PrivatePart(serializers.ModelSerializer):
    """What needs 「查看家庭成员、身份证号和联系方式」, masked; only the page shows a number, one by one."""

    id_number = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()

    class Meta:
        model = Cadre
        fields = ("id_number", "phone")

    def get_id_number(self, cadre: Cadre) -> str:
        return mask_identity(cadre.id_number)

    def get_phone(self, cadre: Cadre) -> str:
        return mask_phone(cadre.phone)


class CadreDetail(CadreRow):
    """`record` and `private` are null for whoever may not read them on this cadre."""

    record = serializers.SerializerMethodField()
    private = serializers.SerializerMethodField()

    class Meta(CadreRow.Meta):
        fields = (*BASIC_FIELDS, *CARD_FIELDS, "record", "private")
        read_only_fields = fields

    @extend_schema_field(RecordPart(allow_null=True))
    def get_record(self, cadre: Cadre) -> Mapping[str, Any] | None:
        allowed = private_allowed(self.viewer, cadre, Permission.VIEW_RESUME)
        return RecordPart(cadre).data if allowed else None

    @extend_schema_field(PrivatePart(allow_null=True))
    def get_private(self, cadre: Cadre) -> Mapping[str, Any] | None:
        allowed = private_allowed(self.viewer, cadre, Permission.VIEW_FAMILY)
        return PrivatePart(cadre).data if allowed else None


class Position(StrictSerializer):
    """Where a new cadre works; it decides in whose scope the record lies."""

    unit = ScopedRelatedField(Unit, label="机构")
    title = serializers.CharField(label="职务", max_length=100)
    starts_on = serializers.DateField(label="任职时间")


class CadreWrite(StrictModelSerializer):
    """`seen_at` is the `updated_at` you started from: with it, a change made in between is not lost."""

    id_number = serializers.CharField(label="身份证号", max_length=18, allow_blank=True, required=False)
    phone = serializers.CharField(label="联系电话", max_length=20, allow_blank=True, required=False)
    address = serializers.CharField(label="住址", max_length=200, allow_blank=True, required=False)
    seen_at = serializers.DateTimeField(label="读取时的 updated_at", required=False, write_only=True)

    class Meta:
        model = Cadre
        fields: tuple[str, ...] = (*WRITABLE_FIELDS, "seen_at")

    def update(self, instance: Cadre, validated_data: dict[str, Any]) -> Cadre:
        by, seen_at = validated_data.pop("by"), validated_data.pop("seen_at", None)
        require_cadre(by, instance)
        return update_cadre(cadre=instance, values=validated_data, by=by, seen_at=seen_at)


class CadreEntry(CadreWrite):
    position = Position(write_only=True, label="现任职务")

    class Meta(CadreWrite.Meta):
        fields = (*WRITABLE_FIELDS, "position")

    seen_at = None  # type: ignore[assignment]

    def create(self, validated_data: dict[str, Any]) -> Cadre:
        by, position = validated_data.pop("by"), validated_data.pop("position")
        require_unit(by, Permission.EDIT_CADRE, position["unit"])
        return enter_cadre(values=validated_data, position=position, by=by)


class UnitSerializer(StrictModelSerializer):
    parent = ScopedRelatedField(  # type: ignore[assignment]
        Unit, allow_null=True, required=False, label="上级机构"
    )
    code = serializers.CharField(label="机构代码", max_length=32, required=False)

    class Meta:
        model = Unit
        fields = ("id", "code", "name", "short_name", "kind", "parent", "display_order", "closed_on")
        read_only_fields = ("id", "closed_on")
        validators: list[Any] = []  # the service checks, in the words of the model

    def create(self, validated_data: dict[str, Any]) -> Unit:
        by = validated_data.pop("by")
        require_unit(by, Permission.EDIT_UNIT, validated_data.get("parent"))
        return unit_services.create_unit(values=validated_data, by=by)

    def update(self, instance: Unit, validated_data: dict[str, Any]) -> Unit:
        by = validated_data.pop("by")
        require_unit(by, Permission.EDIT_UNIT, instance)
        if "parent" in validated_data:
            require_unit(by, Permission.EDIT_UNIT, validated_data["parent"])
        unit_services.update_unit(unit=instance, values=validated_data, by=by)
        return instance


class PostSerializer(StrictModelSerializer):
    unit = ScopedRelatedField(Unit, label="所属机构")
    unit_name = serializers.CharField(source="unit.name", read_only=True)

    class Meta:
        model = Post
        fields = (
            "id",
            "unit",
            "unit_name",
            "title",
            "post_class",
            "level",
            "headcount",
            "display_order",
            "abolished_on",
        )
        read_only_fields = ("id", "abolished_on")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Post:
        by = validated_data.pop("by")
        require_unit(by, Permission.EDIT_UNIT, validated_data["unit"])
        return unit_services.create_post(values=validated_data, by=by)

    def update(self, instance: Post, validated_data: dict[str, Any]) -> Post:
        by = validated_data.pop("by")
        for unit in {instance.unit, validated_data.get("unit", instance.unit)}:
            require_unit(by, Permission.EDIT_UNIT, unit)
        unit_services.update_post(post=instance, values=validated_data, by=by)
        return instance


class AppointmentSerializer(StrictModelSerializer):
    """`unit` inside the zone, `organisation` outside it; `cadre` cannot change afterwards."""

    cadre = ScopedRelatedField(Cadre, label="干部")
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)
    unit = ScopedRelatedField(Unit, allow_null=True, required=False, label="机构")
    post = ScopedRelatedField(Post, allow_null=True, required=False, label="岗位")
    place = serializers.CharField(read_only=True)

    class Meta:
        model = Appointment
        fields = (
            "id",
            "cadre",
            "cadre_name",
            "kind",
            "unit",
            "post",
            "organisation",
            "place",
            "title",
            "is_main",
            "starts_on",
            "ends_on",
            "document_no",
            "note",
        )
        read_only_fields = ("id",)

    def create(self, validated_data: dict[str, Any]) -> Appointment:
        by, cadre = validated_data.pop("by"), validated_data.pop("cadre")
        require_cadre(by, cadre)
        if unit := validated_data.get("unit"):
            require_unit(by, Permission.EDIT_CADRE, unit)
        return appointment_services.appoint(cadre=cadre, values=validated_data, by=by)

    def update(self, instance: Appointment, validated_data: dict[str, Any]) -> Appointment:
        by = validated_data.pop("by")
        require_cadre(by, instance.cadre)
        if unit := validated_data.get("unit"):
            require_unit(by, Permission.EDIT_CADRE, unit)
        appointment_services.change_appointment(appointment=instance, values=validated_data, by=by)
        return instance


class AppointmentChange(AppointmentSerializer):
    cadre = serializers.IntegerField(source="cadre_id", read_only=True)  # type: ignore[assignment]


class KinTieSerializer(StrictModelSerializer):
    class Meta:
        model = KinTie
        fields = ("id", "cadre", "relative", "relation", "confirmed_at")
