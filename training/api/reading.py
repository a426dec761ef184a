"""Articles and who has read them, needs, contests, quizzes and evaluations over HTTP."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.permissions import Declaration
from core.api.serializers import ScopedRelatedField, StrictModelSerializer
from core.api.viewsets import CreatableViewSet, ScopedViewSet, WritableViewSet
from people.models import Unit
from training.access import EDITS_ARTICLES
from training.choices import Audience
from training.filters.articles import ArticleFilter
from training.filters.contests import ContestFilter
from training.filters.evaluations import EvaluationFilter
from training.filters.needs import NeedFilter
from training.filters.quizzes import QuizFilter
from training.models import (
    Article,
    Contest,
    ContestEntry,
    Evaluation,
    Quiz,
    QuizAttempt,
    Reading,
    StudyGroup,
    TrainingNeed,
)
from training.queries.contests import contest_list
from training.queries.evaluations import results_of
from training.services.articles import ARTICLE_FIELDS, change_article, confirm_reading, publish_article
from training.services.needs import change_need, file_need

READ = Permission.VIEW_TRAINING


class ArticleSerializer(StrictModelSerializer):
    """`unit` with the audience "unit", `group` with "group"; a must-read has a deadline."""

    unit = ScopedRelatedField(Unit, label="部门编号", required=False, allow_null=True)
    group = ScopedRelatedField(StudyGroup, label="学习组编号", required=False, allow_null=True)

    class Meta:
        model = Article
        fields = ("id", *ARTICLE_FIELDS, "published_on", "withdrawn_at", "updated_at")
        read_only_fields = ("id", "published_on", "withdrawn_at", "updated_at")
        validators: list[Any] = []  # the service checks, in the words of the model

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name, audience in (("unit", Audience.UNIT), ("group", Audience.GROUP)):
            if attrs.get("audience", audience) != audience:
                attrs[name] = None
        return attrs

    def create(self, validated_data: dict[str, Any]) -> Article:
        by = validated_data.pop("by")
        return publish_article(values=validated_data, by=by, on=by.on, at=timezone.now())

    def update(self, instance: Article, validated_data: dict[str, Any]) -> Article:
        by = validated_data.pop("by")
        change_article(article=instance, values=validated_data, by=by, on=by.on, at=timezone.now())
        return instance


class ArticleViewSet(WritableViewSet):
    """引学文章；附件在网页上传。"""

    label = "引学文章"
    model = Article
    permission: ClassVar[Declaration] = {
        "list": READ,
        "retrieve": READ,
        "create": EDITS_ARTICLES,
        "partial_update": EDITS_ARTICLES,
    }
    filterset_class = ArticleFilter
    serializer_class = ArticleSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "published_on": ("published_on",),
        "due_on": ("due_on",),
    }


class ArticleReadingSerializer(StrictModelSerializer):
    """The own confirmation is created with the article alone."""

    article = ScopedRelatedField(Article, label="文章编号")
    cadre = serializers.IntegerField(source="cadre_id", read_only=True)
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)

    class Meta:
        model = Reading
        fields = ("id", "article", "cadre", "cadre_name", "read_at", "way", "registered_by")
        read_only_fields = ("id", "read_at", "way", "registered_by")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Reading:
        by = validated_data.pop("by")
        return confirm_reading(article=validated_data["article"], by=by, at=timezone.now())


class ReadingViewSet(CreatableViewSet):
    """阅读记录；POST 为本人确认阅读，重复提交不重复计。"""

    label = "阅读记录"
    model = Reading
    permission: ClassVar[Declaration] = {"list": READ, "retrieve": READ, "create": Permission.SIGN_UP}
    serializer_class = ArticleReadingSerializer
    http_method_names = ["get", "post", "head", "options"]
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"read_at": ("read_at",)}

    def rows(self, rows: QuerySet[Reading]) -> QuerySet[Reading]:
        return rows.select_related("cadre")


class NeedSerializer(StrictModelSerializer):
    """A department's need; wishes of cadres are made on the page by themselves."""

    unit = ScopedRelatedField(Unit, label="部门编号")
    cadre = serializers.IntegerField(source="cadre_id", read_only=True, allow_null=True)

    class Meta:
        model = TrainingNeed
        fields: tuple[str, ...] = (
            "id",
            "origin",
            "unit",
            "cadre",
            "theme",
            "topic",
            "reason",
            "people",
            "wanted_by",
            "filed_on",
            "closed_on",
            "close_reason",
            "programmes",
        )
        read_only_fields = ("id", "origin", "filed_on", "closed_on", "close_reason", "programmes")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> TrainingNeed:
        by, unit = validated_data.pop("by"), validated_data.pop("unit")
        return file_need(unit=unit, values=validated_data, by=by, on=by.on)


class NeedChange(NeedSerializer):
    unit = serializers.IntegerField(source="unit_id", read_only=True)  # type: ignore[assignment]

    def update(self, instance: TrainingNeed, validated_data: dict[str, Any]) -> TrainingNeed:
        by = validated_data.pop("by")
        change_need(need=instance, values=validated_data, by=by)
        return instance


