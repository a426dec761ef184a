"""The parts of a list page: columns, sort orders, saved views, the filters in force as removable chips."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page, Paginator
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict

from core.templatetags.ui import cn_date


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column of a list, on the page and in the export.

    `value(row)` gives the text or number. `link(row)` makes the cell a link. `template` draws the cell
    instead, with `row` and `value`. `sort` names one of the page's sort orders.
    """

    key: str
    label: str
    value: Callable[[Any], Any]
    sort: str = ""
    link: Callable[[Any], str] | None = None
    template: str = ""
    css: str = ""
    width: int = 12
    on_page: bool = True
    in_export: bool = True

    @property
    def has_link(self) -> bool:
        """For templates, which would call `link` instead of looking whether it is there."""
        return self.link is not None


@dataclass(frozen=True, slots=True)
class Sort:
    """An order that a list may be asked for; `words` says it in the result line."""

    key: str
    words: str
    fields: tuple[str, ...]

    def order_by(self, model: type[Model], descending: bool) -> list[OrderBy]:
        """Unknown values stand last in both directions; the key makes the order total."""
        return [self._one(model, field, descending) for field in self.fields] + [OrderBy(F("pk"))]

    @staticmethod
    def _one(model: type[Model], field: str, descending: bool) -> OrderBy:
        name, down = field.lstrip("-"), field.startswith("-") is not descending
        return OrderBy(F(name), descending=down, nulls_last=_may_be_unknown(model, name) or None)


def _may_be_unknown(model: type[Model], name: str) -> bool:
    """Only then the order says where: an index answers for a column that it holds as it is."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:  # an annotation, or a field of another table
        return True
    return not field.concrete or field.null


@dataclass(frozen=True, slots=True)
class SavedView:
    """A tab above the list: a name for a query string."""

    label: str
    query: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column head as drawn: the link turns the order round, `aria_sort` says the present one."""

    column: ListColumn
    aria_sort: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: what it says, and the query without it."""

    label: str
    query: str


def without(query: QueryDict, *keys: str) -> QueryDict:
    """A copy without `keys` and without the page, which belongs to the old result."""
    left = query.copy()
    for key in (*keys, "page", "export", "columns", "pick", "all"):
        left.pop(key, None)
    return left


class KeysFirst(Paginator[Any]):
    """Finds the keys of a page, then its rows.

    What is worked out for a row, such as where a person works, is worked out for these alone and not for
    all rows that stand before them; both in one query.
    """

    def page(self, number: Any) -> Page[Any]:
        page: Any = super().page(number)
        rows = self.object_list
        if isinstance(rows, QuerySet) and _are_worked_out(rows):
            page.object_list = rows.filter(pk__in=page.object_list.values("pk"))
        return page  # type: ignore[no-any-return]


def _are_worked_out(rows: QuerySet[Any]) -> bool:
    """Rows of one table with something added; unions and groups have no keys to begin with."""
    query: Any = rows.query
    return bool(query.annotations) and not (query.distinct or query.combinator or query.values_select)


def headings(
    columns: Sequence[ListColumn], query: QueryDict, sort: str, descending: bool
) -> Iterator[Heading]:
    """The heads of the columns, with the link that sorts by them."""
    for column in columns:
        if not column.sort:
            yield Heading(column)
            continue
        current = column.sort == sort
        turned = without(query)
        turned["sort"] = f"-{sort}" if current and not descending else column.sort
        state = ("descending" if descending else "ascending") if current else ""
        yield Heading(column, state, f"?{turned.urlencode()}")


def sort_choices(sorts: Sequence[Sort], default: str) -> Iterator[tuple[str, str]]:
    """Both directions of every order for a select, where there are no column heads to press."""
    for sort in sorts:
        yield ("" if sort.key == default else sort.key, sort.words)
        yield (f"-{sort.key}", f"{sort.words}（倒序）")


def say_what_is_asked(form: forms.Form, bare: Sequence[str]) -> None:
    """Fields that stand without their label say in their own place what they ask; so does a yes or no."""
    for name, field in form.fields.items():
        widget = field.widget
        if isinstance(field, forms.NullBooleanField):
            widget.choices = [
                ("", f"{field.label}：不限"),
                ("true", f"{field.label}：是"),
                ("false", f"{field.label}：否"),
            ]
        elif name in bare and isinstance(widget, forms.TextInput | forms.NumberInput):
            widget.attrs.setdefault("placeholder", field.label)


def chips(form: forms.Form, query: QueryDict) -> list[Chip]:
    """One chip per filter in force, each with the way to remove it."""
    return [
        Chip(f"{form.fields[name].label}：{words}", f"?{without(query, name).urlencode()}")
        for name, value in form.cleaned_data.items()
        if (words := in_words(form.fields[name], value))
    ]


def in_words(field: forms.Field, value: Any) -> str:
    """A cleaned filter value as the person chose it; empty when the filter is not in force."""
    if value in (None, "", False) or (isinstance(value, Iterable) and not value):
        return ""
    if isinstance(field, forms.ModelChoiceField):
        return str(value)
    if isinstance(field, forms.ChoiceField):
        return _choices_in_words(field, value)
    if value is True:
        return "是"
    return cn_date(value) if isinstance(value, date) else str(value)


def _choices_in_words(field: forms.ChoiceField, value: Any) -> str:
    labels = {str(key): str(label) for key, label in _flat(field.choices)}
    chosen = value if isinstance(value, list | tuple | set) else [value]
    return "、".join(labels.get(str(item), str(item)) for item in chosen)


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield key, label
