"""Campaigns: the list, planning, and the steps from draft to end."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, FormPage, ListPage, ObjectMixin, Permissions
from wellbeing.choices.checkups import CAMPAIGN_COLOURS, CampaignState
from wellbeing.filters.checkups import CampaignFilter
from wellbeing.forms.checkups import CampaignForm, EndedCampaignForm, EndForm
from wellbeing.models import CheckupCampaign
from wellbeing.queries.checkups.eligibility import eligible, rules_on, rules_words
from wellbeing.queries.checkups.lists import Figures, budget_use, campaign_list, figures_of
from wellbeing.services.checkups.campaigns import (
    change_campaign,
    drop_campaign,
    end_campaign,
    plan_campaign,
    publish_campaign,
    start_campaign,
)

EDIT = Permission.EDIT_CHECKUP
Crumbs = Sequence[tuple[str, str]]


def campaign_url(row: CheckupCampaign) -> str:
    return reverse("wellbeing:checkup", args=[row.pk])


def checkup_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("健康体检", reverse("wellbeing:checkups")), *more]


class CampaignList(ListPage):
    title = "健康体检"
    permission = EDIT
    model = CheckupCampaign
    filterset_class = CampaignFilter
    noun = "体检安排"
    counter = "次"
    main_filters = ("state",)
    acts_template = "wellbeing/checkups/acts.html"
    template_name = "wellbeing/checkups/list.html"
    empty_icon = "heart-pulse"
    empty_hint = "新建一次体检，发布时按规则生成名单，干部在手机上预约。"
    export_permission = EDIT
    default_sort = "-year"
    sorts = (
        Sort("year", "年度", ("year", "starts_on")),
        Sort("title", "名称", ("title",)),
        Sort("starts", "开始日期", ("starts_on",)),
    )
    views = (SavedView("全部", ""), SavedView("进行中", "state=running"), SavedView("已结束", "state=ended"))
    columns = (
        ListColumn("title", "名称", lambda c: c.title, sort="title", link=campaign_url, width=30),
        ListColumn("year", "年度", lambda c: c.year, sort="year", css="num nowrap"),
        ListColumn("institution", "体检机构", lambda c: c.institution, width=24),
        ListColumn("package", "体检套餐", lambda c: c.package, width=20, on_page=False),
        ListColumn(
            "starts",
            "开始",
            lambda c: c.starts_on,
            sort="starts",
            template="wellbeing/cells/day.html",
            css="num nowrap",
        ),
        ListColumn(
            "ends", "截止", lambda c: c.ends_on, template="wellbeing/cells/day.html", css="num nowrap"
        ),
        ListColumn("expected", "应检", lambda c: c.figures.expected, css="num right"),
        ListColumn("done", "已检", lambda c: c.figures.done, css="num right"),
        ListColumn("due", "已用预算（元）", lambda c: c.use.due, css="num right"),
        ListColumn("total", "预算总额（元）", lambda c: c.budget_total, css="num right", on_page=False),
        ListColumn(
            "state", "状态", lambda c: c.get_state_display(), template="wellbeing/cells/talk_state.html"
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return campaign_list(self.viewer)

    def may(self, permission: Permissions) -> bool:
        return bool(self.viewer.paths(EDIT))

    def decorate(self, rows: list[Any]) -> list[Any]:
        figures = figures_of(rows)
        for row in rows:
            row.figures = figures.get(row.pk, Figures())
            row.use = budget_use(row, row.figures)
            row.colour = CAMPAIGN_COLOURS[CampaignState(row.state)]
        return rows


class CampaignMixin(ObjectMixin):
    """A page of one campaign, for those who arrange it for the whole zone."""

    permission: ClassVar[Permissions] = EDIT
    model = CheckupCampaign
    states: ClassVar[tuple[CampaignState, ...]] = tuple(CampaignState)

    def may(self, permission: Permissions) -> bool:
        return self.viewer.sees_all(EDIT)

    def get_queryset(self) -> QuerySet[Any]:
        return campaign_list(self.viewer)

    @cached_property
    def object(self) -> Any:
        row = super().object
        if row.state not in self.states:
            raise Http404
        return row

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return checkup_crumbs((self.object.title, campaign_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return campaign_url(self.object)


class NewCampaign(FormPage):
    permission: ClassVar[Permissions] = EDIT
    title = "新建体检"
    form_class = CampaignForm
    submit_label = "保存草稿"
    success_message = "已保存草稿。核对后发布，系统按规则生成名单。"

    def may(self, permission: Permissions) -> bool:
        return self.viewer.sees_all(EDIT)

    def get_crumbs(self) -> Crumbs:
        return checkup_crumbs((self.title, ""))

    def get_initial(self) -> dict[str, Any]:
        return {"year": self.viewer.on.year, "title": f"{self.viewer.on.year}年度干部健康体检"}

    def act(self, form: CampaignForm) -> CheckupCampaign:
        return plan_campaign(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        made = getattr(self, "result", None)
        return campaign_url(made) if made else reverse("wellbeing:checkups")


class ChangeCampaign(CampaignMixin, FormPage):
    title = "修改体检"
    success_message = "已保存。"

    def get_form_class(self) -> Any:
        return EndedCampaignForm if self.object.state == CampaignState.ENDED else CampaignForm

    def get_form_kwargs(self) -> dict[str, Any]:
        found = {**super().get_form_kwargs(), "row": self.object}
        found.pop("initial", None)
        return found

    def act(self, form: Any) -> None:
        change_campaign(campaign=self.object, values=form.cleaned_data, by=self.viewer)


class PublishCampaign(CampaignMixin, ConfirmPage):
    """Says by which rules and for how many before anybody is told."""

    title = "发布体检"
    submit_label = "发布并通知"
    dangerous = False
    states = (CampaignState.DRAFT,)
    template_name = "wellbeing/checkups/publish.html"

    def get_question(self) -> str:
        return f"发布“{self.object.title}”？"

    def get_consequence(self) -> str:
        return "名单按下面的规则生成，名单上的人会收到通知，可以预约。发布后还可以补入和移出。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year, on = self.object.year, self.viewer.on
        heads = len(eligible(year=year, on=on))
        return super().get_context_data(
            campaign=self.object,
            words=rules_words(rules_on(on)),
            heads=heads,
            needed=self.object.budget_per_head * heads,
            **kwargs,
        )

    def act(self, form: Any) -> int:
        return publish_campaign(campaign=self.object, by=self.viewer, on=self.viewer.on)

    def get_success_message(self) -> str:
        return f"已发布，应检 {self.result} 人。接着设置体检时段。"


class StartCampaign(CampaignMixin, ConfirmPage):
    title = "开始体检"
    submit_label = "开始"
    dangerous = False
    states = (CampaignState.PUBLISHED,)
    success_message = "已开始，可以登记结果。"

    def get_question(self) -> str:
        return f"开始“{self.object.title}”？"

    def get_consequence(self) -> str:
        return "开始后可以登记和导入结果。到开始日期会自动开始。"

    def act(self, form: Any) -> None:
        start_campaign(campaign=self.object, by=self.viewer)


class EndCampaign(CampaignMixin, ConfirmPage):
    title = "结束体检"
    submit_label = "结束体检"
    form_class = EndForm
    states = (CampaignState.RUNNING,)

    def get_question(self) -> str:
        return f"结束“{self.object.title}”？"

    def get_consequence(self) -> str:
        return "还没有检的人记为未检，按谈话规则提出应谈事项。结束后仍可补登结果和结算金额。"

    def act(self, form: EndForm) -> int:
        spent = form.cleaned_data["spent"]
        return end_campaign(campaign=self.object, spent=spent, by=self.viewer, on=self.viewer.on)

    def get_success_message(self) -> str:
        return f"已结束，{self.result} 人未检。"


class DropCampaign(CampaignMixin, ConfirmPage):
    title = "删除草稿"
    submit_label = "删除草稿"
    states = (CampaignState.DRAFT,)
    success_message = "已删除。"

    def get_question(self) -> str:
        return f"删除“{self.object.title}”？"

    def get_consequence(self) -> str:
        return "草稿没有发布，删除后不影响任何人。"

    def get_cancel_url(self) -> str:
        return campaign_url(self.object)

    def act(self, form: Any) -> None:
        drop_campaign(campaign=self.object, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("wellbeing:checkups")
