"""任职年限: who has held a post how long, which posts are empty or have nobody prepared, as of any day."""

from datetime import date
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.templatetags.ui import cn_date, cn_month
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ListPage, ViewerMixin
from people.choices import CadreStatus, LeadershipLevel
from people.models import Cadre, Post, Unit
from people.spans import in_years_and_months, months_in_words
from rotation.filters.tenure import ExtensionFilter, PostFilter, StaffingFilter, TenureFilter, day_asked
from rotation.models import TenureExtension
from rotation.queries.posts import (
    holders_of,
    open_posts,
    situation_of,
    successors_of,
    with_situation,
    with_staffing,
)
from rotation.queries.tenure import tenures
from rotation.tenure import Tenure
from rotation.views.tenure.shared import PAGES, Crumbs, cadre_url, crumbs, post_url
from rotation.wording import LIGHTS


class AsOfPage(ListPage):
    """A list of the pages beside each other, as of the day in the query."""

    template_name = "rotation/tenure/list.html"
    permission = Permission.VIEW_ROTATION
    export_permission = Permission.VIEW_ROTATION

    @property
    def page_name(self) -> str:
        match = self.request.resolver_match
        return match.view_name if match else ""

    @cached_property
    def on(self) -> date:
        return day_asked(self.request.GET, self.viewer)

    def get_crumbs(self) -> Crumbs:
        return [crumbs()[0], ("任职年限", "")] if self.title == "任职年限" else crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(beside=PAGES, page_name=self.page_name, on=self.on, **kwargs)


def _of(row: Any) -> Tenure | None:
    found: Tenure | None = row.tenure
    return found


def _level(row: Any) -> str:
    tenure = _of(row)
    return LeadershipLevel(tenure.level).label if tenure and tenure.level else ""


def _at_level(row: Any) -> str:
    tenure = _of(row)
    return months_in_words(tenure.level_months) if tenure and tenure.level else ""


def _sources(row: Any) -> str:
    tenure = _of(row)
    rules = (tenure.rule, tenure.level_rule) if tenure else ()
    return "；".join(rule.source for rule in rules if rule)


