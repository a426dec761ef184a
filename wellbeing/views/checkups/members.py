"""One campaign: who stands where, with the acts for the chosen; the slots."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.keys import keys_of
from core.templatetags.ui import cn_time
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import FormPage, ListPage, ObjectMixin, Permissions, PressMixin
from people.models import Cadre
from wellbeing.choices.checkups import (
    BOOKABLE,
    CAMPAIGN_COLOURS,
    CHECKUP_COLOURS,
    CampaignState,
    CheckupState,
)
from wellbeing.filters.checkups import MemberFilter
from wellbeing.forms.checkups import AddMemberForm, BookForm, DeferForm, RemoveForm, ResultForm
from wellbeing.models import CheckupMember
from wellbeing.queries.checkups.lists import (
    Figures,
    away_on,
    budget_use,
    campaign_list,
    figures_of,
    free_slots,
    member_list,
)
from wellbeing.services.checkups.members import (
    add_member,
    defer_members,
    record_results,
    remove_members,
    resume_members,
)
from wellbeing.services.checkups.reminders import remind_unbooked
from wellbeing.services.checkups.slots import assign_leftovers, book_together
from wellbeing.views.checkups.campaigns import EDIT, Crumbs, campaign_url, checkup_crumbs

MOST_CHOSEN = 500


def recheck_words(row: CheckupMember) -> str:
    if not row.recheck_needed:
        return ""
    return "已复查" if row.recheck_done else "需复查"


def why(row: CheckupMember) -> str:
    """The reason of the list, whichever there is."""
    for label, words in (
        ("移出", row.get_removed_for_display()),
        ("缓检", row.get_deferred_for_display()),
        ("补入", row.get_added_for_display()),
    ):
        if words:
            return f"{label}：{words}"
    return row.rule.name if row.rule else ""


class OfCampaign(ObjectMixin):
    """A page of one campaign, for all who enter something of it in their scope."""

    permission: ClassVar[Permissions] = EDIT

    def may(self, permission: Permissions) -> bool:
        return bool(self.viewer.paths(EDIT))

    @cached_property
    def object(self) -> Any:
        return get_object_or_404(campaign_list(self.viewer), pk=self.kwargs["pk"])

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return checkup_crumbs((self.object.title, campaign_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return campaign_url(self.object)


class CampaignPage(OfCampaign, ListPage):
    """Figures, the rules beside the list, and the list itself."""

    template_name = "wellbeing/checkups/campaign.html"
    model = CheckupMember
    filterset_class = MemberFilter
    noun = "名单"
    counter = "人"
    main_filters = ("state", "recheck")
    bulk_template = "wellbeing/checkups/bulk.html"
    empty_icon = "users"
    empty_hint = "发布后按规则生成名单；规则没有覆盖的人可以补入。"
    export_permission = EDIT
    default_sort = "unit"
    sorts = (
        Sort("unit", "部门", ("unit__display_order", "unit__path", "cadre__name_stroke_key")),
        Sort("name", "姓氏笔画", ("cadre__name_stroke_key",)),
        Sort("slot", "体检时间", ("slot__starts_at", "cadre__name_stroke_key")),
        Sort("state", "状态", ("state", "cadre__name_stroke_key")),
    )
    views = (
        SavedView("全部", ""),
        SavedView("未预约", "state=open"),
        SavedView("已检", "state=done"),
        SavedView("需复查", "recheck=waiting"),
        SavedView("缓检", "state=deferred"),
    )
    columns = (
        ListColumn("name", "姓名", lambda m: m.cadre.name, sort="name", css="nowrap b"),
        ListColumn("staff_no", "工号", lambda m: m.cadre.staff_no or "", css="num nowrap"),
        ListColumn("unit", "时任部门", lambda m: m.unit.name if m.unit else "", sort="unit", width=20),
        ListColumn(
            "slot",
            "体检时间",
            lambda m: cn_time(m.slot.starts_at) if m.slot else "",
            sort="slot",
            css="num nowrap",
            width=20,
        ),
        ListColumn(
            "state",
            "状态",
            lambda m: m.get_state_display(),
            sort="state",
            template="wellbeing/cells/talk_state.html",
            css="nowrap",
        ),
        ListColumn("recheck", "复查", recheck_words, css="nowrap"),
        ListColumn("why", "名单依据", why, template="wellbeing/checkups/why_cell.html", width=24),
    )

    def get_title(self) -> str:
        return str(self.object.title)

    def get_crumbs(self) -> Crumbs:
        return checkup_crumbs((self.object.title, ""))

    def get_queryset(self) -> QuerySet[Any]:
        return member_list(self.viewer).filter(campaign=self.object)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        _ = self.object  # another one's campaign answers 404 to an export as well
        return super().get(request, *args, **kwargs)

    def decorate(self, rows: list[Any]) -> list[Any]:
        away = away_on([row.cadre_id for row in rows], self.viewer.on)
        for row in rows:
            row.colour = CHECKUP_COLOURS[CheckupState(row.state)]
            row.away = row.cadre_id in away
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        figures = figures_of([row]).get(row.pk, Figures())
        return super().get_context_data(
            campaign=row,
            colour=CAMPAIGN_COLOURS[CampaignState(row.state)],
            figures=figures,
            use=budget_use(row, figures),
            organises=self.viewer.sees_all(EDIT),
            bookable=row.state in BOOKABLE,
            **kwargs,
        )


class AddMember(OfCampaign, FormPage):
    title = "补入人员"
    form_class = AddMemberForm
    submit_label = "补入"
    success_message = "已补入，此人可以预约。"

    def get_form_kwargs(self) -> dict[str, Any]:
        _ = self.object
        return {**super().get_form_kwargs(), "cadres": Cadre.objects.visible_to(self.viewer, EDIT)}

    def act(self, form: AddMemberForm) -> CheckupMember:
        data = form.cleaned_data
        return add_member(
            campaign=self.object,
            cadre=data["cadre"],
            reason=data["reason"],
            by=self.viewer,
            on=self.viewer.on,
        )


class ForChosen(OfCampaign, FormPage):
    """The list sends the chosen here; the address then names them, so that a refusal loses nobody."""

    url_name: ClassVar[str]
    template_name = "wellbeing/checkups/chosen.html"

    @cached_property
    def rows(self) -> list[CheckupMember]:
        ids = keys_of(self.request.GET.get("rows", "").split(","))
        rows = member_list(self.viewer).filter(campaign=self.object, pk__in=ids[:MOST_CHOSEN])
        return list(rows.order_by("cadre__name_stroke_key", "pk"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.rows:
            messages.error(request, "请先在名单中选择人员；本人的体检由其他经办人办理。")
            return HttpResponseRedirect(campaign_url(self.object))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "chosen" in request.POST or not request.GET.get("rows"):
            chosen = ",".join(pk for pk in request.POST.getlist("chosen") if pk.isdecimal())
            here = reverse(f"wellbeing:{self.url_name}", args=[self.object.pk])
            return HttpResponseRedirect(f"{here}?rows={chosen}")
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rows=self.rows, **kwargs)

    def get_success_message(self) -> str:
        return f"已办理 {self.result} 人。" if self.result else "没有改动。"


class MarkResults(ForChosen):
    title = "登记结果"
    url_name = "checkup_results"
    form_class = ResultForm
    submit_label = "登记"

    def act(self, form: ResultForm) -> int:
        return record_results(members=self.rows, result=form.cleaned_data["result"], by=self.viewer)


class RemoveChosen(ForChosen):
    title = "移出名单"
    url_name = "checkup_remove"
    form_class = RemoveForm
    submit_label = "移出"
    dangerous = True

    def act(self, form: RemoveForm) -> int:
        return remove_members(members=self.rows, reason=form.cleaned_data["reason"], by=self.viewer)


class DeferChosen(ForChosen):
    title = "登记缓检"
    url_name = "checkup_defer"
    form_class = DeferForm
    submit_label = "缓检"

    def act(self, form: DeferForm) -> int:
        return defer_members(members=self.rows, reason=form.cleaned_data["reason"], by=self.viewer)


class BookChosen(ForChosen):
    """A place for those who do not take one themselves; all of them, or nobody."""

    title = "安排时段"
    url_name = "checkup_book"
    form_class = BookForm
    submit_label = "安排"

    def get_form_kwargs(self) -> dict[str, Any]:
        slots = free_slots([self.object.pk], after=timezone.now())
        return {**super().get_form_kwargs(), "slots": slots}

    def act(self, form: BookForm) -> int:
        slot = form.cleaned_data["slot"]
        return book_together(members=self.rows, slot=slot, by=self.viewer, at=timezone.now())


class PressedPage(PressMixin, OfCampaign):
    """One press, then back to the campaign."""

    def get_success_url(self) -> str:
        return campaign_url(self.object)


class ResumeChosen(PressedPage):
    def act(self) -> str:
        ids = keys_of(self.request.POST.getlist("chosen"))
        rows = member_list(self.viewer).filter(campaign=self.object, pk__in=ids[:MOST_CHOSEN])
        return f"已恢复应检 {resume_members(members=list(rows), by=self.viewer)} 人。"


class AssignLeftovers(PressedPage):
    def act(self) -> str:
        given, left = assign_leftovers(
            campaign=self.object, by=self.viewer, at=timezone.now(), on=self.viewer.on
        )
        rest = f"，{left} 人没有合适的时段，请增加时段或改约" if left else ""
        return f"已为 {given} 人安排时段{rest}。"


class RemindUnbooked(PressedPage):
    def act(self) -> str:
        told = remind_unbooked(campaign=self.object, by=self.viewer, on=self.viewer.on)
        return f"已提醒 {told} 人预约。" if told else "今天已经提醒过，或没有未预约的人。"
