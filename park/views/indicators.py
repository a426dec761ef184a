"""指标: the list with how far each is, one with its chart and readings, and the forms."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.access import Permission
from core.templatetags.ui import cn_date, number
from core.web.forms import Form
from core.web.listing import ListColumn, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin
from park.charts import Point, readings_chart
from park.choices import Comparison
from park.figures import Goal, Part, is_met, percent_done, roll_up
from park.filters.indicators import IndicatorFilter
from park.forms.indicators import IndicatorForm, ReadingForm
from park.models import Indicator, IndicatorReading
from park.services import indicators as services
from park.views.links import Crumbs, indicator_crumbs, indicator_url


def goal_of(row: Indicator) -> Goal:
    return Goal(row.target, row.baseline, row.comparison, row.unit)


def target_words(row: Indicator) -> str:
    before = f"{number(row.baseline)} → " if row.baseline is not None else ""
    if row.comparison == Comparison.ABOUT:
        return f"{before}{number(row.target)}{row.unit}左右"
    return f"{before}{row.get_comparison_display()} {number(row.target)}{row.unit}"


def latest_words(row: Indicator) -> str:
    return "" if row.latest is None else f"{number(row.latest)}{row.unit}"


class IndicatorListPage(ListPage):
    title = "指标"
    permission = Permission.VIEW_PARK
    model = Indicator
    filterset_class = IndicatorFilter
    noun = "指标"
    counter = "个指标"
    main_filters = ("plan", "read")
    acts_template = "park/indicators/acts.html"
    empty_icon = "gauge"
    empty_hint = "导入行动方案时，条目里的数字会成为指标；也可以新建。"
    export_permission = Permission.VIEW_PARK
    default_sort = "plan"
    sorts = (
        Sort("plan", "方案顺序", ("-plan__year", "plan", "position")),
        Sort("name", "名称", ("name",)),
        Sort("deadline", "完成时限", ("deadline",)),
        Sort("latest", "登记日期", ("latest_on",)),
    )
    columns = (
        ListColumn("name", "指标", str, sort="name", link=indicator_url, width=30),
        ListColumn("target", "目标", target_words, css="num nowrap", width=20),
        ListColumn("latest", "最新值", latest_words, css="num nowrap", width=12),
        ListColumn(
            "done",
            "完成",
            lambda i: percent_done(goal_of(i), i.latest),
            template="park/cells/done.html",
            width=10,
        ),
        ListColumn("latest_on", "登记日期", lambda i: cn_date(i.latest_on), sort="latest", css="num nowrap"),
        ListColumn(
            "deadline",
            "完成时限",
            lambda i: cn_date(i.deadline) or i.deadline_text,
            sort="deadline",
            css="num nowrap",
        ),
        ListColumn("task", "任务", lambda i: i.task or "", width=24),
        ListColumn("plan", "方案", lambda i: i.plan, on_page=False, width=30),
        ListColumn("source", "原文", lambda i: i.source_text, on_page=False, width=50),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = Indicator.objects.visible_to(self.viewer).select_related("task", "plan")
        return rows.defer("plan__text")


class IndicatorPage(DetailPage):
    permission = Permission.VIEW_PARK
    model = Indicator
    template_name = "park/indicators/indicator.html"

    def get_queryset(self) -> QuerySet[Any]:
        rows = Indicator.objects.visible_to(self.viewer)
        return rows.select_related("plan", "item", "task", "parent").defer("plan__text")

    def get_crumbs(self) -> Crumbs:
        return indicator_crumbs((self.object.name, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        readings = list(row.readings.select_related("by", "corrected_by"))
        children = list(Indicator.objects.visible_to(self.viewer).filter(parent=row))
        goal = goal_of(row)
        return super().get_context_data(
            readings=readings,
            chart=_chart(row, readings),
            children=children,
            rolled=roll_up(row.unit, [Part(c.unit, c.target, c.latest) for c in children])
            if children
            else None,
            target_words=target_words(row),
            percent=percent_done(goal, row.latest),
            met=is_met(goal, row.latest),
            editable=Indicator.objects.visible_to(self.viewer, Permission.EDIT_PARK)
            .filter(pk=row.pk)
            .exists(),
            **kwargs,
        )


def _chart(row: Indicator, readings: list[IndicatorReading]) -> str:
    standing = [reading for reading in reversed(readings) if not hasattr(reading, "corrected_by")]
    points = [Point(reading.on, reading.value) for reading in standing]
    if row.baseline is not None and row.baseline_on is not None:
        points.insert(0, Point(row.baseline_on, row.baseline))
    if not points:
        return ""
    target: Decimal = row.target
    return readings_chart(points, title=row.name, unit=row.unit, target=target, deadline=row.deadline)


class IndicatorAct(ObjectMixin):
    permission: ClassVar = Permission.EDIT_PARK
    model = Indicator

    def get_queryset(self) -> QuerySet[Any]:
        return Indicator.objects.visible_to(self.viewer, Permission.EDIT_PARK).select_related("plan")

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return indicator_crumbs((self.object.name, indicator_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return indicator_url(self.object)


class NewIndicator(FormPage):
    permission: ClassVar = Permission.EDIT_PARK
    title = "新建指标"
    submit_label = "保存指标"
    form_class = IndicatorForm
    success_message = "已新建指标。"

    def get_crumbs(self) -> Crumbs:
        return indicator_crumbs((self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def act(self, form: IndicatorForm) -> Indicator:
        return services.create_indicator(plan=form.cleaned_data["plan"], values=form.values(), by=self.viewer)

    def get_success_url(self) -> str:
        return indicator_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("park:indicators")


class EditIndicator(IndicatorAct, FormPage):
    title = "修改指标"
    form_class = IndicatorForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer, "row": self.object}

    def act(self, form: IndicatorForm) -> None:
        services.update_indicator(indicator=self.object, values=form.values(), by=self.viewer)


class RegisterReading(IndicatorAct, FormPage):
    title = "登记数值"
    submit_label = "登记数值"
    form_class = ReadingForm
    success_message = "已登记。登记的数值不能修改，填错了请再登记一次并选择更正。"

    def get_initial(self) -> dict[str, Any]:
        return {"on": self.viewer.on}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "indicator": self.object}

    def act(self, form: ReadingForm) -> IndicatorReading:
        return services.register_reading(
            indicator=self.object, by=self.viewer, at=timezone.localtime(), **form.cleaned_data
        )


class DeleteIndicator(IndicatorAct, ConfirmPage):
    title = "删除指标"
    submit_label = "删除指标"
    keep_label = "保留指标"
    success_message = "已删除指标。"

    def get_question(self) -> str:
        return f"删除“{self.object}”？"

    def get_consequence(self) -> str:
        return "只能删除没有读数、没有下级的指标。删除会记入审计日志。"

    def get_form_kwargs(self) -> dict[str, Any]:
        self.object  # noqa: B018 - answers 404 before the form is made
        return super().get_form_kwargs()

    def act(self, form: Form) -> None:
        services.delete_indicator(indicator=self.object, by=self.viewer)

    def get_cancel_url(self) -> str:
        return indicator_url(self.object)

    def get_success_url(self) -> str:
        return reverse("park:indicators")
