"""Forms for what study activities rest on: groups and members, frequencies, figures, the calendar."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from core.access import Permission, Viewer
from core.web.forms import DateInput, Form
from people.forms import RecordForm, UnitChoice, units_within
from people.models import Cadre
from training.choices import DayKind
from training.forms.study import groups_within
from training.models import FrequencyRule, StudyGroup, StudyRule
from training.services.study import FREQUENCY_FIELDS, GROUP_FIELDS

NAME_BREAKS = re.compile(r"[、，,；;\s]+")


class GroupForm(RecordForm):
    model = StudyGroup
    names = GROUP_FIELDS
    sections = (("", GROUP_FIELDS),)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        row: StudyGroup | None = kwargs.get("row")
        if not kwargs.get("initial"):
            kwargs.pop("initial", None)
        super().__init__(*args, **kwargs)
        branches = groups_within(viewer, row.parent_id if row else None).filter(kind="branch")
        self.fields["parent"] = forms.ModelChoiceField(
            branches.exclude(pk=row.pk) if row else branches,
            label="所属支部",
            required=False,
            empty_label="不选",
            help_text="支委会、党小组填所属的党支部",
        )
        self.fields["unit"] = UnitChoice(
            units_within(viewer, Permission.EDIT_STUDY, row.unit_id if row else None),
            label="所在机构",
            required=False,
        )
        self.fields["opened_on"].help_text = "留空按最早的成员登记起算"
        self.order_fields(self.names)


class FrequencyForm(RecordForm):
    model = FrequencyRule
    names = ("kind", "group_kind", *(name for name in FREQUENCY_FIELDS if name != "ends_on"))
    sections = (
        ("活动", ("kind", "group_kind")),
        ("频次", ("frequency", "times", "starts_on", "reference")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = kwargs.pop("initial", None) or None
        super().__init__(*args, **({"initial": initial} if initial else {}), **kwargs)
        field: Any = self.fields["group_kind"]
        field.choices = [(key, label if key else "全区") for key, label in field.choices]
        self.fields["group_kind"].help_text = "每个这样的学习组都要开展；选“全区”只看全区的活动"
        self.fields["starts_on"].help_text = "现行规则到前一天为止"
        self.fields["reference"].required = True
        self.fields["reference"].help_text = "文件名称和条款"


class FiguresForm(RecordForm):
    model = StudyRule
    names = ("youth_age", "make_up_days", "absence_limit", "soon_days", "starts_on", "reference")
    sections = (("", names),)

    def __init__(self, *args: Any, current: StudyRule, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(current, name) for name in self.names[:4]}
        super().__init__(*args, **kwargs)
        self.fields["youth_age"].help_text = "发言轮值优先的周岁上限"
        self.fields["soon_days"].help_text = "一期结束前多少天提示“临近到期”"
        self.fields["absence_limit"].help_text = "连续无故缺席多少次提示谈话"


class CalendarDayForm(Form):
    sections = (("", ("kind", "name")),)

    kind = forms.ChoiceField(
        label="性质", required=False, choices=[("", "按星期（周一至周五上班）"), *DayKind.choices]
    )
    name = forms.CharField(label="说明", max_length=40, required=False, help_text="例如 春节、国庆节调休")


class CalendarImportForm(Form):
    sections = (("", ("year", "file", "text")),)

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2199)
    file = forms.FileField(
        label="表格文件", required=False, help_text="xlsx、xls 或 csv，三列：日期、性质、说明"
    )
    text = forms.CharField(
        label="或粘贴放假安排",
        required=False,
        max_length=40000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="每行一天或一段，例如：2027-02-05至2027-02-13 放假 春节",
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("file") and not data.get("text", "").strip() and not self.errors:
            raise forms.ValidationError("请选择文件，或粘贴放假安排。")
        return data


class MembersForm(Form):
    """People for a group or beyond a roster, by pasted names or staff numbers."""

    names = forms.CharField(
        label="姓名或工号",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="可整段粘贴，用顿号、逗号、空格或换行隔开；重名的写工号",
    )

    def __init__(self, *args: Any, reach: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach = reach

    def clean_names(self) -> list[Cadre]:
        words = list(dict.fromkeys(filter(None, NAME_BREAKS.split(self.cleaned_data["names"]))))
        rows = list(self.reach.filter(name__in=words)) + list(self.reach.filter(staff_no__in=words))
        faults = [fault for word in words if (fault := _fault(word, rows))]
        if faults:
            raise forms.ValidationError(faults)
        found = {cadre.pk: cadre for cadre in rows}
        return list(found.values())


class MembershipForm(MembersForm):
    starts_on = forms.DateField(label="加入日期", widget=DateInput)
    role = forms.CharField(
        label="职务", max_length=20, required=False, help_text="例如 书记、组织委员、组长、学习秘书；可留空"
    )
    sections = (("", ("names", "starts_on", "role")),)


def _fault(word: str, rows: Sequence[Cadre]) -> str:
    found = [cadre for cadre in rows if word in (cadre.name, cadre.staff_no)]
    if len(found) == 1:
        return ""
    if not found:
        return f"没有找到“{word}”，请核对姓名，或确认是否在管辖范围。"
    numbers = "、".join(cadre.staff_no or "无工号" for cadre in found)
    return f"“{word}”有 {len(found)} 人（工号 {numbers}），请改写工号。"
