"""Forms of secondments, in the order in which they are filled in."""

from datetime import date
from typing import Any

from django import forms

from core.access import Permission, Viewer
from core.templatetags.ui import cn_month
from core.web.forms import DateInput, Form
from park.forms.people import PersonField
from park.models import ActionPlan
from people.forms import RecordForm, model_fields
from people.models import Unit
from rotation.choices.secondments import (
    Direction,
    OpinionParty,
    Outcome,
    SchemeState,
    SecondmentGrade,
)
from rotation.models import (
    BroughtHome,
    ReturnPlan,
    Secondment,
    SecondmentPlan,
    SecondmentRule,
)

PLAIN = (
    "direction",
    "partner_kind",
    "organisation",
    "title",
    "starts_on",
    "planned_end_on",
    "midterm_on",
    "released",
    "study_rule",
    "into_resume",
    "goals",
    "mentor",
    "reason",
)
TEXT = {"rows": 5}


class PlanForm(RecordForm):
    model = SecondmentPlan
    names = ("year", "title", "quota", "note")


class SecondmentRuleForm(RecordForm):
    model = SecondmentRule
    names = (
        "starts_on",
        "max_months",
        "township_age",
        "county_age",
        "bureau_age",
        "education",
        "is_hard",
        "note_day",
        "first_notice_days",
        "second_notice_days",
        "last_notice_days",
        "source",
    )
    sections = (
        (
            "条件",
            ("starts_on", "max_months", "township_age", "county_age", "bureau_age", "education", "is_hard"),
        ),
        ("提醒", ("note_day", "first_notice_days", "second_notice_days", "last_notice_days")),
        ("依据", ("source",)),
    )


class SecondmentForm(Form):
    """Who goes where, or comes to which unit; on a row that exists the person stays."""

    sections = (
        ("人选", ("cadre", "plan", "direction", "reason")),
        ("单位和职务", ("partner_kind", "organisation", "host_unit", "title", "mentor")),
        ("时间", ("starts_on", "planned_end_on", "midterm_on")),
        ("要求", ("released", "study_rule", "into_resume", "goals")),
    )

    def __init__(self, *args: Any, viewer: Viewer, row: Secondment | None = None, **kwargs: Any) -> None:
        names = (*PLAIN, "plan", "host_unit")
        kwargs["initial"] = {name: getattr(row, name) for name in names} if row else kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        if row is None:
            self.fields["cadre"] = PersonField(label="干部")
        plans = SecondmentPlan.objects.visible_to(viewer).exclude(state=SchemeState.CLOSED)
        self.fields["plan"] = forms.ModelChoiceField(
            queryset=plans, required=False, label="挂职计划", empty_label="计划外"
        )
        self.fields.update(model_fields(Secondment, PLAIN))
        self.fields["organisation"].help_text = "派出挂职填接收单位；来区挂职填派出单位。"
        self.fields["host_unit"] = forms.ModelChoiceField(
            queryset=Unit.objects.visible_to(viewer).open().order_by("path"),
            required=False,
            label="在本区挂职的机构",
            empty_label="派出挂职不选",
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("direction") == Direction.IN and not data.get("host_unit"):
            self.add_error("host_unit", "来区挂职请选择在本区挂职的机构。")
        if data.get("direction") == Direction.OUT:
            data["host_unit"] = None
        return data


class ReasonForm(Form):
    reason = forms.CharField(
        label="说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ApproveForm(Form):
    approved = forms.TypedChoiceField(
        label="意见",
        choices=[("1", "同意派出"), ("0", "不同意")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class DispatchForm(Form):
    document_no = forms.CharField(label="派遣函文号", max_length=60, help_text="如 组派〔2026〕5号")


class DayForm(Form):
    on = forms.DateField(label="日期", widget=DateInput())
    reason = forms.CharField(
        label="说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ExtendForm(Form):
    until = forms.DateField(label="延期至", widget=DateInput())
    reason = forms.CharField(label="延期原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class SettleForm(Form):
    outcome = forms.ChoiceField(label="去向", choices=Outcome.choices, widget=forms.RadioSelect)
    document_no = forms.CharField(label="返岗通知文号", max_length=60, required=False)
    reason = forms.CharField(label="说明", max_length=300, required=False)


class OpinionForm(Form):
    """What is asked depends on who speaks: a grade of the personnel office, a signer of everyone else."""

    text = forms.CharField(label="内容", max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))
    grade = forms.ChoiceField(label="等次", choices=[("", "请选择"), *SecondmentGrade.choices])
    signer = forms.CharField(label="签署人", max_length=60, required=False)
    signer_title = forms.CharField(label="签署人职务", max_length=60, required=False)
    signed_on = forms.DateField(
        label="签署日期", required=False, widget=DateInput(), help_text="不填为今天。"
    )
    scan = forms.FileField(label="签章扫描件", required=False, help_text="照片、PDF 或 Word，可以不传。")

    def __init__(self, *args: Any, party: OpinionParty, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if party != OpinionParty.ORGANISATION:
            del self.fields["grade"]
        if party == OpinionParty.SELF:
            for name in ("signer", "signer_title"):
                del self.fields[name]
        if own:
            for name in ("signed_on", "scan"):
                del self.fields[name]


class HostOpinionForm(Form):
    """On the one-time page of the host: nothing else is asked, nothing is shown but what is needed."""

    text = forms.CharField(
        label="接收单位意见",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="写现实表现、主要工作和不足，只写事实。",
    )
    signer = forms.CharField(label="签署人姓名", max_length=60)
    signer_title = forms.CharField(label="签署人职务", max_length=60)
    signed_on = forms.DateField(label="签署日期", widget=DateInput())
    scan = forms.FileField(
        label="盖章后的扫描件或照片", required=False, help_text="PDF、Word 或照片，可以不传。"
    )


class NoteForm(Form):
    """The monthly note on the phone: the month is chosen already."""

    month = forms.TypedChoiceField(label="月份", coerce=date.fromisoformat)
    text = forms.CharField(
        label="本月工作",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "做了什么，有什么收获"}),
    )
    wants_help = forms.CharField(label="需要协调的事项", max_length=300, required=False)

    def __init__(self, *args: Any, months: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(m.isoformat(), cn_month(m)) for m in months]  # type: ignore[attr-defined]


class AnswerForm(Form):
    answer = forms.CharField(
        label="审阅意见", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReturnPlanForm(RecordForm):
    model = ReturnPlan
    names = ("outcome", "position", "handover", "care")


class BroughtHomeForm(RecordForm):
    model = BroughtHome
    names = ("title", "text")


class MakeTaskForm(Form):
    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = ActionPlan.objects.editable_by(viewer) if viewer.can(Permission.EDIT_PARK) else None
        self.fields["plan"] = forms.ModelChoiceField(
            queryset=plans if plans is not None else ActionPlan.objects.none(),
            label="放入行动方案",
            empty_label="请选择",
        )
