"""Forms of indicators."""

from typing import Any

from django import forms

from core.access import Permission, Viewer
from core.web.forms import Form
from park.choices import PlanState
from park.models import ActionPlan, Indicator, IndicatorReading, Task
from people.forms import model_fields

OWN = ("name", "unit", "target", "comparison", "baseline", "baseline_on", "deadline", "deadline_text")


class IndicatorForm(Form):
    sections = (
        ("指标", ("plan", "name", "unit", "target", "comparison", "deadline", "deadline_text")),
        ("基期", ("baseline", "baseline_on")),
        ("归属", ("task", "parent")),
    )

    def __init__(self, *args: Any, viewer: Viewer, row: Indicator | None = None, **kwargs: Any) -> None:
        names = (*OWN, "task", "parent")
        if row:
            kwargs["initial"] = {name: getattr(row, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields.update(model_fields(Indicator, OWN))
        if row is None:
            plans = ActionPlan.objects.visible_to(viewer).exclude(state=PlanState.ARCHIVED).defer("text")
            self.fields["plan"] = forms.ModelChoiceField(queryset=plans, label="方案", empty_label="请选择")
        tasks = Task.objects.visible_to(viewer, Permission.EDIT_PARK)
        above = Indicator.objects.visible_to(viewer)
        if row is not None:
            tasks, above = tasks.filter(plan=row.plan_id), above.filter(plan=row.plan_id).exclude(pk=row.pk)
        self.fields["task"] = forms.ModelChoiceField(
            queryset=tasks, required=False, label="任务", empty_label="不属于任务"
        )
        self.fields["parent"] = forms.ModelChoiceField(
            queryset=above,
            required=False,
            label="上级指标",
            empty_label="没有上级",
            help_text="单位相同的下级会汇总到上级",
        )
        for name in ("target", "baseline"):
            self.fields[name].widget.attrs.update(step="any", inputmode="decimal")

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "plan"}


class ReadingForm(Form):
    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(model_fields(IndicatorReading, ("value", "on", "note")))
        self.fields["value"].label = f"数值（{indicator.unit}）" if indicator.unit else "数值"
        self.fields["value"].widget.attrs.update(step="any", inputmode="decimal")
        standing = indicator.readings.filter(corrected_by__isnull=True)
        self.fields["corrects"] = forms.ModelChoiceField(
            queryset=standing, required=False, label="更正哪一次", empty_label="不是更正"
        )
