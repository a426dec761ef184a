"""亲属关系核实: ties found in family lines are confirmed or dismissed, others added by the office."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from core.access import Permission
from core.errors import DomainError
from core.templatetags.ui import cn_date
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, FormPage, ListPage, ObjectMixin, ViewerMixin
from people.filters import KinTieFilter
from people.forms import DismissForm, KinTieForm
from people.models import KinTie
from people.services.kinship import add_tie, confirm_tie, dismiss_tie, suggest_ties


def kin_url() -> str:
    return reverse("people:kinship")


def crumbs(*more: tuple[str, str]) -> Sequence[tuple[str, str]]:
    return [("首页", reverse("home")), ("亲属关系核实", kin_url()), *more]


class KinTieList(ListPage):
    title = "亲属关系核实"
    permission = Permission.EDIT_CADRE
    model = KinTie
    filterset_class = KinTieFilter
    acts_template = "people/kinship_acts.html"
    noun = "亲属关系"
    counter = "条"
    empty_icon = "users"
    empty_hint = "点“从家庭成员中查找”，系统按姓名、出生年月和工作单位比对在册干部；核实后用于任职回避核对。"
    export_permission = Permission.EXPORT_CADRE
    default_sort = "state"
    main_filters = ("state",)
    sorts = (
        Sort("state", "待核实在前", ("-confirmed_at", "pk")),
        Sort("name", "姓名", ("cadre__name_pinyin", "pk")),
    )
    views = (SavedView("全部", ""), SavedView("待核实", "state=open"), SavedView("已核实", "state=settled"))
    columns = (
        ListColumn("cadre", "干部", lambda t: t.cadre.name, sort="name", css="nowrap"),
        ListColumn("relation", "关系", lambda t: f"{t.cadre.name}的{t.get_relation_display()}", width=24),
        ListColumn("relative", "亲属", lambda t: t.relative.name, css="nowrap"),
        ListColumn("state", "状态", lambda t: "已核实" if t.confirmed_at else "待核实", css="nowrap"),
        ListColumn("by", "核实人", lambda t: t.confirmed_by.name if t.confirmed_by else "—", css="nowrap"),
        ListColumn("at", "核实时间", lambda t: cn_date(t.confirmed_at), css="num nowrap"),
        ListColumn("acts", "操作", lambda t: "", template="people/kinship_cell.html", css="acts right"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = KinTie.objects.visible_to(self.viewer)
        return rows.select_related("cadre", "relative", "confirmed_by")


class FindTies(ViewerMixin):
    """Looks through the family lines once more."""

    permission = Permission.EDIT_CADRE

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = suggest_ties(by=self.viewer, at=timezone.now())
        words = f"找到 {len(found)} 条待核实的亲属关系。" if found else "没有找到新的亲属关系。"
        messages.success(request, words)
        return HttpResponseRedirect(kin_url())


class _TieMixin(ObjectMixin):
    model = KinTie
    permission: ClassVar[Any] = Permission.EDIT_CADRE

    def get_queryset(self) -> QuerySet[Any]:
        return KinTie.objects.visible_to(self.viewer).select_related("cadre", "relative")


class ConfirmTie(_TieMixin):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            confirm_tie(tie=self.object, by=self.viewer, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "已核实，今后的轮岗方案按此核对任职回避。")
        return HttpResponseRedirect(kin_url())


class DismissTie(_TieMixin, ConfirmPage):
    title = "排除亲属关系"
    form_class = DismissForm
    submit_label = "排除"
    success_message = "已排除，不再提示。"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return crumbs((self.title, ""))

    def get_question(self) -> str:
        return f"{self.object.cadre.name}与{self.object.relative.name}不是亲属"

    def get_consequence(self) -> str:
        return "排除后任职回避不再核对这两人；弄错了可以重新登记。"

    def get_success_url(self) -> str:
        return kin_url()

    def act(self, form: DismissForm) -> None:
        reason = form.cleaned_data["reason"]
        dismiss_tie(tie=self.object, reason=reason, by=self.viewer, at=timezone.now())


class NewTie(FormPage):
    title = "登记亲属关系"
    permission = Permission.EDIT_CADRE
    form_class = KinTieForm
    success_message = "已登记。"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return crumbs((self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"viewer": self.viewer}

    def get_success_url(self) -> str:
        return kin_url()

    def act(self, form: KinTieForm) -> KinTie:
        return add_tie(by=self.viewer, at=timezone.now(), **form.cleaned_data)
