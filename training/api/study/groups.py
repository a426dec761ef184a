"""Study groups, their members and the series over HTTP."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from core.api.serializers import ScopedRelatedField, StrictModelSerializer
from core.api.viewsets import WritableViewSet
from people.models import Cadre, Unit
from training.api.study.access import EDITING
from training.filters.study import GroupFilter
from training.models import (
    GroupMembership,
    StudyGroup,
    StudySeries,
)
from training.services.study import (
    GROUP_FIELDS,
    SERIES_FIELDS,
    add_members,
    create_group,
    create_series,
    end_membership,
    update_group,
    update_series,
)


class GroupSerializer(StrictModelSerializer):
    """党支部、支部委员会、党小组、理论学习中心组。"""

    parent = ScopedRelatedField(  # type: ignore[assignment]
        StudyGroup, label="所属支部", required=False, allow_null=True
    )
    unit = ScopedRelatedField(Unit, label="所在机构", required=False, allow_null=True)

    class Meta:
        model = StudyGroup
        fields: tuple[str, ...] = ("id", *GROUP_FIELDS)
        read_only_fields = ("id",)
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> StudyGroup:
        by = validated_data.pop("by")
        return create_group(values=validated_data, by=by)

    def update(self, instance: StudyGroup, validated_data: dict[str, Any]) -> StudyGroup:
        by = validated_data.pop("by")
        update_group(group=instance, values=validated_data, by=by)
        return instance


class GroupViewSet(WritableViewSet):
    """学习组。"""

    label = "学习组"
    model = StudyGroup
    permission = EDITING
    filterset_class = GroupFilter
    serializer_class = GroupSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("name",), "kind": ("kind", "name")}


class MembershipSerializer(StrictModelSerializer):
    group = ScopedRelatedField(StudyGroup, label="学习组编号")
    cadre = ScopedRelatedField(Cadre, label="干部编号")
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)

    class Meta:
        model = GroupMembership
        fields: tuple[str, ...] = ("id", "group", "cadre", "cadre_name", "role", "starts_on", "ends_on")
        read_only_fields = ("id", "ends_on")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> GroupMembership:
        cadre = validated_data.pop("cadre")
        return add_members(cadres=[cadre], **validated_data)[0]


class MembershipEnd(StrictModelSerializer):
    """A membership is ended, never overwritten."""

    ends_on = serializers.DateField(label="最后一天")

    class Meta:
        model = GroupMembership
        fields = ("ends_on",)

    def update(self, instance: GroupMembership, validated_data: dict[str, Any]) -> GroupMembership:
        end_membership(membership=instance, on=validated_data["ends_on"], by=validated_data["by"])
        return instance


class MembershipViewSet(WritableViewSet):
    """学习组成员。"""

    label = "学习组成员"
    model = GroupMembership
    permission = EDITING
    serializer_class = MembershipSerializer
    change_serializer_class = MembershipEnd
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"starts_on": ("starts_on",)}

    def rows(self, rows: Any) -> QuerySet[GroupMembership]:
        found: QuerySet[GroupMembership] = rows.select_related("cadre", "group__unit")
        return found


class SeriesSerializer(StrictModelSerializer):
    group = ScopedRelatedField(StudyGroup, label="学习组", required=False, allow_null=True)
    unit = ScopedRelatedField(Unit, label="参加机构", required=False, allow_null=True)

    class Meta:
        model = StudySeries
        fields: tuple[str, ...] = ("id", *SERIES_FIELDS)
        read_only_fields = ("id",)
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> StudySeries:
        by = validated_data.pop("by")
        return create_series(values=validated_data, by=by)

    def update(self, instance: StudySeries, validated_data: dict[str, Any]) -> StudySeries:
        by = validated_data.pop("by")
        update_series(series=instance, values=validated_data, by=by, on=by.on)
        return instance


class SeriesViewSet(WritableViewSet):
    """学习活动系列。"""

    label = "活动系列"
    model = StudySeries
    permission = EDITING
    serializer_class = SeriesSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("name",)}

    def rows(self, rows: Any) -> QuerySet[StudySeries]:
        found: QuerySet[StudySeries] = rows.select_related("group__unit", "unit")
        return found
