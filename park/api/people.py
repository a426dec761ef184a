"""包干到人 over HTTP: what each cadre carries and lacks, whom each leader guides, the leaders' notes."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from core.access import Permission
from core.api.permissions import Declaration
from core.api.serializers import ScopedRelatedField, StrictModelSerializer
from core.api.viewsets import CreatableViewSet, ScopedViewSet
from park.filters.field import CadreLoadFilter, LeaderFilter
from park.models import LeaderNote
from park.queries.assignments import leaders_with_load, to_be_placed, with_gap
from park.services.assignments import write_leader_note
from people.models import Cadre

NOTING: Declaration = {
    "list": Permission.APPROVE_PARK,
    "retrieve": Permission.APPROVE_PARK,
    "create": Permission.APPROVE_PARK,
}


class _Carrying(StrictModelSerializer):
    unit = serializers.IntegerField(source="unit_id_at", read_only=True, label="部门编号")
    post = serializers.CharField(source="post_title", read_only=True, label="职务")
    tasks = serializers.IntegerField(source="tasks_n", read_only=True, label="任务数")


class CadreLoadSerializer(_Carrying):
    projects = serializers.IntegerField(source="projects_n", read_only=True, label="项目数")
    enterprises = serializers.IntegerField(source="enterprises_n", read_only=True, label="企业数")
    load = serializers.IntegerField(source="load_n", read_only=True, label="合计")
    lead_officials = serializers.IntegerField(source="officials_n", read_only=True, label="带教领导数")
    gap = serializers.CharField(read_only=True, label="缺口")

    class Meta:
        model = Cadre
        fields = (
            "id",
            "name",
            "unit",
            "post",
            "projects",
            "enterprises",
            "tasks",
            "load",
            "lead_officials",
            "gap",
        )


class LeaderLoadSerializer(_Carrying):
    people = serializers.IntegerField(source="people_n", read_only=True, label="带教人数")
    items = serializers.IntegerField(source="items_n", read_only=True, label="项目和企业数")

    class Meta:
        model = Cadre
        fields = ("id", "name", "unit", "post", "people", "items", "tasks")


class _PeopleViewSet(ScopedViewSet):
    model = Cadre
    permission = Permission.VIEW_PARK

    def people(self) -> Any:
        return Cadre.objects.visible_to(self.viewer, Permission.VIEW_PARK).with_position(self.viewer.on)


class CadreLoadViewSet(_PeopleViewSet):
    """包干负荷和缺口：每名干部今天承担几项、由几名领导带教、缺什么。"""

    label = "包干负荷"
    filterset_class = CadreLoadFilter
    serializer_class = CadreLoadSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"load": ("load_n",), "name": ("name_pinyin",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        return with_gap(to_be_placed(self.people(), self.viewer.on), self.viewer.on)


class LeaderLoadViewSet(_PeopleViewSet):
    """领导带教：每名领导今天带教几人、负责几项。"""

    label = "领导带教"
    filterset_class = LeaderFilter
    serializer_class = LeaderLoadSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "people": ("people_n",),
        "name": ("name_pinyin",),
    }

    def rows(self, rows: Any) -> QuerySet[Any]:
        return leaders_with_load(self.people(), self.viewer.on)


class LeaderNoteSerializer(StrictModelSerializer):
    class Meta:
        model = LeaderNote
        fields = ("id", "leader", "cadre", "year", "quarter", "text")


class LeaderNoteEntry(StrictModelSerializer):
    """The leader's own note of this quarter on a person they guide; sent again, it is rewritten."""

    cadre = ScopedRelatedField(Cadre, label="干部编号")

    class Meta:
        model = LeaderNote
        fields = ("cadre", "text")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> LeaderNote:
        by, cadre = validated_data["by"], validated_data["cadre"]
        leader = Cadre.objects.visible_to(by).filter(pk=by.cadre_id or 0).first()
        if leader is None:
            message = "带教记录由带教领导本人登记；当前账号没有对应的干部。"
            raise serializers.ValidationError({"cadre": message})
        return write_leader_note(leader=leader, cadre=cadre, text=validated_data["text"], by=by, on=by.on)


class LeaderNoteViewSet(CreatableViewSet):
    """季度带教记录：带教领导登记本季度的，审批人员可以读；干部本人不读。"""

    label = "带教记录"
    model = LeaderNote
    permission = NOTING
    serializer_class = LeaderNoteSerializer
    create_serializer_class = LeaderNoteEntry
    http_method_names = ["get", "post", "head", "options"]
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"quarter": ("year", "quarter")}
