"""The dated rules of this app: versions, and a new one from a day on, by whoever keeps them for all."""

from typing import Any, ClassVar

from django.db.models import Model
from rest_framework.exceptions import PermissionDenied

from core.access import Permission, Viewer
from core.api.permissions import Declaration
from core.api.serializers import StrictModelSerializer
from core.api.viewsets import CreatableViewSet
from rotation.models import MoveRule, SecondmentRule, TenureRule
from rotation.queries.rules import NAMES
from rotation.services.rules import open_move_rule
from rotation.services.secondments.planning import RULE_FIELDS as SECONDMENT_FIELDS
from rotation.services.secondments.planning import open_secondment_rule
from rotation.services.tenure import RULE_FIELDS as TENURE_FIELDS
from rotation.services.tenure import open_tenure_rule

SEES = (Permission.VIEW_ROTATION, Permission.EDIT_RULES)
WRITES: Declaration = {"list": SEES, "retrieve": SEES, "create": Permission.EDIT_RULES}


def refuse_part(viewer: Viewer) -> None:
    """A rule counts in the whole zone: whoever looks after a part of it does not change it."""
    if not viewer.sees_all(Permission.EDIT_RULES):
        raise PermissionDenied("规则对全区生效，请由维护全区规则的人员办理。", code="out_of_reach")


class _Rule(StrictModelSerializer):
    def create(self, validated_data: dict[str, Any]) -> Model:
        by = validated_data.pop("by")
        refuse_part(by)
        return self.opened(validated_data, by)

    def opened(self, values: dict[str, Any], by: Viewer) -> Model:
        raise NotImplementedError


class TenureRuleSerializer(_Rule):
    class Meta:
        model = TenureRule
        fields = ("id", *TENURE_FIELDS, "starts_on", "ends_on")
        read_only_fields = ("ends_on",)
        validators: list[Any] = []

    def opened(self, values: dict[str, Any], by: Viewer) -> Model:
        return open_tenure_rule(values=values, by=by)


class SecondmentRuleSerializer(_Rule):
    class Meta:
        model = SecondmentRule
        fields = ("id", *SECONDMENT_FIELDS, "starts_on", "ends_on")
        read_only_fields = ("ends_on",)
        validators: list[Any] = []

    def opened(self, values: dict[str, Any], by: Viewer) -> Model:
        return open_secondment_rule(values=values, by=by)


class MoveRuleSerializer(_Rule):
    class Meta:
        model = MoveRule
        fields = ("id", *NAMES, "starts_on", "ends_on")
        read_only_fields = ("ends_on",)
        validators: list[Any] = []

    def opened(self, values: dict[str, Any], by: Viewer) -> Model:
        return open_move_rule(values=values, by=by)


class _Rules(CreatableViewSet):
    permission: ClassVar[Declaration] = WRITES
    http_method_names = ["get", "post", "head", "options"]
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"starts_on": ("starts_on",)}


class TenureRuleViewSet(_Rules):
    """任职年限规则：各版，新增即从生效日期起施行。"""

    label = "任职年限规则"
    model = TenureRule
    serializer_class = TenureRuleSerializer


class SecondmentRuleViewSet(_Rules):
    """挂职规则：各版，新增即从生效日期起施行。"""

    label = "挂职规则"
    model = SecondmentRule
    serializer_class = SecondmentRuleSerializer


class MoveRuleViewSet(_Rules):
    """核对规则：各版，新增即从生效日期起施行。"""

    label = "核对规则"
    model = MoveRule
    serializer_class = MoveRuleSerializer
