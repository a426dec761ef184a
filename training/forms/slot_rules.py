"""A new version of the rule of check-in and scheduling, starting from the one in force."""

from decimal import Decimal
from typing import Any

from django import forms

from people.forms import RecordForm
from training.models import SlotRule
from training.services.slot_rules import SLOT_RULE_FIELDS


class SlotRuleForm(RecordForm):
    model = SlotRule
    names = SLOT_RULE_FIELDS
    sections = (
        ("生效", ("starts_on", "source")),
        ("签到", ("opens_before", "late_after", "closes_after", "offline_hours", "one_device")),
        ("签退", ("sign_out_before", "sign_out_after")),
        ("同时离岗", ("away_percent", "away_least")),
    )

    def __init__(self, *args: Any, current: SlotRule | None = None, **kwargs: Any) -> None:
        if not kwargs.get("initial"):
            kwargs.pop("initial", None)
        super().__init__(*args, row=current, **kwargs)
        self.initial.pop("starts_on", None)
        del self.fields["away_share"]
        share = current.away_share if current else Decimal("0.3")
        self.fields["away_percent"] = forms.IntegerField(
            label="同一部门同时离岗上限（%）", min_value=0, max_value=100, initial=round(share * 100)
        )
        self.fields["starts_on"].help_text = "从这一天的活动起按新规则，现行规则到前一天为止"
        self.fields["source"].required = True
        self.fields["source"].help_text = "文件名称、文号和条款，或会议决定"
        self.fields["offline_hours"].help_text = "手机当时没有网络的签到，多久以内补传有效；0 表示不接受"

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["away_share"] = Decimal(data.pop("away_percent")) / 100
        return data
