"""Forms about people: they read and check; services write."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.forms import fields_for_model

from core.access import Permission, Role, Viewer
from core.web.forms import Form
from people.choices import CadreStatus, KinRelation
from people.identity import mask_identity, mask_phone
from people.models import (
    AnnualAppraisal,
    Appointment,
    Cadre,
    Education,
    FamilyMember,
    Honour,
    Post,
    ReminderRule,
    Unit,
)
from people.ranks import RANKS
from people.services.records import ResumeLine

MONTH_FORMATS = ["%Y-%m", "%Y-%m-%d", "%Y.%m", "%Y年%m月", "%Y/%m"]
MONTH_FIELDS = ("birth_month", "party_joined_on", "work_started_on", "retirement_month", "rank_since")
CADRE_SECTIONS = (
    (
        "身份",
        ("name", "former_name", "staff_no", "sex", "birth_month", "ethnicity", "native_place", "birthplace"),
    ),
    ("政治面貌与工作", ("political_status", "party_joined_on", "party_note", "work_started_on", "health")),
    ("职务职级", ("staff_type", "rank", "rank_since", "leadership_level", "retirement_month", "status")),
    ("专业", ("professional_title", "specialty")),
    ("证件与联系方式", ("id_number", "phone", "address")),
    ("任免审批表所载", ("reward_text", "appraisal_text", "note", "display_order")),
)
SENSITIVE_FIELDS = ("id_number", "phone", "address")
EMPTY_CHOICE = "未填"


class MonthInput(forms.DateInput):
    """The browser's own month picker."""

    input_type = "month"

    def __init__(self) -> None:
        super().__init__(attrs={"min": "1900-01", "max": "2199-12"}, format="%Y-%m")


class MonthField(forms.DateField):
    """A year and month, kept as the first day of that month."""

    widget = MonthInput
    input_formats = MONTH_FORMATS
    default_error_messages = {"invalid": "请填写年月，例如 1990-08。"}

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        return day.replace(day=1) if day else None


def month_field(field: forms.Field) -> MonthField:
    return MonthField(label=field.label, required=field.required, help_text=field.help_text)


def model_fields(model: Any, names: Sequence[str], months: Sequence[str] = ()) -> dict[str, forms.Field]:
    """Form fields as the model describes them, the given months with a month picker."""
    found: dict[str, forms.Field] = fields_for_model(model, fields=names)
    for field in found.values():
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 4
        if isinstance(field, forms.TypedChoiceField):
            name_the_empty_choice(field, "请选择" if field.required else EMPTY_CHOICE)
    return {name: month_field(field) if name in months else field for name, field in found.items()}


def name_the_empty_choice(field: forms.ChoiceField, label: str) -> None:
    """Words in place of Django's row of dashes."""
    choices: Any = field.choices
    field.choices = [(key, words if key else label) for key, words in choices]


class CadreForm(Form):
    """All that a person may fill on a cadre's record.

    Sensitive values are not sent to the browser: an empty field leaves what is stored, and the hint shows
    it masked.
    """

    sections = CADRE_SECTIONS

    def __init__(self, *args: Any, cadre: Cadre | None = None, **kwargs: Any) -> None:
        names = [name for _, group in CADRE_SECTIONS for name in group]
        initial = {name: getattr(cadre, name) for name in names} if cadre else {}
        for name in SENSITIVE_FIELDS:
            initial.pop(name, None)
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.cadre = cadre
        self.fields.update(model_fields(Cadre, names, MONTH_FIELDS))
        self.fields["rank"] = _rank_field(cadre.rank if cadre else "")
        for name in SENSITIVE_FIELDS:  # encrypted, so stored as text of any length, yet one line each
            self.fields[name].widget = forms.TextInput(attrs={"autocomplete": "off"})
        self._explain()
        self._hint_at_stored_values()

    def _explain(self) -> None:
        name_the_empty_choice(self.fields["leadership_level"], "非领导职务")  # type: ignore[arg-type]
        self.fields["party_note"].help_text = "写不成年月时照原文填写，例如“1995.06加入民盟”"
        self.fields["display_order"].help_text = "在名册中的先后，数字小的排在前面"

    def _hint_at_stored_values(self) -> None:
        if self.cadre is None:
            return
        stored = {
            "id_number": mask_identity(self.cadre.id_number),
            "phone": mask_phone(self.cadre.phone),
            "address": "（不显示）" if self.cadre.address else "",
        }
        for name, masked in stored.items():
            if masked:
                self.fields[name].help_text = f"已登记 {masked}。留空保持不变，填写则改为新内容"

    def values(self) -> dict[str, Any]:
        """What to hand to the service: blank sensitive fields are left out when something is stored."""
        blank = {name for name in SENSITIVE_FIELDS if not self.cleaned_data.get(name)}
        keep = blank if self.cadre else set()
        return {name: value for name, value in self.cleaned_data.items() if name not in keep}


