"""应慰问未慰问 as of a day, with the start of a case in place and in bulk."""

from datetime import date
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core import exports
from core.audit import record
from core.choices import AuditAction
from core.web.views import FormPage, FramePage, Permissions, ViewerMixin
from people.models import Unit
from wellbeing.forms.care import CaseForm, OwedForm
from wellbeing.models import CareCase
from wellbeing.queries.care.owed import Owed, found_again, owed
from wellbeing.services.care.cases import BulkItem, Wish, start_case, start_in_bulk
from wellbeing.services.care.events import event_for
from wellbeing.views.care.common import EDIT, MOST_CHOSEN, Crumbs, care_crumbs, case_url, say

PAGE_SIZE = 50
EXPORT = (
    exports.Column("name", "对象", value=lambda r: r.cadre.name),
    exports.Column("unit", "部门", width=24, value=lambda r: r.unit_name),
    exports.Column("cause", "类别", value=lambda r: r.cause.label),
    exports.Column("title", "事由", width=16, value=lambda r: r.title),
    exports.Column("day", "日期", value=lambda r: r.happened_on),
    exports.Column("due", "办理时限", value=lambda r: r.due_on),
    exports.Column("amount", "标准（元以内）", value=lambda r: r.rule.amount),
    exports.Column("form", "形式", value=lambda r: r.rule.get_form_display()),
    exports.Column("fund", "经费来源", value=lambda r: r.rule.get_fund_display()),
    exports.Column("source", "依据", width=30, value=lambda r: r.rule.source),
    exports.Column("state", "状态", width=16, value=lambda r: r.words),
)


def units_for(viewer: Any) -> QuerySet[Unit]:
    rows: QuerySet[Unit] = Unit.objects.visible_to(viewer).in_reach(viewer, EDIT).open()
    return rows.order_by("path")


class OwedPage(FramePage):
    title = "应慰问未慰问"
    permission: ClassVar[Permissions] = EDIT
    template_name = "wellbeing/care/owed.html"

    def get_crumbs(self) -> Crumbs:
        return care_crumbs(self.viewer, (self.title, ""))

    @cached_property
    def form(self) -> OwedForm:
        initial = {"on": self.viewer.on}
        return OwedForm(self.request.GET or None, units=units_for(self.viewer), initial=initial)

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for; a wrong value asks for nothing."""
        if self.form.is_bound:
            self.form.is_valid()
        return getattr(self.form, "cleaned_data", {})

    @property
    def day(self) -> date:
        return self.asked.get("on") or self.viewer.on

    @cached_property
    def rows(self) -> list[Owed]:
        asked = self.asked
        return [row for row in owed(self.viewer, on=self.day) if _fits(row, asked)]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.GET.get("export") == "xlsx":
            return self._export()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        late = sum(row.light == "red" for row in self.rows)
        return super().get_context_data(
            filter_form=self.form,
            page=page,
            pages=page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            whole=len(self.rows),
            late=late,
            day=self.day,
            today=self.day == self.viewer.on,
            filtered=any(value for name, value in self.asked.items() if name != "on"),
            **kwargs,
        )

    def _export(self) -> HttpResponseBase:
        label = f"{self.title}，{len(self.rows)} 项"
        record(action=AuditAction.EXPORTED, by=self.viewer, label=label)
        note = exports.source_note(source=self.title, by=self.viewer.name, at=timezone.now())
        book = exports.xlsx_bytes(self.title, list(EXPORT), self.rows, note=note)
        return exports.download(book, f"{self.title}.xlsx")


def _fits(row: Owed, asked: dict[str, Any]) -> bool:
    unit = asked.get("unit")
    return (
        (not asked.get("q") or asked["q"].strip() in row.cadre.name)
        and (not asked.get("cause") or row.cause == asked["cause"])
        and (not asked.get("light") or row.light == asked["light"])
        and (unit is None or str(getattr(row.cadre, "unit_path", "") or "").startswith(unit.path or ""))
    )


class StartInBulk(ViewerMixin):
    """Birthdays and festivals that were ticked, each by its rule."""

    permission: ClassVar[Permissions] = EDIT
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        keys = request.POST.getlist("chosen")[:MOST_CHOSEN]
        rows = found_again(self.viewer, on=self.viewer.on, keys=keys)
        items = [BulkItem(r.cadre, r.cause, r.key, r.happened_on, r.rule) for r in rows if r.case is None]
        bulk = start_in_bulk(items=items, by=self.viewer, on=self.viewer.on)
        say(request, bulk, "已发起 {} 件申请，等待审批。", "请先勾选要发起的人；已办理的不再列出。")
        return HttpResponseRedirect(reverse("wellbeing:care_owed"))


class StartItem(FormPage):
    """A birthday, a retirement or a festival that stands on the list today."""

    permission: ClassVar[Permissions] = EDIT
    form_class = CaseForm
    template_name = "wellbeing/care/start.html"
    submit_label = "提交申请"
    success_message = "已提交，等待审批。"

    @cached_property
    def item(self) -> Owed:
        key = self.request.GET.get("item", "")
        found = found_again(self.viewer, on=self.viewer.on, keys=[key])
        if not found or found[0].case is not None or (found[0].event and found[0].event.reported_by_id):
            raise Http404
        return found[0]

    def get_title(self) -> str:
        return f"{self.item.cadre.name}：{self.item.title}慰问"

    def get_crumbs(self) -> Crumbs:
        here = ("应慰问未慰问", reverse("wellbeing:care_owed"))
        return care_crumbs(self.viewer, here, (self.get_title(), ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "cause": self.item.cause}

    def get_initial(self) -> dict[str, Any]:
        return {"amount": self.item.rule.amount, "kind": self.item.rule.kind}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rules=[self.item.rule], **kwargs)

    def act(self, form: CaseForm) -> CareCase:
        item, data = self.item, form.cleaned_data
        event = event_for(cadre=item.cadre, cause=item.cause, key=item.key, happened_on=item.happened_on)
        wish = Wish(data["kind"], data["amount"], data["reason"])
        return start_case(event=event, wish=wish, by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        made = getattr(self, "result", None)
        return case_url(made) if made else reverse("wellbeing:care_owed")
