"""The list of plans, a new one, and what is typed into forms."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.templatetags.ui import cn_date
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import FormPage, ListPage, ViewerMixin
from rotation.filters.plans import PlanFilter
from rotation.forms.plans import PlanForm
from rotation.models import RotationPlan
from rotation.queries.plans import people_like, plan_list, posts_like
from rotation.services.plans import change_plan, create_plan
from rotation.views.plans.shared import DUTY_WORDS, EDITS, SEES, Crumbs, DrafterMixin, crumbs, plan_url


class PlanList(ListPage):
    title = "轮岗方案"
    permission = SEES
    model = RotationPlan
    filterset_class = PlanFilter
    acts_template = "rotation/plan/list_acts.html"
    noun = "轮岗方案"
    counter = "份"
    empty_icon = "route"
    empty_hint = (
        "新建方案后，在备选方案里安排人员；每改一处，系统都会重新核对全部规定。只有知悉范围内的人能看到。"
    )
    export_permission = EDITS
    default_sort = "-created"
    main_filters = ("state", "mine")
    sorts = (
        Sort("created", "拟订时间", ("created_at",)),
        Sort("effective", "任职日期", ("effective_on",)),
        Sort("title", "名称", ("title",)),
    )
    views = (
        SavedView("全部", ""),
        SavedView("等我办理", "mine=1"),
        SavedView("草案", "state=draft"),
        SavedView("征求意见", "state=opinions"),
    )
    columns = (
        ListColumn("title", "方案", lambda p: p.title, sort="title", link=plan_url, width=30),
        ListColumn("state", "状态", lambda p: p.get_state_display(), css="nowrap"),
        ListColumn("unit", "涉及范围", lambda p: p.unit.name if p.unit else "全区", width=20),
        ListColumn("variants", "备选", lambda p: p.variants_n, css="num right"),
        ListColumn("chosen", "选定", lambda p: str(p.chosen) if p.chosen else "未选定", css="nowrap"),
        ListColumn("people", "调整人数", lambda p: p.people, css="num right"),
        ListColumn(
            "effective", "任职日期", lambda p: cn_date(p.effective_on), sort="effective", css="num nowrap"
        ),
        ListColumn("duty", "我的参与方式", lambda p: DUTY_WORDS.get(p.my_duty, "—"), css="nowrap"),
        ListColumn("created", "拟订时间", lambda p: cn_date(p.created_at), sort="created", css="num nowrap"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return plan_list(self.viewer)

    @property
    def may_draft(self) -> bool:
        return bool(self.viewer.paths(EDITS))


class NewPlan(FormPage):
    title = "新建轮岗方案"
    permission = EDITS
    form_class = PlanForm
    submit_label = "新建方案"
    success_message = "已新建，接下来在方案 A 里安排人员。"
    result: RotationPlan

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"viewer": self.viewer}

    def act(self, form: PlanForm) -> RotationPlan:
        return create_plan(values=form.cleaned_data, by=self.viewer, at=timezone.now())

    def get_cancel_url(self) -> str:
        return crumbs()[-1][1]

    def get_success_url(self) -> str:
        return plan_url(self.result)


class EditPlan(DrafterMixin, FormPage):
    title = "修改方案"
    form_class = PlanForm
    success_message = "已保存。"

    def get_crumbs(self) -> Crumbs:
        return self.plan_crumbs(self.title)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"viewer": self.viewer, "row": self.object}

    def act(self, form: PlanForm) -> None:
        change_plan(plan=self.object, values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return plan_url(self.object)


class Options(ViewerMixin):
    """Suggestions for a field: <option>s for its datalist."""

    permission = EDITS
    field = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render(request, "rotation/plan/options.html", {"options": self.suggestions()})

    def suggestions(self) -> list[tuple[str, str]]:
        raise NotImplementedError


class CadreOptions(Options):
    def suggestions(self) -> list[tuple[str, str]]:
        found = people_like(self.viewer, self.request.GET.get("cadre", ""), self.viewer.on)
        names = [cadre.name for cadre in found]
        return [
            (
                c.staff_no if names.count(c.name) > 1 and c.staff_no else c.name,
                f"{c.name}　{c.unit_name or ''}{c.post_title or ''}",
            )
            for c in found
        ]


class PostOptions(Options):
    def suggestions(self) -> list[tuple[str, str]]:
        found = posts_like(self.viewer, self.request.GET.get("to_post", ""), self.viewer.on)
        return [(str(post), post.get_post_class_display()) for post in found]
