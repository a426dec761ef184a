"""Forms of projects, enterprises, visits and requests."""

from typing import Any
from uuid import uuid4

from django import forms

from core.access import Permission, Viewer
from core.web.forms import Form
from park.choices import STAGES_OF, RequestKind, Satisfaction
from park.forms.people import PeopleField, PersonField
from park.forms.tasks import PhotosField, official_field, unit_field
from park.models import (
    BeautyCheck,
    Enterprise,
    EnterpriseGrade,
    Project,
    Task,
    ThirdPartySteward,
    Visit,
    VisitRule,
)
from park.services.enterprises import GRADE_FIELDS
from people.forms import RecordForm, model_fields
from people.models import Unit

MONEY = ("investment", "invested", "bond_amount", "bond_used", "output_value", "tax", "land_mu")
NEW_REQUESTS = 3


def _decimal(form: Any, names: Any) -> None:
    for name in names:
        if name in form.fields:
            form.fields[name].widget.attrs.update(step="any", inputmode="decimal")


class OwnedForm(Form):
    """A row with a lead department and a lead official; subclasses name the model and its plain fields."""

    model: Any
    plain: tuple[str, ...] = ()

    def __init__(self, *args: Any, viewer: Viewer, row: Any = None, **kwargs: Any) -> None:
        names = (*self.plain, "lead_department", "lead_official")
        kwargs["initial"] = {name: getattr(row, name) for name in names} if row else {}
        super().__init__(*args, **kwargs)
        self.fields.update(model_fields(self.model, self.plain))
        self.fields["lead_department"] = unit_field(viewer)
        self.fields["lead_department"].required = not viewer.sees_all(Permission.EDIT_PARK)
        self.fields["lead_official"] = official_field(viewer.on)
        self.fields["lead_official"].label = "包保领导"
        _decimal(self, MONEY)


class ProjectForm(OwnedForm):
    model = Project
    plain = (
        "name",
        "code",
        "kind",
        "place",
        "content",
        "investment",
        "invested",
        "land_mu",
        "starts_on",
        "due_on",
        "investor",
        "industry_chain",
        "first_contact",
        "bond_amount",
        "bond_issued_on",
        "bond_used",
        "note",
    )
    sections = (
        ("项目", ("name", "code", "kind", "place", "content", "task", "note")),
        ("责任", ("lead_department", "lead_official")),
        ("规模和时间", ("investment", "invested", "land_mu", "starts_on", "due_on")),
        ("招商引资", ("investor", "industry_chain", "first_contact")),
        ("专项债", ("bond_amount", "bond_issued_on", "bond_used")),
    )

    def __init__(self, *args: Any, viewer: Viewer, row: Project | None = None, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, row=row, **kwargs)
        tasks = Task.objects.visible_to(viewer).published()
        self.fields["task"] = forms.ModelChoiceField(
            queryset=tasks, required=False, label="所属任务", empty_label="不属于任务"
        )
        self.initial["task"] = row.task_id if row else None


class StageForm(Form):
    planned_on = forms.DateField(label="计划日期", required=False)
    reached_on = forms.DateField(
        label="实际日期", required=False, help_text="还没到的留空；两个日期都留空表示取消这一阶段"
    )
    note = forms.CharField(label="说明", required=False, max_length=200)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(stage.value, stage.label) for stage in STAGES_OF[project.kind]]
        self.fields["stage"] = forms.ChoiceField(label="阶段", choices=choices)
        self.order_fields(["stage", "planned_on", "reached_on", "note"])


class EnterpriseForm(OwnedForm):
    """The telephone number is not sent to the browser: an empty field leaves what is stored."""

    model = Enterprise
    plain = (
        "name",
        "short_name",
        "credit_code",
        "state",
        "industry",
        "is_key",
        "grid",
        "address",
        "land_mu",
        "employees",
        "entered_on",
        "left_on",
        "contact",
        "note",
    )
    sections = (
        ("企业", ("name", "short_name", "credit_code", "state", "industry", "is_key")),
        ("包保", ("grid", "lead_department", "lead_official")),
        ("情况", ("address", "land_mu", "employees", "entered_on", "left_on", "note")),
        ("联系人", ("contact", "contact_phone")),
    )

    def __init__(self, *args: Any, viewer: Viewer, row: Enterprise | None = None, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, row=row, **kwargs)
        self.row = row
        self.fields["credit_code"].help_text = "18 位，会核对校验位"
        self.fields["contact_phone"] = forms.CharField(
            label="联系电话",
            required=False,
            max_length=40,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            help_text="已登记，留空保持不变" if row and row.contact_phone else "",
        )

    def values(self) -> dict[str, Any]:
        blank = not self.cleaned_data["contact_phone"]
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if not (name == "contact_phone" and blank and self.row)
        }


