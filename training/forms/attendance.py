"""Forms of attendance: one verdict for chosen people, a pasted or uploaded list, a word about a suspicion."""

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from core.web.forms import Form
from people.imports.faults import FileRefused
from people.imports.workbook import Sheet, open_workbook
from training.choices import AttendanceState, LeaveReason

BREAKS = re.compile(r"[、，,；;\s]+")
NAME_HEADS = ("姓名", "干部姓名", "人员姓名", "名字")
NUMBER_HEADS = ("工号", "职工号", "人员编号", "干部编号")
MOST = 2000
STATES = [(state.value, state.label) for state in AttendanceState if state != AttendanceState.EXPECTED]


class VerdictForm(Form):
    state = forms.ChoiceField(label="登记为", choices=STATES, widget=forms.RadioSelect)
    leave_reason = forms.ChoiceField(
        label="请假事由", required=False, choices=[("", "登记为请假时选择"), *LeaveReason.choices]
    )
    reason = forms.CharField(
        label="更正原因", required=False, max_length=200, help_text="已经登记过的，更正须写明原因"
    )


class ReasonForm(Form):
    reason = forms.CharField(label="说明", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class NameListForm(Form):
    """Names or staff numbers, pasted or in the first sheet of a workbook."""

    names = forms.CharField(
        label="粘贴姓名或工号",
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="可从签到表里整段复制，用顿号、逗号、空格或换行隔开",
    )
    file = forms.FileField(
        label="或上传签到表",
        required=False,
        help_text="Excel 工作簿，第一张表里有“姓名”或“工号”一列；没有表头时读第一列",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
    state = forms.ChoiceField(
        label="登记为",
        choices=[
            (AttendanceState.PRESENT.value, AttendanceState.PRESENT.label),
            (AttendanceState.LATE.value, AttendanceState.LATE.label),
        ],
        initial=AttendanceState.PRESENT.value,
    )
    add_missing = forms.BooleanField(label="不在应到名单中的，补入名单", required=False)
    reason = forms.CharField(
        label="更正原因", required=False, max_length=200, help_text="已经登记过的，更正须写明原因"
    )

    def clean_file(self) -> list[str]:
        upload: UploadedFile | None = self.cleaned_data["file"]
        if not upload:
            return []
        try:
            book = open_workbook(upload.read(), upload.name or "签到表.xlsx")
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return words_of_sheet(book.sheets[0]) if book.sheets else []

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        pasted = [word for word in BREAKS.split(data.get("names", "")) if word]
        data["words"] = list(dict.fromkeys([*pasted, *data.get("file", [])]))
        if not data["words"] and not self.errors:
            raise forms.ValidationError("请粘贴姓名或工号，或上传签到表。")
        if len(data["words"]) > MOST:
            raise forms.ValidationError(f"一次最多 {MOST} 人，请分几次导入。")
        return data


def words_of_sheet(sheet: Sheet) -> list[str]:
    """The column headed 工号 or 姓名 (a number is surer than a name), else the first column."""
    for heads in (NUMBER_HEADS, NAME_HEADS):
        for row in range(1, min(sheet.height, 10) + 1):
            for column in range(1, sheet.width + 1):
                if _text(sheet, row, column) in heads:
                    return _column(sheet, row + 1, column)
    return _column(sheet, 1, 1)


def _column(sheet: Sheet, first: int, column: int) -> list[str]:
    words = (_text(sheet, row, column) for row in range(first, sheet.height + 1))
    return [word for word in words if word]


def _text(sheet: Sheet, row: int, column: int) -> str:
    value = sheet.cell(row, column)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "".join(str(value).split()) if value is not None else ""
