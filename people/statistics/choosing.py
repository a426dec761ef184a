"""What is asked of the statistics: a day, a unit, what to count by and what to compare with."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django import forms
from django.db.models import QuerySet

from core.access import Viewer
from core.web.forms import Form
from people.models import Unit
from people.statistics.counting import people_table
from people.statistics.dimensions import dimension_of, structure
from people.statistics.sources import statistics
from people.statistics.tables import StatTable, compared

STRUCTURE = "structure"


class StatForm(Form):
    """Everything may be left out: today, the highest unit in reach, no comparison."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="机构", required=False, empty_label=None)
    on = forms.DateField(label="截至", required=False)
    versus = forms.DateField(label="对比日期", required=False)
    by = forms.ChoiceField(label="统计口径", required=False)

    def __init__(self, data: Any, *, viewer: Viewer, units: QuerySet[Unit]) -> None:
        super().__init__(data)
        self.viewer = viewer
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["by"].choices = [  # type: ignore[attr-defined]
            (one.key, one.label) for one in structure(viewer)
        ]
        for name in ("on", "versus"):
            self.fields[name].widget = forms.DateInput({"type": "date", "max": viewer.on.isoformat()})

    def _past(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and day > self.viewer.on:
            raise forms.ValidationError("统计日期不能晚于今天。")
        return day

    def clean_on(self) -> date | None:
        return self._past("on")

    def clean_versus(self) -> date | None:
        return self._past("versus")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the tables are made of, with what was left out filled in."""

    viewer: Viewer
    on: date
    unit: Unit
    by: str
    versus: date | None = None

    @classmethod
    def of(cls, form: StatForm) -> Self | None:
        """None when the viewer looks after no unit; a part that is wrong is as if it was left out."""
        form.is_valid()
        found = form.cleaned_data
        unit = found.get("unit") or form.fields["unit"].queryset.first()  # type: ignore[attr-defined]
        if unit is None:
            return None
        viewer, by = form.viewer, found.get("by") or structure(form.viewer)[0].key
        return cls(viewer, found.get("on") or viewer.on, unit, by, found.get("versus"))

    def tables(self, tab: str) -> list[StatTable]:
        """With the differences to the other day where that one can be answered too."""
        now = self._as_of(tab, self.on)
        if self.versus is None:
            return now
        before = {table.key: table for table in self._as_of(tab, self.versus)}
        return [compared(table, before[table.key]) if table.key in before else table for table in now]

    def _as_of(self, tab: str, on: date) -> list[StatTable]:
        if tab == STRUCTURE:
            dimension = dimension_of(self.viewer, self.by)
            return [people_table(self.viewer, dimension, on, self.unit)] if dimension else []
        sources = [one.source for one in statistics.for_viewer(self.viewer) if one.key == tab]
        return [t for source in sources for t in source(viewer=self.viewer, on=on, unit=self.unit)]


def tabs_of(viewer: Viewer) -> list[tuple[str, str]]:
    """(key, label)"""
    return [(STRUCTURE, "队伍结构"), *((one.key, one.label) for one in statistics.for_viewer(viewer))]


def every_table(viewer: Viewer, on: date, unit: Unit, by: str = "") -> list[StatTable]:
    """For machines: the structure by one dimension or by all of them, then what the other apps count."""
    keys = [by] if by else [one.key for one in structure(viewer)]
    found = [dimension for key in keys if (dimension := dimension_of(viewer, key))]
    own = [people_table(viewer, dimension, on, unit) for dimension in found]
    if by:
        return own
    others = (one.source(viewer=viewer, on=on, unit=unit) for one in statistics.for_viewer(viewer))
    return [*own, *(table for tables in others for table in tables)]


def as_data(table: StatTable) -> dict[str, Any]:
    """As the interface and the command give it; a number that is kept back is null."""
    lines = [*table.lines, table.total]
    return {
        "key": table.key,
        "title": table.title,
        "counter": table.counter,
        "columns": list(table.columns),
        "rows": [
            {
                "label": line.label,
                "remark": line.remark,
                "numbers": [cell.number for cell in line.cells],
                "lists": [cell.url for cell in line.cells],
            }
            for line in lines
        ],
    }
