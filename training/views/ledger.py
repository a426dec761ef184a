"""学时台账: who has how many hours of how many, by cadre and by unit; the statement behind each number."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.charts import YearBar, year_bars
from core.web.listing import ListColumn, Sort
from core.web.views import DetailPage, FramePage, ListPage, ViewerMixin
from people.models import Cadre
from training.choices import HourRegime, HoursStatus, SelfFiledState
from training.filters import LedgerFilter, ledger_day, years_up_to
from training.models import SelfFiledStudy
from training.queries import (
    RuleBook,
    YearFigure,
    count_by_status,
    hours_gap,
    hours_of,
    ledger_cadres,
    overview_by_unit,
    yearly_series,
)
from training.queries.amounts import Standing, standings_for
from training.queries.entries import reversals_of
from training.queries.reach import reach_of

MOST_REVERSALS = 20
BATCH = 2000  # ids per query: far below what SQLite takes
Crumbs = Sequence[tuple[str, str]]


def statement_url(cadre: Cadre) -> str:
    return reverse("training:statement", args=[cadre.pk])


def ledger_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("学时台账", reverse("training:ledger")), *more]


def _hours(name: str) -> Any:
    """A figure of the row's summary, for a column."""
    return lambda row: getattr(row.hours, name)


class LedgerPage(ListPage):
    """The filters and the order by gap are answered by the database; figures are made for one page."""

    title = "学时台账"
    permission = Permission.VIEW_TRAINING
    model = Cadre
    results_template = "training/ledger_results.html"
    filterset_class = LedgerFilter
    noun = "干部"
    counter = "人"
    main_filters = ("year", "unit", "status")
    acts_template = "training/ledger_acts.html"
    empty_icon = "clock"
    empty_hint = "登记干部和任职后，每人的学时会列在这里。"
    export_permission = Permission.EXPORT_CADRE
    default_sort = "unit"
    sorts = (
        Sort("unit", "机构顺序", ("unit_order", "unit_path", "rank_order", "name_pinyin")),
        Sort("name", "姓名拼音", ("name_pinyin",)),
        Sort("rank", "职级", ("rank_order", "name_pinyin")),
        Sort("gap", "还差学时", ("hours_missing", "name_pinyin")),
    )
    columns = (
        ListColumn("name", "姓名", str, sort="name", link=statement_url, css="nowrap"),
        ListColumn("staff_no", "工号", lambda c: c.staff_no or "", on_page=False),
        ListColumn("unit", "部门", lambda c: c.unit_name or "", on_page=False, width=20),
        ListColumn(
            "place", "部门、职务", str, sort="unit", template="people/place_cell.html", in_export=False
        ),
        ListColumn("post", "职务", lambda c: c.post_title or "", on_page=False, width=20),
        ListColumn(
            "hours", "已学 / 应学", _hours("hours"), template="training/cells/hours.html", in_export=False
        ),
        ListColumn(
            "status", "状态", _hours("status_words"), template="training/cells/status.html", css="nowrap"
        ),
        ListColumn("earned", "已学学时", _hours("hours"), on_page=False),
        ListColumn("days", "已学天数", _hours("days"), template="training/cells/days.html", css="num right"),
        ListColumn("required", "应学学时", _hours("required_hours"), on_page=False),
        ListColumn("required_days", "或应学天数", _hours("required_days"), on_page=False),
        ListColumn(
            "pace", "今天应达", _hours("pace_hours"), template="training/cells/number.html", css="num right"
        ),
        ListColumn(
            "gap",
            "还差学时",
            _hours("gap_hours"),
            sort="gap",
            template="training/cells/number.html",
            css="num right",
        ),
        ListColumn(
            "online",
            "网络学时",
            lambda c: c.hours.earned.online_hours,
            template="training/cells/number.html",
            css="num right",
        ),
        ListColumn(
            "party",
            "党员学习",
            lambda c: c.party.hours if c.party else "",
            template="training/cells/party.html",
            css="num right",
        ),
        ListColumn("rank", "职级", lambda c: c.rank, sort="rank", css="nowrap", width=16),
        ListColumn("regime", "适用要求", lambda c: HourRegime(c.hours.regime).label, css="nowrap"),
    )

    @cached_property
    def on(self) -> date:
        return ledger_day(self.request)

    @cached_property
    def book(self) -> RuleBook:
        return RuleBook.load()

    @cached_property
    def filterset(self) -> LedgerFilter:
        rows = self.get_queryset()
        return LedgerFilter(self.request.GET, queryset=rows, request=self.request, book=self.book)

    def get_queryset(self) -> QuerySet[Any]:
        rows = ledger_cadres(self.viewer)
        sort, _ = self.order
        gap = sort is not None and sort.key == "gap"
        return rows.annotate(hours_missing=hours_gap(self.on, self.book)) if gap else rows

    def decorate(self, rows: list[Any]) -> list[Any]:
        found: dict[int, Standing] = {}
        for start in range(0, len(rows), BATCH):
            ids = [row.pk for row in rows[start : start + BATCH]]
            found |= standings_for(ids, on=self.on, book=self.book)
        for row in rows:
            row.hours, row.party = found[row.pk].main, found[row.pk].party
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            on=self.on,
            is_today=self.on == self.viewer.on,
            rules=[self.book.terms(regime, self.on) for regime in HourRegime],
            tabs=self._tabs(),
            **kwargs,
        )

    def _tabs(self) -> list[tuple[str, str, int]]:
        """(status, words, people) under the other filters; the status is what the tabs choose."""
        query = self.request.GET.copy()
        query["status"] = ""
        cadres = ledger_cadres(self.viewer)
        others = LedgerFilter(query, queryset=cadres, request=self.request, book=self.book).qs
        counts = count_by_status(others, self.on, self.book)
        shown = [status for status in HoursStatus if counts[status] or status != HoursStatus.NO_RULE]
        words = {status: status.label for status in shown}
        if self.on != self.viewer.on:  # of a year that is over, whoever was behind has missed it
            words[HoursStatus.BEHIND] = "未达标"
        return [("", "全部", sum(counts.values())), *((s.value, words[s], counts[s]) for s in shown)]


