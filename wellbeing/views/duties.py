"""应谈尽谈: what is owed, by whom, until when; how far it was done; and the rules behind it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core import exports
from core.access import Permission
from core.audit import record
from core.choices import AuditAction
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import FormPage, FramePage, ListPage, ObjectMixin, Permissions, ViewerMixin
from wellbeing.choices.triggers import (
    DUTY_COLOURS,
    REGULAR_CODES,
    UNMET_STATES,
    WITHOUT_RULE,
    DutyState,
    TriggerCode,
)
from wellbeing.filters.talks import DutyFilter
from wellbeing.forms.others import TalkRuleForm
from wellbeing.forms.talks import AssignForm, WaiveForm
from wellbeing.models import TalkDuty, TalkRule
from wellbeing.queries.coverage import SMALLEST, Coverage, coverage
from wellbeing.queries.people import people_around
from wellbeing.queries.talks import duty_list
from wellbeing.services.duties import assign_duty, waive_duty
from wellbeing.services.rules import open_talk_rule
from wellbeing.views.talks import STAFF, Crumbs, talk_crumbs

YEARS_BACK = 5


class DutyList(ListPage):
    title = "应谈事项"
    permission = STAFF
    model = TalkDuty
    filterset_class = DutyFilter
    noun = "应谈事项"
    counter = "项"
    main_filters = ("unit", "code", "state")
    acts_template = "wellbeing/duty_acts.html"
    empty_icon = "circle-check"
    empty_hint = "岗位变动、考核结果、挂职等情况发生后，系统每天按规则提出应谈事项。"
    export_permission = Permission.PLAN_TALK
    template_name = "wellbeing/list.html"
    default_sort = "due"
    sorts = (
        Sort("due", "应谈截止", ("due_on",)),
        Sort("name", "姓名拼音", ("cadre__name_pinyin",)),
        Sort("code", "事由", ("code", "due_on")),
        Sort("talker", "应谈人", ("talker__name",)),
    )
    columns = (
        ListColumn("name", "谈话对象", lambda d: d.cadre.name, sort="name", css="nowrap"),
        ListColumn("unit", "当时部门", lambda d: d.unit.name if d.unit else "", width=20),
        ListColumn("code", "事由", lambda d: d.get_code_display(), sort="code", width=20),
        ListColumn("on", "事由日期", lambda d: d.occasion_on, template="wellbeing/cells/day.html", css="num"),
        ListColumn("talker", "应谈人", lambda d: str(d.talker or "待指定"), sort="talker", css="nowrap"),
        ListColumn("relation", "关系", lambda d: d.get_relation_display(), css="nowrap"),
        ListColumn(
            "due", "应谈截止", lambda d: d.due_on, sort="due", template="wellbeing/cells/due.html", css="num"
        ),
        ListColumn(
            "state", "状态", lambda d: d.get_state_display(), template="wellbeing/cells/duty_state.html"
        ),
        ListColumn(
            "acts",
            "操作",
            lambda d: "",
            css="acts",
            template="wellbeing/cells/duty_acts.html",
            in_export=False,
        ),
    )

    @property
    def views(self) -> Sequence[SavedView]:  # type: ignore[override]
        """Planners begin with all of their scope, talkers with their own."""
        mine = SavedView("我应谈的", "mine=1&state=open")
        open_ones = SavedView("待谈", "state=open")
        rest = (SavedView("已约", "state=planned"), SavedView("已逾期", "late=1"), SavedView("全部", ""))
        if not self.viewer.paths(Permission.PLAN_TALK):
            return (open_ones, *rest)
        return (open_ones, mine, SavedView("待指定谈话人", "unassigned=1"), *rest)

    def get_queryset(self) -> QuerySet[Any]:
        return duty_list(self.viewer).exclude(cadre_id=self.viewer.cadre_id or 0)

    def decorate(self, rows: list[Any]) -> list[Any]:
        on, plans = self.viewer.on, bool(self.viewer.paths(Permission.PLAN_TALK))
        for duty in rows:
            unmet = duty.state in UNMET_STATES
            duty.colour = DUTY_COLOURS[DutyState(duty.state)]
            duty.late = unmet and duty.due_on < on
            duty.talkable = duty.state == DutyState.OPEN and (plans or duty.talker_id == self.viewer.user_id)
            duty.plannable = plans and unmet
        return rows


class MyDuties(ViewerMixin):
    """The list as the home page links to it: what this viewer owes."""

    permission: ClassVar[Permissions] = STAFF

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return HttpResponseRedirect(f"{reverse('wellbeing:duties')}?mine=1&state=open")


class MyOpenTalks(ViewerMixin):
    permission: ClassVar[Permissions] = STAFF

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return HttpResponseRedirect(f"{reverse('wellbeing:talks')}?mine=talker&unfinished=1")


class DutyAct(ObjectMixin):
    permission: ClassVar[Permissions] = Permission.PLAN_TALK
    model = TalkDuty

    def get_queryset(self) -> QuerySet[Any]:
        rows = duty_list(self.viewer).exclude(cadre_id=self.viewer.cadre_id or 0)
        return rows.filter(state__in=UNMET_STATES)

    def get_crumbs(self) -> Crumbs:
        return talk_crumbs(
            ("应谈事项", reverse("wellbeing:duties")),
            (self.get_title(), ""),  # type: ignore[attr-defined]
        )

    def get_success_url(self) -> str:
        return reverse("wellbeing:duties")


class AssignDuty(DutyAct, FormPage):
    form_class = AssignForm
    submit_label = "指定谈话人"
    success_message = "已指定，对方会收到提醒。"

    def get_title(self) -> str:
        return f"指定谈话人：{self.object.cadre.name}，{self.object.get_code_display()}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "users": people_around(self.object.cadre_id, on=self.viewer.on)}

    def get_initial(self) -> dict[str, Any]:
        return {"talker": self.object.talker_id}

    def act(self, form: AssignForm) -> None:
        assign_duty(duty=self.object, talker=form.cleaned_data["talker"], by=self.viewer)


class WaiveDuty(DutyAct, FormPage):
    form_class = WaiveForm
    submit_label = "免谈"
    success_message = "已登记免谈。"
    dangerous = True

    def get_title(self) -> str:
        return f"免谈：{self.object.cadre.name}，{self.object.get_code_display()}"

    def act(self, form: WaiveForm) -> None:
        waive_duty(duty=self.object, reason=form.cleaned_data["reason"], by=self.viewer)


class CoveragePage(FramePage):
    """Figures by department; below SMALLEST people nothing is shown."""

    title = "谈话覆盖"
    permission: ClassVar[Permissions] = Permission.VIEW_TALK_COVERAGE
    template_name = "wellbeing/coverage.html"

    def get_crumbs(self) -> Crumbs:
        return talk_crumbs((self.title, ""))

    @cached_property
    def year(self) -> int:
        this = self.viewer.on.year
        wanted = self.request.GET.get("year", "")
        known = {str(year) for year in range(this, this - YEARS_BACK, -1)}
        return int(wanted) if wanted in known else this

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.GET.get("export") == "xlsx":
            return self._export()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        this = self.viewer.on.year
        return super().get_context_data(
            table=coverage(self.viewer, year=self.year, on=self.viewer.on),
            year=self.year,
            years=range(this, this - YEARS_BACK, -1),
            smallest=SMALLEST,
            **kwargs,
        )

    def _export(self) -> HttpResponseBase:
        table = coverage(self.viewer, year=self.year, on=self.viewer.on)
        title = f"{self.year}年谈心谈话覆盖情况"
        columns = [
            exports.Column("unit", "部门", width=24, value=lambda r: r.unit.name if r.unit else "合计"),
            *(exports.Column(key, label, value=_shown(key)) for key, label in COVERAGE_COLUMNS.items()),
        ]
        record(action=AuditAction.EXPORTED, by=self.viewer, label=title)
        note = exports.source_note(source=title, by=self.viewer.name, at=timezone.now())
        book = exports.xlsx_bytes(title, columns, [*table.rows, table.total], note=note)
        return exports.download(book, f"{title}.xlsx")


COVERAGE_COLUMNS = {
    "people": "在职人数",
    "talked": "已谈人数",
    "due": "应谈",
    "done": "已谈",
    "late": "逾期未谈",
    "ahead": "未到期",
    "percent": "应谈完成率（%）",
}


def _shown(key: str) -> Any:
    def value(row: Coverage) -> Any:
        hidden = row.unit is not None and row.suppressed
        return f"少于 {SMALLEST} 人" if hidden else getattr(row, key)

    return value


class TalkRules(FramePage):
    title = "谈话规则"
    permission: ClassVar[Permissions] = (*STAFF, Permission.EDIT_RULES)
    template_name = "wellbeing/rules.html"

    def get_crumbs(self) -> Crumbs:
        return talk_crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions: dict[str, list[TalkRule]] = {}
        for rule in TalkRule.objects.visible_to(self.viewer).order_by("-starts_on"):
            versions.setdefault(rule.code, []).append(rule)
        codes = [code for code in TriggerCode if code not in WITHOUT_RULE]
        rows = [(code, _now(versions, code, self.viewer.on), versions.get(code, [])) for code in codes]
        return super().get_context_data(
            events=[row for row in rows if row[0] not in REGULAR_CODES],
            regular=[row for row in rows if row[0] in REGULAR_CODES],
            may_change=self.viewer.sees_all(Permission.EDIT_RULES),
            on=self.viewer.on,
            **kwargs,
        )


def _now(versions: dict[str, list[TalkRule]], code: str, on: date) -> TalkRule | None:
    return next((rule for rule in versions.get(code, []) if rule.holds(on)), None)


class NewTalkRule(FormPage):
    permission: ClassVar[Permissions] = Permission.EDIT_RULES
    form_class = TalkRuleForm
    submit_label = "启用新规则"
    success_message = "已登记新规则，原规则到前一天为止。"

    def may(self, permission: Permissions) -> bool:
        return super().may(permission) and self.viewer.sees_all(Permission.EDIT_RULES)

    @cached_property
    def code(self) -> TriggerCode:
        wanted = self.kwargs["code"]
        if wanted not in TriggerCode.values or wanted in WITHOUT_RULE:
            raise Http404
        return TriggerCode(wanted)

    def get_title(self) -> str:
        return f"{self.code.label}：新规则"

    def get_crumbs(self) -> Crumbs:
        return talk_crumbs(("谈话规则", reverse("wellbeing:rules")), (self.get_title(), ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        latest = TalkRule.objects.visible_to(self.viewer).filter(code=self.code).order_by("-starts_on")
        return {**super().get_form_kwargs(), "code": self.code, "current": latest.first()}

    def act(self, form: TalkRuleForm) -> TalkRule:
        return open_talk_rule(code=self.code, values=form.values(), by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("wellbeing:rules")
