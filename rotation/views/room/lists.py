"""The lists: cases, decisions, and what is public of them."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from core.access import Permission
from core.templatetags.ui import cn_date
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ListPage
from rotation.filters.room import CaseFilter, DecidedMoveFilter, DecisionFilter
from rotation.models import Case, DecidedMove, Decision
from rotation.queries.room.board import board_of, with_counts
from rotation.views.room.shared import EDITS, SEES, Crumbs, crumbs, decision_url, room_url


class CaseList(ListPage):
    title = "轮岗议题"
    permission = SEES
    model = Case
    filterset_class = CaseFilter
    acts_template = "rotation/room/case_acts.html"
    noun = "议题"
    counter = "个"
    empty_icon = "scale"
    empty_hint = "方案预审通过后，由承办人在这里提出议题，请领导阅档、发表意见。"
    export_permission = EDITS
    default_sort = "-opened"
    sorts = (
        Sort("opened", "提出时间", ("opened_at",)),
        Sort("due", "意见截止", ("opinions_due_on",)),
        Sort("number", "编号", ("number",)),
    )
    views = (SavedView("全部", ""), SavedView("等我发表意见", "mine=1"), SavedView("酝酿中", "state=open"))
    columns = (
        ListColumn("number", "编号", lambda c: c.number, sort="number", css="num nowrap"),
        ListColumn("title", "议题", lambda c: c.title, link=room_url, width=30),
        ListColumn("people", "人选", lambda c: c.people, css="num right"),
        ListColumn("spoken", "已发表意见", lambda c: f"{c.spoken}/{c.speaking}", css="num right"),
        ListColumn("due", "意见截止", lambda c: cn_date(c.opinions_due_on), sort="due", css="num nowrap"),
        ListColumn("state", "状态", lambda c: "已研究" if c.closed_at else "酝酿中", css="nowrap"),
        ListColumn("opened", "提出时间", lambda c: cn_date(c.opened_at), sort="opened", css="num nowrap"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return with_counts(Case.objects.visible_to(self.viewer))

    @property
    def may_open(self) -> bool:
        return self.may(EDITS)


class DecisionList(ListPage):
    title = "会议决定"
    permission = SEES
    model = Decision
    filterset_class = DecisionFilter
    noun = "会议决定"
    counter = "项"
    empty_icon = "gavel"
    empty_hint = "会议研究以后，由承办人登记决定；登记后不能修改。"
    export_permission = EDITS
    default_sort = "-held"
    sorts = (Sort("held", "会议日期", ("held_on",)),)
    columns = (
        ListColumn("number", "会议", lambda d: d.number, link=decision_url, width=24),
        ListColumn("plan", "方案", lambda d: d.plan.title, width=30),
        ListColumn("held", "会议日期", lambda d: cn_date(d.held_on), sort="held", css="num nowrap"),
        ListColumn("state", "进展", lambda d: d.plan.get_state_display(), css="nowrap"),
        ListColumn("effective", "任职日期", lambda d: cn_date(d.plan.effective_on), css="num nowrap"),
        ListColumn("document", "任免文号", lambda d: d.plan.document_no, css="nowrap"),
        ListColumn("digest", "存档摘要", lambda d: d.digest[:16], css="num", on_page=False, width=20),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Decision.objects.visible_to(self.viewer)
        return rows.select_related("plan").defer("record", "minutes")

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.title, ""))


class Board(ListPage):
    """公示和任职结果: for everybody who works here, from the first day of the notice."""

    title = "公示和任职结果"
    permission = Permission.VIEW_CADRE
    model = DecidedMove
    filterset_class = DecidedMoveFilter
    noun = "公示和任职结果"
    counter = "人"
    empty_icon = "megaphone"
    empty_hint = "任前公示开始以后，这里可以看到公示和任职结果。"
    default_sort = "-day"
    sorts = (Sort("day", "任职日期", ("decision__plan__effective_on",)),)
    columns = (
        ListColumn("name", "姓名", lambda d: d.cadre.name, css="nowrap"),
        ListColumn("from", "原任职务", lambda d: d.from_text or "—", width=28),
        ListColumn("to", "拟任职务", lambda d: d.to_text or "免去现职", width=28),
        ListColumn("kind", "类型", lambda d: d.get_kind_display(), css="nowrap"),
        ListColumn("notice", "公示期", lambda d: notice_words(d), css="num nowrap", width=24),
        ListColumn(
            "day", "任职日期", lambda d: cn_date(d.decision.plan.effective_on), sort="day", css="num nowrap"
        ),
        ListColumn("state", "进展", lambda d: d.decision.plan.get_state_display(), css="nowrap"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return board_of(self.viewer)

    def get_crumbs(self) -> Crumbs:
        return [("首页", reverse("home")), (self.title, "")]


def notice_words(decided: DecidedMove) -> str:
    plan = decided.decision.plan
    return f"{cn_date(plan.notice_from)}至{cn_date(plan.notice_to)}" if plan.notice_from else "—"
