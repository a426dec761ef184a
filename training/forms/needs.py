"""Forms of needs: filing, founding a programme, weights."""

from typing import Any, ClassVar

from django import forms

from core.access import Permission, Viewer
from core.web.forms import Form
from people.forms import RecordForm, UnitChoice, model_fields, units_within
from training.models import NeedWeight, Programme, TrainingNeed

PROGRAMME_FIELDS = ("name", "year", "kind", "theme", "organiser", "purpose", "audience", "budget")


class NeedForm(RecordForm):
    """A department's need, or (without `viewer`) a cadre's wish, whose people are one."""

    model = TrainingNeed
    names = ("theme", "topic", "reason", "people", "wanted_by")
    sections: ClassVar = (("", ("unit", "theme", "topic", "reason", "people", "wanted_by")),)

    def __init__(
        self, *args: Any, row: TrainingNeed | None = None, viewer: Viewer | None = None, **kwargs: Any
    ) -> None:
        if not kwargs.get("initial"):  # a page's empty initial would hide the row's values
            kwargs.pop("initial", None)
        super().__init__(*args, row=row, **kwargs)
        self.fields["reason"].widget = forms.Textarea(attrs={"rows": 3})
        self.fields["topic"].help_text = "想学什么、解决什么问题，例如“安全生产责任清单怎么编”"
        if viewer is not None and row is None:
            self.fields["unit"] = UnitChoice(
                units_within(viewer, Permission.NOMINATE, None), label="部门", empty_label="请选择"
            )
        if viewer is None:
            del self.fields["people"]


class CloseNeedForm(Form):
    reason = forms.CharField(label="办结说明", max_length=200, help_text="例如已办班、已另行安排、不再需要")


class FoundProgrammeForm(Form):
    """A programme, prefilled from the needs that were ticked."""

    sections: ClassVar = (
        ("培训项目", ("name", "year", "kind", "theme", "organiser", "audience", "budget", "purpose")),
        ("据此立项的需求", ("needs",)),
    )

    def __init__(self, *args: Any, needs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(model_fields(Programme, PROGRAMME_FIELDS))
        self.fields["purpose"].widget = forms.Textarea(attrs={"rows": 6})
        self.fields["needs"] = forms.ModelMultipleChoiceField(
            queryset=needs,
            label="需求",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="依据测验、评价等形成的需求写在培训目标里，不在此列",
        )
        # The page has read them for the initial ticks already.
        self.fields["needs"].widget.choices = [(need.pk, str(need)) for need in needs]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in PROGRAMME_FIELDS}


class WeightForm(RecordForm):
    model = NeedWeight
    names = ("starts_on", "weight", "note")

    def __init__(self, *args: Any, row: NeedWeight | None = None, **kwargs: Any) -> None:
        kwargs.pop("initial", None)
        super().__init__(*args, row=row, **kwargs)
        self.initial.pop("starts_on", None)
        if row is not None:
            self.initial["weight"] = f"{row.weight.normalize():f}"
        self.fields["starts_on"].help_text = "从这一天起按新权重排序，现行权重到前一天为止"
        self.fields["weight"].help_text = "0 表示不计入排序"
