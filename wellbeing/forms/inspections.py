"""Forms of inspections and findings."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from core.web.forms import DateInput, Form
from people.forms import model_fields
from people.models import Cadre, Unit, User
from wellbeing.choices.inspections import Outcome
from wellbeing.forms.people import CadreField
from wellbeing.forms.talks import UserField
from wellbeing.models import Finding, Inspection
from wellbeing.purposes import PURPOSES
from wellbeing.services.findings import LONGEST

SEALED = "加密保存；只有纪检专员、主要领导和这个问题的责任领导、责任人能看到"


def long_text(label: str, field: str, *, hint: str = SEALED, required: bool = True) -> forms.CharField:
    """`field` says whose purpose stands before the hint."""
    area, why = forms.Textarea(attrs={"rows": 4}), PURPOSES[f"wellbeing.{field}"]
    return forms.CharField(
        label=label, max_length=LONGEST, widget=area, help_text=f"{why}{hint}", required=required
    )


class UsersField(forms.ModelMultipleChoiceField):
    """Several accounts to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.none(), **kwargs)


class InspectionForm(Form):
    names = ("title", "kind", "kind_name", "unit", "planned_on", "from_time", "to_time")
    sections = (
        ("督查", ("title", "kind", "kind_name", "unit")),
        ("检查", ("planned_on", "from_time", "to_time", "team")),
    )
    team = UsersField(label="检查人员", required=False, help_text="检查时间记入他们的日程；不选的记入立项人")

    def __init__(
        self,
        *args: Any,
        units: QuerySet[Unit],
        team: QuerySet[User],
        row: Inspection | None = None,
        **kwargs: Any,
    ) -> None:
        if row:
            kwargs["initial"] = {name: getattr(row, name) for name in self.names} | {"team": row.team.all()}
        super().__init__(*args, **kwargs)
        self.fields.update(model_fields(Inspection, self.names))
        unit: Any = self.fields["unit"]
        unit.queryset, unit.empty_label = units, "全区"
        self.fields["team"].queryset = team  # type: ignore[attr-defined]
        for name in ("from_time", "to_time"):
            self.fields[name].widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class CheckForm(Form):
    checked_on = forms.DateField(label="检查日期", widget=DateInput)


class FindingForm(Form):
    sections = (("", ("unit", "cadre", "problem")),)
    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), label="涉及部门", empty_label="请选择")
    cadre = CadreField(
        label="涉及人员", required=False, help_text="问题属于部门的不填；属于个人的填姓名，重名时填工号"
    )
    problem = long_text("问题", "finding.problem")

    def __init__(self, *args: Any, units: QuerySet[Unit], cadres: QuerySet[Cadre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["cadre"].cadres = cadres  # type: ignore[attr-defined]


class RectifyForm(Form):
    sections = (("", ("measure", "lead", "owner", "due_on")),)
    measure = long_text("整改措施", "finding.measure")
    lead = UserField(label="责任领导", empty_label="请选择")
    owner = UserField(label="责任人", empty_label="请选择")
    due_on = forms.DateField(label="整改时限", widget=DateInput)

    def __init__(self, *args: Any, users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lead", "owner"):
            self.fields[name].queryset = users  # type: ignore[attr-defined]


class ProgressForm(Form):
    progress = long_text("整改情况", "finding.progress")


class ReviewForm(Form):
    sections = (("", ("settled", "review", "due_on")),)
    settled = forms.ChoiceField(
        label="复核结论",
        choices=[("1", "整改到位，销号"), ("0", "退回继续整改")],
        widget=forms.RadioSelect,
        initial="1",
    )
    review = long_text("复核意见", "finding.review", hint="退回时必填", required=False)
    due_on = forms.DateField(
        label="新的整改时限", widget=DateInput, required=False, help_text="退回时可以改；不填则时限不变"
    )


class OutcomeForm(Form):
    names = ("outcome", "decided_on", "effect_from", "effect_to", "decision")
    sections = (
        ("处理", ("outcome", "decided_on", "decision")),
        ("影响期", ("effect_from", "effect_to")),
    )
    outcome = forms.ChoiceField(label="处理方式", choices=[("", "请选择"), *Outcome.choices])
    decided_on = forms.DateField(label="处理日期", widget=DateInput)
    decision = long_text("处理依据和内容", "finding.decision")
    effect_from = forms.DateField(
        label="影响期自",
        widget=DateInput,
        required=False,
        help_text="没有影响期的不填。影响期内组织人事只看到“处于影响期 至 某年某月”",
    )
    effect_to = forms.DateField(label="影响期至", widget=DateInput, required=False)

    def __init__(self, *args: Any, row: Finding, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(row, name) for name in self.names}
        super().__init__(*args, **kwargs)
        if row.cadre_id is None:
            del self.fields["effect_from"], self.fields["effect_to"]

    def bound_sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Without the empty one: a department has no effect period."""
        return [(heading, fields) for heading, fields in super().bound_sections() if fields]


class EarlierField(forms.ModelChoiceField):
    """An earlier finding by its day and inspection; what was found is not written into a list."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.found_on:%Y-%m-%d} {obj.inspection.title}（{obj.get_state_display()}）"


class RepeatForm(Form):
    earlier = EarlierField(
        queryset=Finding.objects.none(), label="前次问题", required=False, empty_label="不关联"
    )

    def __init__(self, *args: Any, rows: QuerySet[Finding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["earlier"].queryset = rows  # type: ignore[attr-defined]


class EvidenceForm(Form):
    upload = forms.FileField(
        label="佐证", help_text="照片、PDF、Word、Excel 或 TXT；加密保存，原文件名不保留"
    )


class DeliverForm(Form):
    notice = long_text(
        "送达内容",
        "decisionnotice.notice",
        hint="本人看到的就是这段文字；写处理方式、依据和影响期，不写检查材料",
    )


class DefenceForm(Form):
    statement = long_text(
        "陈述申辩",
        "decisionnotice.statement",
        hint="加密保存；只有纪检专员和主要领导能看到。只能提交一次",
    )