class LedgerBehind(ViewerMixin):
    """The duty 「学时滞后」 leads to the ledger with that filter, the greatest gap first."""

    permission: ClassVar = Permission.VIEW_TRAINING

    def get(self, request: HttpRequest) -> HttpResponseBase:
        query = f"status={HoursStatus.BEHIND}&sort=-gap"
        return HttpResponseRedirect(f"{reverse('training:ledger')}?{query}")


class LedgerByUnit(FramePage):
    title = "各部门学时"
    permission: ClassVar = Permission.VIEW_TRAINING
    template_name = "training/ledger_units.html"

    def get_crumbs(self) -> Crumbs:
        return ledger_crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = ledger_day(self.request)
        rows = overview_by_unit(ledger_cadres(self.viewer), on, RuleBook.load())
        return super().get_context_data(
            on=on,
            is_today=on == self.viewer.on,
            years=years_up_to(self.viewer.on),
            overviews=rows,
            people=sum(row.here for row in rows),
            **kwargs,
        )


class StatementPage(DetailPage):
    """学时明细: what counts, why, and under which rule."""

    permission: ClassVar = Permission.VIEW_TRAINING
    model = Cadre
    template_name = "training/statement.html"

    def get_queryset(self) -> QuerySet[Any]:
        seen = Cadre.objects.visible_to(self.viewer, Permission.VIEW_TRAINING)
        return seen.with_position(self.viewer.on)

    @property
    def is_own(self) -> bool:
        return bool(self.object.pk == self.viewer.cadre_id)

    def get_title(self) -> str:
        return "我的学时" if self.is_own else f"{self.object.name}的学时明细"

    def get_crumbs(self) -> Crumbs:
        if self.is_own:
            return [("首页", reverse("home")), ("我的学时", "")]
        return ledger_crumbs((self.object.name, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on, book = ledger_day(self.request), RuleBook.load()
        is_today, statement = on == self.viewer.on, hours_of(self.object, on=on, book=book)
        return super().get_context_data(
            cadre=self.object,
            on=on,
            is_today=is_today,
            is_own=self.is_own,
            years=years_up_to(self.viewer.on),
            statement=statement,
            reversals=reversals_of(self.object.pk, statement.period)[:MOST_REVERSALS],
            chart=hours_chart(yearly_series(self.object, self.viewer.on, book=book), self.object.name),
            pending=self._pending() if is_today else (),
            **kwargs,
        )

    def _pending(self) -> QuerySet[SelfFiledStudy]:
        """Filings under way; they belong to today's page only."""
        rows = SelfFiledStudy.objects.visible_to(self.viewer).filter(cadre=self.object.pk)
        return rows.filter(state__in=(SelfFiledState.SUBMITTED, SelfFiledState.RETURNED))


class ReachCard(StatementPage):
    """还来得及吗 for one cadre: a card that the statement fetches, and a page of its own without a script."""

    def get_title(self) -> str:
        return "还来得及吗"

    def get_crumbs(self) -> Crumbs:
        return [
            *super().get_crumbs()[:-1],
            (self.object.name, statement_url(self.object)),
            (self.get_title(), ""),
        ]

    def get_template_names(self) -> list[str]:
        alone = self.request.htmx  # type: ignore[attr-defined]
        return ["training/hours/reach_card.html" if alone else "training/hours/reach_one.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reach = reach_of(self.object.pk, on=self.viewer.on)
        listed = len(reach.plan.offers) if reach else 0
        more = len(reach.offers) - listed if reach else 0
        return DetailPage.get_context_data(self, reach=reach, more_offers=more, **kwargs)


class MyHoursPage(StatementPage):
    """The own statement at an address that needs no number, for the menu and the phone."""

    @cached_property
    def object(self) -> Any:
        if self.viewer.cadre_id is None:
            raise Http404
        return get_object_or_404(self.get_queryset(), pk=self.viewer.cadre_id)


def hours_chart(series: Sequence[YearFigure], name: str) -> Any:
    bars = [
        YearBar(figure.year, figure.amounts.hours, figure.required_hours, figure.amounts.online_hours)
        for figure in series[-8:]
    ]
    return year_bars(bars, title=f"{name}历年学时")