class NeedViewSet(WritableViewSet):
    """培训需求。"""

    label = "培训需求"
    model = TrainingNeed
    permission: ClassVar[Declaration] = {
        "list": READ,
        "retrieve": READ,
        "create": Permission.NOMINATE,
        "partial_update": Permission.NOMINATE,
    }
    filterset_class = NeedFilter
    serializer_class = NeedSerializer
    change_serializer_class = NeedChange
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"filed_on": ("filed_on",)}

    def rows(self, rows: QuerySet[TrainingNeed]) -> QuerySet[TrainingNeed]:
        return rows.prefetch_related("programmes")


class ContestSerializer(StrictModelSerializer):
    entered = serializers.IntegerField(read_only=True, label="作品数")

    class Meta:
        model = Contest
        fields = (
            "id",
            "title",
            "kind",
            "theme",
            "rules",
            "entries_until",
            "judging_until",
            "state",
            "published_on",
            "entered",
        )


class ContestViewSet(ScopedViewSet):
    """比拼。"""

    label = "比拼"
    model = Contest
    permission = READ
    filterset_class = ContestFilter
    serializer_class = ContestSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"entries_until": ("entries_until",)}

    def get_queryset(self) -> QuerySet[Contest]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return contest_list(self.viewer)


class ContestEntrySerializer(StrictModelSerializer):
    """Points, rank and award only of what is published."""

    cadre_name = serializers.CharField(source="cadre.name", read_only=True)
    score = serializers.SerializerMethodField()
    rank = serializers.SerializerMethodField()
    award = serializers.SerializerMethodField()

    class Meta:
        model = ContestEntry
        fields = ("id", "contest", "cadre", "cadre_name", "title", "submitted_at", "score", "rank", "award")

    def get_score(self, entry: ContestEntry) -> str | None:
        return str(entry.score) if entry.contest.published_on and entry.score is not None else None

    def get_rank(self, entry: ContestEntry) -> int | None:
        return entry.rank if entry.contest.published_on else None

    def get_award(self, entry: ContestEntry) -> str:
        return entry.award if entry.contest.published_on else ""


class ContestEntryViewSet(ScopedViewSet):
    """参赛作品。"""

    label = "参赛作品"
    model = ContestEntry
    permission = READ
    serializer_class = ContestEntrySerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"submitted_at": ("submitted_at",)}

    def rows(self, rows: QuerySet[ContestEntry]) -> QuerySet[ContestEntry]:
        return rows.select_related("contest", "cadre")


class QuizSerializer(StrictModelSerializer):
    class Meta:
        model = Quiz
        fields = (
            "id",
            "title",
            "theme",
            "training_class",
            "article",
            "audience",
            "unit",
            "group",
            "pass_mark",
            "attempts_allowed",
            "opens_on",
            "due_on",
            "closed_on",
        )


class QuizViewSet(ScopedViewSet):
    """测验。"""

    label = "测验"
    model = Quiz
    permission = READ
    filterset_class = QuizFilter
    serializer_class = QuizSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"due_on": ("due_on",)}


class QuizAttemptSerializer(StrictModelSerializer):
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)

    class Meta:
        model = QuizAttempt
        fields = ("id", "quiz", "cadre", "cadre_name", "number", "source", "taken_at", "score", "passed")


class AttemptViewSet(ScopedViewSet):
    """测验成绩。"""

    label = "测验成绩"
    model = QuizAttempt
    permission = READ
    serializer_class = QuizAttemptSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"taken_at": ("taken_at",)}

    def rows(self, rows: QuerySet[QuizAttempt]) -> QuerySet[QuizAttempt]:
        return rows.select_related("cadre")


class EvaluationSerializer(StrictModelSerializer):
    """Averages are null while they may not be shown (not over, or fewer than five sheets)."""

    class_name = serializers.CharField(source="training_class.name", read_only=True)
    lecturer = serializers.CharField(source="training_class.lecturer", read_only=True)
    answered = serializers.IntegerField(source="result.answered", read_only=True)
    asked = serializers.IntegerField(source="result.asked", read_only=True)
    class_average = serializers.DecimalField(
        source="result.class_average", max_digits=4, decimal_places=2, read_only=True
    )
    lecturer_average = serializers.DecimalField(
        source="result.lecturer_average", max_digits=4, decimal_places=2, read_only=True
    )

    class Meta:
        model = Evaluation
        fields = (
            "id",
            "training_class",
            "class_name",
            "lecturer",
            "opened_on",
            "closes_on",
            "closed_on",
            "asked",
            "answered",
            "class_average",
            "lecturer_average",
        )


class EvaluationViewSet(ScopedViewSet):
    """学员评价汇总。"""

    label = "学员评价"
    model = Evaluation
    permission = READ
    filterset_class = EvaluationFilter
    serializer_class = EvaluationSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"opened_on": ("opened_on",)}

    def rows(self, rows: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
        if not self.viewer.paths(READ):  # results are for those who answer for others
            return rows.none()
        return rows.select_related("training_class")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(self.get_serializer(self._with_results(page), many=True).data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        (row,) = self._with_results([self.get_object()])
        return Response(self.get_serializer(row).data)

    def _with_results(self, rows: Iterable[Any]) -> Sequence[Any]:
        found = tuple(rows)
        results = results_of(found, self.viewer.on)
        for row in found:
            row.result = results[row.pk]
        return found
