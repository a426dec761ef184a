"""核对我的档案: the cadre goes through the own lines, confirms them or asks to have one put right."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme

from core.access import Permission
from core.files import file_response
from core.web.views import ConfirmPage, FormPage, FramePage, ObjectMixin
from growth.campaigns import reception, waiting_for
from growth.checking import OwnLine, checked, own_lines
from growth.completeness import state_of_file
from growth.contracts import checkable_parts
from growth.forms import CorrectionForm, MissingForm
from growth.models import CorrectionRequest, Declarable
from growth.services import (
    ask_correction,
    confirm_lines,
    declare_none,
    report_missing,
    withdraw_correction,
    withdraw_declaration,
)
from people.models import Cadre

OWN = Permission.VIEW_GROWTH_SELF


def back_of(request: HttpRequest) -> str:
    """Where the reader came from, if it is a page of ours."""
    address = request.GET.get("next", "")
    known = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if known else reverse("growth:mine")


class OwnMixin(FramePage):
    """Only for whoever has a record of the own and may see it."""

    permission = OWN

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.may(OWN) or not self.viewer.on_own_record(OWN):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def cadre(self) -> Cadre:
        return Cadre.objects.visible_to(self.viewer, OWN).get(pk=self.viewer.cadre_id or 0)

    @cached_property
    def part(self) -> str:
        """The part of the record that the page before was about; "" for all of it."""
        return self.request.GET.get("part", "")

    @cached_property
    def lines(self) -> list[OwnLine]:
        return own_lines(self.cadre, viewer=self.viewer, only=(self.part,) if self.part else None)

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [("首页", reverse("home")), ("核对我的档案", reverse("growth:mine")), (self.get_title(), "")]


class MinePage(OwnMixin):
    title = "核对我的档案"
    template_name = "growth/mine.html"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [("首页", reverse("home")), (self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        only_open = self.request.GET.get("open") == "1"
        shown = [line for line in self.lines if line.is_open] if only_open else self.lines
        chapters = [(title, list(lines)) for title, lines in groupby(shown, key=lambda line: line.chapter)]
        requests = CorrectionRequest.objects.visible_to(self.viewer).filter(cadre=self.cadre)[:10]
        return super().get_context_data(
            chapters=chapters,
            state=checked(self.lines),
            file=state_of_file(self.cadre, on=self.viewer.on),
            only_open=only_open,
            requests=requests,
            reception=reception(self.cadre, on=self.viewer.on),
            checks=waiting_for(self.viewer),
            parts=checkable_parts(),
            open_lines=sum(line.is_open for line in self.lines),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Confirms the lines ticked, or with `all` every line not yet spoken of."""
        if item := request.POST.get("none") or request.POST.get("some"):
            return self._declare(request, item)
        keys = None if "all" in request.POST else set(request.POST.getlist("line"))
        number = confirm_lines(cadre=self.cadre, keys=keys, by=self.viewer, at=timezone.now())
        if number:
            messages.success(request, f"已确认 {number} 条。")
        else:
            messages.warning(request, "没有选中要确认的内容，请在左侧勾选。")
        return HttpResponseRedirect(reverse("growth:mine"))

    def _declare(self, request: HttpRequest, item: str) -> HttpResponse:
        if item not in Declarable.values:
            raise Http404
        act = declare_none if "none" in request.POST else withdraw_declaration
        act(cadre=self.cadre, item=Declarable(item), by=self.viewer, at=timezone.now())
        messages.success(request, "已记下。")
        return HttpResponseRedirect(reverse("growth:mine"))


class AskCorrection(OwnMixin, FormPage):
    title = "申请更正"
    form_class = CorrectionForm
    template_name = "growth/correct.html"
    submit_label = "提交申请"
    success_message = "已提交，处理结果会通知您。"

    @cached_property
    def line(self) -> OwnLine:
        key = self.request.GET.get("key", "")
        found = next((line for line in self.lines if line.key == key), None)
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(line=self.line, **kwargs)

    def act(self, form: CorrectionForm) -> Any:
        return ask_correction(
            cadre=self.cadre,
            key=self.line.key,
            wanted=form.cleaned_data["wanted"],
            proof=form.cleaned_data["proof"],
            by=self.viewer,
            at=timezone.now(),
        )

    def get_success_url(self) -> str:
        return back_of(self.request)


class ReportMissing(OwnMixin, FormPage):
    """What the record lacks, part by part."""

    title = "补录遗漏"
    form_class = MissingForm
    template_name = "growth/missing.html"
    submit_label = "提交申请"
    success_message = "已提交，处理结果会通知您。"

    @cached_property
    def part_title(self) -> str:
        titles = dict(checkable_parts())
        if self.part not in titles:
            raise Http404
        return titles[self.part]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(part_title=self.part_title, **kwargs)

    def act(self, form: MissingForm) -> Any:
        return report_missing(
            cadre=self.cadre, part=self.part, by=self.viewer, at=timezone.now(), **form.cleaned_data
        )

    def get_success_url(self) -> str:
        return back_of(self.request)


class RequestMixin(ObjectMixin):
    """A request the viewer may know of: the office in its scope, the cadre the own one."""

    model = CorrectionRequest
    lookup = "uid"
    permission: ClassVar[Permission | tuple[Permission, ...] | None] = (OWN, Permission.EDIT_CADRE)


class WithdrawCorrection(RequestMixin, ConfirmPage):
    title = "撤回更正申请"
    submit_label = "撤回申请"
    success_message = "已撤回。"
    permission = OWN

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.may(OWN) or self.object.cadre_id != self.viewer.cadre_id:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_consequence(self) -> str:
        return f"“{self.object.label}”的更正申请将撤回，之后可以重新提出。"

    def act(self, form: Any) -> None:
        withdraw_correction(request=self.object, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return back_of(self.request)


class ProofFile(RequestMixin):
    """The evidence that was sent with a request."""

    def get(self, request: HttpRequest, uid: Any) -> HttpResponse:
        if self.object.proof is None:
            raise Http404
        return file_response(self.object.proof)
