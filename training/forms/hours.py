"""Forms of the hours ledger: self-filed study, conversion rules."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from core.web.forms import Form
from people.forms import model_fields
from people.models import Cadre
from training.choices import ClassKind, ConversionBasis, HourSource, SelfFiledKind, StudyKind
from training.forms import AmountsForm, named_people
from training.models import ConversionRule, OnlineLesson, SelfFiledStudy
from training.services.conversions import CONVERSION_FIELDS
from training.services.self_filed import SELF_FILED_FIELDS

LESSON_FIELDS = ("title", "provider", "minutes", "finished_on", "passed_test")
ACCEPT = "image/*,.pdf,.doc,.docx,.xls,.xlsx"
KINDS: dict[HourSource, list[tuple[str, str]]] = {
    HourSource.CLASS: list(ClassKind.choices),
    HourSource.ACTIVITY: list(StudyKind.choices),
    HourSource.MAKE_UP: list(StudyKind.choices),
    HourSource.SELF_FILED: list(SelfFiledKind.choices),
    HourSource.TEACHING: list(StudyKind.choices),
    HourSource.ONLINE: [],
    HourSource.READING: [],
}


class FilingForm(AmountsForm):
    """自学填报, short enough for a phone; what depends on the kind is checked by the service."""

    model = SelfFiledStudy
    names = SELF_FILED_FIELDS
    sections: ClassVar = (
        ("学了什么", ("kind", "title", "organiser", "starts_on", "ends_on")),
        ("学了多少", ("measure", "quantity", "minutes", "passed_test")),
        ("证明材料", ("evidence", "note")),
    )

    def __init__(self, *args: Any, row: SelfFiledStudy | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["measure"].help_text = "网络课件选“个课件”"
        self.fields["minutes"].help_text = "只有网络课件需要填写，按时长分档计学时"
        self.fields["passed_test"].label = "通过了课后测试（网络课件）"
        self.fields["evidence"] = forms.FileField(
            label="证明材料",
            required=False,
            help_text=_evidence_help(row),
            widget=forms.FileInput(attrs={"accept": ACCEPT}),
        )
        self.order_fields([*self.names, "evidence"])

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}


def _evidence_help(row: SelfFiledStudy | None) -> str:
    if row is not None and row.evidence:
        return f"已上传“{row.evidence}”，重新选择则替换"
    return "结业证、通知、签到表或学习截图，手机可直接拍照"


class LessonForm(Form):
    """One online lesson and the names of those who finished it, as the academy's list gives them."""

    sections = (("", ("title", "provider", "minutes", "finished_on", "passed_test", "names")),)

    names = forms.CharField(
        label="完成人员",
        max_length=5000,
        help_text="从学习平台的名单里整段复制，用顿号、逗号、空格或换行隔开",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, editable: QuerySet[Cadre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.editable = editable
        self.fields.update(model_fields(OnlineLesson, LESSON_FIELDS))
        self.fields["passed_test"].label = "通过了课后测试"

    def clean_names(self) -> list[Cadre]:
        return named_people(self.cleaned_data["names"], self.editable)


class ReturnForm(Form):
    reason = forms.CharField(label="退回原因", max_length=200, help_text="写明缺什么、怎么改，本人会收到通知")


class ReverseForm(Form):
    reason = forms.CharField(label="冲销原因", max_length=200, help_text="原因会留在学时明细里，本人可以看到")


class ConversionForm(AmountsForm):
    """A new version of one conversion; amounts start from the version in force."""

    model = ConversionRule
    names = CONVERSION_FIELDS
    sections: ClassVar = (
        ("适用", ("what", "basis")),
        ("生效", ("starts_on", "reference", "note")),
        ("折算", ("hours", "days", "cap_per_item", "cap_per_year")),
        ("计入", ("ledger", "also_party")),
    )

    def __init__(self, *args: Any, current: ConversionRule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=current, **kwargs)
        self.initial.pop("starts_on", None)
        self.fields["starts_on"].help_text = "从这一天起开始的学习按新规则折算，已入账的不变"
        self.fields["reference"].required = True
        self.fields["reference"].help_text = "文件名称、文号和条款"
        self.fields["cap_per_item"].help_text = "一个班次、一次活动最多计多少，留空不限"
        self.fields["cap_per_year"].help_text = "一个人一年最多计多少，留空不限"

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}


class NewConversionForm(ConversionForm):
    """A conversion for a source and kind that has none yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"] = forms.ChoiceField(label="学习来源", choices=_sources())
        self.fields["basis"] = forms.ChoiceField(
            label="折算方式", choices=[("", "请选择"), *ConversionBasis.choices]
        )
        self.order_fields(["what", "basis", *self.names])

    @property
    def source_and_kind(self) -> tuple[HourSource, str]:
        source, _, kind = self.cleaned_data["what"].partition("/")
        return HourSource(source), kind


def _sources() -> list[tuple[str, str]]:
    """Every source as a whole, and its kinds one by one."""
    found = [("", "请选择")]
    for source, kinds in KINDS.items():
        found.append((f"{source}/", f"{source.label}（全部）"))
        found += [(f"{source}/{kind}", f"{source.label}：{label}") for kind, label in kinds]
    return found
