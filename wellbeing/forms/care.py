"""Forms of care, help and activities. Hints under sealed fields say who will see them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import fields_for_model

from core.web.forms import DateInput, Form
from people.forms import RecordForm, model_fields
from people.models import Cadre, Unit, User
from wellbeing.choices.care import (
    HELP_KINDS,
    IN_BULK,
    REPORTED,
    CareCause,
    Hardship,
    kinds_for,
)
from wellbeing.choices.privacy import ConsentPurpose
from wellbeing.forms.people import CadreField
from wellbeing.forms.talks import MomentField, UserField
from wellbeing.models import Activity, CareFestival, CareRule, CareSupport
from wellbeing.purposes import PURPOSES, consent_text
from wellbeing.services.care.events import LONGEST

PAIR = "加密保存；只有经办人和结对帮扶人能看到"
SEALED = "加密保存；只有经办人能看到，领导、组织人事和系统管理员都看不到"
LIGHTS = (("red", "已超期"), ("yellow", "7 天内到期"), ("green", "未到期"), ("blue", "办理中"))


def _why(field: str) -> str:
    return PURPOSES[f"wellbeing.{field}"]


def words(
    label: str, hint: str, *, most: int = LONGEST, required: bool = False, rows: int = 3
) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=area, help_text=hint, required=required)


class OwedForm(Form):
    """What the list of those to be cared for may be asked."""

    q = forms.CharField(
        label="姓名",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "姓名"}),
    )
    cause = forms.ChoiceField(label="事项", required=False, choices=[("", "全部事项"), *CareCause.choices])
    light = forms.ChoiceField(label="状态", required=False, choices=[("", "状态不限"), *LIGHTS])
    unit = forms.ModelChoiceField(Unit.objects.none(), label="部门", required=False, empty_label="全部部门")
    on = forms.DateField(label="截至", widget=DateInput, required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class ReportForm(Form):
    """For others: by the head of the department, the office or the handler."""

    sections = (("", ("cadre", "cause", "happened_on", "detail", "again")),)
    cadre = CadreField(label="干部")
    cause = forms.ChoiceField(label="事项", choices=[(c.value, c.label) for c in REPORTED])
    happened_on = forms.DateField(label="发生日期", widget=DateInput)
    detail = words("情况说明", f"可以不填。{_why('careevent.detail')}{SEALED}")
    again = forms.BooleanField(label="是另一件（与已报告的不是同一件事）", required=False)

    def __init__(self, *args: Any, cadres: QuerySet[Cadre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cadre"].cadres = cadres  # type: ignore[attr-defined]


class OwnReportForm(Form):
    """For oneself: two fields are enough."""

    cause = forms.ChoiceField(label="事项", choices=[(c.value, c.label) for c in REPORTED])
    happened_on = forms.DateField(label="发生日期", widget=DateInput)
    detail = words("情况说明", f"可以不填。{_why('careevent.detail')}{SEALED}")
    consent = forms.BooleanField(
        label="同意为办理救助帮扶收集我的家庭经济情况",
        required=False,
        help_text=f"报告“生活困难”并写说明时需要。{consent_text(ConsentPurpose.HARDSHIP_AID)}",
    )
    again = forms.BooleanField(label="是另一件（与已报告的不是同一件事）", required=False)


class CaseForm(Form):
    """What is asked for one event. `people` names it on the page, so the form does not ask who."""

    sections = (("", ("kind", "amount", "hardship", "reason", "distinct")),)
    kind = forms.ChoiceField(label="类别")
    amount = forms.DecimalField(
        label="金额（元）", max_digits=10, decimal_places=2, min_value=Decimal("0.01")
    )
    hardship = forms.ChoiceField(
        label="困难类型",
        required=False,
        choices=[("", "不属于救助帮扶"), *Hardship.choices],
        help_text="救助和帮扶必选；审批人只看到困难类型",
    )
    reason = words("事由说明", f"救助和帮扶请写明核实情况。{_why('carecase.reason')}{SEALED}")
    distinct = forms.BooleanField(label="不是同一件事（与提示的办理无关）", required=False)

    def __init__(self, *args: Any, cause: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = kinds_for(cause)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        if not set(kinds) & set(HELP_KINDS):
            del self.fields["hardship"]
        elif set(kinds) <= set(HELP_KINDS):
            self._ask_for_hardship()
        if cause in IN_BULK:
            del self.fields["distinct"]

    def _ask_for_hardship(self) -> None:
        """Nothing but help is given for it, so there is no help without a class of need."""
        field = self.fields["hardship"]
        field.required, field.help_text = True, "审批人只看到困难类型"
        field.choices = [("", "请选择"), *Hardship.choices]  # type: ignore[attr-defined]


class ResubmitForm(Form):
    amount = forms.DecimalField(
        label="金额（元）", max_digits=10, decimal_places=2, min_value=Decimal("0.01")
    )
    reason = words("事由说明", f"{_why('carecase.reason')}{SEALED}")


class OpinionForm(Form):
    opinion = words("审批意见", f"{_why('carecase.opinion')}加密保存；只有审批人和经办人能看到", most=300)

    def __init__(self, *args: Any, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opinion"].required = needed


class GiveForm(Form):
    giver = forms.CharField(label="慰问人", max_length=60)
    given_on = forms.DateField(label="慰问日期", widget=DateInput)


class ReceiptForm(Form):
    upload = forms.FileField(label="签收单或照片", help_text="照片、PDF 或 Word；加密保存，原文件名不保留")


class CareRuleForm(RecordForm):
    """A new version of one kind's rule; it starts from the version in force."""

    model = CareRule
    names = (
        "starts_on",
        "source",
        "entitled",
        "is_on",
        "amount",
        "yearly_cap",
        "form",
        "fund",
        "within_days",
        "lead_days",
        "near_days",
    )
    sections = (
        ("生效", ("starts_on", "source", "is_on")),
        ("标准", ("entitled", "amount", "yearly_cap", "form", "fund")),
        ("时限", ("within_days", "lead_days", "near_days")),
    )

    def __init__(self, *args: Any, current: CareRule | None = None, **kwargs: Any) -> None:
        if not kwargs.get("initial"):  # a page's empty initial would hide the row's values
            kwargs.pop("initial", None)
        super().__init__(*args, row=current, **kwargs)
        self.initial.pop("starts_on", None)
        self.fields["starts_on"].help_text = "从这一天起执行，现行规则到前一天为止"

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name in self.names}


