"""Keep the list as it is now, rename it, share it, open with it, forget it."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme

from core.access import Permission
from core.models import SavedView
from core.savedviews import services
from core.savedviews.forms import ViewForm
from core.web import picking
from core.web.pages import ConfirmPage, FormPage, ObjectMixin


class FromList(FormPage):
    """A form reached from a list, whose address stands in `next`; other addresses are no lists."""

    @cached_property
    def source(self) -> tuple[str, str, str]:
        """(URL name, path, query) of the list."""
        address = self.request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
            raise Http404
        parts = urlsplit(address)
        try:
            return resolve(parts.path).view_name, parts.path, parts.query
        except Resolver404 as unknown:
            raise Http404 from unknown

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [("首页", reverse("home")), ("列表", self.get_cancel_url()), (self.get_title(), "")]

    def get_cancel_url(self) -> str:
        _, path, query = self.source
        return f"{path}?{query}" if query else path


class ViewFormPage(FromList):
    form_class = ViewForm
    may_replace: ClassVar[bool] = False

    def get_form_kwargs(self) -> dict[str, Any]:
        share = self.viewer.can(Permission.SHARE_VIEWS)
        return super().get_form_kwargs() | {"may_share": share, "may_replace": self.may_replace}


class NewView(ViewFormPage):
    title = "保存当前视图"
    submit_label = "保存视图"
    success_message = "视图已保存，在列表上方可以随时打开。"

    def act(self, form: ViewForm) -> SavedView:
        list_key, _, query = self.source
        data = form.cleaned_data
        return services.save_view(
            list_key=list_key,
            name=data["name"],
            query_string=query,
            by=self.viewer,
            roles=data.get("roles", ()),
            first=data["first"],
        )

    def get_success_url(self) -> str:
        return f"{self.source[1]}{picking.address_of(self.result)}"


class OwnView(ObjectMixin):
    model = SavedView

    def get_queryset(self) -> Any:
        return SavedView.objects.visible_to(self.viewer).owned_by(self.viewer)


class EditView(OwnView, ViewFormPage):
    title = "修改视图"
    success_message = "视图已更新。"
    template_name = "core/savedviews/edit.html"
    may_replace = True

    def get_initial(self) -> dict[str, Any]:
        view = self.object
        return {
            "name": view.name,
            "roles": view.shared_with,
            "first": services.opens_with(view=view, by=self.viewer),
        }

    def act(self, form: ViewForm) -> SavedView:
        data = form.cleaned_data
        values: dict[str, Any] = {"name": data["name"].strip()}
        if "roles" in data:
            values["roles"] = data["roles"]
        if data["replace"]:
            values["query_string"] = self.source[2]
        view = services.update_view(view=self.object, values=values, by=self.viewer)
        services.set_first(view=view, first=data["first"], by=self.viewer)
        return view

    def get_success_url(self) -> str:
        return f"{self.source[1]}{picking.address_of(self.object)}"


class DeleteView(OwnView, FromList, ConfirmPage):
    keep_label = "保留视图"
    submit_label = "删除视图"
    success_message = "视图已删除，列表里的记录没有变化。"

    def get_title(self) -> str:
        return f"删除视图“{self.object.name}”"

    def get_consequence(self) -> str:
        shared = "共享给的人也不再看到它。" if self.object.roles else ""
        return f"只删除这组条件、列和排列，不影响任何记录。{shared}"

    def act(self, form: Any) -> None:
        services.delete_view(view=self.object, by=self.viewer)

    def get_success_url(self) -> str:
        return f"{self.source[1]}?saved=all"


class SetFirst(ObjectMixin):
    """The list opens with this view, or no longer; also for a view that others share."""

    model = SavedView

    def post(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        view = self.object
        first = not services.opens_with(view=view, by=self.viewer)
        services.set_first(view=view, first=first, by=self.viewer)
        messages.success(request, f"{'以后先看' if first else '不再先看'}“{view}”。")
        back = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
        return HttpResponseRedirect(back if safe else reverse("home"))
