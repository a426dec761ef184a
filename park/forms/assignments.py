"""Forms of 包干到人: who gets what, who takes it over, what a leader notes."""

from typing import Any

from django import forms

from core.access import Permission, Viewer
from core.errors import DomainError
from core.web.forms import Form
from park.choices import AssignmentRole
from park.forms.people import PersonField
from park.forms.tasks import official_field
from park.models import Enterprise, LoadRule, Project
from park.queries.assignments import IN_ZONE
from people.forms import RecordForm
from people.models import Cadre


class AssignForm(Form):
    """On the page of a project or an enterprise: to whom, guided by whom."""

    cadre = PersonField(label="干部")
    role = forms.ChoiceField(
        label="角色",
        choices=[(role.value, role.label) for role in reversed(AssignmentRole)],
        help_text="默认是包保干部",
    )
    note = forms.CharField(label="备注", required=False, max_length=200)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_official"] = official_field(viewer.on, required=True)
        self.fields["lead_official"].label = "带教领导"
        self.order_fields(["cadre", "role", "lead_official", "note"])


class AssignToForm(Form):
    """On the list of gaps: what a cadre gets."""

    note = forms.CharField(label="备注", required=False, max_length=200)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = Project.objects.visible_to(viewer, Permission.EDIT_PARK).live()
        enterprises = Enterprise.objects.visible_to(viewer, Permission.EDIT_PARK).filter(state__in=IN_ZONE)
        self.fields["project"] = forms.ModelChoiceField(
            queryset=projects, required=False, label="项目", empty_label="不选项目"
        )
        self.fields["enterprise"] = forms.ModelChoiceField(
            queryset=enterprises, required=False, label="企业", empty_label="不选企业"
        )
        self.fields["lead_official"] = official_field(viewer.on, required=True)
        self.fields["lead_official"].label = "带教领导"
        self.order_fields(["project", "enterprise", "lead_official", "note"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(data.get("project")) == bool(data.get("enterprise")):
            raise forms.ValidationError("请选一个项目，或选一家企业，不要两项都选。")
        return data

    @property
    def subject(self) -> Project | Enterprise:
        chosen: Project | Enterprise = self.cleaned_data["project"] or self.cleaned_data["enterprise"]
        return chosen


class GuideForm(Form):
    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_official"] = official_field(viewer.on, required=True)
        self.fields["lead_official"].label = "带教领导"


class HandoverForm(Form):
    to = PersonField(label="接收人")
    reason = forms.CharField(label="移交原因", required=False, max_length=200)


class RedirectForm(Form):
    to = PersonField(label="改由谁接收")


class NoteForm(Form):
    note = forms.CharField(
        label="说明", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class LeaderNoteForm(Form):
    text = forms.CharField(
        label="带教记录",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写做了什么、解决了什么问题，不打分",
    )


def within_reach(cadre: Cadre, viewer: Viewer) -> Cadre:
    """Whoever is given work is in the giver's part of the tree, and never the giver."""
    if not Cadre.objects.visible_to(viewer, Permission.EDIT_PARK).filter(pk=cadre.pk).exists():
        message = f"{cadre}不在你的管辖范围内，请由组织人事部门或其所在部门指派。"
        raise DomainError(message, field="cadre", code="out_of_reach")
    return cadre


class LoadRuleForm(RecordForm):
    """A new version of the rule, starting from the one in force."""

    model = LoadRule
    names = ("starts_on", "most_items", "most_people", "source")
    sections = (("", names),)
