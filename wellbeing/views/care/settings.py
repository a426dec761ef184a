"""What the office sets and what comes of it: rules, festivals, budgets, totals that name nobody."""

from typing import Any, ClassVar

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core import exports
from core.audit import record
from core.choices import AuditAction
from core.web.views import FormPage, FramePage, ObjectMixin, Permissions
from wellbeing.choices.care import CareFund, CareKind
from wellbeing.forms.care import BudgetForm, CareRuleForm, FestivalForm
from wellbeing.models import CareBudget, CareFestival, CareRule
from wellbeing.queries.care.rules import budgets_of, rules_today
from wellbeing.queries.care.totals import Cell, Line, totals, years_known
from wellbeing.queries.suppression import SMALLEST
from wellbeing.services.care.settings import add_festival, change_festival, set_budget
from wellbeing.services.rules import open_care_rule
from wellbeing.views.care.common import OWN, REPORT, RULES, STAFF, Crumbs, care_crumbs


class RulesPage(FramePage):
    title = "慰问规则"
    permission: ClassVar[Permissions] = (*STAFF, REPORT, OWN)
    template_name = "wellbeing/care/rules.html"

    def get_crumbs(self) -> Crumbs:
        return care_crumbs(self.viewer, (self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = self.viewer.on.year
        days = CareFestival.objects.visible_to(self.viewer).filter(day__year__in=(year, year + 1))
        return super().get_context_data(
            rules=rules_today(self.viewer),
            festivals=list(days),
            may_change=self.viewer.sees_all(RULES),
            **kwargs,
        )


class RuleEditor(FormPage):
    """A rule counts in the whole zone: whoever looks after a part of it does not change it."""

    permission: ClassVar[Permissions] = RULES

    def may(self, permission: Permissions) -> bool:
        return super().may(permission) and self.viewer.sees_all(RULES)

    def get_crumbs(self) -> Crumbs:
        here = ("慰问规则", reverse("wellbeing:care_rules"))
        return care_crumbs(self.viewer, here, (self.get_title(), ""))

    def get_success_url(self) -> str:
        return reverse("wellbeing:care_rules")


class NewCareRule(RuleEditor):
    form_class = CareRuleForm
    submit_label = "启用新规则"
    success_message = "已登记新规则，原规则到前一天为止。"

    @cached_property
    def kind(self) -> CareKind:
        if self.kwargs["kind"] not in CareKind.values:
            raise Http404
        return CareKind(self.kwargs["kind"])

    def get_title(self) -> str:
        return f"{self.kind.label}：新规则"

    def get_form_kwargs(self) -> dict[str, Any]:
        latest = CareRule.objects.visible_to(self.viewer).filter(kind=self.kind).order_by("-starts_on")
        return {**super().get_form_kwargs(), "current": latest.first()}

    def act(self, form: CareRuleForm) -> CareRule:
        return open_care_rule(kind=self.kind, values=form.values(), by=self.viewer)


class NewFestival(RuleEditor):
    title = "登记慰问节日"
    form_class = FestivalForm
    success_message = "已登记。"

    def act(self, form: FestivalForm) -> CareFestival:
        return add_festival(**form.cleaned_data, by=self.viewer)


class ChangeFestival(ObjectMixin, RuleEditor):
    title = "修改慰问节日"
    form_class = FestivalForm
    model = CareFestival
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def act(self, form: FestivalForm) -> None:
        change_festival(festival=self.object, values=form.cleaned_data, by=self.viewer)


class BudgetPage(FramePage):
    title = "慰问预算"
    permission: ClassVar[Permissions] = STAFF
    template_name = "wellbeing/care/budgets.html"

    def may(self, permission: Permissions) -> bool:
        return any(self.viewer.sees_all(one) for one in STAFF)

    def get_crumbs(self) -> Crumbs:
        return care_crumbs(self.viewer, (self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = _year(self)
        known = {budget.fund: budget for budget in budgets_of(self.viewer, year)}
        return super().get_context_data(
            funds=[(fund, known.get(fund)) for fund in CareFund],
            year=year,
            years=[self.viewer.on.year + 1, *years_known(self.viewer.on)],
            may_change=self.viewer.sees_all(RULES),
            **kwargs,
        )


def _year(page: Any) -> int:
    wanted, this = page.request.GET.get("year", ""), page.viewer.on.year
    return int(wanted) if wanted in {str(one) for one in (this + 1, *years_known(page.viewer.on))} else this


class SetBudget(RuleEditor):
    form_class = BudgetForm
    success_message = "已保存预算。"

    @cached_property
    def fund(self) -> CareFund:
        if self.kwargs["fund"] not in CareFund.values:
            raise Http404
        return CareFund(self.kwargs["fund"])

    @property
    def year(self) -> int:
        return _year(self)

    def get_title(self) -> str:
        return f"{self.year}年{self.fund.label}预算"

    def get_initial(self) -> dict[str, Any]:
        found = budgets_of(self.viewer, self.year).filter(fund=self.fund).first()
        return {"total": found.total} if found else {}

    def act(self, form: BudgetForm) -> CareBudget:
        return set_budget(fund=self.fund, year=self.year, by=self.viewer, **form.cleaned_data)

    def get_success_url(self) -> str:
        return f"{reverse('wellbeing:care_budgets')}?year={self.year}"


class TotalsPage(FramePage):
    """People and money by department and group, with nobody to be recognised."""

    title = "慰问汇总"
    permission: ClassVar[Permissions] = STAFF
    template_name = "wellbeing/care/totals.html"

    def get_crumbs(self) -> Crumbs:
        return care_crumbs(self.viewer, (self.title, ""))

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.GET.get("export") == "xlsx":
            return self._export()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = _year(self)
        return super().get_context_data(
            table=totals(self.viewer, year=year, on=self.viewer.on),
            year=year,
            years=years_known(self.viewer.on),
            smallest=SMALLEST,
            **kwargs,
        )

    def _export(self) -> HttpResponseBase:
        table = totals(self.viewer, year=_year(self), on=self.viewer.on)
        title = f"{_year(self)}年慰问汇总"
        columns = [
            exports.Column("unit", "部门", width=24, value=lambda r: r.unit.name if r.unit else "合计")
        ]
        for place, group in enumerate(table.groups):
            columns += _pair(f"g{place}", str(group.label), _at(place))
        columns += _pair("total", "合计", lambda line: line.total)
        record(action=AuditAction.EXPORTED, by=self.viewer, label=title)
        note = exports.source_note(source=title, by=self.viewer.name, at=timezone.now())
        book = exports.xlsx_bytes(title, columns, [*table.rows, table.total], note=note)
        return exports.download(book, f"{title}.xlsx")


def _at(place: int) -> Any:
    return lambda line: line.cells[place]


def _pair(key: str, label: str, cell_of: Any) -> list[exports.Column]:
    def people(line: Line) -> Any:
        cell: Cell = cell_of(line)
        return "不显示" if cell.hidden else cell.people

    def money(line: Line) -> Any:
        cell: Cell = cell_of(line)
        return "不显示" if cell.hidden else cell.amount

    return [
        exports.Column(f"{key}_people", f"{label}人数", value=people),
        exports.Column(f"{key}_money", f"{label}金额（元）", value=money),
    ]
