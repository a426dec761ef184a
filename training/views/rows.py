"""A form with a table of lines; 「增加几行」 draws it again with more of them, without a script."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from core.web.views import FormPage
from training.forms.rows import SPARE, Row, RowSet, row_set


class RowsPage(FormPage):
    """Subclasses name `row_class`, give `row_initial()` and read `rows.filled` in `act`."""

    template_name = "training/parts/rows_form.html"
    row_class: ClassVar[type[Row]]
    rows_title: ClassVar[str] = ""
    rows_hint: ClassVar[str] = ""
    rows: RowSet

    def row_initial(self) -> Sequence[dict[str, Any]]:
        return ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("rows", row_set(self.row_class)(initial=list(self.row_initial()), prefix="row"))
        return super().get_context_data(rows_title=self.rows_title, rows_hint=self.rows_hint, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "more" in request.POST:
            return self._with_more_lines()
        self.rows = row_set(self.row_class)(request.POST, prefix="row")
        form = self.get_form()
        rows_fit = self.rows.is_valid()
        if form.is_valid() and rows_fit:
            return self.form_valid(form)
        return self.form_invalid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, rows=self.rows), status=422)

    def _with_more_lines(self) -> HttpResponse:
        """What was typed, as initial values: nothing is checked yet."""
        typed = self.request.POST.dict()
        kwargs = self.get_form_kwargs()
        for name in ("data", "files"):
            kwargs.pop(name, None)
        form = self.get_form_class()(**{**kwargs, "initial": typed})
        lines = [self._line(number, typed) for number in range(_count(typed))]
        filled = [line for line in lines if any(line.values())]
        rows = row_set(self.row_class)(initial=filled, prefix="row")
        rows.extra = 2 * SPARE + len(lines) - len(filled)
        return self.render_to_response(self.get_context_data(form=form, rows=rows))

    def _line(self, number: int, typed: dict[str, Any]) -> dict[str, Any]:
        names = self.row_class.base_fields
        return {name: typed.get(f"row-{number}-{name}", "") for name in names}


def _count(typed: dict[str, Any]) -> int:
    wanted = typed.get("row-TOTAL_FORMS", "0")
    return min(int(wanted), 60) if wanted.isdecimal() else 0
