"""统计报表: numbers of the register and of the apps; each number opens its list."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core import exports
from core.access import Permission
from core.audit import record
from core.charts import amount_bars
from core.choices import AuditAction
from core.web.listing import ListColumn, Sort
from core.web.views import FramePage, ListPage, Permissions, ViewerMixin
from people.exports import report_docx, report_pdf, table_columns, table_rows
from people.models import Cadre
from people.statistics.choosing import STRUCTURE, Asked, StatForm, tabs_of
from people.statistics.counting import people_on, units_to_count
from people.statistics.days import day_asked
from people.statistics.dimensions import dimension_of
from people.statistics.filters import FigureFilter
from people.statistics.report import Report, gather
from people.statistics.tables import StatTable
from people.views.roster import cadre_url

SEES = Permission.VIEW_CADRE
KEPT = ("unit", "on", "versus", "by")
Crumbs = Sequence[tuple[str, str]]


class StaffOnly(ViewerMixin):
    """For whoever looks after others; a cadre has the own pages."""

    permission = SEES

    def may(self, permission: Permissions) -> bool:
        return super().may(permission) and bool(self.viewer.paths(SEES))

    @cached_property
    def form(self) -> StatForm:
        return StatForm(self.request.GET, viewer=self.viewer, units=units_to_count(self.viewer))

    @cached_property
    def asked(self) -> Asked:
        found = Asked.of(self.form)
        if found is None:
            raise Http404
        return found


class StatisticsPage(StaffOnly, FramePage):
    title = "统计报表"
    template_name = "people/statistics.html"

    @cached_property
    def tabs(self) -> list[tuple[str, str]]:
        return tabs_of(self.viewer)

    @property
    def tab(self) -> str:
        wanted = self.request.GET.get("tab", STRUCTURE)
        return wanted if wanted in dict(self.tabs) else STRUCTURE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.asked  # noqa: B018 - answers 404 before anything is made
        except Http404:
            if units_to_count(self.viewer).exists():
                raise
            return self._nothing_yet()
        if request.GET.get("export") == "xlsx":
            return self.export()
        return super().get(request, *args, **kwargs)

    def _nothing_yet(self) -> HttpResponse:
        """Before the first unit there is nothing to count; the menu leads here all the same."""
        frame = {"title": self.title, "crumbs": self.get_crumbs()}
        return render(self.request, "people/statistics_empty.html", frame)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, tables = self.asked, self.asked.tables(self.tab)
        return super().get_context_data(
            asked=asked,
            form=self.form,
            tab=self.tab,
            is_structure=self.tab == STRUCTURE,
            tabs=[(label, self._address(key), key == self.tab) for key, label in self.tabs],
            tables=[(table, _chart(table)) for table in tables],
            choices=self._choices(),
            report_query=urlencode({"year": asked.on.year, "unit": asked.unit.pk}),
            **kwargs,
        )

    def _choices(self) -> dict[str, Any]:
        """What the selects show as chosen, whatever was left out or wrong."""
        return {"units": self.form.fields["unit"].queryset, "by": self.form.fields["by"].choices}  # type: ignore[attr-defined]

    def _address(self, tab: str) -> str:
        kept = {key: value for key in KEPT if (value := self.request.GET.get(key))}
        return f"?{urlencode({**kept, 'tab': tab})}"

    def export(self) -> HttpResponse:
        """The first table as it stands; the numbers only, so it needs no permission of its own."""
        tables = self.asked.tables(self.tab)
        if not tables:
            raise Http404
        title = f"{self.asked.unit.name}{tables[0].title}统计"
        record(action=AuditAction.EXPORTED, by=self.viewer, label=f"{title}，{len(tables[0].lines)} 行")
        note = exports.source_note(source=self.title, by=self.viewer.name, at=timezone.now())
        rows = [row for table in tables for row in table_rows(table, with_head=table is not tables[0])]
        book = exports.xlsx_bytes(title, table_columns(tables), rows, note=note)
        return exports.download(book, f"{title}.xlsx")


def _chart(table: StatTable) -> str:
    before = [
        (cell.number or 0) - cell.change
        for cell in table.total.cells[table.charted :]
        if cell.change is not None
    ]
    complete = before if len(before) == len(table.sums) else []
    return amount_bars(table.sums, title=table.title, unit=table.counter, before=complete)


class StatisticsPeople(StaffOnly, ListPage):
    """The people behind one number of a table: as of its day, by its bucket."""

    title = "统计名单"
    model = Cadre
    filterset_class = FigureFilter
    noun = "干部"
    counter = "人"
    main_filters = ("unit", "by", "value")
    empty_icon = "users"
    empty_hint = "这个数字当天为零，可以换一个日期或部门。"
    export_permission = Permission.EXPORT_CADRE
    default_sort = "unit"
    sorts = (
        Sort("unit", "机构顺序", ("unit_order", "unit_path", "rank_order", "name_pinyin")),
        Sort("name", "姓名拼音", ("name_pinyin",)),
        Sort("age", "年龄", ("-birth_month",)),
        Sort("rank", "职级", ("rank_order", "name_pinyin")),
    )

    def get_crumbs(self) -> Crumbs:
        return [("首页", reverse("home")), ("统计报表", reverse("people:statistics")), (self.title, "")]

    @property
    def on(self) -> date:
        return day_asked(self.request)

    def get_queryset(self) -> QuerySet[Any]:
        dimension = dimension_of(self.viewer, self.request.GET.get("by", ""))
        return people_on(self.viewer, self.on, None, dimension.permission if dimension else SEES)

    def get_columns(self) -> Sequence[ListColumn]:
        on = self.on
        return (
            ListColumn("name", "姓名", str, sort="name", link=cadre_url, css="nowrap"),
            ListColumn("staff_no", "工号", lambda c: c.staff_no or "", on_page=False),
            ListColumn("unit", "部门", lambda c: c.unit_name, sort="unit", width=24),
            ListColumn("post", "职务", lambda c: c.post_title, width=18),
            ListColumn("sex", "性别", lambda c: c.get_sex_display(), css="nowrap", width=6),
            ListColumn("age", "年龄", lambda c: c.age(on), sort="age", css="num right", width=6),
            ListColumn("rank", "职级", lambda c: c.rank, sort="rank", css="nowrap", width=16),
            ListColumn("level", "领导职务", lambda c: c.get_leadership_level_display(), css="nowrap"),
            ListColumn("party", "政治面貌", lambda c: c.get_political_status_display(), css="nowrap"),
            ListColumn("identity", "身份", lambda c: c.get_staff_type_display(), css="nowrap"),
        )


class YearlyReport(StaffOnly):
    """The report of a year as a document to work on or to file."""

    kind = "pdf"

    def get(self, request: HttpRequest) -> HttpResponse:
        report = self._report()
        record(action=AuditAction.EXPORTED, by=self.viewer, label=f"{report.title}（{self.kind}）")
        if self.kind == "docx":
            return exports.download(report_docx(report), f"{report.title}.docx")
        return exports.download(report_pdf(report).data, f"{report.title}.pdf")

    def _report(self) -> Report:
        year = self.request.GET.get("year", "")
        this = self.viewer.on.year
        wanted = int(year) if year.isdecimal() and 1950 <= int(year[:6]) <= this else this
        return gather(self.viewer, year=wanted, unit=self.asked.unit)
