"""Choose a field and a value, look at old and new, change, take back."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme

from core.bulk import services
from core.bulk.registry import BulkField, field_of, fields_for
from core.choices import BulkRowState, BulkState
from core.errors import DomainError
from core.keys import keys_of
from core.models import BulkChange
from core.templatetags.ui import cn_time
from core.web.forms import Form
from core.web.listing import ListColumn
from core.web.lists import ListPage
from core.web.pages import DetailPage, FramePage, ObjectMixin, PressMixin

SHOWN_ROWS = 300


def change_url(change: BulkChange) -> str:
    return reverse("bulk", args=[change.uid])


def list_url(change: BulkChange) -> str:
    """Back to the list it was made in."""
    field = field_of(change.list_key, change.field_key)
    first = change.rows.first()
    if field and field.home and first:
        return field.home(first.object_id)
    try:
        return reverse(change.list_key)
    except NoReverseMatch:
        return reverse("bulks")


class BulkForm(Form):
    """One control for each field; only the one whose button was pressed counts."""

    reason = forms.CharField(
        label="修改原因", required=False, max_length=200, help_text="写进审计日志，如：按〔2026〕3号文套改。"
    )

    def __init__(self, *args: Any, controls: Sequence[tuple[BulkField, forms.Field]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.controls = controls
        self.needed = {field.key for field, control in controls if control.required}
        for field, control in controls:
            control.label, control.required = field.label, False
            self.fields[f"value_{field.key}"] = control

    def for_field(self, key: str) -> None:
        """Only this control is asked; none is until its button was pressed."""
        if key in self.needed:
            self.fields[f"value_{key}"].required = True

    def rows(self) -> list[tuple[BulkField, forms.BoundField]]:
        return [(field, self[f"value_{field.key}"]) for field, _ in self.controls]


class NewBulk(FramePage):
    """Reached from a list with the rows chosen there; they travel along as hidden fields."""

    title = "批量修改"
    template_name = "core/bulk/new.html"
    http_method_names = ("post",)

    @cached_property
    def list_key(self) -> str:
        return self.request.GET.get("list", "")

    @cached_property
    def back(self) -> str:
        address = self.request.GET.get("next", "")
        return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else reverse("home")

    @cached_property
    def chosen(self) -> list[int]:
        return keys_of(self.request.POST.getlist("chosen"))

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [("首页", reverse("home")), ("列表", self.back), (self.title, "")]

    def form(self, data: Any = None) -> BulkForm:
        fields = fields_for(self.viewer, self.list_key)
        if not fields:
            raise Http404
        return BulkForm(data, controls=[(field, field.form_field(self.viewer)) for field in fields])

    def post(self, request: HttpRequest) -> HttpResponse:
        key = request.POST.get("field", "")
        form = self.form(request.POST if key else None)
        if not self.chosen:
            messages.error(request, "还没有选记录，请在列表中勾选后再批量修改。")
            return HttpResponseRedirect(self.back)
        if not key:
            return self.page(form)
        form.for_field(key)
        if f"value_{key}" not in form.fields or not form.is_valid():
            return self.page(form, status=422)
        return self._prepare(form, key)

    def _prepare(self, form: BulkForm, key: str) -> HttpResponse:
        try:
            change = services.prepare(
                list_key=self.list_key,
                field_key=key,
                value=form.cleaned_data[f"value_{key}"],
                ids=self.chosen,
                by=self.viewer,
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
        except services.UnknownRowsError as unknown:
            raise Http404 from unknown
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return self.page(form, status=422)
        return HttpResponseRedirect(change_url(change))

    def page(self, form: BulkForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data(form=form, chosen=self.chosen, back=self.back, list_key=self.list_key)
        return self.render_to_response(context, status=status)


class BulkMixin(ObjectMixin):
    model = BulkChange
    lookup = "uid"


class BulkPage(BulkMixin, DetailPage):
    template_name = "core/bulk/change.html"

    def get_title(self) -> str:
        return f"批量修改：{self.object.field_label}"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [("首页", reverse("home")), ("批量修改记录", reverse("bulks")), (self.get_title(), "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change, now = self.object, timezone.now()
        states = services.tally(change)
        return super().get_context_data(
            counts=[(state.label, states[state]) for state in BulkRowState if states.get(state)],
            ready=states.get(BulkRowState.READY, 0),
            done=states.get(BulkRowState.DONE, 0),
            total=sum(states.values()),
            rows=list(change.rows.all()[:SHOWN_ROWS]),
            shown_rows=SHOWN_ROWS,
            tried=services.AT_ONCE,
            is_draft=change.state == BulkState.DRAFT,
            is_running=change.state == BulkState.RUNNING,
            may_undo=change.state == BulkState.DONE
            and change.applied_at is not None
            and now - change.applied_at <= services.UNDO_WITHIN,
            list_url=list_url(change),
            **kwargs,
        )


class BulkAct(PressMixin, BulkMixin):
    """A button of the batch's page."""

    def get_success_url(self) -> str:
        return change_url(self.object)


class ApplyBulk(BulkAct):
    def act(self) -> str:
        change = services.apply_change(change=self.object, by=self.viewer, at=timezone.now())
        if change.state == BulkState.RUNNING:
            return "记录较多，已转到后台修改，可以离开本页。"
        return f"已修改 {services.counted(change, BulkRowState.DONE)} 条，可以在这里撤销。"


class UndoBulk(BulkAct):
    def act(self) -> str:
        change = services.undo_change(change=self.object, by=self.viewer, at=timezone.now())
        if change.state == BulkState.RUNNING:
            return "记录较多，已转到后台撤销，可以离开本页。"
        kept = services.counted(change, BulkRowState.KEPT)
        rest = f"，{kept} 条没有撤销，原因见下表" if kept else ""
        return f"已撤销 {services.counted(change, BulkRowState.UNDONE)} 条{rest}。"


class BulkList(ListPage):
    title = "批量修改记录"
    model = BulkChange
    noun = "批量修改"
    counter = "批"
    empty_icon = "list-checks"
    empty_hint = "在名册、任务分解表等列表中勾选记录，再点“批量修改”。"
    columns = (
        ListColumn("title", "内容", str, link=change_url),
        ListColumn("state", "状态", lambda change: change.get_state_display()),
        ListColumn("created", "预览时间", lambda change: cn_time(change.created_at)),
        ListColumn("applied", "修改时间", lambda change: cn_time(change.applied_at)),
        ListColumn("reason", "原因", lambda change: change.reason),
    )
