"""我的体检: the own slot on the phone, and the own locker."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from core.access import Permission
from core.errors import DomainError
from core.exports import download
from core.templatetags.ui import cn_time
from core.web.views import ConfirmPage, FormPage, FramePage, ObjectMixin, Permissions, ViewerMixin
from people.contracts import engagements_of
from wellbeing.choices.checkups import CHECKUP_COLOURS, CheckupState
from wellbeing.choices.privacy import ConsentPurpose
from wellbeing.forms.checkups import ReportForm
from wellbeing.models import CheckupMember, CheckupReport, CheckupSlot
from wellbeing.purposes import PURPOSES
from wellbeing.queries.checkups.lists import free_slots, may_book, member_list, own_members, own_reports
from wellbeing.services.checkups.locker import drop_report, keep_report, kept_reports, open_report
from wellbeing.services.checkups.slots import book_slot, cancel_booking
from wellbeing.services.consents import has_consented
from wellbeing.views.checkups.campaigns import Crumbs

OWN = Permission.OWN_WELLBEING
CHECKUP = "体检"
MOST_SLOTS = 60


class Own(ViewerMixin):
    """A page of the cadre's own."""

    permission: ClassVar[Permissions] = OWN

    def may(self, permission: Permissions) -> bool:
        return self.viewer.on_own_record(OWN)


def own_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("我的体检", reverse("wellbeing:my_checkups")), *more]


class MyCheckups(Own, FramePage):
    title = "我的体检"
    template_name = "wellbeing/checkups/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        members = own_members(self.viewer)
        current = next((row for row in members if may_book(row)), None)
        for row in members:
            row.colour = CHECKUP_COLOURS[CheckupState(row.state)]  # type: ignore[attr-defined]
        slots = free_slots([current.campaign_id], after=now)[:MOST_SLOTS] if current else []
        return super().get_context_data(
            members=[row for row in members if row is not current],
            current=current,
            slots=[slot for slot in slots if current and slot.pk != current.slot_id],
            cancellable=bool(current and current.slot and current.slot.starts_at > now),
            rechecks=[row for row in members if row.recheck_needed and not row.recheck_done],
            kept=own_reports(self.viewer).count(),
            **kwargs,
        )


class OwnMember(Own, ObjectMixin):
    model = CheckupMember

    def get_queryset(self) -> QuerySet[Any]:
        return member_list(self.viewer).filter(cadre_id=self.viewer.cadre_id or 0)


class BookOwn(OwnMember):
    """One press takes the slot, or moves to it; who comes second is told so."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int, slot: int) -> HttpResponse:
        slots = CheckupSlot.objects.visible_to(self.viewer)
        row = get_object_or_404(slots, pk=slot, campaign_id=self.object.campaign_id)
        try:
            book_slot(member=self.object, slot=row, by=self.viewer, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            words = f"已预约：{cn_time(row.starts_at)}，{row.place}。"
            messages.success(request, words + self._clash(row))
        return HttpResponseRedirect(reverse("wellbeing:my_checkups"))

    def _clash(self, slot: CheckupSlot) -> str:
        cadre_id = self.viewer.cadre_id or 0
        found = engagements_of([cadre_id], starts_at=slot.starts_at, ends_at=slot.ends_at)
        others = [f"{one.kind}“{one.title}”" for one in found if one.kind != CHECKUP]
        return f"请注意，您这段时间还有{'、'.join(others)}，可以改约其他时段。" if others else ""


class CancelOwn(OwnMember, ConfirmPage):
    title = "取消预约"
    submit_label = "取消预约"
    keep_label = "保留预约"
    success_message = "已取消预约。请在截止日期前另约时段。"

    def get_crumbs(self) -> Crumbs:
        return own_crumbs((self.title, ""))

    def get_question(self) -> str:
        slot = self.object.slot
        return f"取消 {cn_time(slot.starts_at)} 的体检？" if slot else "取消体检预约？"

    def get_consequence(self) -> str:
        return "名额让给别人。只是换时间的，直接在“我的体检”点另一个时段。"

    def act(self, form: Any) -> None:
        cancel_booking(member=self.object, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("wellbeing:my_checkups")


class Locker(Own, FramePage):
    """The own reports; what is kept here nobody else can open."""

    title = "体检报告保管箱"
    template_name = "wellbeing/checkups/locker.html"

    def get_crumbs(self) -> Crumbs:
        return own_crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        purpose = ConsentPurpose.HEALTH_LOCKER
        return super().get_context_data(
            reports=kept_reports(by=self.viewer),
            consented=has_consented(self.viewer.cadre_id or 0, purpose),
            consent=purpose,
            purpose=PURPOSES["wellbeing.checkupreport.name"],
            **kwargs,
        )


class KeepReport(Own, FormPage):
    title = "存入体检报告"
    form_class = ReportForm
    submit_label = "加密存入"
    success_message = "已用您的密钥加密存入，只有您能打开。"

    def get_crumbs(self) -> Crumbs:
        return own_crumbs(("体检报告保管箱", reverse("wellbeing:locker")), (self.title, ""))

    def get_initial(self) -> dict[str, Any]:
        return {"year": self.viewer.on.year}

    def act(self, form: ReportForm) -> None:
        data = form.cleaned_data
        keep_report(upload=data["upload"], year=data["year"], by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("wellbeing:locker")


class OwnReport(Own, ObjectMixin):
    model = CheckupReport

    def get_queryset(self) -> QuerySet[Any]:
        return own_reports(self.viewer)


class GetReport(OwnReport):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = open_report(report=self.object, by=self.viewer, at=timezone.now())
        response = download(found.data, found.name)
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response


class DropReport(OwnReport, ConfirmPage):
    title = "删除体检报告"
    submit_label = "永久删除"
    success_message = "已删除，文件不可恢复。"

    def get_crumbs(self) -> Crumbs:
        return own_crumbs(("体检报告保管箱", reverse("wellbeing:locker")), (self.title, ""))

    def get_question(self) -> str:
        return f"删除 {self.object.year} 年度的这份报告？"

    def get_consequence(self) -> str:
        return "删除后不能恢复，请先确认自己留有原件。"

    def act(self, form: Any) -> None:
        drop_report(report=self.object, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("wellbeing:locker")