class FestivalForm(Form):
    def __init__(self, *args: Any, row: CareFestival | None = None, **kwargs: Any) -> None:
        names = ("name", "day", "is_on") if row else ("name", "day")
        if row:
            kwargs["initial"] = {name: getattr(row, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields.update(model_fields(CareFestival, names))


class BudgetForm(Form):
    total = forms.DecimalField(label="年度预算（元）", max_digits=10, decimal_places=2, min_value=Decimal(0))


class SupportForm(Form):
    sections = (
        ("对象和帮扶人", ("cadre", "helper")),
        ("期限", ("starts_on", "until", "visit_days")),
        ("情况", ("situation",)),
    )
    cadre = CadreField(label="困难党员")
    helper = UserField(label="结对帮扶人", empty_label="请选择")
    situation = words(
        "困难情况和帮扶措施", f"{_why('caresupport.situation')}{PAIR}", most=1000, required=True, rows=4
    )

    def __init__(self, *args: Any, cadres: QuerySet[Cadre], users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(model_fields(CareSupport, ("starts_on", "until", "visit_days")))
        self.fields["cadre"].cadres = cadres  # type: ignore[attr-defined]
        self.fields["helper"].queryset = users  # type: ignore[attr-defined]


class VisitForm(Form):
    visited_on = forms.DateField(label="走访日期", widget=DateInput)
    note = words("走访情况", f"{_why('carevisit.note')}{PAIR}", required=True)


class SupportResultForm(Form):
    result = words("帮扶结果", f"{_why('caresupport.result')}{PAIR}", required=True)


ACTIVITY_FIELDS = ("title", "kind", "place", "capacity", "note")
ACTIVITY_TIMES = ("starts_at", "ends_at", "opens_at", "closes_at")


class ActivityForm(Form):
    sections = (
        ("活动", ("title", "kind", "place", "starts_at", "ends_at")),
        ("报名", ("capacity", "opens_at", "closes_at")),
        ("", ("note",)),
    )

    def __init__(self, *args: Any, row: Activity | None = None, **kwargs: Any) -> None:
        if row:
            names = (*ACTIVITY_FIELDS, *ACTIVITY_TIMES)
            kwargs["initial"] = {name: getattr(row, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields.update(model_fields(Activity, ACTIVITY_FIELDS))
        labels = fields_for_model(Activity, fields=ACTIVITY_TIMES)
        self.fields.update({name: MomentField(label=field.label) for name, field in labels.items()})
