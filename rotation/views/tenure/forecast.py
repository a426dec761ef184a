"""年限预测: who reaches the limit and who retires, per quarter or year, drawn and as a table."""

from typing import Any

from django.http import HttpRequest

from core.access import Permission
from core.keys import key_of
from core.web.views import FramePage
from people.filters import units_of
from people.models import Cadre
from rotation.charts import Column, forecast_chart
from rotation.filters.tenure import day_asked
from rotation.queries.forecast import Forecast, Step, forecast
from rotation.views.tenure.shared import PAGES, Crumbs, crumbs


class ForecastPage(FramePage):
    title = "年限预测"
    permission = Permission.VIEW_ROTATION
    template_name = "rotation/tenure/forecast.html"

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.title, ""))

    @property
    def step(self) -> Step:
        return "year" if self.request.GET.get("by") == "year" else "quarter"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = day_asked(self.request.GET, self.viewer)
        rows: Any = Cadre.objects.visible_to(self.viewer, Permission.VIEW_ROTATION)
        rows, unit = _in_unit(self.request, rows, on)
        found = forecast(rows.as_of(on), on, self.step)
        return super().get_context_data(
            beside=PAGES,
            page_name="rotation:forecast",
            on=on,
            step=self.step,
            units=units_of(self.request),
            unit=unit,
            found=found,
            totals=_totals(found),
            chart=_chart(found),
            **kwargs,
        )


def _in_unit(request: HttpRequest, rows: Any, on: Any) -> tuple[Any, int | None]:
    asked = request.GET.get("unit", "")
    unit = units_of(request).filter(pk=key_of(asked)).first()
    return (rows.in_unit(unit.path or "", on), unit.pk) if unit else (rows, None)


def _totals(found: Forecast) -> dict[str, int]:
    return {
        "late": len(found.late),
        "due": sum(len(bucket.due) for bucket in found.buckets),
        "retiring": sum(len(bucket.retiring) for bucket in found.buckets),
    }


def _chart(found: Forecast) -> Any:
    columns = [Column(b.label, len(b.due), len(b.retiring)) for b in found.buckets]
    return forecast_chart(columns, title="今后五年到任职年限和到龄人数")
