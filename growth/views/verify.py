"""核验成长档案: by the printed code, or by the PDF itself."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from core.web.views import FormPage
from growth.forms import VerifyForm
from growth.models import EDITION_PERMISSIONS
from growth.verification import Verification, verify_bytes, verify_code
from growth.views.files import crumbs


class VerifyPage(FormPage):
    """The answer stands above the form, so that several papers can be checked one after the other."""

    title = "核验成长档案"
    permission = tuple(EDITION_PERMISSIONS.values())
    template_name = "growth/verify.html"
    form_class = VerifyForm
    submit_label = "核验"

    def get_cancel_url(self) -> str:
        return reverse("growth:files")

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return crumbs(("核验", ""))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        code = request.GET.get("code", "").strip()
        answer = verify_code(code, by=self.viewer) if code else None
        form = self.form_class(initial={"code": code})
        return self.render_to_response(self.get_context_data(form=form, answer=answer))

    def form_valid(self, form: VerifyForm) -> HttpResponse:
        answer = self._answer(form)
        return self.render_to_response(self.get_context_data(form=self.form_class(), answer=answer))

    def _answer(self, form: VerifyForm) -> Verification:
        if upload := form.cleaned_data["file"]:
            return verify_bytes(upload.read(), by=self.viewer)
        return verify_code(form.cleaned_data["code"], by=self.viewer)
