"""Forms of training: they read and check; services write."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from core.web.forms import Form
from people.forms import RecordForm, model_fields
from people.models import Cadre
from training.choices import ResultGrade
from training.hours import plain
from training.models import HourRule, Participation, TrainingClass
from training.services import CLASS_FIELDS

NAME_BREAKS = re.compile(r"[、，,；;\s]+")


class AmountsForm(RecordForm):
    """A record with hours and days, shown and stepped in quarters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not kwargs.get("initial"):  # a page's empty initial would hide the row's values
            kwargs.pop("initial", None)
        super().__init__(*args, **kwargs)
        show_amounts(self)


def named_people(text: str, among: QuerySet[Cadre]) -> list[Cadre]:
    """The people of the pasted names; every name that is not exactly one person is told at once."""
    wanted = list(dict.fromkeys(filter(None, NAME_BREAKS.split(text))))
    found: dict[str, list[Cadre]] = {name: [] for name in wanted}
    for cadre in among.filter(name__in=wanted):
        found[cadre.name].append(cadre)
    faults = [_name_fault(name, rows) for name, rows in found.items() if len(rows) != 1]
    if faults:
        raise forms.ValidationError(faults)
    return [rows[0] for rows in found.values()]


def _name_fault(name: str, rows: Sequence[Cadre]) -> str:
    if not rows:
        return f"没有找到“{name}”，请核对姓名；一个人的姓名中间不要留空格。"
    numbers = "、".join(cadre.staff_no or "无工号" for cadre in rows)
    return f"“{name}”有 {len(rows)} 人（工号 {numbers}），请用上面的查找勾选其中一人。"


def show_amounts(form: Form) -> None:
    """Amounts without idle zeros, arrows in steps of a quarter, and a choice that says what to do."""
    for name, value in form.initial.items():
        form.initial[name] = plain(value) if isinstance(value, Decimal) else value
    for field in form.fields.values():
        if isinstance(field, forms.DecimalField):
            field.widget.attrs.update(step="0.25", min="0", inputmode="decimal")
        elif isinstance(field, forms.ChoiceField):
            blank = "请选择" if field.required else "暂不填写"
            field.choices = [(key, label if key else blank) for key, label in list(field.choices)]  # type: ignore[arg-type]


class ClassForm(AmountsForm):
    model = TrainingClass
    names = CLASS_FIELDS
    sections = (
        ("班次", ("name", "kind", "theme", "theme_text", "organiser", "place")),
        ("时间与学时", ("starts_on", "ends_on", "days", "hours", "off_job", "recredit")),
        ("其他", ("note",)),
    )

    def __init__(self, *args: Any, row: TrainingClass | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["theme_text"].help_text = "台账里的写法与上面的专题不同时填写"
        self.fields["days"].help_text = "以 0.25 为最小单位" if row else "留空按起止日期计算"
        self.fields["hours"].help_text = "完整参加一人计多少学时" if row else "留空按每天折合学时计算"
        for name in ("days", "hours"):
            self.fields[name].required = row is not None
        if row is not None:
            self.fields["recredit"] = forms.BooleanField(
                label="名单中按原学时认定的人，一并改为新学时", required=False, initial=True
            )

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}


class CreditForm(AmountsForm):
    """What one person is credited with."""

    model = Participation
    names = ("hours", "days", "result", "certificate_no", "note")
    sections = (("", names),)


class AddPeopleForm(Form):
    """People by ticking the found ones, by pasting names, or both."""

    # Whom to tick is drawn from the search by the page: a list of everyone would be thousands of lines.
    sections = (("", ("names", "hours", "days", "result")),)

    names = forms.CharField(
        label="粘贴姓名",
        required=False,
        max_length=5000,
        help_text="可从签到表或通知里整段复制，用顿号、逗号、空格或换行隔开",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    cadres = forms.ModelMultipleChoiceField(
        queryset=Cadre.objects.none(),
        required=False,
        label="所选干部",
        error_messages={"invalid_choice": "所选干部中有人不在管辖范围内，请重新查找。"},
    )
    result = forms.ChoiceField(
        label="考核结果", required=False, choices=[("", "暂不填写"), *ResultGrade.choices]
    )

    def __init__(
        self, *args: Any, editable: QuerySet[Cadre], training_class: TrainingClass, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.editable = editable
        self.fields["cadres"].queryset = editable  # type: ignore[attr-defined]
        amounts = model_fields(Participation, ("hours", "days"))
        self.fields.update(amounts)
        self.initial = {"hours": training_class.hours, "days": training_class.days}
        show_amounts(self)

    def clean_names(self) -> list[Cadre]:
        return named_people(self.cleaned_data["names"], self.editable)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        people = {cadre.pk: cadre for cadre in [*data.get("cadres", ()), *data.get("names", ())]}
        if not people and not self.errors:
            raise forms.ValidationError("请勾选干部，或粘贴至少一个姓名。")
        data["people"] = list(people.values())
        return data


class RuleForm(AmountsForm):
    """A new version of a rule; amounts start from the version in force."""

    model = HourRule
    names = (
        "starts_on",
        "required_hours",
        "required_days",
        "cycle_starts_in",
        "cycle_years",
        "hours_per_day",
        "online_counts",
        "source",
    )
    sections: ClassVar = (
        ("生效", ("starts_on", "source")),
        ("要求", ("required_hours", "required_days", "cycle_starts_in", "cycle_years")),
        ("计算口径", ("hours_per_day", "online_counts")),
    )

    def __init__(self, *args: Any, current: HourRule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=current, **kwargs)
        self.initial.pop("starts_on", None)
        self.fields["starts_on"].help_text = "从这一天起按新规则计算，现行规则到前一天为止"
        self.fields["source"].required = True
        self.fields["source"].help_text = "文件名称、文号和条款"
        self.fields["required_days"].help_text = "与学时二者满足其一即达标"
        self.fields["cycle_years"].help_text = "1 表示每年一个周期"
