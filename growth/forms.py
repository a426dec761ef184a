"""Forms that order growth files: they read and check; growth.services makes the files."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from core.access import Viewer
from core.web.forms import Form
from growth.campaigns import meant
from growth.contracts import Edition, Order, Output, checkable_parts
from growth.services import MOST_AT_ONCE, MOST_BOUND
from people.choices import CadreStatus, StaffType
from people.models import Cadre, Unit

EVERYONE = "all"
CHOSEN = "chosen"
IN_UNIT = "unit"


def edition_field(editions: tuple[Edition, ...]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="版本",
        choices=[(edition.value, edition.label) for edition in editions],
        help_text="本人版给干部本人看；领导版不含联系方式、家庭成员；归档版内容最全",
    )


def as_of_field() -> forms.DateField:
    return forms.DateField(label="数据截至", help_text="只写入这一天及以前的内容，默认今天")


NAME_BREAKS = re.compile(r"[、，,；;\s]+")


class OrderForm(Form):
    """One cadre: which edition, as of which day."""

    def __init__(self, *args: Any, viewer: Viewer, editions: tuple[Edition, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.fields = {"edition": edition_field(editions), "as_of": as_of_field(), **self.fields}

    def clean_as_of(self) -> Any:
        as_of = self.cleaned_data["as_of"]
        if as_of > self.viewer.on:
            today = self.viewer.on
            raise forms.ValidationError(
                f"数据截至日期不能晚于今天（{today.year}年{today.month}月{today.day}日）。"
            )
        return as_of


class BatchOrderForm(OrderForm):
    """Many cadres: those chosen in the roster, one unit with all below it, or everyone in office."""

    scope = forms.ChoiceField(label="为谁生成", widget=forms.RadioSelect)
    unit = forms.ModelChoiceField(
        label="部门", queryset=Unit.objects.none(), required=False, empty_label="请选择部门"
    )
    output = forms.ChoiceField(
        label="交付方式",
        choices=Output.choices,
        initial=Output.ZIP,
        widget=forms.RadioSelect,
        required=False,
        help_text=f"压缩包一次最多 {MOST_AT_ONCE} 份，合订本一次最多 {MOST_BOUND} 份；人更多时按部门分批",
    )
    order = forms.ChoiceField(label="排列次序", choices=Order.choices, initial=Order.ROSTER, required=False)
    chosen = forms.ModelMultipleChoiceField(
        queryset=Cadre.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(
        self, *args: Any, makeable: QuerySet[Cadre], chosen: int = 0, left_out: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.makeable = makeable.filter(status=CadreStatus.ACTIVE)
        self.fields["chosen"].queryset = makeable  # type: ignore[attr-defined]
        self.fields["unit"].queryset = (  # type: ignore[attr-defined]
            Unit.objects.visible_to(self.viewer).open().order_by("path")
        )
        choices = [(IN_UNIT, "一个部门（含下级）"), (EVERYONE, "全部在职干部")]
        if chosen:
            without = f"（另有 {left_out} 人不由您生成，未列入）" if left_out else ""
            choices.insert(0, (CHOSEN, f"名册中选定的 {chosen} 人{without}"))
        self.fields["scope"].choices = choices  # type: ignore[attr-defined]
        self.fields["scope"].initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("scope") == IN_UNIT and not cleaned.get("unit"):
            self.add_error("unit", "请选择部门。")
        return cleaned

    def cadres(self) -> list[Cadre]:
        """The people meant, in roster order."""
        scope = self.cleaned_data["scope"]
        if scope == CHOSEN:
            return list(self.cleaned_data["chosen"])
        if scope == IN_UNIT:
            unit = self.cleaned_data["unit"]
            return list(self.makeable.in_unit(unit.path, self.viewer.on))  # type: ignore[attr-defined]
        return list(self.makeable)


class VerifyForm(Form):
    """One of the two: the PDF proves more, the code is what a sheet of paper has."""

    file = forms.FileField(
        label="PDF 文件", required=False, help_text="从系统下载的原文件；核对签名和内嵌数据，不会保存"
    )
    code = forms.CharField(
        label="或核验码", required=False, max_length=40, help_text="印在一页纸综述右下角，形如 K7QD-2M5A-XR3T"
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("file") and not cleaned.get("code") and not self.errors:
            raise forms.ValidationError("请选择 PDF 文件，或填写核验码。")
        return cleaned


class CorrectionForm(Form):
    wanted = forms.CharField(
        label="应当是什么",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明正确的内容，例如“授予日期应为 2024.06”",
    )
    proof = forms.FileField(
        label="佐证材料", required=False, help_text="证书、文件的照片或 PDF，可以直接用手机拍"
    )


class DecisionForm(Form):
    verdict = forms.ChoiceField(
        label="处理",
        choices=[("apply", "已更正：记录已经改好"), ("refuse", "未采纳")],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label="答复", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="本人会看到；未采纳时必须写明理由",
    )  # fmt: skip


class PurposeForm(Form):
    purpose = forms.CharField(
        label="查阅事由", max_length=200, help_text="例如“研究招商局副局长人选”；会记入查阅记录，本人可见"
    )


class ExcuseForm(Form):
    reason = forms.CharField(
        label="免核对原因", max_length=200, help_text="例如“长期病假”“已调出”；记入审计日志，可以恢复"
    )


class AddPeopleForm(Form):
    names = forms.CharField(
        label="姓名或工号",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一人或多人，用顿号、逗号或换行隔开；重名的写工号",
    )

    def __init__(self, *args: Any, reach: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach = reach

    def clean_names(self) -> list[Cadre]:
        words = list(dict.fromkeys(filter(None, NAME_BREAKS.split(self.cleaned_data["names"]))))
        rows = list(self.reach.filter(Q(name__in=words) | Q(staff_no__in=words)))
        faults = [fault for word in words if (fault := _fault(word, rows))]
        if faults:
            raise forms.ValidationError(faults)
        return rows


def _fault(word: str, rows: Sequence[Cadre]) -> str:
    found = [cadre for cadre in rows if word in (cadre.name, cadre.staff_no)]
    if len(found) == 1:
        return ""
    if not found:
        return f"没有找到在职干部“{word}”，请核对姓名或改填工号。"
    numbers = "、".join(cadre.staff_no or "无工号" for cadre in found)
    return f"“{word}”有 {len(found)} 人（工号 {numbers}），请改填工号。"


class CampaignForm(Form):
    """A 信息核对: when, what, and who; `chosen` are people picked in the roster."""

    sections = (
        ("核对", ("title", "year", "starts_on", "ends_on", "note")),
        ("内容", ("parts",)),
        ("人员", ("unit", "staff_types")),
    )
    title = forms.CharField(label="名称", max_length=60)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2199)
    starts_on = forms.DateField(label="开始日期", help_text="这一天起干部可以核对，并收到通知")
    ends_on = forms.DateField(label="截止日期", help_text="到期按提醒规则提醒和上报；可以延长")
    note = forms.CharField(
        label="给干部的说明", required=False, max_length=200, help_text="显示在核对页面上方"
    )
    parts = forms.MultipleChoiceField(label="核对哪些部分", widget=forms.CheckboxSelectMultiple)
    unit = forms.ModelChoiceField(
        label="部门（含下级）", queryset=Unit.objects.none(), required=False, empty_label="全部在职干部"
    )
    staff_types = forms.MultipleChoiceField(
        label="身份",
        choices=StaffType.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不选为不限",
    )
    chosen = forms.ModelMultipleChoiceField(
        queryset=Cadre.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(self, *args: Any, viewer: Viewer, picked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.fields["parts"].choices = checkable_parts()  # type: ignore[attr-defined]
        units = Unit.objects.visible_to(viewer).open().order_by("path")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        if picked:
            self.fields["chosen"].queryset = Cadre.objects.visible_to(viewer)  # type: ignore[attr-defined]
            del self.fields["unit"], self.fields["staff_types"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "截止日期不能早于开始日期。")
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the service writes of the campaign itself."""
        names = ("title", "year", "starts_on", "ends_on", "note", "parts")
        values = {name: self.cleaned_data[name] for name in names}
        if self.cleaned_data.get("chosen"):
            return values | {"chosen": True}
        return values | {
            "unit": self.cleaned_data.get("unit"),
            "staff_types": self.cleaned_data.get("staff_types", []),
        }

    def cadres(self) -> QuerySet[Cadre]:
        if chosen := self.cleaned_data.get("chosen"):
            picked: QuerySet[Cadre] = chosen.filter(status=CadreStatus.ACTIVE)
            return picked
        values = self.values()
        return meant(on=self.viewer.on, unit=values["unit"], staff_types=values["staff_types"])


class ExtendForm(Form):
    ends_on = forms.DateField(label="新的截止日期")


class MissingForm(Form):
    wanted = forms.CharField(
        label="少了什么",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明时间、内容、依据，例如“2024年6月获县级先进个人，示政〔2024〕12号”",
    )
    proof = forms.FileField(
        label="佐证材料", required=False, help_text="证书、文件的照片或 PDF，可以直接用手机拍"
    )


class WindowForm(Form):
    title = forms.CharField(label="名称", max_length=60, help_text="例如“2026年下半年信息更正”")
    unit = forms.ModelChoiceField(
        label="部门（含下级）", queryset=Unit.objects.none(), required=False, empty_label="全体干部"
    )
    starts_on = forms.DateField(label="从哪天起")
    ends_on = forms.DateField(label="到哪天止", required=False, help_text="留空表示一直受理")
    note = forms.CharField(label="说明", required=False, max_length=200)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.visible_to(viewer).open().order_by("path")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class EndWindowForm(Form):
    last_day = forms.DateField(label="受理到哪天为止")
