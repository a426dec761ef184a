"""Forms of tasks: they read and check; services write."""

import re
from datetime import date
from typing import Any

from django import forms

from core.access import Permission, Viewer
from core.web.forms import Form
from park.choices import PlanState
from park.forms.people import PeopleField, PersonField
from park.models import ActionPlan, SignalRule, Task
from park.queries.people import lead_officials
from people.forms import RecordForm, model_fields
from people.models import Cadre, Unit

STEP = re.compile(r"^(?P<name>.+?)[\s,，:：]+(?P<on>\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?)\s*$")


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos in one field; cleans to the list of uploads."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", MultipleFileInput(attrs={"accept": "image/*"}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PhotosField, self).clean(file, initial) for file in files]


def official_field(on: date, *, required: bool = False) -> forms.ModelChoiceField:
    rows = lead_officials(on)
    return forms.ModelChoiceField(queryset=rows, required=required, label="责任领导", empty_label="暂不指定")


def unit_field(viewer: Viewer, label: str = "责任部门") -> forms.ModelChoiceField:
    """Departments the viewer may give tasks to."""
    rows = Unit.objects.in_reach(viewer, Permission.EDIT_PARK).open().order_by("path")
    return forms.ModelChoiceField(queryset=rows, required=False, label=label, empty_label="暂不指定")


class TaskForm(Form):
    """What a task is and who answers for it."""

    sections = (
        ("任务", ("plan", "no", "name", "measures", "goal", "recurrence", "is_key")),
        ("责任", ("lead_official", "lead_department", "owner")),
        ("时限", ("starts_on", "due_on", "due_text", "source")),
    )

    def __init__(
        self,
        *args: Any,
        viewer: Viewer,
        row: Task | None = None,
        plan: ActionPlan | None = None,
        **kwargs: Any,
    ) -> None:
        names = [name for _, group in self.sections for name in group]
        kwargs["initial"] = (
            {name: getattr(row, name) for name in names} if row else {"starts_on": viewer.on, "plan": plan}
        )
        super().__init__(*args, **kwargs)
        simple = (
            "no",
            "name",
            "measures",
            "goal",
            "recurrence",
            "is_key",
            "starts_on",
            "due_on",
            "due_text",
            "source",
        )
        self.fields.update(model_fields(Task, simple))
        self.fields["lead_official"] = official_field(viewer.on)
        self.fields["lead_department"] = unit_field(viewer)
        self.fields["lead_department"].required = not viewer.sees_all(Permission.EDIT_PARK)
        self.fields["owner"] = PersonField(label="责任人", required=False)
        self.fields["due_text"].help_text = "方案里的写法，例如“12月底前”；办理以上面的日期为准"
        if row is None:
            editable = ActionPlan.objects.visible_to(viewer).exclude(state=PlanState.ARCHIVED).defer("text")
            self.fields["plan"] = forms.ModelChoiceField(
                queryset=editable, label="方案", empty_label="请选择"
            )
            self.initial["plan"] = plan
        elif row.state != row._meta.get_field("state").default:
            for name in ("due_on", "lead_official", "lead_department", "owner"):
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "plan"}


class FillForm(Form):
    """The same responsible fields for many drafts."""

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_official"] = official_field(viewer.on)
        self.fields["lead_department"] = unit_field(viewer)
        self.fields["owner"] = PersonField(label="责任人", required=False)
        self.fields["due_on"] = forms.DateField(label="完成时限", required=False)
        self.fields["use_head"] = forms.BooleanField(
            label="责任人空着的，由责任部门负责人承担", required=False, initial=True
        )
        self.fields["use_text"] = forms.BooleanField(
            label="时限空着的，按方案里的写法推算", required=False, initial=True
        )
        self.fields["overwrite"] = forms.BooleanField(label="已填的也改成这里的内容", required=False)

    def values(self) -> dict[str, Any]:
        names = ("lead_official", "lead_department", "owner", "due_on")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name] is not None}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        helps = data.get("use_head") or data.get("use_text")
        if not self.errors and not helps and not self.values():
            raise forms.ValidationError("请至少填写一项，或勾选一种补填办法。")
        return data


