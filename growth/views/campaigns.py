"""信息核对 as the office runs it: the list, opening, how far each unit is, more time, the end."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.templatetags.ui import cn_date, cn_time
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, FormPage, ListPage, ObjectMixin, Permissions, PressMixin
from growth.campaigns import USUAL_PARTS, Coverage, coverage_by_unit, coverage_of, titles_of
from growth.filters import CampaignFilter, MemberFilter
from growth.forms import CampaignForm, ExtendForm
from growth.models import CHECK_COLOURS, CheckCampaign, CheckMember
from growth.services import add_newcomers, close_campaign, extend_campaign, open_campaign, remind

EDIT = Permission.EDIT_CADRE
Crumbs = Sequence[tuple[str, str]]


def campaign_url(campaign: CheckCampaign) -> str:
    return reverse("growth:campaign", args=[campaign.pk])


def campaign_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("信息核对", reverse("growth:campaigns")), *more]


def state_of(campaign: CheckCampaign, on: Any) -> tuple[str, str]:
    """Colour and words of a campaign on the day."""
    if not campaign.is_open:
        return ("grey", "已结束")
    if campaign.starts_on > on:
        return ("blue", "未开始")
    return ("red", "已到期") if campaign.ends_on < on else ("green", "进行中")


class ForStaff(ObjectMixin):
    """For those who keep records, in whatever part of the zone."""

    permission: ClassVar[Permissions] = EDIT
    model: ClassVar[Any] = CheckCampaign

    def may(self, permission: Permissions) -> bool:
        return bool(self.viewer.paths(EDIT))

    @cached_property
    def object(self) -> Any:
        rows = CheckCampaign.objects.visible_to(self.viewer).select_related("unit", "opened_by", "closed_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return campaign_url(self.object)


class ForOrganisers(ForStaff):
    def may(self, permission: Permissions) -> bool:
        return self.viewer.sees_all(EDIT)

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return campaign_crumbs((self.object.title, campaign_url(self.object)), (here, ""))


class CampaignList(ListPage):
    title = "信息核对"
    permission = EDIT
    model = CheckCampaign
    filterset_class = CampaignFilter
    noun = "信息核对"
    counter = "次"
    main_filters = ("state",)
    acts_template = "growth/campaigns/acts.html"
    empty_icon = "clipboard-check"
    empty_hint = "发起一次核对，干部在手机上逐部分核对本人信息，这里看各部门进度。"
    export_permission = EDIT
    default_sort = "-starts"
    sorts = (
        Sort("starts", "开始日期", ("starts_on",)),
        Sort("ends", "截止日期", ("ends_on",)),
        Sort("title", "名称", ("title",)),
    )
    views = (
        SavedView("全部", ""),
        SavedView("进行中", "state=running"),
        SavedView("已结束", "state=closed"),
    )
    columns = (
        ListColumn("title", "名称", lambda c: c.title, sort="title", link=campaign_url, width=30),
        ListColumn("year", "年度", lambda c: c.year, css="num nowrap"),
        ListColumn("audience", "范围", lambda c: c.audience, width=24),
        ListColumn("starts", "开始", lambda c: cn_date(c.starts_on), sort="starts", css="num nowrap"),
        ListColumn("ends", "截止", lambda c: cn_date(c.ends_on), sort="ends", css="num nowrap"),
        ListColumn("expected", "应核对", lambda c: c.coverage.expected, css="num right"),
        ListColumn("done", "已核对", lambda c: c.coverage.done, css="num right"),
        ListColumn("disputed", "有异议", lambda c: c.coverage.disputed, css="num right"),
        ListColumn("state", "状态", lambda c: c.light[1], template="growth/campaigns/light_cell.html"),
    )

    def may(self, permission: Permissions) -> bool:
        return bool(self.viewer.paths(EDIT))

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("unit")

    def decorate(self, rows: list[Any]) -> list[Any]:
        coverage = coverage_of(rows, self.viewer)
        for row in rows:
            row.coverage = coverage.get(row.pk, Coverage())
            row.light = state_of(row, self.viewer.on)
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(organises=self.viewer.sees_all(EDIT), **kwargs)


class NewCampaign(FormPage):
    """The roster sends the people chosen there as `chosen`; that first POST only opens the form."""

    permission: ClassVar[Permissions] = EDIT
    title = "发起信息核对"
    form_class = CampaignForm
    template_name = "growth/campaigns/new.html"
    submit_label = "发起并通知"

    def may(self, permission: Permissions) -> bool:
        return self.viewer.sees_all(EDIT)

    def get_crumbs(self) -> Crumbs:
        return campaign_crumbs((self.title, ""))

    @cached_property
    def picked(self) -> list[str]:
        return [pk for pk in self.request.POST.getlist("chosen") if pk.isdigit()]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "title" not in request.POST:
            initial = {**self.get_initial(), "chosen": self.picked}
            form = CampaignForm(initial=initial, viewer=self.viewer, picked=bool(self.picked))
            return self.render_to_response(self.get_context_data(form=form))
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer, "picked": bool(self.picked)}

    def get_initial(self) -> dict[str, Any]:
        on = self.viewer.on
        usual = f"{on.year}年度干部信息核对"
        known = CheckCampaign.objects.visible_to(self.viewer).filter(title=usual).exists()
        return {
            "year": on.year,
            "title": "" if known else usual,
            "starts_on": on,
            "parts": list(USUAL_PARTS),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(picked=len(self.picked), **kwargs)

    def act(self, form: CampaignForm) -> CheckCampaign:
        return open_campaign(values=form.values(), cadres=form.cadres(), by=self.viewer, at=timezone.now())

    def get_success_message(self) -> str:
        return f"已发起，共 {self.result.members.count()} 人。"

    def get_success_url(self) -> str:
        made = getattr(self, "result", None)
        return campaign_url(made) if made else reverse("growth:campaigns")


class CampaignPage(ForStaff, ListPage):
    """How far each unit is, and below it every person."""

    template_name = "growth/campaigns/campaign.html"
    model = CheckMember
    filterset_class = MemberFilter
    noun = "核对人员"
    counter = "人"
    main_filters = ("state", "disputed")
    empty_icon = "users"
    empty_hint = "您的管理范围内没有人参加这次核对。"
    export_permission = EDIT
    default_sort = "unit"
    sorts = (
        Sort("unit", "部门", ("unit__display_order", "unit__path", "cadre__name_stroke_key")),
        Sort("name", "姓氏笔画", ("cadre__name_stroke_key",)),
        Sort("done", "核对完毕时间", ("done_at", "cadre__name_stroke_key")),
    )
    views = (
        SavedView("全部", ""),
        SavedView("没有核对完", "state=behind"),
        SavedView("未开始", "state=open"),
        SavedView("已核对", "state=done"),
        SavedView("有异议", "disputed=yes"),
        SavedView("免核对", "excused=yes"),
    )
    columns = (
        ListColumn("name", "姓名", lambda m: m.cadre.name, sort="name", css="nowrap b"),
        ListColumn("staff_no", "工号", lambda m: m.cadre.staff_no or "", css="num nowrap"),
        ListColumn("unit", "时任部门", lambda m: m.unit.name if m.unit else "", sort="unit", width=20),
        ListColumn("state", "进度", lambda m: m.light[1], template="growth/campaigns/light_cell.html"),
        ListColumn("parts", "已核对部分", lambda m: m.parts_words, css="num nowrap"),
        ListColumn("disputed", "异议", lambda m: "有待处理的更正申请" if m.disputed else "", width=20),
        ListColumn(
            "began", "开始核对", lambda m: cn_time(m.began_at), css="num nowrap", width=20, on_page=False
        ),
        ListColumn("done", "核对完毕", lambda m: cn_time(m.done_at), sort="done", css="num nowrap", width=20),
        ListColumn("lines", "核对条数", lambda m: m.lines or "", css="num right", on_page=False),
        ListColumn("excuse", "免核对原因", lambda m: m.excuse, width=24, on_page=False),
        ListColumn(
            "acts",
            "操作",
            lambda m: "",
            template="growth/campaigns/acts_cell.html",
            css="acts right nowrap",
            in_export=False,
        ),
    )

    def get_title(self) -> str:
        return str(self.object.title)

    def get_crumbs(self) -> Crumbs:
        return campaign_crumbs((self.object.title, ""))

    def get_queryset(self) -> QuerySet[Any]:
        rows = CheckMember.objects.visible_to(self.viewer).filter(campaign=self.object).expected_or_excused()
        rows = rows.exclude(cadre=self.viewer.cadre_id or 0).with_disputes()
        found: QuerySet[Any] = rows.select_related("cadre", "unit").prefetch_related("parts")
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        _ = self.object  # one that is not there answers 404 to an export as well
        return super().get(request, *args, **kwargs)

    @cached_property
    def late(self) -> bool:
        return bool(self.object.is_open and self.object.ends_on < self.viewer.on)

    def decorate(self, rows: list[Any]) -> list[Any]:
        known = {key for key, _ in titles_of(self.object.parts)}
        for row in rows:
            row.light = (CHECK_COLOURS[row.state], row.state.label)
            row.changeable = self.object.is_open and self.viewer.sees_all(EDIT) and not row.done_at
            if row.excused_at:
                row.light = ("grey", f"免核对：{row.excuse}")
            elif self.late and not row.done_at:
                row.light = ("red", f"{row.state.label}，已逾期")
            through = len(known) if row.done_at else sum(one.part in known for one in row.parts.all())
            row.parts_words = f"{through}/{len(known)}"
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        units = coverage_by_unit(self.object, self.viewer)
        return super().get_context_data(
            campaign=self.object,
            light=state_of(self.object, self.viewer.on),
            titles=[title for _, title in titles_of(self.object.parts)],
            units=[(one, one.light(late=self.late)) for one in units],
            total=coverage_of([self.object], self.viewer).get(self.object.pk, Coverage()),
            organises=self.viewer.sees_all(EDIT),
            begun=self.object.starts_on <= self.viewer.on,
            **kwargs,
        )


class ExtendCampaign(ForOrganisers, FormPage):
    title = "延长核对时间"
    form_class = ExtendForm
    submit_label = "延长并通知"
    success_message = "已延长，并通知了还没有核对完的人。"

    def act(self, form: ExtendForm) -> None:
        extend_campaign(
            campaign=self.object, ends_on=form.cleaned_data["ends_on"], by=self.viewer, at=timezone.now()
        )


class CloseCampaign(ForOrganisers, ConfirmPage):
    title = "结束核对"
    submit_label = "结束核对"
    success_message = "已结束。"

    def get_question(self) -> str:
        return f"结束“{self.object.title}”？"

    def get_consequence(self) -> str:
        behind = coverage_of([self.object], self.viewer).get(self.object.pk, Coverage()).behind
        rest = f"还有 {behind} 人没有核对完，结束后不能再确认。" if behind else "所有人都已核对完。"
        return f"{rest}已提出的更正申请继续处理。"

    def act(self, form: Any) -> None:
        close_campaign(campaign=self.object, by=self.viewer, at=timezone.now())


class RemindBehind(ForStaff, PressMixin):
    def act(self) -> str:
        told = remind(campaign=self.object, by=self.viewer, at=timezone.now())
        return f"已提醒 {told} 人。" if told else "今天已经提醒过，或都已核对完。"


class AddNewcomers(ForOrganisers, PressMixin):
    def act(self) -> str:
        added = add_newcomers(campaign=self.object, by=self.viewer, at=timezone.now())
        return f"已补入 {added} 人并通知。" if added else "没有要补入的人：范围内的在职干部都在名单中。"
