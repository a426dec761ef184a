"""The form of a saved view."""

from typing import Any

from django import forms

from core.savedviews.services import SHAREABLE
from core.web.forms import Form


class ViewForm(Form):
    name = forms.CharField(label="名称", max_length=30, help_text="如：任现岗满三年的科级干部")
    replace = forms.BooleanField(
        label="条件、列和排列改成列表现在的样子", required=False, help_text="不勾选则只改名称和共享。"
    )
    first = forms.BooleanField(label="打开这个列表时先看这个视图", required=False)
    roles = forms.MultipleChoiceField(
        label="共享给",
        required=False,
        choices=[(role.value, role.label) for role in SHAREABLE],
        widget=forms.CheckboxSelectMultiple,
        help_text="对方只能看到自己权限内的记录和列；只有你能修改和删除。",
    )

    def __init__(self, *args: Any, may_share: bool, may_replace: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["roles"]
        if not may_replace:
            del self.fields["replace"]
