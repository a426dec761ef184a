"""Fields that name people: by name or staff number, told apart where two share a name."""

from collections.abc import Sequence
from typing import Any

from django import forms

from park.queries.people import by_names
from people.models import Cadre

BREAKS = str.maketrans(dict.fromkeys(",，;；\n\t \u3000/", "、"))


class PeopleField(forms.CharField):
    """Cleans to the cadres of the names given; every name that is not exactly one person is told at once."""

    def __init__(self, *, most: int = 20, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 400)
        kwargs.setdefault("help_text", "填姓名或工号，多人用顿号隔开" if most > 1 else "填姓名；同名的填工号")
        super().__init__(**kwargs)
        self.most = most

    def prepare_value(self, value: Any) -> Any:
        """People as the field shows them; same names by their number is for who types them."""
        if isinstance(value, Cadre):
            return value.name
        if isinstance(value, list | tuple):
            return "、".join(cadre.name if isinstance(cadre, Cadre) else str(cadre) for cadre in value)
        return value

    def clean(self, value: Any) -> list[Cadre]:
        text = super().clean(value) or ""
        names = list(dict.fromkeys(filter(None, text.translate(BREAKS).split("、"))))
        if len(names) > self.most:
            raise forms.ValidationError(f"这里最多填 {self.most} 人。")
        found = by_names(names)
        faults = [_fault(name, found[name]) for name in names if len(found[name]) != 1]
        if faults:
            raise forms.ValidationError(faults)
        return [found[name][0] for name in names]


class PersonField(PeopleField):
    """One person, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=1, **kwargs)

    def clean(self, value: Any) -> Cadre | None:  # type: ignore[override]
        found = super().clean(value)
        return found[0] if found else None


def _fault(name: str, rows: Sequence[Cadre]) -> str:
    if not rows:
        return f"没有找到在职干部“{name}”，请核对姓名或改填工号。"
    numbers = "、".join(cadre.staff_no or "无工号" for cadre in rows)
    return f"“{name}”有 {len(rows)} 人（工号 {numbers}），请改填工号。"
