"""Forms of checkups. None has a field for words about a person."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from core.templatetags.ui import cn_time
from core.web.forms import DateInput, Form
from people.filters import RANK_CHOICES
from people.forms import RecordForm as RowForm
from people.models import Cadre
from wellbeing.choices.checkups import ADD_REASONS, REMOVE_REASONS, DeferReason
from wellbeing.forms.people import CadreField
from wellbeing.models import CheckupCampaign, CheckupRule, CheckupSlot
from wellbeing.services.checkups.members import RESULTS

NO_FINDINGS = "只登记是否已检、是否需复查；体检结论和检查项目不得录入。"


def reasons(values: Any) -> list[tuple[str, str]]:
    return [("", "请选择"), *((value.value, str(value.label)) for value in values)]


class CampaignForm(RowForm):
    model = CheckupCampaign
    names = (
        "year", "title", "institution", "package", "starts_on", "ends_on", "budget_per_head", "budget_total",
    )  # fmt: skip
    sections = (
        ("体检", ("year", "title", "institution", "package", "starts_on", "ends_on")),
        ("预算", ("budget_per_head", "budget_total")),
    )


class EndedCampaignForm(RowForm):
    """Once it is over only money changes."""

    model = CheckupCampaign
    names = ("budget_total", "spent")


class EndForm(RowForm):
    model = CheckupCampaign
    names = ("spent",)


class CheckupRuleForm(RowForm):
    model = CheckupRule
    names = (
        "name", "starts_on", "source", "min_age", "max_age", "sex", "rank", "min_years", "unit_kind",
        "frequency", "is_on",
    )  # fmt: skip
    sections = (
        ("生效", ("name", "starts_on", "source")),
        ("哪些人", ("min_age", "max_age", "sex", "min_years", "rank", "unit_kind")),
        ("多久一次", ("frequency", "is_on")),
    )

    def __init__(self, *args: Any, current: CheckupRule | None = None, **kwargs: Any) -> None:
        if not kwargs.get("initial"):
            kwargs.pop("initial", None)
        super().__init__(*args, row=current, **kwargs)
        self.initial.pop("starts_on", None)
        self.fields["rank"] = forms.ChoiceField(
            label="职级不低于", required=False, choices=[("", "不限"), *RANK_CHOICES]
        )
        self.fields["starts_on"].help_text = "从这一天起执行，同名的现行规则到前一天为止"
        self.fields["source"].required = True
        if current is not None:
            self.fields["name"].disabled = True

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}


class SlotsForm(Form):
    sections = (
        ("日期", ("first", "last", "weekends")),
        ("时间和地点", ("begins", "ends", "place", "capacity")),
    )
    first = forms.DateField(label="第一天", widget=DateInput)
    last = forms.DateField(label="最后一天", widget=DateInput)
    weekends = forms.BooleanField(label="含周末", required=False)
    begins = forms.TimeField(label="每天开始", widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label="每天结束", widget=forms.TimeInput(attrs={"type": "time"}))
    place = forms.CharField(label="地点", max_length=60)
    capacity = forms.IntegerField(label="每天名额", min_value=1, max_value=1000)


class SlotForm(Form):
    """One slot changed."""

    sections = (("", ("starts_at", "ends_at", "place", "capacity")),)
    starts_at = forms.DateTimeField(
        label="开始", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    ends_at = forms.DateTimeField(
        label="结束", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    place = forms.CharField(label="地点", max_length=60)
    capacity = forms.IntegerField(label="名额", min_value=1, max_value=1000)


class AddMemberForm(Form):
    cadre = CadreField(label="干部")
    reason = forms.ChoiceField(label="补入原因", choices=reasons(ADD_REASONS))

    def __init__(self, *args: Any, cadres: QuerySet[Cadre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cadre"].cadres = cadres  # type: ignore[attr-defined]


class ResultForm(Form):
    result = forms.ChoiceField(
        label="结果", choices=list(RESULTS.items()), widget=forms.RadioSelect, help_text=NO_FINDINGS
    )


class RemoveForm(Form):
    reason = forms.ChoiceField(label="移出原因", choices=reasons(REMOVE_REASONS))


class DeferForm(Form):
    reason = forms.ChoiceField(label="缓检原因", choices=reasons(DeferReason))


class SlotField(forms.ModelChoiceField):
    """A slot by its time and what is left of it."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{cn_time(obj.starts_at)} {obj.place}（余 {obj.seats_left}）"


class BookForm(Form):
    slot = SlotField(label="体检时段", queryset=CheckupSlot.objects.none(), empty_label="请选择")

    def __init__(self, *args: Any, slots: QuerySet[CheckupSlot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].queryset = slots  # type: ignore[attr-defined]


class ReportForm(Form):
    year = forms.IntegerField(label="年度", min_value=1980, max_value=2199)
    upload = forms.FileField(
        label="体检报告", help_text="PDF、照片或 Word；文件和文件名都用您自己的密钥加密，只有您能打开"
    )
