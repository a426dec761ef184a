"""Base views: a page translates a request into one read or one service call, and back into a page.

What the viewer may not know of answers 404. A list answers htmx with its results alone; an invalid form
answers 422 and keeps what was typed.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View
from django_filters import FilterSet

from core import exports
from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.web import listing
from core.web.listing import ListColumn, SavedView, Sort

PAGE_SIZES = (15, 50, 100)
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
        return super().get_context_data(title=self.get_title(), crumbs=self.get_crumbs(), **kwargs)


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
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.message)
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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=self.get_question(),
            consequence=self.get_consequence(),
            keep_label=self.keep_label,
            **kwargs,
        )


class ListPage(FramePage):
    """A list: filters, saved views, sort orders, pages, export. Subclasses declare it.

    The number of queries does not grow with the rows as long as `get_queryset` fetches what the columns
    show; figures for the rows of one page only are added in `decorate`.
    """

    template_name = "web/list.html"
    results_template = "web/results.html"
    model: ClassVar[type[Model] | Any]
    filterset_class: ClassVar[type[FilterSet] | None] = None
    columns: ClassVar[Sequence[ListColumn]] = ()
    sorts: ClassVar[Sequence[Sort]] = ()
    default_sort: ClassVar[str] = ""
    main_filters: ClassVar[Sequence[str]] = ()
    views: ClassVar[Sequence[SavedView]] = ()
    noun: ClassVar[str] = "记录"
    counter: ClassVar[str] = "条"
    empty_icon: ClassVar[str] = "inbox"
    empty_hint: ClassVar[str] = ""
    acts_template: ClassVar[str] = ""
    bulk_template: ClassVar[str] = ""
    export_permission: ClassVar[Permission | None] = None

    def get_queryset(self) -> QuerySet[Any]:
        model: Any = self.model
        rows: QuerySet[Any] = model.objects.visible_to(self.viewer)
        return rows

    def get_columns(self) -> Sequence[ListColumn]:
        return self.columns

    def decorate(self, rows: list[Any]) -> list[Any]:
        """Adds to the rows about to be shown what needs one query for all of them."""
        return rows

    # Filters, order, page

    @cached_property
    def filterset(self) -> FilterSet | None:
        if self.filterset_class is None:
            return None
        return self.filterset_class(self.request.GET, queryset=self.get_queryset(), request=self.request)

    @cached_property
    def order(self) -> tuple[Sort | None, bool]:
        """The sort asked for and whether it is turned round; a key outside the whitelist changes nothing."""
        wanted = self.request.GET.get("sort") or self.default_sort
        known = {sort.key: sort for sort in self.sorts}
        chosen = known.get(wanted.removeprefix("-"))
        return (chosen, wanted.startswith("-")) if chosen else (known.get(self.default_sort), False)

    def _sort_value(self) -> str:
        """The order in force as the query writes it; the default stays out of the address."""
        sort, descending = self.order
        value = f"-{sort.key}" if sort and descending else (sort.key if sort else "")
        return "" if value == self.default_sort else value

    @cached_property
    def rows(self) -> QuerySet[Any]:
        rows = self.filterset.qs if self.filterset else self.get_queryset()
        sort, descending = self.order
        return rows.order_by(*sort.order_by(descending)) if sort else rows

    @property
    def page_size(self) -> int:
        wanted = self.request.GET.get("size", "")
        return int(wanted) if wanted.isdecimal() and int(wanted) in PAGE_SIZES else PAGE_SIZES[0]

    @cached_property
    def page(self) -> Page[Any]:
        return Paginator(self.rows, self.page_size).get_page(self.request.GET.get("page"))

    # Answers

    # An export may stream, which Django's own signature does not foresee.
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if kind := request.GET.get("export"):
            return self.export(kind)
        response = super().get(request, *args, **kwargs)
        patch_vary_headers(response, ("HX-Request",))
        return response

    def get_template_names(self) -> list[str]:
        htmx = self.request.htmx  # type: ignore[attr-defined]
        alone = htmx and not htmx.history_restore_request
        return [self.results_template if alone else self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = [column for column in self.get_columns() if column.on_page]
        sort, descending = self.order
        rows = self.decorate(list(self.page.object_list))
        return super().get_context_data(
            list=self,
            page=self.page,
            pages=self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1),
            page_sizes=PAGE_SIZES,
            rows=[(row, [(column, column.value(row)) for column in columns]) for row in rows],
            headings=list(listing.headings(columns, self.request.GET, sort.key if sort else "", descending)),
            sort=sort,
            sort_value=self._sort_value(),
            sort_choices=list(listing.sort_choices(self.sorts, self.default_sort)),
            query_string=self.request.GET.urlencode(),
            can_export=bool(self.export_permission and self.viewer.can(self.export_permission)),
            **self._filter_context(),
            **kwargs,
        )

    def _filter_context(self) -> dict[str, Any]:
        if self.filterset is None:
            return {}
        form = self.filterset.form
        if "q" in form.fields:
            form.fields["q"].widget.input_type = "search"
            form.fields["q"].widget.attrs["placeholder"] = form.fields["q"].label
        invalid = not form.is_valid()
        return {
            "filter_form": form,
            "filters_wrong": form.errors if invalid else {},
            "main_fields": [form[name] for name in self.main_filters],
            "more_fields": [
                field for field in form.visible_fields() if field.name not in (*self.main_filters, "q")
            ],
            "chips": listing.chips(form, self.request.GET),
        }

    def export(self, kind: str) -> HttpResponseBase:
        """All rows of the current filters as a workbook or as text; each export leaves an audit event."""
        if self.export_permission is None or not self.viewer.can(self.export_permission):
            raise Http404
        rows = self.decorate(list(self.rows))
        columns = [
            exports.Column(column.key, column.label, width=column.width, value=column.value)
            for column in self.get_columns()
            if column.in_export
        ]
        record(
            action=AuditAction.EXPORTED,
            by=self.viewer,
            label=f"{self.get_title()}，{len(rows)} {self.counter}",
            changes={"条件": ("", self.request.GET.urlencode())},
        )
        if kind == "csv":
            return exports.download_stream(exports.csv_rows(columns, rows), f"{self.get_title()}.csv")
        note = exports.source_note(source=self.get_title(), by=self.viewer.name, at=timezone.now())
        book = exports.xlsx_bytes(self.get_title(), columns, rows, note=note)
        return exports.download(book, f"{self.get_title()}.xlsx")