def _rank_field(current: str) -> forms.ChoiceField:
    """The known ranks, and the present one even if it is written otherwise."""
    known = list(RANKS) if not current or current in RANKS else [current, *RANKS]
    return forms.ChoiceField(
        label="职级", required=False, choices=[("", "未定"), *((rank, rank) for rank in known)]
    )


class RecordForm(Form):
    """A row that hangs on a cadre; subclasses name the model, its fields and its month fields."""

    model: Any
    names: Sequence[str] = ()
    months: Sequence[str] = ()

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(row, name) for name in self.names} if row else {})
        super().__init__(*args, **kwargs)
        self.fields.update(model_fields(self.model, self.names, self.months))


class EducationForm(RecordForm):
    model = Education
    names = ("mode", "level", "level_school", "degree", "degree_school")


class AppraisalForm(RecordForm):
    model = AnnualAppraisal
    names = ("year", "grade", "note")


class HonourForm(RecordForm):
    model = Honour
    names = ("kind", "title", "awarded_on", "awarding_body", "deed")


class FamilyForm(RecordForm):
    model = FamilyMember
    names = ("relation", "name", "birth_month", "political_status", "workplace")
    months = ("birth_month",)


class AppointmentForm(RecordForm):
    """One main post at a time: a new one ends the earlier one the day before."""

    model = Appointment
    names = (
        "kind",
        "unit",
        "organisation",
        "title",
        "is_main",
        "starts_on",
        "ends_on",
        "document_no",
        "note",
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        row: Appointment | None = kwargs.get("row")
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitChoice(
            units_within(viewer, Permission.EDIT_CADRE, row.unit_id if row else None),
            label="本区机构",
            required=False,
        )
        self.fields["organisation"].help_text = "挂职、借调到区外单位时填写"
        self.fields["is_main"].label = "主要职务（同一时间只有一个）"
        self.order_fields(self.names)


class UnitChoice(forms.ModelChoiceField):
    """Units indented by their depth in the tree."""

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "不选")
        super().__init__(queryset=queryset, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        depth = max(0, (obj.path or "").count("/") - 1)
        return f"{'　' * depth}{obj.name}"


def open_units() -> QuerySet[Unit]:
    return Unit.objects.open().order_by("path")


def units_within(viewer: Viewer, permission: Permission, present: int | None) -> QuerySet[Unit]:
    """Open units in the viewer's reach, and the one that stands there now.

    Whoever could hang a unit under the own one, or a person into another's, would move the borders of scopes.
    """
    reach = Unit.objects.in_reach(viewer, permission).open()
    return (reach | Unit.objects.filter(pk__in=[present] if present else [])).order_by("path")


class UnitForm(RecordForm):
    model = Unit
    names = ("name", "short_name", "kind", "parent", "code", "display_order")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        row: Unit | None = kwargs.get("row")
        super().__init__(*args, **kwargs)
        at_the_top = viewer.sees_all(Permission.EDIT_UNIT) or (row is not None and row.parent_id is None)
        self.fields["parent"] = UnitChoice(
            units_within(viewer, Permission.EDIT_UNIT, row.parent_id if row else None),
            label="上级机构",
            required=not at_the_top,
        )
        self.fields["code"].required = False
        self.fields["code"].help_text = "留空自动编号"
        self.fields["display_order"].help_text = "数字小的排在前面"
        self.order_fields(self.names)


class PostForm(RecordForm):
    model = Post
    names = ("title", "post_class", "level", "headcount", "display_order", "abolished_on")


class PhotoForm(Form):
    photo = forms.ImageField(
        label="照片",
        help_text="JPEG 或 PNG，10 MB 以内；按证件照比例裁剪后加密保存",
        error_messages={"invalid_image": "这不是能打开的图片，请换一张 JPEG 或 PNG 照片。"},
    )


# -- resume ----------------------------------------------------------------------------------------

_MONTH = r"(\d{4})[.\-/年](\d{1,2})月?"
# Each run of spaces has one place to match: two in a row would take minutes over a line of spaces.
_LINE = re.compile(rf"(?:{_MONTH}\s*)?(?:--|—+|–|-|至|~)\s*(?:(?:{_MONTH}|至今|今)\s*)?(?P<text>\S.*)$")
_INTERLUDE = re.compile(r"[（(]其间[:：]\s*(?P<line>[^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*)[）)]")


class ResumeForm(Form):
    """The whole 简历 as text, one period a line, interludes in brackets, as the 任免审批表 writes it."""

    text = forms.CharField(
        label="简历",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text="每段经历一行，例如：2003.09--2007.07 示例大学某某学院学习。"
        "其间经历写在同一行的括号里：（其间：2005.09--2006.07 ……）",
    )

    def clean_text(self) -> list[ResumeLine]:
        lines = [line for line in self.cleaned_data["text"].splitlines() if line.strip()]
        return [read_resume_line(line, f"第 {number} 行") for number, line in enumerate(lines, start=1)]


def read_resume_line(line: str, place: str) -> ResumeLine:
    """A period from its text; raises ValidationError naming the line."""
    inner = tuple(read_resume_line(found["line"], place) for found in _INTERLUDE.finditer(line))
    match = _LINE.match(_INTERLUDE.sub("", line).strip())
    if match is None:
        raise forms.ValidationError(f"{place}读不出起止年月，请写成“2003.09--2007.07 经历”的样子。")
    start_year, start_month, end_year, end_month = match.groups()[:4]
    starts_on, ends_on = _month(start_year, start_month, place), _month(end_year, end_month, place)
    return ResumeLine(starts_on, ends_on, match["text"].strip(), inner)


def _month(year: str | None, month: str | None, place: str) -> date | None:
    if year is None or month is None:
        return None
    if not 1 <= int(month) <= 12:
        raise forms.ValidationError(f"{place}的月份“{month}”应在 1–12 之间。")
    return date(int(year), int(month), 1)


# -- accounts --------------------------------------------------------------------------------------


class AccountForm(Form):
    username = forms.CharField(
        label="登录名", max_length=64, help_text="一般用工号或姓名拼音，建立后不能修改"
    )
    name = forms.CharField(label="姓名", max_length=60)
    staff_no = forms.CharField(
        label="对应干部的工号",
        max_length=32,
        required=False,
        help_text="安全管理员再授予“干部本人”后，本人可以查看自己的档案。系统、安全、审计管理员账号不填",
    )

    def clean_staff_no(self) -> str:
        given: str = self.cleaned_data["staff_no"].strip()
        self.cadre = Cadre.objects.filter(staff_no=given).first() if given else None
        if given and self.cadre is None:
            raise forms.ValidationError(f"没有工号为“{given}”的干部，请核对。")
        return given


class GrantForm(Form):
    # No role is preselected: the first of the list is a powerful one.
    role = forms.ChoiceField(
        label="角色",
        choices=[("", "请选择"), *((role.value, role.label) for role in Role)],
    )
    unit = UnitChoice(None, label="管辖范围", required=False, empty_label="全区", help_text="含下级机构")
    starts_on = forms.DateField(label="开始日期")
    ends_on = forms.DateField(label="结束日期", required=False, help_text="留空表示长期有效")
    reason = forms.CharField(label="依据", max_length=200, required=False, help_text="例如任职文件、会议纪要")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = open_units()  # type: ignore[attr-defined]


class ReminderRuleForm(Form):
    """A new version of the rule; the days start from the version in force."""

    names = ("starts_on", "days_before", "head_after", "leader_after", "note")

    def __init__(self, *args: Any, current: ReminderRule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_for_model(ReminderRule, self.names))
        self.fields["starts_on"].help_text = "从这一天起按新规则提醒，现行规则到前一天为止"
        for name in ("head_after", "leader_after"):
            self.fields[name].help_text = "留空表示不上报"
        if current:
            kept = ("days_before", "head_after", "leader_after")
            self.initial.update({name: getattr(current, name) for name in kept})


class DismissForm(Form):
    reason = forms.CharField(label="为什么不是亲属", max_length=200, help_text="如 同名同姓、已离婚")


class KinTieForm(Form):
    """Two cadres by name or staff number, and what the second is to the first."""

    cadre = forms.CharField(label="干部", max_length=60, help_text="填姓名；同名的填工号")
    relation = forms.ChoiceField(choices=KinRelation.choices, label="亲属是干部的")
    relative = forms.CharField(label="亲属", max_length=60, help_text="填姓名；同名的填工号")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer

    def clean_cadre(self) -> Cadre:
        return self._person("cadre")

    def clean_relative(self) -> Cadre:
        return self._person("relative")

    def clean_relation(self) -> KinRelation:
        return KinRelation(self.cleaned_data["relation"])

    def _person(self, name: str) -> Cadre:
        text = self.cleaned_data[name].strip()
        reach = Cadre.objects.visible_to(self.viewer, Permission.EDIT_CADRE)
        found = list(reach.filter(Q(staff_no=text) | Q(name=text), status=CadreStatus.ACTIVE)[:2])
        if len(found) != 1:
            known = f"“{text}”不止一人，请填工号。" if found else f"没有找到在职干部“{text}”。"
            raise forms.ValidationError(known)
        return found[0]