class GradeForm(RecordForm):
    model = EnterpriseGrade
    names = ("year", *GRADE_FIELDS)
    sections = (("评价", ("year", "grade", "note")), ("六项指标", GRADE_FIELDS[1:-1]))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _decimal(self, GRADE_FIELDS[1:-1])


class ServiceForm(RecordForm):
    model = ThirdPartySteward
    names = ("kind", "provider", "contact", "starts_on", "ends_on", "note")


class ChecksForm(Form):
    texts = forms.CharField(
        label="整治内容",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="一行一条，例如“厂区道路硬化”“车棚规整”；已有的不会重复",
    )

    def clean_texts(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["texts"].splitlines() if line.strip()]


class CheckForm(RecordForm):
    model = BeautyCheck
    names = ("done_on", "note")
    before = forms.FileField(
        label="整治前照片", required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )
    after = forms.FileField(
        label="整治后照片",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text="登记完成日期时须有；重新上传会替换原来的",
    )


class VisitForm(Form):
    """For the phone: the fields most needed first, one column, the camera at hand."""

    on = forms.DateField(label="走访日期")
    visitors = PeopleField(label="走访人")
    situation = forms.CharField(label="经营情况", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    answer = forms.CharField(
        label="现场答复", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    photos = PhotosField(label="现场照片", required=False, help_text="最多 9 张；位置等隐藏信息会去除")
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    sections = (
        ("走访", ("on", "visitors", "situation", "photos")),
        ("企业诉求", tuple(f"{part}{n}" for n in range(NEW_REQUESTS) for part in ("kind", "text"))),
        ("更多", ("answer", "contact", "place", "output_value", "tax", "employees")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        more = ("contact", "place", "output_value", "tax", "employees")
        self.fields.update(model_fields(Visit, more))
        _decimal(self, MONEY)
        self.initial.setdefault("client_key", uuid4())
        for n in range(NEW_REQUESTS):
            choices = [("", "没有诉求" if n == 0 else "没有更多"), *RequestKind.choices]
            self.fields[f"kind{n}"] = forms.ChoiceField(
                label=f"诉求{n + 1}类别", choices=choices, required=False
            )
            self.fields[f"text{n}"] = forms.CharField(
                label=f"诉求{n + 1}内容",
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for n in range(NEW_REQUESTS):
            kind, text = data.get(f"kind{n}"), (data.get(f"text{n}") or "").strip()
            if text and not kind:
                self.add_error(f"kind{n}", "请选择这条诉求的类别。")
            if kind and not text:
                self.add_error(f"text{n}", "请写明诉求内容。")
        return data

    def requests(self) -> list[tuple[str, str]]:
        pairs = [(self.cleaned_data[f"kind{n}"], self.cleaned_data[f"text{n}"]) for n in range(NEW_REQUESTS)]
        return [(kind, text) for kind, text in pairs if kind]

    def values(self) -> dict[str, Any]:
        names = ("place", "contact", "situation", "output_value", "tax", "employees", "answer")
        return {name: self.cleaned_data[name] for name in names}


class RequestForm(Form):
    """Something asked for outside a visit."""

    kind = forms.ChoiceField(label="诉求类别", choices=RequestKind.choices)
    text = forms.CharField(label="诉求", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class AssignRequestForm(Form):
    due_on = forms.DateField(label="办结时限")
    handler = PersonField(label="办理人", required=False)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.visible_to(viewer).open().order_by("path")
        self.fields["department"] = forms.ModelChoiceField(
            queryset=units, label="办理部门", empty_label="请选择"
        )
        self.order_fields(["department", "handler", "due_on"])


class ResultForm(Form):
    result = forms.CharField(label="办理结果", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class SatisfactionForm(Form):
    satisfaction = forms.ChoiceField(
        label="企业满意度", choices=Satisfaction.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label="企业意见", required=False, max_length=200, help_text="不满意的必须写明意见")


class VisitRuleForm(RecordForm):
    model = VisitRule
    names = ("for_key_enterprises", "every_days", "starts_on", "source")
