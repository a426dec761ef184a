"""The list page: filters, views, sort orders, columns, pages, rows chosen for an act, export."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar

from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django_filters import FilterSet

from core import exports
from core.access import Permission
from core.audit import record
from core.bulk.registry import fields_for
from core.choices import AuditAction
from core.web import listing, picking
from core.web.listing import ListColumn, SavedView, Sort
from core.web.pages import FramePage

PAGE_SIZES = (15, 50, 100)
BATCH = 2000  # rows of an export that are in memory at a time
MOST_CHOSEN = 1900  # rows that one form can carry (DATA_UPLOAD_MAX_NUMBER_FIELDS)


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

    @property
    def list_key(self) -> str:
        """The name of the list's URL: what saved views and bulk changes know it by."""
        match = self.request.resolver_match
        return match.view_name if match else ""

    @property
    def has_columns(self) -> bool:
        """Whether the reader may choose columns: not where a page draws its rows in a way of its own."""
        return self.results_template == "web/results.html" and bool(self.get_columns())

    def get_choosable(self) -> Sequence[ListColumn]:
        """What the reader may choose from; a list whose export has columns of its own leaves those out."""
        return self.get_columns()

    @cached_property
    def shown_columns(self) -> list[ListColumn]:
        columns = self.get_choosable()
        if not self.has_columns:
            return [column for column in columns if column.on_page]
        return picking.chosen(columns, self.request.GET)

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
        return rows.order_by(*sort.order_by(rows.model, descending)) if sort else rows

    @property
    def page_size(self) -> int:
        wanted = self.request.GET.get("size", "")
        return int(wanted) if wanted.isdecimal() and int(wanted) in PAGE_SIZES else PAGE_SIZES[0]

    @cached_property
    def page(self) -> Page[Any]:
        return listing.KeysFirst(self.rows, self.page_size).get_page(self.request.GET.get("page"))

    # Answers

    # An export may stream, which Django's own signature does not foresee.
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if kind := request.GET.get("export"):
            return self.export(kind)
        if not request.GET and (usual := self.default_view):
            return HttpResponseRedirect(request.path + picking.address_of(usual))
        response = super().get(request, *args, **kwargs)
        patch_vary_headers(response, ("HX-Request",))
        return response

    def get_template_names(self) -> list[str]:
        htmx = self.request.htmx  # type: ignore[attr-defined]
        alone = htmx and not htmx.history_restore_request
        return [self.results_template if alone else self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = self.shown_columns
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
            **(self._view_context() | self._choice_context(len(rows)) | kwargs),
        )

    def _filter_context(self) -> dict[str, Any]:
        if self.filterset is None:
            return {}
        form = self.filterset.form
        if "q" in form.fields:
            form.fields["q"].widget.input_type = "search"
        listing.say_what_is_asked(form, ("q", *self.main_filters))
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

    # Views that people keep

    @cached_property
    def saved_views(self) -> list[Any]:
        return picking.saved_views(self.viewer, self.list_key) if self.list_key else []

    @property
    def default_view(self) -> Any:
        """The saved view with which the list opens for this viewer; None for most."""
        return next((one for one in self.saved_views if one.is_default), None)

    @property
    def opened_view(self) -> Any:
        wanted = self.request.GET.get("saved", "")
        return next((one for one in self.saved_views if str(one.pk) == wanted), None)

    def _view_context(self) -> dict[str, Any]:
        """Tabs and the way to keep the present view; only on the whole page, which alone shows them."""
        query = self.request.GET
        kept = [(key, value) for key in picking.KEPT for value in query.getlist(key) if value]
        context: dict[str, Any] = {
            "kept": kept,
            "roomy": query.get("density") == "roomy",
            "clear_query": self._clear_query(),
            "column_choices": picking.choices(self.get_choosable(), query) if self.has_columns else [],
            "column_pairs": picking.pairs(query, "col"),
            "picking": "pick" in query,
        }
        if self.get_template_names() != [self.template_name]:
            return context
        opened = self.opened_view
        return context | {
            "view_tabs": picking.tabs(self.views, self.saved_views, query, self.viewer),
            "opened_view": opened,
            "own_view": opened is not None and opened.owner_id == self.viewer.user_id,
            "view_changed": opened is not None and picking.is_changed(opened, query),
            "unknown_parts": self._unknown_parts(opened) if opened else 0,
        }

    def _clear_query(self) -> str:
        """The list without conditions, as it is laid out now."""
        kept = listing.without(
            self.request.GET, *[k for k in self.request.GET if k not in ("col", "density")]
        )
        if not kept:
            kept["saved"] = "all"  # an address without anything would open the usual view
        return f"?{kept.urlencode()}"

    def _unknown_parts(self, view: Any) -> int:
        filters = list(self.filterset.form.fields) if self.filterset else []
        return picking.unknown_parts(view, self.get_choosable(), filters, [sort.key for sort in self.sorts])

    # Rows chosen for an act

    @cached_property
    def bulk_fields(self) -> bool:
        """Whether the viewer may change fields of several rows of this list at once."""
        return bool(self.list_key and fields_for(self.viewer, self.list_key))

    @property
    def selectable(self) -> bool:
        return bool(self.bulk_template) or self.bulk_fields

    def _choice_context(self, on_page: int) -> dict[str, Any]:
        """With `all`, every row that matches is chosen; those of other pages travel as hidden fields."""
        if not self.selectable:
            return {}
        total = self.page.paginator.count
        wanted = "all" in self.request.GET and total <= MOST_CHOSEN
        others = set(self.rows.values_list("pk", flat=True)) if wanted and total > on_page else set()
        return {
            "all_chosen": wanted,
            "other_ids": sorted(others - {row.pk for row in self.page.object_list}),
            "may_choose_all": not wanted and on_page < total <= MOST_CHOSEN,
            "too_many_to_choose": total > MOST_CHOSEN,
            "most_chosen": MOST_CHOSEN,
        }

    def export_columns(self) -> list[ListColumn]:
        """As the view shows them when it was chosen so, otherwise all that the list has."""
        usual = "shown" if self.request.GET.getlist("col") else "all"
        columns = self.get_columns()
        if self.has_columns and self.request.GET.get("columns", usual) == "shown":
            columns = [column for column in self.shown_columns if column.label]
        return [column for column in columns if column.in_export]

    def exported_rows(self) -> Iterator[Any]:
        """One batch after the other: the memory of one is enough for any number of rows."""
        rows = iter(self.rows.iterator(chunk_size=BATCH))
        while batch := list(islice(rows, BATCH)):
            yield from self.decorate(batch)

    def export(self, kind: str) -> HttpResponseBase:
        """All rows of the current filters as a workbook or as text; each export leaves an audit event."""
        if self.export_permission is None or not self.viewer.can(self.export_permission):
            raise Http404
        columns = [
            exports.Column(column.key, column.label, width=column.width, value=column.value)
            for column in self.export_columns()
        ]
        record(
            action=AuditAction.EXPORTED,
            by=self.viewer,
            label=f"{self.get_title()}，{self.rows.count()} {self.counter}",
            changes={"条件": ("", self.request.GET.urlencode())},
        )
        if kind == "csv":
            return exports.download_stream(
                exports.csv_rows(columns, self.exported_rows()), f"{self.get_title()}.csv"
            )
        note = exports.source_note(source=self.get_title(), by=self.viewer.name, at=timezone.now())
        book = exports.xlsx_bytes(self.get_title(), columns, self.exported_rows(), note=note)
        return exports.download(book, f"{self.get_title()}.xlsx")
