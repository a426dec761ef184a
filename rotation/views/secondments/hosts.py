"""The host's form: its link is made here and shown once; whoever has it needs no account."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import View

from core.context import request_context
from core.errors import DomainError
from core.exports import download
from core.web.views import ConfirmPage, ObjectMixin
from people.models import Cadre
from rotation.choices.secondments import OpinionStage, SecondmentState
from rotation.exports.letters import host_form_pdf
from rotation.forms.secondments import HostOpinionForm, ReasonForm
from rotation.models import HostForm
from rotation.secondment_states import LIVE
from rotation.services import secondments as services
from rotation.views.secondments.shared import EDITS, Crumbs, OfSecondment, crumbs, secondment_url

TRIES, WINDOW = 30, 600  # opens of one address in ten minutes


class OfStage(OfSecondment):
    states = (*LIVE, SecondmentState.ENDED)

    @property
    def stage(self) -> OpinionStage:
        if self.kwargs["stage"] not in OpinionStage.values:
            raise Http404
        return OpinionStage(self.kwargs["stage"])

    def address_of(self, token: str) -> str:
        path = reverse("rotation:host_form", args=[token])
        return f"{settings.SITE_URL}{path}" if settings.SITE_URL else self.request.build_absolute_uri(path)

    def home_words(self) -> str:
        placed: Any = Cadre.objects.visible_to(self.viewer, EDITS).with_position(self.viewer.on)
        found = placed.filter(pk=self.object.cadre_id).values_list("unit_name", flat=True).first()
        return f"{settings.ZONE_NAME}{found or ''}"


class MakeHostForm(OfStage):
    """Makes the link, and answers with the page that shows it: the only time it is known."""

    submit_label = "生成一次性链接"
    form_class = ReasonForm
    template_name = "rotation/secondments/host_make.html"

    def get_title(self) -> str:
        return f"接收单位填写：{self.stage.label}"

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields.clear()
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(part=self.stage, days=services.VALID_DAYS, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            made, token = services.make_host_form(secondment=self.object, stage=self.stage, hop=self.hop())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        address = self.address_of(token)
        if self.request.POST.get("paper"):
            return self._paper(made, address)
        context = self.get_context_data(form=form, made=made, address=address)
        response = self.render_to_response(context)
        response["Cache-Control"] = "no-store"
        return response

    def _paper(self, made: HostForm, address: str) -> HttpResponse:
        found = host_form_pdf(
            self.object,
            self.stage,
            home=self.home_words(),
            zone=settings.ZONE_NAME,
            on=self.viewer.on,
            address=address,
            expires=made.expires_on,
        )
        return download(found.data, f"{self.get_title()}（{self.object.cadre.name}）.pdf")


class BlankHostForm(OfStage):
    """The form with blanks alone, for who sends it by post."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = host_form_pdf(
            self.object, self.stage, home=self.home_words(), zone=settings.ZONE_NAME, on=self.viewer.on
        )
        name = f"挂职干部{self.stage.label}表（{self.object.cadre.name}）.pdf"
        return download(found.data, name)


class RevokeHostForm(ObjectMixin, ConfirmPage):
    permission: ClassVar = EDITS
    model = HostForm
    title = "作废填写链接"
    submit_label = "作废链接"
    keep_label = "保留链接"
    success_message = "链接已作废。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = HostForm.objects.visible_to(self.viewer, EDITS).filter(used_at=None, revoked_at=None)
        return rows.select_related("secondment__cadre")

    def get_crumbs(self) -> Crumbs:
        row = self.object.secondment
        return crumbs((row.cadre.name, secondment_url(row)), (self.title, ""))

    def get_question(self) -> str:
        return f"作废发给接收单位的{self.object.get_stage_display()}填写链接？"

    def get_consequence(self) -> str:
        return "已经收到链接的人不能再打开，需要时可以重新生成。"

    def act(self, form: Any) -> None:
        services.revoke_host_form(form=self.object, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return secondment_url(self.object.secondment)


@method_decorator(login_not_required, name="dispatch")
class HostPage(View):
    """For whoever holds the link: one form, once. Every other answer is the same page with one sentence."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        found = self._open(token)
        form = HostOpinionForm(initial={"signed_on": timezone.localdate()}) if found else None
        return self._page(request, found, form, status=200 if found else 404)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        found = self._open(token)
        if found is None:
            return self._page(request, None, None, status=404)
        form = HostOpinionForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, found, form, status=422)
        values = dict(form.cleaned_data)
        upload = values.pop("scan", None)
        try:
            services.fill_host_form(form=found, values=values, at=timezone.now(), upload=upload)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return self._page(request, found, form, status=422)
        return self._page(request, found, None, status=200, done=True)

    def _open(self, token: str) -> HostForm | None:
        """None beyond the limit as well: whoever tries addresses learns nothing by it."""
        key = f"rotation.host:{request_context.get().ip}"
        cache.add(key, 0, WINDOW)
        if cache.incr(key) > TRIES:
            return None
        return services.open_host_form(token, at=timezone.now())

    def _page(
        self, request: HttpRequest, found: HostForm | None, form: Any, *, status: int, done: bool = False
    ) -> HttpResponse:
        context = {"found": found, "form": form, "done": done, "zone": settings.ZONE_NAME}
        response = render(request, "rotation/secondments/host.html", context, status=status)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response
