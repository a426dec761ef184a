"""包干到人: how the load lies on cadres and on the leaders who guide them, against the rule of the day."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse

from core.access import Permission
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import FormPage, FramePage, Permissions
from park.charts import LoadBar, load_bars
from park.filters.field import LeaderFilter, LoadFilter
from park.forms.assignments import LoadRuleForm
from park.models import LoadRule
from park.queries import assignments as queries
from park.services.rules import open_load_rule
from park.views.assignments import PeoplePage, items_url, people_crumbs
from park.views.links import Crumbs

BARS = 10


class BurdenPage(PeoplePage):
    """`counted` is the figure that the limit `most` is about; the chart shows who has most of it."""

    template_name = "park/assignments/burden.html"
    counted: ClassVar[str]
    unit: ClassVar[str]
    chart_title: ClassVar[str]

    def most(self) -> int:
        raise NotImplementedError

    def decorate(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.burden = "超负荷" if getattr(row, self.counted) > self.most() else "正常"
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rule = queries.load_rule(self.viewer)
        return super().get_context_data(rule=rule, chart=self._chart(), **kwargs)

    def _chart(self) -> str:
        rows = self.rows.filter(**{f"{self.counted}__gt": 0}).order_by(f"-{self.counted}", "name_pinyin")
        bars = [LoadBar(str(row), getattr(row, self.counted)) for row in rows[:BARS]]
        return load_bars(bars, self.most(), title=self.chart_title, unit=self.unit) if bars else ""


class LoadPage(BurdenPage):
    """Who carries how much."""

    title = "干部负荷"
    filterset_class = LoadFilter
    counted, unit, chart_title = "load_n", " 项", "承担最多的干部"
    views = (SavedView("全部", ""), SavedView("超负荷", "over=1"))
    empty_icon = "scale"
    empty_hint = "管辖范围内还没有在职干部。"
    default_sort = "-load"
    sorts = (
        Sort("load", "承担数", ("load_n",)),
        Sort("name", "姓名", ("name_pinyin",)),
        Sort("unit", "部门", ("unit_order", "unit_path", "display_order")),
    )
    columns = (
        ListColumn("name", "干部", str, sort="name", link=items_url, css="nowrap"),
        ListColumn("unit", "部门", lambda c: c.unit_name or "", sort="unit", width=18),
        ListColumn("post", "职务", lambda c: c.post_title or "", width=18),
        ListColumn("projects", "项目", lambda c: c.projects_n, css="num right", width=8),
        ListColumn("enterprises", "企业", lambda c: c.enterprises_n, css="num right", width=8),
        ListColumn("tasks", "任务", lambda c: c.tasks_n, css="num right", width=8),
        ListColumn("load", "合计", lambda c: c.load_n, sort="load", css="num right", width=8),
        ListColumn("over", "负荷", lambda c: c.burden, template="park/cells/burden.html", css="nowrap"),
    )

    def most(self) -> int:
        return queries.load_rule(self.viewer).most_items

    def get_queryset(self) -> QuerySet[Any]:
        return queries.with_load(queries.to_be_placed(self.people(), self.viewer.on), self.viewer.on)


class LeadersPage(BurdenPage):
    """How many people and items each leader guides."""

    title = "领导带教"
    filterset_class = LeaderFilter
    counted, unit, chart_title = "people_n", " 人", "带教最多的领导"
    views = (SavedView("全部", ""), SavedView("超负荷", "over=1"))
    noun = "带教领导"
    counter = "名领导"
    empty_icon = "users-round"
    empty_hint = "指派干部时选定带教领导，这里就会统计。"
    default_sort = "-people"
    sorts = (Sort("people", "带教人数", ("people_n",)), Sort("name", "姓名", ("name_pinyin",)))
    columns = (
        ListColumn("name", "领导", str, sort="name", css="nowrap"),
        ListColumn("post", "职务", lambda c: c.post_title or "", width=24),
        ListColumn("people", "带教干部", lambda c: c.people_n, sort="people", css="num right"),
        ListColumn("items", "项目和企业", lambda c: c.items_n, css="num right"),
        ListColumn("tasks", "责任任务", lambda c: c.tasks_n, css="num right"),
        ListColumn("over", "负荷", lambda c: c.burden, template="park/cells/burden.html", css="nowrap"),
    )

    def most(self) -> int:
        return queries.load_rule(self.viewer).most_people

    def get_queryset(self) -> QuerySet[Any]:
        return queries.leaders_with_load(self.people(), self.viewer.on)


class LoadRulesPage(FramePage):
    title = "负荷规则"
    permission: ClassVar[Permissions] = (Permission.VIEW_PARK, Permission.EDIT_RULES)
    template_name = "park/rules.html"

    def get_crumbs(self) -> Crumbs:
        return people_crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = LoadRule.objects.visible_to(self.viewer).order_by("-starts_on")
        return super().get_context_data(
            may_change=self.viewer.sees_all(Permission.EDIT_RULES),
            new_url=reverse("park:load_rule_new"),
            rules=[self._row(rule) for rule in versions],
            **kwargs,
        )

    def _row(self, rule: LoadRule) -> tuple[LoadRule, str, str]:
        on = self.viewer.on
        state = "now" if rule.holds(on) else "later" if rule.starts_on > on else "past"
        return rule, rule.text, state


class NewLoadRule(FormPage):
    permission: ClassVar[Permissions] = Permission.EDIT_RULES
    title = "新负荷规则"
    form_class = LoadRuleForm
    submit_label = "启用新规则"
    success_message = "已登记新规则，原规则到前一天为止。"

    def may(self, permission: Permissions) -> bool:
        """A rule counts in the whole zone: whoever looks after a part of it does not change it."""
        return super().may(permission) and self.viewer.sees_all(Permission.EDIT_RULES)

    def get_crumbs(self) -> Crumbs:
        return people_crumbs(("负荷规则", reverse("park:load_rules")), (self.title, ""))

    def get_initial(self) -> dict[str, Any]:
        rule = queries.load_rule(self.viewer)
        return {"most_items": rule.most_items, "most_people": rule.most_people}

    def act(self, form: LoadRuleForm) -> LoadRule:
        return open_load_rule(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("park:load_rules")
