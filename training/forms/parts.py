"""What several forms of training share: whom something is meant for, files, reasons, people to tick."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from core.web.forms import Form
from people.forms import UnitChoice, open_units
from people.models import Cadre
from training.choices import Audience
from training.models import StudyGroup


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files; cleaned to a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        found = [super(ManyFilesField, self).clean(one, initial) for one in files]
        return [one for one in found if one]


class AudienceFields(Form):
    """对象: everyone, a unit or a study group; what does not belong to the choice is dropped."""

    audience = forms.ChoiceField(label="对象", choices=Audience.choices, initial=Audience.ALL)
    unit = UnitChoice(None, label="部门", required=False, help_text="对象为部门时选择，含下级机构")
    group = forms.ModelChoiceField(
        StudyGroup.objects.none(),
        label="学习组",
        required=False,
        empty_label="不选",
        help_text="对象为学习组时选择",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = open_units()  # type: ignore[attr-defined]
        groups = StudyGroup.objects.filter(closed_on__isnull=True)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        chosen = data.get("audience")
        if chosen != Audience.UNIT:
            data["unit"] = None
        elif not data.get("unit"):
            self.add_error("unit", "对象为部门时，请选择部门。")
        if chosen != Audience.GROUP:
            data["group"] = None
        elif not data.get("group"):
            self.add_error("group", "对象为学习组时，请选择学习组。")
        return data


class ReasonForm(Form):
    reason = forms.CharField(label="原因", max_length=200)


class TickForm(Form):
    """People ticked in a list that the page draws."""

    chosen = forms.ModelMultipleChoiceField(
        queryset=Cadre.objects.none(),
        label="人员",
        error_messages={
            "required": "请至少勾选一人。",
            "invalid_choice": "所选人员中有人已登记或不在管辖范围内，请刷新页面后重选。",
        },
    )
    sections: ClassVar[Sequence[Any]] = ()

    def __init__(self, *args: Any, people: QuerySet[Cadre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].queryset = people  # type: ignore[attr-defined]
