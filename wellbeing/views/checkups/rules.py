"""Who goes to the checkup by which rule; and how far a year's checkup is, in figures."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from core import exports
from core.access import Permission
from core.audit import record
from core.choices import AuditAction
from core.web.views import FormPage, FramePage, ObjectMixin, Permissions
from wellbeing.forms.checkups import CheckupRuleForm
from wellbeing.models import CheckupRule
from wellbeing.queries.checkups.coverage import SMALLEST, Line, checkup_coverage
from wellbeing.queries.checkups.eligibility import rule_words
from wellbeing.queries.checkups.lists import running_years
from wellbeing.services.rules import open_checkup_rule
from wellbeing.views.checkups.campaigns import EDIT, Crumbs, checkup_crumbs

RULES = Permission.EDIT_RULES
SEES = Permission.VIEW_CHECKUP_COVERAGE


class CheckupRules(FramePage):
    title = "体检规则"
    permission: ClassVar[Permissions] = (EDIT, RULES)
    template_name = "wellbeing/checkups/rules.html"

    def get_crumbs(self) -> Crumbs:
        return checkup_crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(CheckupRule.objects.visible_to(self.viewer).order_by("name", "-starts_on"))
        for row in rows:
            row.now = row.holds(self.viewer.on)
            row.words = rule_words(row).partition("：")[2]
        may_change = self.viewer.sees_all(RULES)
        return super().get_context_data(rules=rows, may_change=may_change, on=self.viewer.on, **kwargs)


class RuleEditing(FormPage):
    permission: ClassVar[Permissions] = RULES
    form_class = CheckupRuleForm
    submit_label = "启用规则"
    success_message = "已登记。下次发布体检时按新规则生成名单。"

    def may(self, permission: Permissions) -> bool:
        return self.viewer.sees_all(RULES)

    def get_crumbs(self) -> Crumbs:
        return checkup_crumbs(("体检规则", reverse("wellbeing:checkup_rules")), (self.get_title(), ""))

    def act(self, form: CheckupRuleForm) -> CheckupRule:
        return open_checkup_rule(values=form.values(), by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("wellbeing:checkup_rules")


class NewRule(RuleEditing):
    title = "新增体检规则"


class NextRule(ObjectMixin, RuleEditing):
    """A new version of a rule; its name stays."""

    title = "修改体检规则"
    model = CheckupRule

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = CheckupRule.objects.visible_to(self.viewer)
        return rows

    def get_title(self) -> str:
        return f"{self.object.name}：新规则"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "current": self.object}


class CheckupCoverage(FramePage):
    """Figures by department and year; see queries.checkups.coverage for what is not shown."""

    title = "体检覆盖"
    permission: ClassVar[Permissions] = SEES
    template_name = "wellbeing/checkups/coverage.html"

    def get_crumbs(self) -> Crumbs:
        if self.viewer.paths(EDIT):
            return checkup_crumbs((self.title, ""))
        return [("首页", reverse("home")), (self.title, "")]

    @property
    def year(self) -> int:
        wanted = self.request.GET.get("year", "")
        if wanted.isdecimal() and len(wanted) == 4:
            return int(wanted)
        return next(iter(running_years()), self.viewer.on.year)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.GET.get("export") == "xlsx":
            return self.export()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = self.year
        return super().get_context_data(
            table=checkup_coverage(self.viewer, year=year),
            year=year,
            years=running_years() or [year],
            smallest=SMALLEST,
            arranges=bool(self.viewer.paths(EDIT)),
            **kwargs,
        )

    def export(self) -> HttpResponseBase:
        title = f"{self.year}年体检覆盖情况"
        table = checkup_coverage(self.viewer, year=self.year)
        columns = [
            exports.Column("unit", "部门", width=24, value=lambda r: r.unit.name if r.unit else "合计"),
            *(exports.Column(key, label, value=_shown(key)) for key, label in COLUMNS.items()),
        ]
        record(action=AuditAction.EXPORTED, by=self.viewer, label=title)
        note = exports.source_note(source=title, by=self.viewer.name, at=timezone.now())
        book = exports.xlsx_bytes(title, columns, [*table.rows, table.total], note=note)
        return exports.download(book, f"{title}.xlsx")


COLUMNS = {
    "expected": "应检",
    "done": "已检",
    "left": "未检",
    "percent": "完成率（%）",
    "before": "上年完成率（%）",
}


def _shown(key: str) -> Any:
    def value(row: Line) -> Any:
        return "不显示" if row.hidden else getattr(row, key)

    return value
