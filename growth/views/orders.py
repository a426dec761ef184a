"""生成成长档案: for one cadre at once, for many as a background job."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.web.views import FormPage, ObjectMixin
from growth.access import makeable_editions
from growth.contracts import Edition, Order, Output
from growth.forms import BatchOrderForm, OrderForm
from growth.models import EDITION_PERMISSIONS
from growth.services import make_growth_file, order_growth_files
from growth.views.files import crumbs
from people.models import Cadre


class MakeFile(ObjectMixin, FormPage):
    """One cadre: about a second, then the file opens."""

    permission = Permission.MAKE_GROWTH
    model = Cadre
    form_class = OrderForm
    submit_label = "生成成长档案"
    success_message = "成长档案已生成。"

    @cached_property
    def editions(self) -> tuple[Edition, ...]:
        return makeable_editions(self.viewer, self.object)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.may(self.permission) and not self.editions:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_title(self) -> str:
        return f"生成{self.object.name}的成长档案"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        record = reverse("people:cadre", args=[self.object.pk])
        return [("首页", reverse("home")), (self.object.name, record), ("生成成长档案", "")]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer, "editions": self.editions}

    def get_initial(self) -> dict[str, Any]:
        usual = Edition.LEADER if Edition.LEADER in self.editions else self.editions[0]
        return {"as_of": self.viewer.on, "edition": usual}

    def act(self, form: OrderForm) -> Any:
        return make_growth_file(
            cadre=self.object,
            edition=Edition(form.cleaned_data["edition"]),
            as_of=form.cleaned_data["as_of"],
            by=self.viewer,
            at=timezone.now(),
        )

    def get_success_url(self) -> str:
        return reverse("growth:file", args=[self.result.pk])

    def get_cancel_url(self) -> str:
        return reverse("people:cadre", args=[self.object.pk])


class MakeMany(FormPage):
    """Many cadres: a job that goes on while the person leaves the page.

    The roster sends the people chosen there as `chosen`; that first POST opens the form, it orders nothing.
    """

    permission = Permission.MAKE_GROWTH
    title = "批量生成成长档案"
    form_class = BatchOrderForm
    submit_label = "开始生成"
    success_message = "已开始生成，可以离开本页，完成后在“后台任务”中下载。"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.viewer.paths(Permission.MAKE_GROWTH):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "scope" not in request.POST:
            return self.render_to_response(self.get_context_data(form=self._opened()))
        return super().post(request, *args, **kwargs)

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return crumbs(("批量生成", ""))

    def makeable(self) -> QuerySet[Cadre]:
        return Cadre.objects.visible_to(self.viewer, Permission.MAKE_GROWTH)

    def editions(self) -> tuple[Edition, ...]:
        return tuple(e for e in Edition if self.viewer.paths(EDITION_PERMISSIONS[e]))

    @cached_property
    def chosen(self) -> list[int]:
        """Of the people chosen in the roster those whose files the viewer makes; "all" may hold others."""
        ids = [pk for pk in self.request.POST.getlist("chosen") if pk.isdigit()]
        return list(self.makeable().filter(pk__in=ids).values_list("pk", flat=True))

    def _settings(self) -> dict[str, Any]:
        return {
            "viewer": self.viewer,
            "editions": self.editions(),
            "makeable": self.makeable(),
            "chosen": len(self.chosen),
            "left_out": len(set(self.request.POST.getlist("chosen"))) - len(self.chosen),
        }

    def _opened(self) -> BatchOrderForm:
        return BatchOrderForm(initial={**self.get_initial(), "chosen": self.chosen}, **self._settings())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), **self._settings()}

    def get_initial(self) -> dict[str, Any]:
        return {"as_of": self.viewer.on, "edition": Edition.LEADER}

    def act(self, form: BatchOrderForm) -> Any:
        return order_growth_files(
            cadres=form.cadres(),
            edition=Edition(form.cleaned_data["edition"]),
            as_of=form.cleaned_data["as_of"],
            by=self.viewer,
            output=Output(form.cleaned_data["output"] or Output.ZIP),
            order=Order(form.cleaned_data["order"] or Order.ROSTER),
        )

    def get_success_url(self) -> str:
        return reverse("job", args=[self.result.uid])

    def get_cancel_url(self) -> str:
        return reverse("growth:files")
