"""签到 on a cadre's telephone: scan, or type what the screen shows, and press once."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.generic import View

from core.access import Permission
from core.web.forms import Form
from core.web.views import FormPage, FramePage
from training.checkin import CODE_LENGTH, CODE_LETTERS, tidy_code
from training.choices import CHECKED_IN, CheckInResult
from training.devices import device_of, done_url, keep_device
from training.models import Attendance
from training.queries.checkin import own_attendances, own_slots_on, recent_check_ins
from training.sentences import refusal_words, success_words
from training.services.checkin import Proof, check_in, scan, slot_of_ticket


@method_decorator(login_not_required, name="dispatch")
class ScanCode(View):
    """Where the QR code leads. Open to strangers: the code lives for seconds, logging in takes longer.

    Whoever comes in time gets a ticket that only this telephone can use, and is sent on to log in.
    """

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        device = device_of(request)
        ticket = scan(token=token, device=device, at=timezone.now())
        query = urlencode({"t": ticket} if ticket else {"expired": "1"})
        return keep_device(HttpResponseRedirect(f"{reverse('training:checkin')}?{query}"), device)


class CodeForm(Form):
    """Either the ticket of a scanned code, or a code typed by hand."""

    ticket = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    code = forms.CharField(label="6 位签到码", required=False, max_length=12)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        code = tidy_code(data.get("code", ""))
        if not data.get("ticket") and (len(code) != CODE_LENGTH or set(code) - set(CODE_LETTERS)):
            self.add_error("code", "请输入大屏上的 6 位签到码（字母和数字，没有 0、O、1、I）。")
        return data


class CheckInPage(FormPage):
    title = "签到"
    permission: ClassVar = Permission.SIGN_UP
    template_name = "training/checkin/page.html"
    form_class = CodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.device = device_of(request)
        response = super().dispatch(request, *args, **kwargs)
        return keep_device(response, self.device)  # type: ignore[arg-type]

    def may(self, permission: Any) -> bool:
        return super().may(permission) and self.viewer.on_own_record(Permission.SIGN_UP)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, ticket = timezone.now(), self.request.GET.get("t", "")[:400]
        expired = refusal_words(CheckInResult.EXPIRED) if "expired" in self.request.GET else ""
        return super().get_context_data(
            ticket=ticket,
            scanned=slot_of_ticket(ticket) if ticket else None,
            refusal=getattr(self, "refusal", "") or expired,
            slots=[(own, own.windows.phase(now)) for own in own_slots_on(self.viewer, now)],
            recent=recent_check_ins(self.viewer, now),
            owner=self.viewer.user_id,
            **kwargs,
        )

    def get_cancel_url(self) -> str:
        return reverse("home")

    def form_valid(self, form: CodeForm) -> HttpResponse:
        proof = Proof(form.cleaned_data["ticket"], form.cleaned_data["code"])
        outcome = check_in(proof=proof, by=self.viewer, at=timezone.now(), device=self.device)
        if outcome.settled and outcome.attendance:
            return HttpResponseRedirect(done_url(outcome))
        self.refusal = outcome.message
        return self.render_to_response(self.get_context_data(form=form), status=422)


class CheckInDone(FramePage):
    """What stands in the register now; the page may be loaded again and says the same."""

    title = "签到"
    permission: ClassVar = Permission.SIGN_UP
    template_name = "training/checkin/done.html"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [("首页", reverse("home")), ("签到", reverse("training:checkin")), ("结果", "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = get_object_or_404(own_attendances(self.viewer), pk=self.kwargs["pk"])
        moment = row.checked_out_at or row.checked_in_at
        if moment is None:
            raise Http404
        result = _result_of(row)
        return super().get_context_data(
            row=row,
            slot=row.slot,
            moment=moment,
            result=result,
            words=success_words(result, row.slot),
            late=result == CheckInResult.LATE,
            again="again" in self.request.GET,
            **kwargs,
        )


def _result_of(row: Attendance) -> CheckInResult:
    if row.checked_out_at:
        return CheckInResult.SIGNED_OUT
    return next((one for one in CHECKED_IN if one.value == row.state), CheckInResult.PRESENT)
