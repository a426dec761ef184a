"""先进事迹: the list, one deed with its steps, nominating."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from core.access import Permission, Viewer
from core.templatetags.ui import cn_date
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import DetailPage, FormPage, ListPage, ObjectMixin
from park.choices import DeedState
from park.filters.deeds import DeedFilter
from park.forms.assignments import within_reach
from park.forms.deeds import AnnounceForm, DeedForm, NominateForm, PublishForm, RefuseForm, VerifyForm
from park.models import Deed
from park.services import deeds as services
from park.views.links import Crumbs

_D = DeedState


def deed_url(deed: Deed) -> str:
    return reverse("park:deed", args=[deed.pk])


def deed_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("先进事迹", reverse("park:deeds")), *more]


class DeedListPage(ListPage):
    title = "先进事迹"
    permission = Permission.VIEW_PARK
    model = Deed
    noun = "先进事迹"
    counter = "项"
    filterset_class = DeedFilter
    main_filters = ("state", "department")
    acts_template = "park/deeds/acts.html"
    empty_icon = "award"
    empty_hint = "提名后由另一人核实，公示期满发布，自动记入本人荣誉。"
    export_permission = Permission.VIEW_PARK
    default_sort = "-on"
    views = (
        SavedView("全部", ""),
        SavedView("待核实", "state=nominated"),
        SavedView("待公示", "state=verified"),
        SavedView("公示中", "state=announced"),
        SavedView("已发布", "state=published"),
    )
    sorts = (Sort("on", "提名日期", ("nominated_on",)), Sort("name", "姓名", ("cadre__name_pinyin",)))
    columns = (
        ListColumn("title", "标题", str, link=deed_url, width=30),
        ListColumn("cadre", "干部", lambda d: d.cadre, sort="name", css="nowrap"),
        ListColumn("unit", "时任部门", lambda d: d.unit or "", css="nowrap"),
        ListColumn("state", "状态", lambda d: d.get_state_display(), css="nowrap"),
        ListColumn("on", "提名日期", lambda d: cn_date(d.nominated_on), sort="on", css="num nowrap"),
        ListColumn("published", "发布日期", lambda d: cn_date(d.published_on), css="num nowrap"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return Deed.objects.visible_to(self.viewer).select_related("cadre", "unit")


@dataclass(frozen=True, slots=True)
class Act:
    title: str
    states: tuple[DeedState, ...]
    form: type[Any]
    run: Callable[..., object]
    main: bool = True


ACTS: dict[str, Act] = {
    "refuse": Act("终止", (_D.NOMINATED, _D.VERIFIED, _D.ANNOUNCED), RefuseForm, services.refuse, main=False),
    "verify": Act("核实", (_D.NOMINATED,), VerifyForm, services.verify),
    "announce": Act("公示", (_D.VERIFIED,), AnnounceForm, services.announce),
    "publish": Act("发布", (_D.ANNOUNCED,), PublishForm, services.publish),
}


def acts_of(deed: Deed, viewer: Viewer) -> list[tuple[str, Act]]:
    """Publishing writes into the record of the cadre: for those who may edit it."""
    if not Deed.objects.visible_to(viewer, Permission.EDIT_PARK).filter(pk=deed.pk).exists():
        return []
    found = [(key, act) for key, act in ACTS.items() if deed.state in act.states]
    return [(key, act) for key, act in found if key != "publish" or viewer.can(Permission.EDIT_CADRE)]


class DeedRow(ObjectMixin):
    model = Deed

    def get_queryset(self) -> QuerySet[Any]:
        return Deed.objects.visible_to(self.viewer).select_related("cadre", "unit")


class DeedPage(DeedRow, DetailPage):
    permission = Permission.VIEW_PARK
    template_name = "park/deeds/deed.html"

    def get_crumbs(self) -> Crumbs:
        return deed_crumbs((str(self.object), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        acts = acts_of(self.object, self.viewer)
        may_change = bool(acts) and self.object.state == _D.NOMINATED
        return super().get_context_data(acts=acts, may_change=may_change, **kwargs)


class Nominate(FormPage):
    permission: ClassVar = Permission.EDIT_PARK
    title = "提名先进事迹"
    submit_label = "提名"
    form_class = NominateForm
    success_message = "已提名，等待另一人核实。"

    def get_crumbs(self) -> Crumbs:
        return deed_crumbs((self.title, ""))

    def act(self, form: NominateForm) -> Deed:
        data = form.cleaned_data
        cadre = within_reach(data["cadre"], self.viewer)
        return services.nominate(
            cadre=cadre, title=data["title"], text=data["text"], by=self.viewer, on=self.viewer.on
        )

    def get_success_url(self) -> str:
        return deed_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("park:deeds")


class EditDeed(DeedRow, FormPage):
    permission: ClassVar = Permission.EDIT_PARK
    title = "修改先进事迹"
    form_class = DeedForm
    success_message = "已保存。"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.may(self.permission) or not acts_of(self.object, self.viewer):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_crumbs(self) -> Crumbs:
        return deed_crumbs((str(self.object), deed_url(self.object)), (self.title, ""))

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.object.title, "text": self.object.text}

    def act(self, form: DeedForm) -> None:
        services.change_deed(deed=self.object, by=self.viewer, **form.cleaned_data)

    def get_success_url(self) -> str:
        return deed_url(self.object)


class TakeDeedAct(DeedRow, FormPage):
    permission: ClassVar = Permission.EDIT_PARK
    template_name = "park/act.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.may(self.permission) or kwargs["act"] not in dict(acts_of(self.object, self.viewer)):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def act_taken(self) -> Act:
        return ACTS[self.kwargs["act"]]

    def get_form_class(self) -> type[Any]:
        return self.act_taken.form

    def get_title(self) -> str:
        return f"{self.act_taken.title}先进事迹"

    def get_crumbs(self) -> Crumbs:
        return deed_crumbs((str(self.object), deed_url(self.object)), (self.act_taken.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(object=self.object, hint=str(self.object.cadre), **kwargs)
        return {**context, "submit_label": self.act_taken.title}

    def act(self, form: Any) -> None:
        self.act_taken.run(deed=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data)

    def get_success_message(self) -> str:
        return f"已办理：{self.act_taken.title}。"

    def get_success_url(self) -> str:
        return deed_url(self.object)
