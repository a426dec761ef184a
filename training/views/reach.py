"""还来得及吗 for the office: whose gap the known classes cannot close, and what would close the others'."""

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property

from core.access import Permission
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ListPage
from people.models import Cadre
from training.filters.hours import ReachFilter
from training.queries import RuleBook, hours_status, ledger_cadres
from training.queries.reach import UNFINISHED, Reach, reach_for
from training.views.ledger import Crumbs, ledger_crumbs, statement_url


class ReachPage(ListPage):
    """Plans are made for everyone with a gap at once, since they share the seats; a page shows its part."""

    title = "还来得及吗"
    permission = Permission.VIEW_TRAINING
    model = Cadre
    filterset_class = ReachFilter
    main_filters = ("unit", "verdict")
    views = (
        SavedView("补不齐", "verdict=short"),
        SavedView("来得及", "verdict=reachable"),
        SavedView("全部", ""),
    )
    noun = "干部"
    counter = "人"
    empty_icon = "circle-check"
    empty_hint = "管辖范围内的干部都已达标。"
    acts_template = "training/hours/reach_acts.html"
    export_permission = Permission.EXPORT_CADRE
    default_sort = "unit"
    sorts = (
        Sort("unit", "机构顺序", ("unit_order", "unit_path", "rank_order", "name_pinyin")),
        Sort("name", "姓名拼音", ("name_pinyin",)),
    )
    columns = (
        ListColumn("name", "姓名", str, sort="name", link=statement_url, css="nowrap"),
        ListColumn("unit", "部门", lambda c: c.unit_name or "", sort="unit", width=20),
        ListColumn(
            "gap",
            "还差学时",
            lambda c: c.reach.summary.gap_hours,
            template="training/cells/number.html",
            css="num right",
        ),
        ListColumn(
            "expected",
            "已报名待办",
            lambda c: c.reach.expected,
            template="training/cells/number.html",
            css="num right",
        ),
        ListColumn(
            "verdict",
            "结论",
            lambda c: c.reach.words,
            template="training/hours/verdict_cell.html",
            css="nowrap",
        ),
        ListColumn(
            "plan",
            "建议参加",
            lambda c: "、".join(offer.title for offer in c.reach.plan.offers),
            template="training/hours/plan_cell.html",
            width=40,
        ),
        ListColumn(
            "short",
            "仍缺学时",
            lambda c: c.reach.plan.short_hours,
            template="training/cells/number.html",
            css="num right",
        ),
    )

    def get_crumbs(self) -> Crumbs:
        return ledger_crumbs((self.title, ""))

    @cached_property
    def book(self) -> RuleBook:
        return RuleBook.load()

    @cached_property
    def unfinished(self) -> QuerySet[Any]:
        status = hours_status(self.viewer.on, self.book)
        return ledger_cadres(self.viewer).alias(standing=status).filter(standing__in=UNFINISHED)

    @cached_property
    def reaches(self) -> dict[int, Reach]:
        keys = list(self.unfinished.order_by().values_list("pk", flat=True))
        return reach_for(keys, on=self.viewer.on, book=self.book)

    def get_queryset(self) -> QuerySet[Any]:
        return self.unfinished

    @cached_property
    def filterset(self) -> ReachFilter:
        return ReachFilter(
            self.request.GET, queryset=self.get_queryset(), request=self.request, reaches=self.reaches
        )

    def decorate(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.reach = self.reaches[row.pk]
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        short = sum(reach.is_short for reach in self.reaches.values())
        return super().get_context_data(short=short, short_words=f"{short} 人补不齐", **kwargs)
