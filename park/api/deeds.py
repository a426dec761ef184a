"""先进事迹 and 领导小组 over HTTP: nominated, changed, read; the other steps are taken on the pages."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from rest_framework import serializers

from core.access import Permission
from core.api.serializers import ScopedRelatedField, StrictModelSerializer
from core.api.viewsets import ScopedViewSet, WritableViewSet
from park.api.field import EDITING
from park.filters.deeds import DeedFilter, MemberFilter
from park.models import Deed, GroupMember, LeadingGroup
from park.services import deeds as deed_services
from park.services import groups as group_services
from people.models import Cadre


class DeedSerializer(StrictModelSerializer):
    class Meta:
        model = Deed
        fields = (
            "id",
            "cadre",
            "unit",
            "title",
            "text",
            "state",
            "nominated_on",
            "verified_on",
            "verified_note",
            "announced_on",
            "announced_until",
            "published_on",
            "refused_on",
            "reason",
        )


class DeedEntry(StrictModelSerializer):
    cadre = ScopedRelatedField(Cadre, label="干部编号")

    class Meta:
        model = Deed
        fields = ("cadre", "title", "text")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Deed:
        by, cadre = validated_data.pop("by"), validated_data.pop("cadre")
        if not Cadre.objects.visible_to(by, Permission.EDIT_PARK).filter(pk=cadre.pk).exists():
            raise Http404
        return deed_services.nominate(cadre=cadre, by=by, on=by.on, **validated_data)


class DeedChange(StrictModelSerializer):
    class Meta:
        model = Deed
        fields = ("title", "text")
        validators: list[Any] = []

    def update(self, instance: Deed, validated_data: dict[str, Any]) -> Deed:
        by = validated_data.pop("by")
        if not Deed.objects.visible_to(by, Permission.EDIT_PARK).filter(pk=instance.pk).exists():
            raise Http404
        values = {"title": instance.title, "text": instance.text, **validated_data}
        deed_services.change_deed(deed=instance, by=by, **values)
        return instance


class DeedViewSet(WritableViewSet):
    """先进事迹；核实前可以修改，核实、公示和发布在页面上办理。"""

    label = "先进事迹"
    model = Deed
    permission = EDITING
    filterset_class = DeedFilter
    serializer_class = DeedSerializer
    create_serializer_class = DeedEntry
    change_serializer_class = DeedChange
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"nominated_on": ("nominated_on",)}


class LeadingGroupSerializer(StrictModelSerializer):
    class Meta:
        model = LeadingGroup
        fields = ("id", *group_services.GROUP_FIELDS, "ended_on")


class GroupEntry(StrictModelSerializer):
    """A leading group is the whole zone's: whoever looks after a part of it does not write it."""

    class Meta:
        model = LeadingGroup
        fields = group_services.GROUP_FIELDS
        validators: list[Any] = []

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if not self.viewer.sees_all(Permission.EDIT_PARK):
            raise serializers.ValidationError("领导小组由全区统一登记。")
        return data

    def create(self, validated_data: dict[str, Any]) -> LeadingGroup:
        by = validated_data.pop("by")
        return group_services.found_group(values=validated_data, by=by)

    def update(self, instance: LeadingGroup, validated_data: dict[str, Any]) -> LeadingGroup:
        by = validated_data.pop("by")
        group_services.change_group(group=instance, values=validated_data, by=by)
        return instance


class GroupViewSet(WritableViewSet):
    """领导小组；成员的进出和撤销在页面上办理。"""

    label = "领导小组"
    model = LeadingGroup
    permission = EDITING
    serializer_class = LeadingGroupSerializer
    create_serializer_class = GroupEntry
    change_serializer_class = GroupEntry
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"founded_on": ("founded_on",)}


class GroupMemberSerializer(StrictModelSerializer):
    name = serializers.CharField(source="cadre.name", read_only=True, label="姓名")

    class Meta:
        model = GroupMember
        fields = ("id", "group", "cadre", "name", "role", "post_name", "starts_on", "ends_on")


class GroupMemberViewSet(ScopedViewSet):
    """领导小组成员，含历任。"""

    label = "领导小组成员"
    model = GroupMember
    permission = Permission.VIEW_PARK
    filterset_class = MemberFilter
    serializer_class = GroupMemberSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"starts_on": ("starts_on",)}

    def rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("cadre")
