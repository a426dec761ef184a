"""The weights of the ranking, and the figures before and after a class."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.web.listing import ListColumn, Sort
from core.web.views import DetailPage, FormPage, FramePage, ListPage
from people.choices import NeedKind
from training.forms.needs import WeightForm
from training.models import NeedReading, NeedWeight, TrainingClass
from training.queries.needs import FEWEST, comparisons
from training.services import needs as services
from training.views.acts import StaffOnly
from training.views.needs.shared import Crumbs, need_crumbs, unit_words


class WeightsPage(FramePage):
    permission: ClassVar = Permission.VIEW_TRAINING
    title = "需求权重"
    template_name = "training/needs/weights.html"

    def get_crumbs(self) -> Crumbs:
        return need_crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = self.viewer.on
        versions: dict[str, list[tuple[NeedWeight, str]]] = {kind: [] for kind in NeedKind.values}
        for row in NeedWeight.objects.visible_to(self.viewer).order_by("-starts_on"):
            state = "now" if row.holds(on) else "later" if row.starts_on > on else "past"
            versions.setdefault(row.kind, []).append((row, state))
        return super().get_context_data(
            kinds=[(kind, versions[kind]) for kind in NeedKind],
            may_change=self.viewer.can(Permission.EDIT_RULES),
            **kwargs,
        )


class NewWeight(FormPage):
    permission: ClassVar = Permission.EDIT_RULES
    submit_label = "启用"
    form_class = WeightForm
    success_message = "已启用新权重。"

    @cached_property
    def kind(self) -> NeedKind:
        if self.kwargs["kind"] not in NeedKind.values:
            raise Http404
        return NeedKind(self.kwargs["kind"])

    def get_title(self) -> str:
        return f"调整权重：{self.kind.label}"

    def get_crumbs(self) -> Crumbs:
        return need_crumbs(("需求权重", reverse("training:need_weights")), (self.get_title(), ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = NeedWeight.objects.visible_to(self.viewer).filter(kind=self.kind)
        return {**super().get_form_kwargs(), "row": rows.order_by("-starts_on").first()}

    def act(self, form: WeightForm) -> NeedWeight:
        return services.open_weight_version(kind=self.kind, values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("training:need_weights")


class EffectListPage(StaffOnly, ListPage):
    """Classes whose figures were read, the latest first."""

    title = "办班前后对照"
    model = TrainingClass
    noun = "对照"
    counter = "个班次"
    empty_icon = "scale"
    empty_hint = "有专题的班次开班时读取一次需求强度，结束满 60 天再读一次，自动列在这里。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "-ends"
    sorts = (Sort("ends", "结束日期", ("ends_on",)), Sort("name", "名称", ("name",)))
    columns = (
        ListColumn(
            "name",
            "班次",
            str,
            sort="name",
            link=lambda c: reverse("training:need_effect", args=[c.pk]),
            width=36,
        ),
        ListColumn("theme", "专题", lambda c: c.get_theme_display(), css="nowrap"),
        ListColumn(
            "ends",
            "结束日期",
            lambda c: c.ends_on,
            sort="ends",
            css="num nowrap",
            template="training/articles/cells/date.html",
        ),
        ListColumn("people", "参训", lambda c: c.comparison[0], css="num right", width=8),
        ListColumn("before", "办班前", lambda c: c.comparison[1], css="num right"),
        ListColumn("after", "办班后", lambda c: c.comparison[2], css="num right"),
    )

    def get_crumbs(self) -> Crumbs:
        return need_crumbs((self.title, ""))

    def get_queryset(self) -> QuerySet[Any]:
        readings = NeedReading.objects.visible_to(self.viewer).values("training_class")
        return TrainingClass.objects.visible_to(self.viewer).filter(pk__in=readings)

    def decorate(self, rows: list[Any]) -> list[Any]:
        readings = NeedReading.objects.visible_to(self.viewer).filter(training_class__in=rows, unit=None)
        found: dict[int, dict[str, NeedReading]] = {}
        for reading in readings:
            found.setdefault(reading.training_class_id, {})[reading.moment] = reading
        for row in rows:
            row.comparison = _figures(found.get(row.pk, {}))
        return rows


def _figures(both: dict[str, NeedReading]) -> tuple[Any, str, str]:
    people = max((reading.people for reading in both.values()), default=0)
    if people < FEWEST:
        return "不足 5 人", "不显示", "不显示"
    words = [f"{both[key].score.normalize():f}" if key in both else "未到期" for key in ("before", "after")]
    return people, words[0], words[1]


class EffectPage(StaffOnly, DetailPage):
    """The same figure before and after, by department; no claim that one made the other."""

    model = TrainingClass
    template_name = "training/needs/effect.html"

    def get_title(self) -> str:
        return f"前后对照：{self.object}"

    def get_crumbs(self) -> Crumbs:
        return need_crumbs(("办班前后对照", reverse("training:need_effects")), (str(self.object), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = comparisons(self.object, self.viewer)
        rows = [(unit_words(one.unit) if one.unit else "全部学员", one) for one in found]
        return super().get_context_data(rows=rows, **kwargs)
