"""Forms of plans: the plan, who is in the case, moves, opinions, reasons."""

from datetime import date
from typing import Any

from django import forms

from core.access import Permission, Viewer
from core.web.forms import DateInput, Form
from park.forms.people import PersonField
from people.models import Cadre, Post, Unit, User
from rotation.choices.plans import CaseDuty, ConsultStance, MoveKind
from rotation.models import Move, PlanMember, RotationPlan, Variant
from rotation.queries.posts import open_posts

WORDS = {"rows": 4}


class PlanForm(Form):
    title = forms.CharField(label="方案名称", max_length=100, help_text="如 2026 年重点岗位轮岗")
    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), required=False, label="涉及范围")
    effective_on = forms.DateField(label="拟任职日期", widget=DateInput)
    purpose = forms.CharField(
        label="调整缘由",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs=WORDS),
        help_text="加密保存，只有知悉范围内的人能看到。",
    )

    def __init__(self, *args: Any, viewer: Viewer, row: RotationPlan | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {
                name: getattr(row, name) for name in ("title", "unit", "effective_on", "purpose")
            }
        super().__init__(*args, **kwargs)
        reach = Unit.objects.in_reach(viewer, Permission.EDIT_ROTATION).open().order_by("path")
        field: Any = self.fields["unit"]
        field.queryset, field.empty_label = reach, "全区"


class MemberForm(Form):
    user = forms.ModelChoiceField(queryset=User.objects.none(), label="人员", empty_label="请选择")
    duty = forms.ChoiceField(
        choices=[choice for choice in CaseDuty.choices if choice[0] != CaseDuty.DECIDER], label="参与方式"
    )

    def __init__(self, *args: Any, plan: RotationPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = PlanMember.objects.filter(plan=plan).values("user")
        people = User.objects.filter(is_active=True, grants__role__in=("HR", "DH", "VL", "TL"))
        field: Any = self.fields["user"]
        field.queryset = people.exclude(pk__in=inside).distinct().order_by("name", "pk")


class PostField(forms.CharField):
    """A post by its full name (unit and title), as the suggestions write it; empty is a removal."""

    def __init__(self, *, viewer: Viewer, on: date, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)
        self.viewer, self.on = viewer, on

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Post) else value

    def clean(self, value: Any) -> Post | None:
        text = (super().clean(value) or "").strip()
        if not text:
            return None
        units = Unit.objects.in_reach(self.viewer, Permission.EDIT_ROTATION)
        posts: Any = open_posts(self.on).filter(unit__in=units).select_related("unit")
        named = next((post for post in posts if str(post) == text), None)
        if named is None:
            raise forms.ValidationError(f"没有找到岗位“{text}”，请从提示中选择，或核对机构与岗位。")
        found: Post = named
        return found


class MoveForm(Form):
    """Who goes where; on a move that exists the person stays."""

    kind = forms.ChoiceField(
        choices=[("", "按岗位层次自动判断"), *MoveKind.choices], required=False, label="类型"
    )
    reason = forms.CharField(
        label="任免理由",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="会印在任免审批表上。",
    )
    field_order = ("cadre", "to_post", "kind", "reason")

    def __init__(self, *args: Any, viewer: Viewer, row: Move | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {"to_post": row.to_post, "kind": row.kind, "reason": row.reason}
        super().__init__(*args, **kwargs)
        if row is None:
            self.fields["cadre"] = PersonField(label="干部")
            self.fields["cadre"].widget.attrs |= {"list": "cadre-options", "autocomplete": "off"}
        post = PostField(viewer=viewer, on=viewer.on, required=False, label="拟任岗位")
        post.help_text = "填“机构＋岗位”，如 招商发展局局长；只免不任的留空，类型选“免职”。"
        post.widget.attrs |= {"list": "post-options", "autocomplete": "off"}
        self.fields["to_post"] = post
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        kind, post = data.get("kind"), data.get("to_post")
        if "to_post" in self.errors:
            return data
        if post is None and kind != MoveKind.REMOVAL:
            self.add_error("to_post", "请填拟任岗位；只免不任的，类型请选“免职”。")
        if post is not None and kind == MoveKind.REMOVAL:
            self.add_error("kind", "填了拟任岗位的不能选“免职”。")
        return data


class DropForm(forms.Form):
    """What dragging a card onto a post sends; the ids are looked up within the reach."""

    cadre = forms.ModelChoiceField(queryset=Cadre.objects.none())
    to_post = forms.ModelChoiceField(queryset=Post.objects.none(), required=False)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["cadre"]
        posts: Any = self.fields["to_post"]
        people.queryset = Cadre.objects.visible_to(viewer, Permission.EDIT_ROTATION)
        units = Unit.objects.in_reach(viewer, Permission.EDIT_ROTATION)
        posts.queryset = open_posts(viewer.on).filter(unit__in=units)


class VariantForm(Form):
    title = forms.CharField(label="名称", max_length=60, required=False, help_text="如 少动人、年轻干部优先")
    note = forms.CharField(
        label="说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, row: Variant | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {"title": row.title, "note": row.note}
        super().__init__(*args, **kwargs)


class NoteForm(Form):
    note = forms.CharField(
        label="说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class OpinionForm(Form):
    stance = forms.ChoiceField(choices=ConsultStance.choices, label="意见", widget=forms.RadioSelect)
    words = forms.CharField(
        label="具体意见",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs=WORDS),
        help_text="加密保存；反馈后不能修改。不同意或有建议的必须填写。",
    )


class WaiverForm(Form):
    key = forms.CharField(max_length=80, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs=WORDS),
        help_text="写明依据、由谁同意、怎样补救；随方案上会。",
    )
