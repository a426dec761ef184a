"""Base views: a page translates a request into one read or one service call, and back into a page.

What the viewer may not know of answers 404. A list answers htmx with its results alone; an invalid form
answers 422 and keeps what was typed.
"""

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View

from core.access import Permission, Viewer
from core.errors import DomainError

Permissions = Permission | tuple[Permission, ...] | None


class ViewerMixin(View):
    """Who is looking, and whether this page exists for them.

    `permission`: one of several when it is a tuple, everyone logged in when it is None.
    """

    permission: ClassVar[Permissions] = None

    @property
    def viewer(self) -> Viewer:
        viewer: Viewer = self.request.viewer  # type: ignore[attr-defined]
        return viewer

    def may(self, permission: Permissions) -> bool:
        if permission is None:
            return True
        wanted = (permission,) if isinstance(permission, Permission) else permission
        return any(self.viewer.can(one) for one in wanted)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.may(self.permission):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class FramePage(ViewerMixin, TemplateView):
    """A page in the frame, with a title and the way that led to it."""

    title: ClassVar[str] = ""

    def get_title(self) -> str:
        return self.title

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        """(label, url) pairs; the page itself comes last, without a url."""
        return [("首页", reverse("home")), (self.get_title(), "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(label, url if self.may_reach(url) else "") for label, url in self.get_crumbs()]
        return super().get_context_data(title=self.get_title(), crumbs=crumbs, **kwargs)

    def may_reach(self, url: str) -> bool:
        """Whether the viewer may open the page there: who sees one row need not see the list it is in."""
        try:
            page = resolve(urlsplit(url).path)
        except Resolver404:
            return True
        return self.may(getattr(getattr(page.func, "view_class", None), "permission", None))


class ObjectMixin(ViewerMixin):
    """The one row a page is about, found among what the viewer may see."""

    model: ClassVar[Any]
    lookup: ClassVar[str] = "pk"

    def get_queryset(self) -> QuerySet[Any]:
        model: Any = self.model
        rows: QuerySet[Any] = model.objects.visible_to(self.viewer)
        return rows

    @cached_property
    def object(self) -> Any:
        return get_object_or_404(self.get_queryset(), **{self.lookup: self.kwargs[self.lookup]})


class DetailPage(ObjectMixin, FramePage):
    """One row; the template finds it as `object`."""

    def get_title(self) -> str:
        return self.title or str(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, **kwargs)


class FormPage(FramePage, FormView):
    """A form that ends in one service call.

    Subclasses write `act(form)`, which calls the service and returns its result. A refusal of the service
    stands at the field it names.
    """

    template_name = "web/form.html"
    submit_label: ClassVar[str] = "保存"
    success_message: ClassVar[str] = ""
    cancel_url: ClassVar[str] = ""
    dangerous: ClassVar[bool] = False

    def act(self, form: Any) -> Any:
        raise NotImplementedError

    def get_cancel_url(self) -> str:
        return self.cancel_url or self.get_success_url()

    def get_success_message(self) -> str:
        return self.success_message

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.result = self.act(form)
        except DomainError as refusal:
            for one in refusal.all():
                form.add_error(one.field if one.field in form.fields else None, one.message)
            return self.form_invalid(form)
        if message := self.get_success_message():
            messages.success(self.request, message)
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            submit_label=self.submit_label,
            cancel_url=self.get_cancel_url(),
            dangerous=self.dangerous,
            **kwargs,
        )


class PressMixin(ViewerMixin):
    """A button of another page: one POST, one service call, back there with one sentence.

    Subclasses write `act()`, which calls the service and returns what to say ("" for nothing). Whoever
    pressed it on the home page (`back=home`) stays there.
    """

    http_method_names = ["post"]

    def act(self) -> str:
        raise NotImplementedError

    def get_success_url(self) -> str:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            said = self.act()
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            if said:
                messages.success(request, said)
        at_home = request.POST.get("back") == "home"
        return HttpResponseRedirect(reverse("home") if at_home else self.get_success_url())


class ConfirmPage(FormPage):
    """An act that others feel: the page names who is affected and how to turn it back, then asks once.

    `question` and `consequence` are whole sentences; the button says the act, never 「确定」.
    """

    template_name = "web/confirm.html"
    form_class = forms.Form
    dangerous = True
    keep_label: ClassVar[str] = "返回"

    def get_question(self) -> str:
        return self.get_title()

    def get_consequence(self) -> str:
        return ""

    def get_way_out(self) -> tuple[str, str] | None:
        """(label, address) of what has to be done first: it takes the place of the button."""
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=self.get_question(),
            consequence=self.get_consequence(),
            way_out=self.get_way_out(),
            keep_label=self.keep_label,
            **kwargs,
        )
