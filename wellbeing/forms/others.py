"""Forms of duties' rules, emergency access, follow-ups and privacy."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from core.web.forms import DateInput, Form
from people.forms import RecordForm as RowForm
from people.models import Cadre, User
from wellbeing.choices.followups import FollowUpCategory
from wellbeing.choices.talks import GlassReason, GlassVerdict
from wellbeing.choices.triggers import REGULAR_CODES
from wellbeing.forms.people import CadreField
from wellbeing.forms.talks import UserField
from wellbeing.models import RetentionRule, TalkRule
from wellbeing.purposes import PURPOSES
from wellbeing.services.emergencies import SHORTEST_REASON
from wellbeing.services.followups import LONGEST


class TalkRuleForm(RowForm):
    """A new version of one situation's rule; it starts from the version in force."""

    model = TalkRule
    names = ("starts_on", "relation", "is_on", "lead_days", "due_days", "per_year", "source")
    sections = (
        ("生效", ("starts_on", "source")),
        ("谁来谈、什么时候谈", ("relation", "lead_days", "due_days", "per_year", "is_on")),
    )

    def __init__(self, *args: Any, code: str, current: TalkRule | None = None, **kwargs: Any) -> None:
        if not kwargs.get("initial"):  # a page's empty initial would hide the row's values
            kwargs.pop("initial", None)
        super().__init__(*args, row=current, **kwargs)
        self.initial.pop("starts_on", None)
        self.fields["starts_on"].help_text = "从这一天起执行，现行规则到前一天为止"
        self.fields["source"].required = True
        left_out = ("lead_days", "due_days") if code in REGULAR_CODES else ("per_year",)
        for name in left_out:
            del self.fields[name]

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name in self.names}


class RetentionForm(RowForm):
    model = RetentionRule
    names = ("starts_on", "years", "source")
    sections = (("", names),)

    def __init__(self, *args: Any, current: RetentionRule | None = None, **kwargs: Any) -> None:
        if not kwargs.get("initial"):
            kwargs.pop("initial", None)
        super().__init__(*args, row=current, **kwargs)
        self.initial.pop("starts_on", None)
        self.fields["source"].required = True


class FindCadreForm(Form):
    """First step of an emergency request: whose talk."""

    cadre = CadreField(label="干部")

    def __init__(self, *args: Any, cadres: QuerySet[Cadre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cadre"].cadres = cadres  # type: ignore[attr-defined]


class EmergencyForm(Form):
    category = forms.ChoiceField(label="调阅缘由", choices=[("", "请选择"), *GlassReason.choices])
    reason = forms.CharField(
        label="具体理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=(
            f"{PURPOSES['wellbeing.emergencyaccess.reason']}"
            f"至少 {SHORTEST_REASON} 个字：为什么必须现在看、为什么不能问谈话人"
        ),
    )


class VerdictForm(Form):
    verdict = forms.ChoiceField(label="复核结论", choices=[("", "请选择"), *GlassVerdict.choices])


class FollowUpForm(Form):
    sections = (("", ("category", "owner", "due_on", "matter")),)
    category = forms.ChoiceField(
        label="类别",
        choices=[("", "请选择"), *FollowUpCategory.choices],
        help_text="培训需求和轮岗研究只能看到类别",
    )
    owner = UserField(label="责任人", empty_label="请选择")
    due_on = forms.DateField(label="办理时限", widget=DateInput)
    matter = forms.CharField(
        label="事项",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=PURPOSES["wellbeing.followup.matter"],
    )

    def __init__(self, *args: Any, users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = users  # type: ignore[attr-defined]


class OwnerForm(Form):
    owner = UserField(label="责任人", empty_label="请选择")

    def __init__(self, *args: Any, users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = users  # type: ignore[attr-defined]


class ResultForm(Form):
    solved = forms.ChoiceField(
        label="是否解决",
        choices=[("1", "已解决"), ("0", "暂不能解决")],
        widget=forms.RadioSelect,
        initial="1",
    )
    result = forms.CharField(
        label="办理结果",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=PURPOSES["wellbeing.followup.result"],
    )


class HoldForm(Form):
    cadre = CadreField(label="干部")
    reason = forms.CharField(
        label="缘由和文号",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=PURPOSES["wellbeing.legalhold.reason"],
    )

    def __init__(self, *args: Any, cadres: QuerySet[Cadre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cadre"].cadres = cadres  # type: ignore[attr-defined]
