"""Forms of plans: the document, the proposal's entries, the plan itself."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from core.errors import DomainError
from core.web.forms import Form
from park.choices import Comparison, ItemKind, Recurrence
from park.models import ActionPlan
from park.plan_files import MAX_BYTES, MAX_CHARACTERS, SUFFIXES, checked_text, read_plan_file
from park.proposals import Entry, Figure, Named
from people.forms import model_fields
from people.models import Unit

KINDS = [(kind.value, kind.label) for kind in ItemKind]
FIGURE_FIELDS = ("name", "baseline", "value", "unit", "comparison", "deadline")


class DocumentForm(Form):
    """The plan as a file or as pasted text."""

    file = forms.FileField(
        label="方案文件",
        required=False,
        allow_empty_file=True,
        help_text=f"{'、'.join(SUFFIXES)}，{MAX_BYTES >> 20} MB 以内",
    )
    text = forms.CharField(
        label="或粘贴方案全文",
        required=False,
        max_length=MAX_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="从公文、网页或微信里整段复制都可以，带不带换行都能拆分",
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        file, text = data.get("file"), data.get("text", "")
        try:
            if file:
                data["plan_text"], data["file_name"] = read_plan_file(file.read(), file.name), file.name
            elif text.strip():
                data["plan_text"], data["file_name"] = checked_text(text), ""
            else:
                raise forms.ValidationError("请选择方案文件，或把方案全文粘贴到下面。")
        except DomainError as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
        return data


class DescribeForm(Form):
    title = forms.CharField(label="方案名称", max_length=200)
    year = forms.IntegerField(label="年度", min_value=1990, max_value=2199)


class EntryForm(Form):
    """One entry: what it is, what task comes of it, its figures, projects and enterprises."""

    sections = (
        ("任务", ("makes_task", "kind", "name", "recurrence", "due_text")),
        ("项目和企业", ("projects", "enterprises")),
    )

    makes_task = forms.BooleanField(label="生成任务", required=False)
    kind = forms.ChoiceField(label="类别", choices=KINDS)
    name = forms.CharField(label="任务名称", max_length=200, required=False)
    recurrence = forms.ChoiceField(
        label="周期", required=False, choices=[("", "一次性"), *Recurrence.choices]
    )
    due_text = forms.CharField(label="时限（方案写法）", max_length=60, required=False)
    projects = forms.CharField(
        label="项目", required=False, max_length=2000, help_text="用顿号隔开；不生成的删去"
    )
    enterprises = forms.CharField(
        label="企业", required=False, max_length=2000, help_text="用顿号隔开；不生成的删去"
    )

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "makes_task": entry.makes_task,
            "kind": entry.kind,
            "name": entry.name,
            "recurrence": entry.recurrence,
            "due_text": entry.due_text,
            "projects": _joined(entry.projects),
            "enterprises": _joined(entry.enterprises),
        }
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        for name in ("projects", "enterprises"):
            data[name] = tuple(Named(one) for one in _parted(data[name]))
        return data


def _joined(names: tuple[Named, ...]) -> str:
    return "、".join(named.name for named in names if named.keep)


def _parted(text: str) -> list[str]:
    parts = text.replace("，", "、").replace(",", "、").replace("\n", "、").split("、")
    return list(dict.fromkeys(part.strip()[:120] for part in parts if part.strip()))


class FigureForm(Form):
    """One figure of an entry."""

    keep = forms.BooleanField(label="保留", required=False)
    name = forms.CharField(label="指标", max_length=120)
    baseline = forms.CharField(label="原值", required=False, max_length=20)
    comparison = forms.ChoiceField(label="要求", choices=Comparison.choices)
    value = forms.CharField(label="目标值", max_length=20)
    unit = forms.CharField(label="单位", required=False, max_length=20)
    deadline = forms.DateField(label="时限", required=False)

    def __init__(self, *args: Any, figure: Figure | None = None, **kwargs: Any) -> None:
        if figure:
            kwargs["initial"] = {name: getattr(figure, name) for name in FIGURE_FIELDS} | {
                "keep": figure.keep
            }
        super().__init__(*args, **kwargs)
        self.figure = figure

    def clean_value(self) -> str:
        return _amount(self.cleaned_data["value"])

    def clean_baseline(self) -> str:
        text = self.cleaned_data["baseline"]
        return _amount(text) if text else ""

    def as_figure(self) -> Figure:
        data = self.cleaned_data
        deadline = data["deadline"].isoformat() if data["deadline"] else ""
        words = self.figure.deadline_text if self.figure else ""
        return Figure(
            name=data["name"],
            value=data["value"],
            unit=data["unit"],
            baseline=data["baseline"],
            comparison=data["comparison"],
            deadline=deadline,
            deadline_text=words,
            keep=data["keep"],
        )


def _amount(text: str) -> str:
    try:
        value = Decimal(text.strip())
    except InvalidOperation as error:
        raise forms.ValidationError(f"“{text}”不是数，请填写数字，例如 4.5。") from error
    if not value.is_finite() or abs(value) >= Decimal(10) ** 12 or value.as_tuple().exponent < -4:  # type: ignore[operator]
        raise forms.ValidationError("数值过大，或小数超过 4 位。")
    return f"{value.normalize():f}"


class PlanForm(Form):
    """A plan's own description; its text stays as it was imported."""

    def __init__(self, *args: Any, row: ActionPlan | None = None, **kwargs: Any) -> None:
        names = ("title", "year", "document_no", "unit")
        kwargs["initial"] = {name: getattr(row, name) for name in names} if row else kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields.update(model_fields(ActionPlan, names[:3]))
        self.fields["unit"] = forms.ModelChoiceField(
            queryset=Unit.objects.none(), required=False, label="制定单位", empty_label="全区"
        )

    def offer_units(self, units: Any) -> "PlanForm":
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        return self
