"""Naming one cadre in a form: by name, or by staff number where a name is shared."""

import re
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from people.models import Cadre

WITH_NUMBER = re.compile(r"^(.*?)[（(]\s*([^（）()]+?)\s*[）)]$")


def name_of(cadre: Cadre) -> str:
    """What the field is filled with, and understands again."""
    return f"{cadre.name}（{cadre.staff_no}）" if cadre.staff_no else cadre.name


class CadreField(forms.CharField):
    """Text that must name exactly one of `cadres`; cleans to the Cadre."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"label": "谈话对象", "max_length": 60, "help_text": "填姓名；重名时填工号", **kwargs}
        )
        self.cadres: QuerySet[Cadre] = Cadre.objects.none()

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self._one(text.strip()) if text else None

    def _one(self, text: str) -> Cadre:
        match = WITH_NUMBER.match(text)
        wanted = Q(name=text) | Q(staff_no=text)
        if match:
            wanted |= Q(name=match[1], staff_no=match[2])
        found = list(self.cadres.filter(wanted)[:10])
        if not found:
            raise forms.ValidationError(f"没有找到“{text}”，请核对姓名，或改填工号。")
        if len(found) > 1:
            numbers = "、".join(cadre.staff_no or "无工号" for cadre in found)
            raise forms.ValidationError(f"“{text}”有 {len(found)} 人（工号 {numbers}），请改填工号。")
        return found[0]
