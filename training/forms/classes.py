"""Forms of programmes and classes, of who takes part in them, and of leave."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.web.forms import Form
from people.forms import RecordForm
from people.models import Cadre
from training.choices import LeaveReason, ResultGrade
from training.forms import AddPeopleForm, show_amounts
from training.forms.rows import DateTimeInput
from training.models import Participation, Programme, Slot, TrainingClass
from training.services.assessment import Verdict
from training.services.classes import PLAN_FIELDS
from training.services.programmes import PROGRAMME_FIELDS

LIMITS = (
    ("0.1429", "总学时的七分之一（规定）"),
    ("0.1000", "总学时的十分之一"),
    ("0.2000", "总学时的五分之一"),
    ("0.0000", "不得缺课"),
    ("1.0000", "不限"),
)


class ProgrammeForm(RecordForm):
    model = Programme
    names = PROGRAMME_FIELDS
    sections = (
        ("项目", ("name", "year", "kind", "theme", "organiser", "audience")),
        ("目标与经费", ("purpose", "budget")),
        ("结项", ("closed_on",)),
    )

    def __init__(self, *args: Any, row: Programme | None = None, **kwargs: Any) -> None:
        if not kwargs.get("initial"):
            kwargs.pop("initial", None)
        super().__init__(*args, row=row, **kwargs)
        self.fields["closed_on"].help_text = "所有班次办完后填写"
        show_choices(self)


def show_choices(form: Form) -> None:
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = "不选"
        elif isinstance(field, forms.ChoiceField):
            blank = "请选择" if field.required else "不填"
            field.choices = [(key, label if key else blank) for key, label in list(field.choices)]  # type: ignore[arg-type]


class PlanForm(RecordForm):
    """A class to be held; what is left out follows from the slots below."""

    model = TrainingClass
    names = PLAN_FIELDS
    sections = (
        (
            "班次",
            ("name", "programme", "kind", "theme", "organiser", "place", "lecturer", "contact"),
        ),
        (
            "报名",
            (
                "enrolment_way",
                "capacity",
                "enrol_opens_at",
                "enrol_closes_at",
                "has_waiting_list",
            ),
        ),
        (
            "时间与学时",
            ("starts_on", "ends_on", "days", "hours", "leave_limit", "off_job", "needs_sign_out"),
        ),
        ("经费与备注", ("cost", "note")),
    )

    def __init__(self, *args: Any, row: TrainingClass | None = None, **kwargs: Any) -> None:
        if not kwargs.get("initial"):
            kwargs.pop("initial", None)
        super().__init__(*args, row=row, **kwargs)
        present = row.programme_id if row else None
        open_ones = Programme.objects.filter(Q(closed_on__isnull=True) | Q(pk=present))
        self.fields["programme"].queryset = open_ones  # type: ignore[attr-defined]
        for name in ("enrol_opens_at", "enrol_closes_at"):
            self.fields[name].widget = DateTimeInput()
        self.fields["leave_limit"] = forms.TypedChoiceField(
            label="请假上限", choices=LIMITS, coerce=Decimal, initial="0.1429"
        )
        self._explain()
        show_amounts(self)
        show_choices(self)
        self.fields["cost"].widget.attrs["step"] = "0.01"

    def _explain(self) -> None:
        for name in ("starts_on", "ends_on", "days", "hours"):
            self.fields[name].required = False
            self.fields[name].help_text = "留空按下面的时段计算"
        self.fields["hours"].help_text = "留空按每天折合学时计算"
        self.fields["enrol_opens_at"].help_text = "发布后到时自动开始；留空由经办手动开始"
        self.fields["enrol_closes_at"].help_text = "到时自动截止"
        self.fields["capacity"].help_text = "留空表示不限"

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}


class CopyForm(Form):
    name = forms.CharField(label="新班次名称", max_length=120)
    starts_on = forms.DateField(label="开始日期", help_text="时段随之平移，名单不复制")


class ReasonForm(Form):
    """An act that may be explained; where the service needs the reason it says so."""

    reason = forms.CharField(label="说明", max_length=200, required=False)


class NeededReasonForm(Form):
    reason = forms.CharField(label="原因", max_length=200)


class NominateForm(AddPeopleForm):
    """People without amounts: what they earn is settled when the class goes to the archive."""

    sections: ClassVar[Any] = (("", ("names", "reason")),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("hours", "days", "result"):
            del self.fields[name]
        self.initial = {}
        self.fields["reason"] = forms.CharField(label="说明", max_length=200, required=False)


class DecisionForm(Form):
    """Pending people ticked on the page, and what becomes of them."""

    people = forms.ModelMultipleChoiceField(
        Participation.objects.none(),
        label="学员",
        error_messages={
            "required": "请至少选择一人。",
            "invalid_choice": "所选人员中有人已经办理，请刷新页面后重选。",
        },
    )
    act = forms.ChoiceField(label="结果", choices=[("approve", "通过"), ("reject", "不通过")])
    reason = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, rows: QuerySet[Participation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = rows  # type: ignore[attr-defined]


class LeaveForm(Form):
    slots = forms.ModelMultipleChoiceField(
        Slot.objects.none(), label="请假的时段", widget=forms.CheckboxSelectMultiple
    )
    reason = forms.ChoiceField(label="事由", choices=LeaveReason.choices)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, slots: QuerySet[Slot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["slots"]
        field.queryset = slots
        field.label_from_instance = slot_words


def slot_words(slot: Slot) -> str:
    start, end = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
    topic = f" {slot.topic}" if slot.topic else ""
    return f"{start.month}月{start.day}日 {start:%H:%M}–{end:%H:%M}{topic}"


class LeaveDecisionForm(Form):
    granted = forms.TypedChoiceField(
        label="是否准假",
        choices=[("1", "准假"), ("0", "不准假")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label="意见", max_length=200, required=False, help_text="不准假须写明原因")


class AssessForm(Form):
    """A grade for each person on the page; who is left open is assessed later."""

    GRADES: ClassVar = [("", "待评定"), *ResultGrade.choices]

    def __init__(
        self, *args: Any, rows: Sequence[Participation], external: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.external = rows, external
        for row in rows:
            self.fields[f"grade_{row.pk}"] = forms.ChoiceField(
                choices=self.GRADES, required=False, label=f"{row.cadre.name}的结果", initial=row.result
            )
            self.fields[f"reason_{row.pk}"] = forms.CharField(
                required=False, max_length=200, label=f"{row.cadre.name}的说明"
            )
            if external:
                self.fields[f"number_{row.pk}"] = forms.CharField(
                    required=False,
                    max_length=60,
                    label=f"{row.cadre.name}的证书编号",
                    initial=row.certificate_no,
                )

    def verdicts(self) -> list[Verdict]:
        data = self.cleaned_data
        return [
            Verdict(
                row.pk,
                ResultGrade(data[f"grade_{row.pk}"]),
                data[f"reason_{row.pk}"],
                data.get(f"number_{row.pk}", ""),
            )
            for row in self.rows
            if data[f"grade_{row.pk}"]
        ]


class ClassFileForm(Form):
    upload = forms.FileField(label="文件", help_text="PDF、Word、Excel、PPT、照片")
    title = forms.CharField(label="名称", max_length=120, required=False, help_text="留空用文件名")


class VisitForm(Form):
    sections = (("", ("leader", "report_due_on")),)

    leader = forms.ModelChoiceField(
        Cadre.objects.none(), label="带队人", required=False, empty_label="不选", help_text="从名单中选择"
    )
    report_due_on = forms.DateField(label="考察报告期限", required=False)

    def __init__(self, *args: Any, travellers: QuerySet[Cadre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = travellers  # type: ignore[attr-defined]


class ReportForm(Form):
    upload = forms.FileField(label="考察报告", help_text="PDF 或 Word 文件")


class LinkTaskForm(Form):
    task_id = forms.IntegerField(
        label="任务编号", required=False, min_value=1, help_text="任务页面地址末尾的数字；留空取消关联"
    )


class VerifyForm(Form):
    code = forms.CharField(label="验证码", max_length=40, help_text="证书下方的 12 位验证码")
