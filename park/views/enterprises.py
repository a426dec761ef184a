"""园区企业: the list, one enterprise with everything known of it, the forms, photos of the checklist."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from core.access import Permission
from core.files import file_response
from core.templatetags.ui import cn_date
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import DetailPage, FormPage, ListPage, ViewerMixin
from park.access import may_edit_row, may_visit
from park.filters.field import EnterpriseFilter
from park.forms.field import CheckForm, ChecksForm, EnterpriseForm, GradeForm, ServiceForm
from park.models import BeautyCheck, Enterprise
from park.queries import enterprises as queries
from park.services import enterprises as services
from park.views.field import RowForm, crumbs_of, enterprise_url
from park.views.links import Crumbs
from people.identity import mask_phone

SHOWN_VISITS = 20


class EnterpriseListPage(ListPage):
    title = "园区企业"
    permission = Permission.VIEW_PARK
    model = Enterprise
    filterset_class = EnterpriseFilter
    noun = "企业"
    counter = "家企业"
    main_filters = ("key", "visit", "grade")
    views = (
        SavedView("全部", ""),
        SavedView("走访超期", "visit=behind"),
        SavedView("没有包保干部", "held=none"),
    )
    acts_template = "park/enterprises/acts.html"
    empty_icon = "factory"
    empty_hint = "登记园区企业，明确包保领导和包保干部，手机上就能登记走访。"
    export_permission = Permission.VIEW_PARK
    default_sort = "name"
    sorts = (
        Sort("name", "名称", ("name",)),
        Sort("grid", "网格", ("grid", "name")),
        Sort("visit", "最近走访", ("last_visit",)),
    )
    columns = (
        ListColumn("name", "企业", lambda e: e.name, sort="name", link=enterprise_url, width=28),
        ListColumn("key", "重点", lambda e: "重点" if e.is_key else "", css="nowrap", width=6),
        ListColumn("grid", "网格", lambda e: e.grid, sort="grid", css="nowrap"),
        ListColumn("official", "包保领导", lambda e: e.lead_official or "", css="nowrap"),
        ListColumn("holders", "包保干部", lambda e: e.holder_names, template="park/cells/holders.html"),
        ListColumn("last", "最近走访", lambda e: cn_date(e.last_visit), sort="visit", css="num nowrap"),
        ListColumn("visit", "走访", lambda e: e.visit_state[1], template="park/cells/visit.html"),
        ListColumn("grade", "亩均", lambda e: e.grade_code or "", css="nowrap", width=6),
        ListColumn("state", "状态", lambda e: e.get_state_display(), css="nowrap"),
        ListColumn("department", "责任部门", lambda e: e.lead_department or "", on_page=False),
        ListColumn("code", "统一社会信用代码", lambda e: e.credit_code or "", on_page=False, width=22),
        ListColumn("industry", "行业", lambda e: e.industry, on_page=False),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return queries.enterprise_rows(self.viewer)

    def decorate(self, rows: list[Any]) -> list[Any]:
        rule = queries.cadence(self.viewer)
        holders = queries.holders_of("enterprise", [row.pk for row in rows], self.viewer.on)
        for row in rows:
            row.visit_state = queries.visit_light(row, rule, self.viewer.on)
            row.holder_names = queries.names_of(holders.get(row.pk, ()))
            row.needs_holder = row.state in queries.VISITED_STATES
        return rows


TABS = (("", "走访"), ("requests", "诉求"), ("beauty", "美丽厂区"), ("grades", "亩均和管家"))


class EnterprisePage(DetailPage):
    permission = Permission.VIEW_PARK
    model = Enterprise
    template_name = "park/enterprises/enterprise.html"

    def get_queryset(self) -> QuerySet[Any]:
        return queries.enterprise_rows(self.viewer)

    def get_title(self) -> str:
        return str(self.object.name)

    def get_crumbs(self) -> Crumbs:
        return crumbs_of(Enterprise, (str(self.object), ""))

    @property
    def tab(self) -> str:
        wanted = self.request.GET.get("tab", "")
        return wanted if wanted in [key for key, _ in TABS] else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, on = self.object, self.viewer.on
        rule = queries.cadence(self.viewer)
        editable = may_edit_row(row, self.viewer)
        return super().get_context_data(
            tabs=[(key, label, key == self.tab) for key, label in TABS],
            tab=self.tab,
            held=queries.holders_of("enterprise", [row.pk], on).get(row.pk, []),
            light=queries.visit_light(row, rule, on),
            visit_due=queries.visit_due(row, rule),
            editable=editable,
            phone=row.contact_phone if editable else mask_phone(row.contact_phone),
            may_visit=may_visit(row, self.viewer),
            **self._of_tab(row),
            **kwargs,
        )

    def _of_tab(self, row: Enterprise) -> dict[str, Any]:
        if self.tab == "requests":
            return {"requests": row.requests.select_related("department", "handler")}
        if self.tab == "beauty":
            checks = list(row.beauty_checks.all())
            return {"checks": checks, "checks_done": sum(check.done_on is not None for check in checks)}
        if self.tab == "grades":
            services_now = row.services.order_by("kind", "-starts_on")
            return {"grades": row.grades.select_related("grade"), "hired": services_now}
        visits = row.visits.prefetch_related("people__cadre", "photos", "requests")
        return {"visits": visits[:SHOWN_VISITS]}


class NewEnterprise(FormPage):
    permission: ClassVar = Permission.EDIT_PARK
    title = "登记企业"
    submit_label = "保存企业"
    form_class = EnterpriseForm
    success_message = "已登记企业。接着可以指派包保干部。"

    def get_crumbs(self) -> Crumbs:
        return crumbs_of(Enterprise, (self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def act(self, form: EnterpriseForm) -> Enterprise:
        return services.create_enterprise(values=form.values(), by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return enterprise_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("park:enterprises")


class EditEnterprise(RowForm):
    model = Enterprise
    title = "修改企业"
    form_class = EnterpriseForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer, "row": self.object}

    def act(self, form: EnterpriseForm) -> None:
        services.update_enterprise(
            enterprise=self.object, values=form.values(), by=self.viewer, on=self.viewer.on
        )


class OfEnterprise(RowForm):
    """Forms that come back to one tab of the enterprise."""

    model = Enterprise
    tab: ClassVar[str] = "grades"

    def get_success_url(self) -> str:
        return f"{enterprise_url(self.object)}?tab={self.tab}"


class SetGrade(OfEnterprise):
    title = "登记亩均评价"
    submit_label = "登记评价"
    form_class = GradeForm
    success_message = "已登记亩均评价。"

    def get_initial(self) -> dict[str, Any]:
        return {"year": self.viewer.on.year - 1}

    def act(self, form: GradeForm) -> None:
        values = dict(form.cleaned_data)
        year = values.pop("year")
        services.set_grade(
            enterprise=self.object, year=year, values=values, by=self.viewer, on=self.viewer.on
        )


class AddService(OfEnterprise):
    title = "登记第三方管家"
    submit_label = "登记管家"
    form_class = ServiceForm
    success_message = "已登记第三方管家；同类的原机构到前一天为止。"

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": self.viewer.on}

    def act(self, form: ServiceForm) -> None:
        services.add_service(enterprise=self.object, values=form.cleaned_data, by=self.viewer)


class AddChecks(OfEnterprise):
    title = "增加整治内容"
    submit_label = "加入清单"
    form_class = ChecksForm
    tab = "beauty"
    success_message = "已加入美丽厂区清单。"

    def act(self, form: ChecksForm) -> None:
        services.add_checks(enterprise=self.object, texts=form.cleaned_data["texts"], by=self.viewer)


class MarkCheck(OfEnterprise):
    """Staff, and whoever looks after the enterprise: it is done on the spot."""

    permission: ClassVar = (Permission.EDIT_PARK, Permission.REPORT_PARK)
    title = "登记整治情况"
    submit_label = "保存"
    form_class = CheckForm
    tab = "beauty"
    success_message = "已登记。"

    def allowed(self) -> bool:
        return may_visit(self.object, self.viewer)

    @property
    def check(self) -> BeautyCheck:
        rows = BeautyCheck.objects.visible_to(self.viewer).select_related("enterprise")
        found: BeautyCheck | None = rows.filter(pk=self.kwargs["row"], enterprise=self.object).first()
        if found is None:
            raise Http404
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "initial": self._initial()}

    def _initial(self) -> dict[str, Any]:
        return {"done_on": self.check.done_on, "note": self.check.note}

    def get_title(self) -> str:
        return f"整治情况：{self.check.text}"

    def act(self, form: CheckForm) -> None:
        at = timezone.localtime()
        services.mark_check(check=self.check, by=self.viewer, on=self.viewer.on, at=at, **form.cleaned_data)


class CheckPhoto(ViewerMixin, View):
    """Before or after, for whoever sees the enterprise."""

    permission: ClassVar = Permission.VIEW_PARK

    def get(self, request: HttpRequest, pk: int, side: str) -> HttpResponse:
        rows = BeautyCheck.objects.visible_to(self.viewer).select_related("before", "after")
        check = rows.filter(pk=pk).first()
        file = getattr(check, side) if check is not None and side in ("before", "after") else None
        if file is None:
            raise Http404
        return file_response(file)
