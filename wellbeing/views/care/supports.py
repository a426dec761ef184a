"""结对帮扶: the list, one support with its visits, and the acts of helper and handler."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import DetailPage, FormPage, ListPage, ObjectMixin, Permissions
from people.models import Cadre
from wellbeing.choices.care import SupportState
from wellbeing.filters.care import SupportFilter
from wellbeing.forms.care import SupportForm, SupportResultForm, VisitForm
from wellbeing.models import CareSupport, CareVisit
from wellbeing.queries.people import colleagues
from wellbeing.services.care.supports import add_visit, end_support, may_read, open_support, read_support
from wellbeing.views.care.common import EDIT, Crumbs, care_crumbs
from wellbeing.views.records import unlogged


def support_url(row: CareSupport) -> str:
    return reverse("wellbeing:support", args=[row.pk])


class SupportList(ListPage):
    """Helpers need no permission: whoever was asked to help finds it here."""

    title = "结对帮扶"
    permission = None
    model = CareSupport
    filterset_class = SupportFilter
    noun = "结对帮扶"
    counter = "对"
    main_filters = ("state", "late")
    acts_template = "wellbeing/care/support_acts.html"
    template_name = "wellbeing/care/list.html"
    empty_icon = "hand-heart"
    empty_hint = "困难党员确定结对帮扶人后登记在这里，按期走访到帮扶结束。"
    export_permission = EDIT
    default_sort = "next"
    sorts = (Sort("next", "下次走访", ("next_visit_on",)), Sort("until", "帮扶至", ("until",)))
    views = (
        SavedView("帮扶中", "state=active"),
        SavedView("该走访了", "late=1"),
        SavedView("全部", ""),
    )
    columns = (
        ListColumn("name", "困难党员", lambda s: s.cadre.name, link=support_url, css="nowrap"),
        ListColumn("helper", "结对帮扶人", lambda s: str(s.helper), css="nowrap"),
        ListColumn(
            "starts", "开始", lambda s: s.starts_on, template="wellbeing/cells/day.html", css="num nowrap"
        ),
        ListColumn(
            "until",
            "帮扶至",
            lambda s: s.until,
            sort="until",
            template="wellbeing/cells/day.html",
            css="num nowrap",
        ),
        ListColumn(
            "next",
            "下次走访",
            lambda s: s.next_visit_on,
            sort="next",
            template="wellbeing/cells/due.html",
            css="num nowrap",
        ),
        ListColumn("state", "状态", lambda s: s.get_state_display(), css="nowrap"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return support_rows(self.viewer)

    def decorate(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.late = row.state == SupportState.ACTIVE and row.next_visit_on < self.viewer.on
        return rows


def support_rows(viewer: Any) -> QuerySet[Any]:
    rows = CareSupport.objects.visible_to(viewer).exclude(cadre_id=viewer.cadre_id or 0)
    return rows.select_related("cadre", "helper", "handler").defer("situation", "result")


class SupportMixin(ObjectMixin):
    permission: ClassVar[Permissions] = None
    model = CareSupport

    def get_queryset(self) -> QuerySet[Any]:
        rows = CareSupport.objects.visible_to(self.viewer).exclude(cadre_id=self.viewer.cadre_id or 0)
        return rows.select_related("cadre", "helper", "handler")

    def get_crumbs(self) -> Crumbs:
        here = ("结对帮扶", reverse("wellbeing:supports"))
        return care_crumbs(self.viewer, here, (self.get_title(), ""))  # type: ignore[attr-defined]

    def get_success_url(self) -> str:
        return support_url(self.object)


class SupportPage(SupportMixin, DetailPage):
    template_name = "wellbeing/care/support.html"

    def get_title(self) -> str:
        return f"{self.object.cadre.name}：结对帮扶"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, viewer = self.object, self.viewer
        reads, is_open = may_read(viewer, row), row.state == SupportState.ACTIVE
        if reads:
            read_support(viewer=viewer, support=row)
        reach = Cadre.objects.visible_to(viewer, EDIT).filter(pk=row.cadre_id)
        return super().get_context_data(
            reads=reads,
            visits=CareVisit.objects.visible_to(viewer).filter(support=row).select_related("visitor"),
            may_visit=is_open and row.helper_id == viewer.user_id,
            may_end=is_open and reach.exists(),
            late=is_open and row.next_visit_on < viewer.on,
            **kwargs,
        )


@unlogged
class NewSupport(FormPage):
    title = "登记结对帮扶"
    permission: ClassVar[Permissions] = EDIT
    form_class = SupportForm
    success_message = "已登记，帮扶人会收到提醒。"

    def get_crumbs(self) -> Crumbs:
        here = ("结对帮扶", reverse("wellbeing:supports"))
        return care_crumbs(self.viewer, here, (self.title, ""))

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": self.viewer.on, "visit_days": 90}

    def get_form_kwargs(self) -> dict[str, Any]:
        cadres = Cadre.objects.visible_to(self.viewer, EDIT)
        return {**super().get_form_kwargs(), "cadres": cadres, "users": colleagues(self.viewer)}

    def act(self, form: SupportForm) -> CareSupport:
        return open_support(**form.cleaned_data, by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return support_url(self.result) if hasattr(self, "result") else reverse("wellbeing:supports")


@unlogged
class NewVisit(SupportMixin, FormPage):
    title = "登记走访"
    form_class = VisitForm
    submit_label = "登记"
    success_message = "已登记走访。"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(helper_id=self.viewer.user_id, state=SupportState.ACTIVE)

    def get_initial(self) -> dict[str, Any]:
        return {"visited_on": self.viewer.on}

    def act(self, form: VisitForm) -> CareVisit:
        return add_visit(support=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data)


@unlogged
class EndSupport(SupportMixin, FormPage):
    title = "结束帮扶"
    permission: ClassVar[Permissions] = EDIT
    form_class = SupportResultForm
    submit_label = "结束帮扶"
    success_message = "已结束帮扶。"

    @cached_property
    def object(self) -> Any:
        row = super().object
        reach = Cadre.objects.visible_to(self.viewer, EDIT).filter(pk=row.cadre_id)
        if row.state != SupportState.ACTIVE or not reach.exists():
            raise Http404
        return row

    def act(self, form: SupportResultForm) -> None:
        end_support(support=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data)