class TenureListPage(AsOfPage):
    title = "任职年限"
    model = Cadre
    filterset_class = TenureFilter
    noun = "干部"
    counter = "人"
    main_filters = ("unit", "state", "on")
    empty_icon = "clock"
    empty_hint = "在干部名册中登记任职后，这里按岗位计算年限。"
    default_sort = "since"
    sorts = (
        Sort("since", "任现岗先后", ("post_since",)),
        Sort("unit", "部门", ("unit_order", "display_order")),
        Sort("name", "姓名笔画", ("name_stroke_key",)),
        Sort("retires", "到龄先后", ("retirement_month",)),
    )
    views = (
        SavedView("全部", ""),
        SavedView("超过年限", "state=late"),
        SavedView("12个月内到限", "state=due"),
        SavedView("临近年限", "state=warn"),
    )
    columns = (
        ListColumn("name", "姓名", lambda c: c.name, sort="name", link=cadre_url, css="nowrap"),
        ListColumn("unit", "部门", lambda c: c.unit_name or "", sort="unit", width=18),
        ListColumn("post", "岗位", lambda c: c.post_title or "", width=18),
        ListColumn("level", "层次", _level, css="nowrap"),
        ListColumn("since", "任现岗起", lambda c: cn_date(c.since), sort="since", css="num nowrap"),
        ListColumn("months", "已任", lambda c: c.held, css="num nowrap"),
        ListColumn("at_level", "同层次累计", _at_level, css="num nowrap"),
        ListColumn("state", "年限", lambda c: c.state_words, template="rotation/cells/tenure.html"),
        ListColumn("due", "到限日期", lambda c: cn_date(c.due_on), css="num nowrap"),
        ListColumn(
            "retires", "到龄年月", lambda c: cn_month(c.retirement_month), sort="retires", css="num nowrap"
        ),
        ListColumn("source", "依据", _sources, on_page=False, width=40),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = Cadre.objects.visible_to(self.viewer, Permission.VIEW_ROTATION)
        found: QuerySet[Any] = rows.filter(status=CadreStatus.ACTIVE).as_of(self.on)
        return found

    def decorate(self, rows: list[Any]) -> list[Any]:
        found = getattr(self.filterset, "found", None)
        if found is None:
            found = tenures([row.pk for row in rows], self.on)
        for row in rows:
            row.tenure = tenure = found.get(row.pk)
            row.since = tenure.since if tenure else row.post_since
            row.held = months_in_words(tenure.months) if tenure else in_years_and_months(row.since, self.on)
            row.due_on = tenure.due_on if tenure else None
            row.state_words = tenure.status.label if tenure else ""
            row.state_light = LIGHTS[tenure.status] if tenure else ""
        return rows


class LateTenures(ViewerMixin):
    """The duty 「超过任职年限」 leads to the list with that filter."""

    permission: ClassVar = Permission.VIEW_ROTATION

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return HttpResponseRedirect(f"{reverse('rotation:tenure')}?state=late")


class PostListPage(AsOfPage):
    title = "岗位和后备"
    model = Post
    filterset_class = PostFilter
    noun = "岗位"
    counter = "个岗位"
    main_filters = ("unit", "situation", "on")
    empty_icon = "briefcase"
    empty_hint = "岗位在“机构与岗位”中登记，在这里确定后备人选和任职条件。"
    default_sort = "order"
    sorts = (
        Sort("order", "机构顺序", ("unit__display_order", "display_order")),
        Sort("class", "岗位类别", ("post_class",)),
        Sort("successors", "后备人数", ("successor_count",)),
    )
    views = (
        SavedView("全部", ""),
        SavedView("空缺", "situation=vacant"),
        SavedView("只有一名后备", "situation=single"),
        SavedView("没有后备", "situation=none"),
        SavedView("超职数", "situation=over"),
    )
    columns = (
        ListColumn("title", "岗位", lambda p: p.title, link=post_url, width=20),
        ListColumn("unit", "部门", lambda p: p.unit.name, sort="order", width=20),
        ListColumn("class", "类别", lambda p: p.get_post_class_display(), sort="class", css="nowrap"),
        ListColumn("level", "层次", lambda p: p.get_level_display(), css="nowrap"),
        ListColumn("headcount", "职数", lambda p: p.headcount or "不定", css="num right"),
        ListColumn(
            "holders",
            "任职人员",
            lambda p: "、".join(holder.name for holder in p.situation.holders),
            width=20,
        ),
        ListColumn(
            "successors",
            "后备人选",
            lambda p: "、".join(s.name for s in p.situation.successors),
            sort="successors",
            width=20,
        ),
        ListColumn("state", "情况", lambda p: p.words, template="rotation/cells/post.html", width=16),
    )

    def get_queryset(self) -> QuerySet[Any]:
        known = Post.objects.visible_to(self.viewer)
        posts = known.filter(pk__in=open_posts(self.on).values("pk")).select_related("unit")
        return with_situation(posts, self.on)  # type: ignore[no-any-return]

    def decorate(self, rows: list[Any]) -> list[Any]:
        ids = [row.pk for row in rows]
        held, prepared = holders_of(self.on, ids), successors_of(self.on, ids)
        for row in rows:
            row.situation = situation_of(row, held.get(row.pk, ()), prepared.get(row.pk, ()))
            row.words = "、".join(words for _, words in lights_of(row))
            row.lights = lights_of(row)
        return rows


def lights_of(post: Any) -> list[tuple[str, str]]:
    """(colour, words) for what asks for attention at a post with its `situation`."""
    found, held = [], post.situation
    if held.is_vacant:
        empty = "空缺" if held.headcount in (None, 1) else f"缺 {held.vacancies} 人"
        found.append(("yellow", empty))
    if held.over:
        found.append(("red", f"超 {held.over} 人"))
    if post.post_class != "general" or post.level:
        if not held.successors:
            found.append(("yellow", "没有后备"))
        elif held.single_successor:
            found.append(("blue", "只有一名后备"))
    return found


class StaffingPage(AsOfPage):
    title = "最低在岗"
    model = Unit
    filterset_class = StaffingFilter
    noun = "机构"
    counter = "个机构"
    main_filters = ("short", "on")
    empty_icon = "users"
    empty_hint = "机构在“机构与岗位”中登记，或随花名册一起导入；之后在这里规定各部门的最低在岗人数。"
    default_sort = "order"
    sorts = (
        Sort("order", "机构顺序", ("display_order", "path")),
        Sort("people", "在岗人数", ("people",)),
    )
    views = (SavedView("全部", ""), SavedView("低于最低人数", "short=1"))
    columns = (
        ListColumn("name", "部门", lambda u: u.name, sort="order", width=24),
        ListColumn("people", "在岗人数", lambda u: u.people, sort="people", css="num right"),
        ListColumn("minimum", "最低在岗", lambda u: "" if u.minimum is None else u.minimum, css="num right"),
        ListColumn("state", "情况", lambda u: u.words, template="rotation/cells/staffing.html"),
        ListColumn("act", "操作", lambda u: "", template="rotation/cells/staffing_act.html", in_export=False),
    )

    def get_queryset(self) -> QuerySet[Any]:
        units = with_staffing(Unit.objects.visible_to(self.viewer).open(), self.on)
        return units.annotate(short=F("minimum") - F("people"))  # type: ignore[no-any-return]

    def decorate(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            known = row.minimum is not None
            short = known and row.people < row.minimum
            row.words = f"缺 {row.minimum - row.people} 人" if short else "达到" if known else "没有规定"
            row.light = "red" if short else "green" if known else "grey"
        return rows


def _extension_url(row: TenureExtension) -> str:
    return reverse("rotation:tenure_extension", args=[row.pk])


class ExtensionListPage(AsOfPage):
    title = "延长任职"
    model = TenureExtension
    permission: ClassVar = Permission.VIEW_ROTATION
    filterset_class = ExtensionFilter
    noun = "申请"
    counter = "份申请"
    main_filters = ("state",)
    empty_icon = "calendar-clock"
    empty_hint = "在“任职年限”中打开一名干部，可以申请延长任职；审批由另一位领导办理。"
    default_sort = "asked"
    sorts = (
        Sort("asked", "申请时间", ("-requested_at",)),
        Sort("until", "延长至", ("until",)),
    )
    views = (SavedView("全部", ""), SavedView("待审批", "state=requested"))
    columns = (
        ListColumn("name", "姓名", lambda x: x.cadre.name, link=_extension_url, css="nowrap"),
        ListColumn("post", "岗位", lambda x: str(x.post or ""), width=24),
        ListColumn("until", "延长至", lambda x: cn_date(x.until), sort="until", css="num nowrap"),
        ListColumn("reason", "事由", lambda x: x.reason, width=30),
        ListColumn("state", "状态", lambda x: x.get_state_display(), css="nowrap"),
        ListColumn("asked", "申请", lambda x: f"{x.requested_by} {cn_date(x.requested_at)}", sort="asked"),
        ListColumn("no", "批准文号", lambda x: x.document_no),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return TenureExtension.objects.visible_to(self.viewer).select_related("cadre", "post__unit")
