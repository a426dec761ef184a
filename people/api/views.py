"""Endpoints of the register."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.permissions import Need, Open
from core.api.viewsets import ScopedViewSet, WritableViewSet
from core.audit import record
from core.choices import AuditAction
from people.api.filters import AppointmentFilter
from people.api.serializers import (
    AppointmentChange,
    AppointmentSerializer,
    CadreDetail,
    CadreEntry,
    CadreRow,
    CadreWrite,
    FamilyItem,
    KinTieSerializer,
    PostSerializer,
    UnitSerializer,
)
from people.filters import CadreFilter, KinTieFilter, PostFilter, UnitFilter
from people.models import Appointment, Cadre, KinTie, Post, Unit


def reads_and_writes(read: Permission | Open, write: Permission) -> dict[str, Need]:
    return {"list": read, "retrieve": read, "create": write, "partial_update": write}


class CadreViewSet(WritableViewSet):
    """干部：基本信息、简历与考核、家庭成员（按权限）。"""

    label = "干部"
    model = Cadre
    permission = reads_and_writes(Permission.VIEW_CADRE, Permission.EDIT_CADRE) | {
        "family": Permission.VIEW_FAMILY
    }
    filterset_class = CadreFilter
    serializer_class = CadreRow
    detail_serializer_class = CadreDetail
    create_serializer_class = CadreEntry
    change_serializer_class = CadreWrite
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "name": ("name_pinyin",),
        "strokes": ("name_stroke_key",),
        "staff_no": ("staff_no",),
        "birth_month": ("birth_month",),
        "rank": ("rank_order",),
        "post_since": ("post_since",),
    }

    def rows(self, rows: Any) -> QuerySet[Cadre]:
        placed: QuerySet[Cadre] = rows.with_position(self.viewer.on)
        return placed

    @extend_schema(summary="查看家庭成员（留痕）", responses={200: FamilyItem(many=True)}, filters=False)
    @action(detail=True, pagination_class=None)
    def family(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Apart from the card, because each reading is recorded."""
        cadre = get_object_or_404(
            Cadre.objects.visible_to(self.viewer, Permission.VIEW_FAMILY), pk=kwargs["pk"]
        )
        record(action=AuditAction.CADRE_READ, by=self.viewer, subject=cadre, label=f"{cadre}·家庭成员")
        return Response(FamilyItem(cadre.family.all(), many=True).data)


class UnitViewSet(WritableViewSet):
    """机构树。"""

    label = "机构"
    model = Unit
    permission = reads_and_writes(Open.LOGGED_IN, Permission.EDIT_UNIT)
    filterset_class = UnitFilter
    serializer_class = UnitSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "order": ("path",),
        "code": ("code",),
        "name": ("name",),
    }


class PostViewSet(WritableViewSet):
    """岗位。"""

    label = "岗位"
    model = Post
    permission = reads_and_writes(Open.LOGGED_IN, Permission.EDIT_UNIT)
    filterset_class = PostFilter
    serializer_class = PostSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"title": ("title",)}

    def rows(self, rows: QuerySet[Post]) -> QuerySet[Post]:
        return rows.select_related("unit")


class AppointmentViewSet(WritableViewSet):
    """任职、挂职、借调。"""

    label = "任职"
    model = Appointment
    permission = reads_and_writes(Permission.VIEW_CADRE, Permission.EDIT_CADRE)
    filterset_class = AppointmentFilter
    serializer_class = AppointmentSerializer
    change_serializer_class = AppointmentChange
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "starts_on": ("starts_on",),
        "ends_on": ("ends_on",),
    }

    def rows(self, rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
        return rows.select_related("cadre", "unit")


class KinTieViewSet(ScopedViewSet):
    """亲属关系：已核实的和待核实的。"""

    label = "亲属关系"
    model = KinTie
    permission: ClassVar[dict[str, Need]] = {
        "list": Permission.EDIT_CADRE,
        "retrieve": Permission.EDIT_CADRE,
    }
    filterset_class = KinTieFilter
    serializer_class = KinTieSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"confirmed_at": ("confirmed_at",)}