class DutiesForm(Form):
    """Who answers for an issued task from today on."""

    reason = forms.CharField(label="调整原因", required=False, max_length=200)

    def __init__(self, *args: Any, viewer: Viewer, row: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_official"] = official_field(viewer.on, required=True)
        self.fields["lead_department"] = unit_field(viewer)
        self.fields["lead_department"].required = True
        self.fields["owner"] = PersonField(label="责任人")
        self.initial = {name: getattr(row, name) for name in ("lead_official", "lead_department", "owner")}
        self.order_fields(["lead_official", "lead_department", "owner", "reason"])


class PartnersForm(Form):
    """Supporting departments and co-workers."""

    def __init__(
        self, *args: Any, viewer: Viewer, supporting: list[Unit], co_workers: list[Cadre], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.visible_to(viewer).open().order_by("path")
        self.fields["supporting"] = forms.ModelMultipleChoiceField(
            queryset=units, required=False, label="配合单位", widget=forms.CheckboxSelectMultiple
        )
        self.fields["co_workers"] = PeopleField(label="协办人", required=False)
        self.initial = {"supporting": supporting, "co_workers": co_workers}


class MilestonesForm(Form):
    steps = forms.CharField(
        label="节点",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="一行一个：名称 日期，例如“第一批清单会签 2026-03-03”。已完成的节点不在这里改",
    )

    def clean_steps(self) -> list[tuple[str, date]]:
        return [self._step(line) for line in self.cleaned_data["steps"].splitlines() if line.strip()]

    @staticmethod
    def _step(line: str) -> tuple[str, date]:
        found = STEP.match(line.strip())
        parts = re.findall(r"\d+", found["on"]) if found else []
        try:
            return (found["name"][:120] if found else "", date(*map(int, parts)))
        except (TypeError, ValueError) as error:
            message = f"“{line.strip()[:30]}”没有认出日期，请写成“节点名称 2026-03-31”。"
            raise forms.ValidationError(message) from error


class ReportForm(Form):
    percent = forms.IntegerField(label="完成率（%）", min_value=0, max_value=100)
    text = forms.CharField(label="进展情况", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    problems = forms.CharField(
        label="存在问题", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    next_steps = forms.CharField(
        label="下步打算", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    on = forms.DateField(label="截至日期")
    photos = PhotosField(label="现场照片", required=False, help_text="最多 9 张；位置等隐藏信息会去除")


class CorrectionForm(ReportForm):
    """The report as it was, to be put right; its day stays."""

    on = None  # type: ignore[assignment]
    reason = forms.CharField(
        label="更正原因", max_length=300, help_text="原来的填报会划线保留，并显示这里的原因"
    )


class ReasonForm(Form):
    reason = forms.CharField(
        label="说明", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class SuperviseForm(Form):
    text = forms.CharField(label="督办要求", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    answer_due_on = forms.DateField(label="回复期限", required=False)


class AnswerForm(Form):
    answer = forms.CharField(label="办理情况", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class ExtensionForm(Form):
    new_due_on = forms.DateField(label="申请延至")
    reason = forms.CharField(label="延期原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class DecisionForm(Form):
    granted = forms.ChoiceField(
        label="审批",
        choices=[("1", "批准延期"), ("", "不批准")],
        required=False,
        widget=forms.RadioSelect,
        initial="1",
    )
    decision = forms.CharField(
        label="审批意见", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class SignalRuleForm(RecordForm):
    """A new version of the rule, starting from the one in force."""

    model = SignalRule
    names = ("starts_on", "due_soon_days", "behind_margin", "silent_days", "source")
    sections = (("", names),)
