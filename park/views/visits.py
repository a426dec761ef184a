"""走访: the form for the phone, the list, one visit with its photos, the rule."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from core.access import Permission
from core.files import file_response
from core.templatetags.ui import cn_date
from core.web.listing import ListColumn, Sort
from core.web.views import DetailPage, FormPage, FramePage, ListPage, Permissions, ViewerMixin
from park.access import may_visit
from park.filters.field import VisitFilter
from park.forms.field import VisitForm, VisitRuleForm
from park.models import Enterprise, Visit, VisitPhoto, VisitRule
from park.queries.enterprises import cadence
from park.services import visits as services
from park.views.enterprises import OfEnterprise
from park.views.field import crumbs_of, enterprise_url
from park.views.links import Crumbs
from people.models import Cadre


def visit_url(visit: Visit) -> str:
    return reverse("park:visit", args=[visit.pk])


def visitors_of(visit: Visit) -> str:
    return "、".join(person.cadre.name for person in visit.people.all())


class VisitListPage(ListPage):
    title = "企业走访"
    permission = Permission.VIEW_PARK
    model = Visit
    filterset_class = VisitFilter
    noun = "走访"
    counter = "次走访"
    main_filters = ("mine",)
    acts_template = "park/visits/acts.html"
    empty_icon = "map-pin"
    empty_hint = "打开企业页面，点“登记走访”，手机上就能填。"
    export_permission = Permission.VIEW_PARK
    default_sort = "-on"
    sorts = (Sort("on", "日期", ("on",)), Sort("enterprise", "企业", ("enterprise__name", "-on")))
    columns = (
        ListColumn("on", "日期", lambda v: cn_date(v.on), sort="on", link=visit_url, css="num nowrap"),
        ListColumn("enterprise", "企业", lambda v: v.enterprise.name, sort="enterprise", width=26),
        ListColumn("visitors", "走访人", visitors_of, width=18),
        ListColumn("situation", "经营情况", lambda v: v.situation[:60], width=40),
        ListColumn("requests", "诉求", lambda v: len(v.requests.all()) or "", css="num right", width=8),
        ListColumn("answer", "现场答复", lambda v: v.answer, on_page=False, width=30),
        ListColumn("output", "产值（万元）", lambda v: v.output_value, on_page=False),
        ListColumn("tax", "税收（万元）", lambda v: v.tax, on_page=False),
        ListColumn("employees", "用工人数", lambda v: v.employees, on_page=False),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = Visit.objects.visible_to(self.viewer).select_related("enterprise")
        return rows.prefetch_related("people__cadre", "requests")


class VisitPage(DetailPage):
    permission = Permission.VIEW_PARK
    model = Visit
    template_name = "park/visits/visit.html"

    def get_queryset(self) -> QuerySet[Any]:
        rows = Visit.objects.visible_to(self.viewer).select_related("enterprise", "registered_by")
        return rows.prefetch_related("people__cadre", "people__unit", "photos", "requests")

    def get_title(self) -> str:
        return f"走访{self.object.enterprise}"

    def get_crumbs(self) -> Crumbs:
        return crumbs_of(
            Enterprise,
            (str(self.object.enterprise), enterprise_url(self.object.enterprise)),
            (cn_date(self.object.on), ""),
        )


class NewVisit(OfEnterprise):
    permission: ClassVar = (Permission.EDIT_PARK, Permission.REPORT_PARK)
    title = "登记走访"
    submit_label = "登记走访"
    form_class = VisitForm
    tab = ""
    success_message = "已登记走访。"

    def allowed(self) -> bool:
        return may_visit(self.object, self.viewer)

    def get_title(self) -> str:
        return f"走访{self.object}"

    def get_initial(self) -> dict[str, Any]:
        me = Cadre.objects.visible_to(self.viewer).filter(pk=self.viewer.cadre_id or 0).first()
        contact = self.object.contact
        return {"on": self.viewer.on, "visitors": [me] if me else [], "contact": contact}

    def act(self, form: VisitForm) -> Visit:
        data = form.cleaned_data
        return services.record_visit(
            enterprise=self.object,
            on=data["on"],
            visitors=data["visitors"],
            values=form.values(),
            by=self.viewer,
            at=timezone.localtime(),
            requests=form.requests(),
            photos=data["photos"],
            client_key=data["client_key"],
        )

    def get_success_url(self) -> str:
        return visit_url(self.result) if hasattr(self, "result") else enterprise_url(self.object)


class VisitPhotoFile(ViewerMixin, View):
    permission: ClassVar = Permission.VIEW_PARK

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        photo = VisitPhoto.objects.visible_to(self.viewer).select_related("file").filter(pk=pk).first()
        if photo is None:
            raise Http404
        return file_response(photo.file)


class VisitRulesPage(FramePage):
    title = "走访规则"
    permission: ClassVar = (Permission.VIEW_PARK, Permission.EDIT_RULES)
    template_name = "park/visits/rules.html"

    def get_crumbs(self) -> Crumbs:
        return crumbs_of(Enterprise, (self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = self.viewer.on
        rows = VisitRule.objects.visible_to(self.viewer).order_by("for_key_enterprises", "-starts_on")
        states = [
            (rule, "now" if rule.holds(on) else "later" if rule.starts_on > on else "past") for rule in rows
        ]
        return super().get_context_data(
            rules=states,
            text=cadence(self.viewer).text,
            may_change=self.viewer.sees_all(Permission.EDIT_RULES),
            **kwargs,
        )


class NewVisitRule(FormPage):
    permission: ClassVar = Permission.EDIT_RULES
    title = "新走访规则"
    submit_label = "启用新规则"
    form_class = VisitRuleForm
    success_message = "已登记新规则，原规则到前一天为止。"

    def may(self, permission: Permissions) -> bool:
        """A rule counts in the whole zone."""
        return super().may(permission) and self.viewer.sees_all(Permission.EDIT_RULES)

    def get_crumbs(self) -> Crumbs:
        return crumbs_of(Enterprise, ("走访规则", reverse("park:visit_rules")), (self.title, ""))

    def act(self, form: VisitRuleForm) -> VisitRule:
        return services.open_visit_rule(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("park:visit_rules")
