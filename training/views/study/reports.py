"""Who attended how much, who lacks integrity education, who has not spoken yet."""

from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ListPage
from people.models import Cadre
from training.choices import INTEGRITY_THEMES, StudyKind
from training.filters.study import AttendanceFilter, IntegrityFilter, SpeakerFilter
from training.hours import Span, year_span
from training.queries.study import (
    attendance_by_cadre,
    figures_on,
    integrity_cover,
    speaker_list,
)
from training.views.study.common import PlacesMixin

SEES = Permission.VIEW_TRAINING


def cadre_url(cadre: Cadre) -> str:
    return reverse("people:cadre", args=[cadre.pk])


def rate_of(row: Any) -> int | None:
    return round(100 * row.came / row.due) if row.due else None


class YearPage(PlacesMixin, ListPage):
    """A list over the active cadres of a year."""

    template_name = "training/study/list.html"
    permission = SEES
    export_permission = SEES
    model = Cadre
    noun = "干部"
    counter = "人"
    empty_icon = "users"
    empty_hint = "管辖范围内还没有在职干部。"

    @cached_property
    def span(self) -> Span:
        asked = self.request.GET.get("year", "")
        known = asked.isdecimal() and len(asked) == 4 and 1970 <= int(asked) <= self.viewer.on.year
        return year_span(int(asked) if known else self.viewer.on.year)


NAME = ListColumn("name", "姓名", lambda c: c.name, sort="name", link=cadre_url, css="nowrap")
STAFF_NO = ListColumn("staff_no", "工号", lambda c: c.staff_no, on_page=False)
UNIT = ListColumn("unit", "部门", lambda c: c.unit_name or "", sort="unit", width=20)


class AttendancePage(YearPage):
    title = "考勤统计"
    place = "study_attendance"
    filterset_class = AttendanceFilter
    main_filters = ("year", "kind", "unit", "rate")
    default_sort = "unit"
    sorts = (
        Sort("unit", "部门", ("unit_path", "display_order", "name_pinyin")),
        Sort("name", "姓名", ("name_pinyin",)),
        Sort("came", "到课次数", ("came",)),
        Sort("absent", "缺席次数", ("absent",)),
        Sort("leave", "请假次数", ("leave",)),
    )
    columns = (
        NAME,
        STAFF_NO,
        UNIT,
        ListColumn("due", "应到", lambda c: c.due, css="num right"),
        ListColumn("came", "实到", lambda c: c.came, sort="came", css="num right"),
        ListColumn("late", "其中迟到", lambda c: c.late, css="num right"),
        ListColumn("leave", "请假", lambda c: c.leave, sort="leave", css="num right"),
        ListColumn("absent", "缺席", lambda c: c.absent, sort="absent", css="num right"),
        ListColumn(
            "rate", "出勤率", rate_of, css="num right nowrap", template="training/study/cells/rate.html"
        ),
        ListColumn("made_up", "补学完成", lambda c: c.made_up, css="num right"),
    )
    views = (
        SavedView("全部", ""),
        SavedView("不足 90%", "rate=low"),
        SavedView("周一例会", "kind=monday"),
        SavedView("中心组", "kind=centre_group"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        kind = self.request.GET.get("kind", "")
        return attendance_by_cadre(self.viewer, self.span, kind if kind in StudyKind.values else "")


class IntegrityPage(YearPage):
    title = "廉政教育"
    place = "integrity"
    filterset_class = IntegrityFilter
    main_filters = ("year", "unit", "missing")
    default_sort = "unit"
    sorts = (
        Sort("unit", "部门", ("unit_path", "display_order", "name_pinyin")),
        Sort("name", "姓名", ("name_pinyin",)),
    )
    views = (SavedView("全部", ""), SavedView("未覆盖", "missing=any"))

    def get_columns(self) -> Any:
        forms = [
            ListColumn(
                theme.value,
                theme.label,
                attrgetter(theme.value),
                css="nowrap",
                template="training/study/cells/cover.html",
            )
            for theme in INTEGRITY_THEMES
        ]
        return (NAME, STAFF_NO, UNIT, *forms)

    def get_queryset(self) -> QuerySet[Any]:
        return integrity_cover(self.viewer, self.span)


class SpeakersPage(YearPage):
    title = "发言轮值"
    place = "speakers"
    filterset_class = SpeakerFilter
    main_filters = ("young", "spoke", "unit")
    default_sort = "last"
    sorts = (
        Sort("last", "上次发言", ("last_spoke_on", "display_order")),
        Sort("count", "发言次数", ("speech_count", "display_order")),
        Sort("name", "姓名", ("name_pinyin",)),
        Sort("unit", "部门", ("unit_path", "display_order", "name_pinyin")),
        Sort("age", "年龄", ("-birth_month",)),
    )
    columns = (
        NAME,
        STAFF_NO,
        UNIT,
        ListColumn("age", "年龄", lambda c: c.years, sort="age", css="num right"),
        ListColumn("count", "发言次数", lambda c: c.speech_count, sort="count", css="num right"),
        ListColumn(
            "last",
            "上次发言",
            lambda c: c.last_spoke_on,
            sort="last",
            css="nowrap",
            template="training/study/cells/spoke.html",
        ),
    )
    views = (
        SavedView("全部", ""),
        SavedView("未发言的青年干部", "young=1&spoke=never&sort=unit"),
        SavedView("从未发言", "spoke=never&sort=unit"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return speaker_list(self.viewer)

    def decorate(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.years = row.age(self.viewer.on)
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(youth_age=figures_on(self.viewer.on).youth_age, **kwargs)
