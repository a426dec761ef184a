"""Only the filters and orders that a view names; anything else in the query is refused, not ignored.

A filter on a field the reader cannot see answers yes or no about it (security.md 0.4), so nothing is derived
from the model: the page's FilterSet and the view's `ordering_fields` are the whole list.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django_filters import Filter, FilterSet, RangeFilter
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

UNKNOWN = "unknown_filter"
PAGING = frozenset({"page", "page_size"})


class RowNumberFilter(Filter):
    """A row by its number, within what a database can hold."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=1, max_value=2**63 - 1, **kwargs)


class StrictFilterBackend(DjangoFilterBackend):
    """The view gives `filterset_class` and `ordering_fields`: the name in the API → the order of the rows."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        known = self.known(view)
        if extra := sorted(set(request.query_params) - known):
            names = "、".join(sorted(known)) or "无"
            message = ErrorDetail(f"没有这个筛选条件；可用的有：{names}。", code=UNKNOWN)
            raise ValidationError({name[:60]: [message] for name in extra})
        if getattr(view, "detail", False):
            return queryset
        filtered = super().filter_queryset(request, queryset, view)
        return _ordered(request, filtered, orders_of(view))

    def known(self, view: APIView) -> frozenset[str]:
        if getattr(view, "detail", False):
            return frozenset(getattr(view, "detail_parameters", ()))
        filterset: type[FilterSet] | None = getattr(view, "filterset_class", None)
        names = frozenset(_parameters(filterset)) if filterset else frozenset()
        return names | PAGING | ({"ordering"} if orders_of(view) else frozenset())


def orders_of(view: Any) -> Mapping[str, tuple[str, ...]]:
    return getattr(view, "ordering_fields", None) or {}


def _parameters(filterset: type[FilterSet]) -> Iterator[str]:
    """Query parameters of the filters; a range is two of them."""
    for name, entry in filterset.base_filters.items():
        suffixes = (
            getattr(entry.field_class.widget, "suffixes", None) if isinstance(entry, RangeFilter) else None
        )
        yield from (f"{name}_{suffix}" for suffix in suffixes) if suffixes else (name,)


def _ordered(
    request: Request, queryset: QuerySet[Any], orders: Mapping[str, tuple[str, ...]]
) -> QuerySet[Any]:
    wanted = request.query_params.get("ordering")
    if not wanted:
        # Said outright: an aggregate drops the model's own order, and pages need a total one.
        return queryset.order_by(*queryset.model._meta.ordering, "pk")
    terms: list[str] = []
    for name in wanted.split(","):
        bare = name.removeprefix("-")
        if bare not in orders:
            message = f"不能按「{bare[:40]}」排序；可用的有：{'、'.join(orders)}。"
            raise ValidationError({"ordering": [ErrorDetail(message, code=UNKNOWN)]})
        terms += [_flip(term) for term in orders[bare]] if name.startswith("-") else orders[bare]
    return queryset.order_by(*terms, "pk")


def _flip(term: str) -> str:
    return term.removeprefix("-") if term.startswith("-") else f"-{term}"
