"""干部名册: who is there, where, at which rank, how long."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from core.access import Permission
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ListPage, ViewerMixin
from people.choices import CadreStatus
from people.contracts import roster_bulk, roster_columns
from people.filters import ANY_STATUS, CadreFilter
from people.models import Cadre
from people.spans import in_years_and_months

BATCH = 2000  # ids per query: far below what SQLite takes


def cadre_url(cadre: Cadre) -> str:
    return reverse("people:cadre", args=[cadre.pk])


def _month(value: Any) -> str:
    return f"{value:%Y-%m}" if value else ""


class RosterFilter(CadreFilter):
    """On the page, no status means the people in office."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        status = self.form.fields["status"]
        away = [choice for choice in CadreStatus.choices if choice[0] != CadreStatus.ACTIVE]
        status.choices = [("", CadreStatus.ACTIVE.label), *away, (ANY_STATUS, "在职、退休、调出")]


class RosterPage(ListPage):
    title = "干部名册"
    permission = Permission.VIEW_CADRE
    model = Cadre
    filterset_class = RosterFilter
    noun = "干部"
    counter = "人"
    main_filters = ("unit", "rank", "tenure")
    acts_template = "people/roster_acts.html"
    empty_icon = "users"
    empty_hint = "可以导入组织人事部门现有的花名册，也可以逐人新增。"
    export_permission = Permission.EXPORT_CADRE
    default_sort = "order"
    sorts = (
        Sort("order", "名册顺序", ("display_order", "name_pinyin")),
        Sort("name", "姓名拼音", ("name_pinyin",)),
        Sort("strokes", "姓氏笔画", ("name_stroke_key",)),
        Sort("unit", "机构顺序", ("unit_order", "unit_path", "rank_order")),
        Sort("rank", "职级", ("rank_order",)),
        Sort("age", "年龄", ("-birth_month",)),
        Sort("tenure", "任现岗时间", ("-post_since",)),
    )
    views = (
        SavedView("全部", ""),
        SavedView("年轻干部（35岁及以下）", "age=35"),
        SavedView("任现岗满3年", "tenure=3&sort=-tenure"),
        SavedView("任现岗满5年", "tenure=5&sort=-tenure"),
        SavedView("信息不全", "incomplete=1"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = Cadre.objects.visible_to(self.viewer).with_position(self.viewer.on)
        return rows if self.request.GET.get("status") else rows.filter(status=CadreStatus.ACTIVE)

    def get_columns(self) -> Sequence[ListColumn]:
        on = self.viewer.on
        return (
            ListColumn("name", "姓名", str, sort="name", template="people/name_cell.html", css="nowrap"),
            ListColumn("staff_no", "工号", lambda c: c.staff_no or "", on_page=False),
            ListColumn("sex", "性别", lambda c: c.get_sex_display(), on_page=False, width=6),
            ListColumn(
                "place", "部门、职务", _place, sort="unit", template="people/place_cell.html", width=30
            ),
            ListColumn("rank", "职级", lambda c: c.rank, sort="rank", css="nowrap", width=16),
            ListColumn("age", "年龄", lambda c: c.age(on), sort="age", css="num right", width=6),
            ListColumn("birth", "出生年月", lambda c: _month(c.birth_month), on_page=False),
            ListColumn(
                "tenure",
                "任现岗",
                lambda c: in_years_and_months(c.post_since, on),
                sort="tenure",
                template="people/tenure_cell.html",
                css="num nowrap",
            ),
            ListColumn("since", "任现岗起始", lambda c: _month(c.post_since), on_page=False),
            *self._contributed(),
            ListColumn("staff_type", "身份", lambda c: c.get_staff_type_display(), css="nowrap"),
            ListColumn("political", "政治面貌", lambda c: c.get_political_status_display(), on_page=False),
            ListColumn("status", "状态", lambda c: c.get_status_display(), on_page=False, width=8),
        )

    @property
    def bulk_buttons(self) -> list[str]:
        """What may be done with several people at once; nothing for someone who sees only the own record."""
        if not self.viewer.paths(Permission.VIEW_CADRE):
            return []
        return [
            act.template
            for act in roster_bulk.all()
            if act.permission is None or self.viewer.paths(act.permission)
        ]

    @property
    def bulk_template(self) -> str:  # type: ignore[override]
        return "people/roster_bulk.html" if self.bulk_buttons else ""

    def _contributed(self) -> list[ListColumn]:
        return [
            ListColumn(source.key, source.label, _figure(source.key), template=source.template)
            for source in roster_columns.for_viewer(self.viewer)
        ]

    def decorate(self, rows: list[Any]) -> list[Any]:
        figures: dict[str, dict[int, object]] = {}
        for contribution in roster_columns.for_viewer(self.viewer):
            found = figures.setdefault(contribution.key, {})
            for start in range(0, len(rows), BATCH):
                ids = [row.pk for row in rows[start : start + BATCH]]
                found |= contribution.source(cadre_ids=ids, viewer=self.viewer)
        for row in rows:
            row.figures = {key: found.get(row.pk) for key, found in figures.items()}
            row.long_in_post = _full_years(row.post_since, self.viewer.on)
        return rows


def _place(cadre: Any) -> str:
    return f"{cadre.unit_name or ''}{cadre.post_title or ''}"


def _full_years(since: Any, on: Any) -> int:
    return 0 if since is None else on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def _figure(key: str) -> Any:
    return lambda row: row.figures.get(key)


class IncompletePage(ViewerMixin):
    """The duty 「基本信息不全」 leads to the roster with that filter."""

    permission: ClassVar = Permission.EDIT_CADRE

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return HttpResponseRedirect(f"{reverse('people:cadres')}?incomplete=1")
