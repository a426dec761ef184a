"""Tenures and situations of posts over HTTP, as of the viewer's day or `?on=`; nothing is written."""

from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from core.access import Permission
from core.api.permissions import Declaration
from core.api.serializers import StrictModelSerializer
from core.api.viewsets import ScopedViewSet
from people.choices import CadreStatus
from people.models import Cadre, Post
from rotation.filters.tenure import PostFilter, TenureFilter, day_asked
from rotation.queries.posts import holders_of, open_posts, successors_of, with_situation
from rotation.queries.tenure import tenures

SEES: Declaration = {"list": Permission.VIEW_ROTATION, "retrieve": Permission.VIEW_ROTATION}


class _AsOf(ScopedViewSet):
    """Rows of one page are completed together, in a constant number of queries."""

    permission = SEES

    @property
    def day(self) -> date:
        return day_asked(self.request.query_params, self.viewer)

    def paginate_queryset(self, queryset: Any) -> Any:
        return self.completed(super().paginate_queryset(queryset))

    def get_object(self) -> Any:
        return self.completed([super().get_object()])[0]

    def completed(self, rows: Any) -> Any:
        raise NotImplementedError


class TenureSerializer(StrictModelSerializer):
    unit = serializers.CharField(source="unit_name", read_only=True, label="部门")
    post = serializers.CharField(source="post_title", read_only=True, label="岗位")
    since = serializers.DateField(read_only=True, label="任现岗起")
    months = serializers.IntegerField(read_only=True, label="已任（月）")
    level_months = serializers.IntegerField(read_only=True, label="同层次累计（月）")
    status = serializers.CharField(read_only=True, label="年限状态")
    due_on = serializers.DateField(read_only=True, label="到限日期")
    hard_on = serializers.DateField(read_only=True, label="必须交流日期")
    extended_until = serializers.DateField(read_only=True, label="延长至")

    class Meta:
        model = Cadre
        fields = (
            "id",
            "name",
            "unit",
            "post",
            "since",
            "months",
            "level_months",
            "status",
            "due_on",
            "hard_on",
            "extended_until",
            "retirement_month",
        )


class TenureViewSet(_AsOf):
    """任职年限，按 `on` 当天计算。"""

    label = "任职年限"
    model = Cadre
    filterset_class = TenureFilter
    serializer_class = TenureSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"since": ("post_since",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        """Of those whom the viewer may plan for: fewer than those whose record may be seen."""
        reach: Any = Cadre.objects.visible_to(self.viewer, Permission.VIEW_ROTATION)
        found: QuerySet[Any] = reach.filter(status=CadreStatus.ACTIVE).as_of(self.day)
        return found

    def completed(self, rows: Any) -> Any:
        found = tenures([row.pk for row in rows], self.day)
        names = ("since", "months", "level_months", "status", "due_on", "hard_on", "extended_until")
        for row in rows:
            for name in names:
                setattr(row, name, getattr(found.get(row.pk), name, None))
        return rows


class PostSituationSerializer(StrictModelSerializer):
    unit = serializers.CharField(source="unit.name", read_only=True, label="部门")
    vacancies = serializers.SerializerMethodField(label="空缺")
    holders = serializers.ListField(read_only=True, label="任职人员")
    successors = serializers.ListField(source="ready", read_only=True, label="后备人选")

    class Meta:
        model = Post
        fields = (
            "id",
            "unit",
            "title",
            "post_class",
            "level",
            "headcount",
            "vacancies",
            "holders",
            "successors",
        )

    def get_vacancies(self, post: Any) -> int:
        return max(0, int(post.wanted) - int(post.holder_count))


class PostSituationViewSet(_AsOf):
    """岗位：任职人员、空缺和后备。"""

    label = "岗位和后备"
    model = Post
    filterset_class = PostFilter
    serializer_class = PostSituationSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"title": ("title",)}

    def rows(self, rows: QuerySet[Post]) -> QuerySet[Any]:
        known = rows.filter(pk__in=open_posts(self.day).values("pk"))
        return with_situation(known.select_related("unit"), self.day)  # type: ignore[no-any-return]

    def completed(self, rows: Any) -> Any:
        ids = [row.pk for row in rows]
        held, ready = holders_of(self.day, ids), successors_of(self.day, ids)
        for row in rows:
            row.holders = [
                {"cadre": one.cadre_id, "name": one.name, "since": one.since} for one in held.get(row.pk, ())
            ]
            row.ready = [
                {"cadre": one.cadre_id, "name": one.name, "readiness": one.readiness}
                for one in ready.get(row.pk, ())
            ]
        return rows
