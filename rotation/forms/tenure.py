"""Forms of tenure rules, extensions, successors, conditions and minimum staff."""

from typing import Any

from django import forms

from core.access import Viewer
from core.web.forms import Form
from park.forms.people import PersonField
from people.forms import RecordForm, model_fields
from rotation.choices.tenure import Criterion
from rotation.models import PostRequirement, PostSuccessor, TenureRule, UnitStaffing
from rotation.requirements import HINTS

VALUE_HINT = "；".join(f"{criterion.label}：{hint}" for criterion, hint in HINTS.items())


class TenureRuleForm(RecordForm):
    model = TenureRule
    names = (
        "basis",
        "post_class",
        "level",
        "starts_on",
        "warn_years",
        "limit_years",
        "hard_years",
        "min_years",
        "source",
        "note",
    )
    sections = (
        ("对谁", ("basis", "post_class", "level", "starts_on")),
        ("年限（整年，不填表示不设）", ("warn_years", "limit_years", "hard_years", "min_years")),
        ("依据", ("source", "note")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post_class"].help_text = "不选表示各类岗位；按累计口径计算时不分类别。"
        self.fields["level"].help_text = "不选表示各层次。同时符合几条时，按层次的优先于按类别的。"


class TenureExtensionForm(Form):
    until = forms.DateField(label="延长至")
    reason = forms.CharField(
        label="事由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="如承担的重点项目正处于关键阶段。",
    )


class DecisionForm(Form):
    """Yes or no, with words where it is no."""

    approved = forms.TypedChoiceField(
        label="意见",
        choices=[("1", "同意"), ("0", "不同意")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label="说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class TenureDecisionForm(DecisionForm):
    document_no = forms.CharField(label="批准文号", max_length=60, required=False)


class SuccessorForm(Form):
    """Who is prepared for a post; on a row that exists the person stays."""

    def __init__(self, *args: Any, viewer: Viewer, row: PostSuccessor | None = None, **kwargs: Any) -> None:
        names = ("readiness", "note", "starts_on")
        kwargs["initial"] = {name: getattr(row, name) for name in names} if row else {"starts_on": viewer.on}
        super().__init__(*args, **kwargs)
        if row is None:
            self.fields["cadre"] = PersonField(label="后备人选")
        self.fields.update(model_fields(PostSuccessor, names))


class RequirementForm(RecordForm):
    model = PostRequirement
    names = ("strength", "criterion", "value", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        without = "、".join(c.label for c in Criterion if c not in HINTS)
        self.fields["value"].help_text = f"{without}：不填。{VALUE_HINT}"


class StaffingForm(RecordForm):
    model = UnitStaffing
    names = ("minimum", "starts_on", "source")
