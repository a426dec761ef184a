"""Forms of contests: the call, judges, entries, scores."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from core.web.forms import Form
from people.forms import RecordForm, model_fields
from people.models import Cadre, User
from training.forms.parts import ManyFilesField
from training.models import Contest, ContestEntry
from training.queries.contests import accounts_named, cadres_named
from training.services.contests import CONTEST_FIELDS, MOST_FILES


class ContestForm(RecordForm):
    model = Contest
    names = CONTEST_FIELDS
    sections: ClassVar = (
        ("比拼", ("title", "kind", "theme", "rules")),
        ("时间", ("entries_until", "judging_until")),
        ("计分和奖项", ("drops_extremes", "first_prizes", "second_prizes", "third_prizes")),
    )

    def __init__(self, *args: Any, row: Contest | None = None, **kwargs: Any) -> None:
        if not kwargs.get("initial"):  # a page's empty initial would hide the row's values
            kwargs.pop("initial", None)
        super().__init__(*args, row=row, **kwargs)
        self.fields["rules"].widget = forms.Textarea(attrs={"rows": 6})
        self.fields["rules"].help_text = "主题、篇幅或时长、评分要点"
        if row is None:
            self.initial = {"drops_extremes": True, "first_prizes": 1, "second_prizes": 2, "third_prizes": 3}


class JudgeForm(Form):
    sections: ClassVar = (("", ("who", "weight")),)

    who = forms.CharField(label="评委的姓名或登录名", max_length=64)
    weight = forms.DecimalField(
        label="权重",
        initial=Decimal(1),
        min_value=Decimal("0.1"),
        max_value=Decimal(10),
        decimal_places=2,
        help_text="一般为 1；再次填写同一评委即修改权重",
    )

    def clean_who(self) -> User:
        found = accounts_named(self.cleaned_data["who"])
        if not found:
            raise forms.ValidationError("没有这个姓名或登录名的账号，请核对。")
        if len(found) > 1:
            names = "、".join(user.username for user in found)
            raise forms.ValidationError(f"有 {len(found)} 个账号叫这个名字，请填登录名：{names}。")
        return found[0]


class EntryForm(Form):
    """The own entry; with `within` also whose it is, for staff."""

    sections: ClassVar = (("", ("who", "title", "note", "files")),)

    def __init__(
        self,
        *args: Any,
        row: ContestEntry | None = None,
        within: QuerySet[Cadre] | None = None,
        **kwargs: Any,
    ) -> None:
        if row is not None:
            kwargs["initial"] = {"title": row.title, "note": row.note}
        super().__init__(*args, **kwargs)
        self.within = within
        if within is not None:
            self.fields["who"] = forms.CharField(label="参赛人的姓名或工号", max_length=60)
        self.fields.update(model_fields(ContestEntry, ("title", "note")))
        self.fields["note"].widget = forms.Textarea(attrs={"rows": 3})
        self.fields["files"] = ManyFilesField(
            label="作品文件",
            required=False,
            help_text=f"Word、PDF、PPT 或照片，可以多选，最多 {MOST_FILES} 个；没有电子件可以不传",
        )

    def clean_who(self) -> Cadre:
        assert self.within is not None
        found = cadres_named(self.cleaned_data["who"], self.within)
        if not found:
            raise forms.ValidationError("管辖范围内没有这个姓名或工号的干部；本人的作品由本人提交。")
        if len(found) > 1:
            numbers = "、".join(cadre.staff_no or "无工号" for cadre in found)
            raise forms.ValidationError(f"有 {len(found)} 人同名，请填工号：{numbers}。")
        return found[0]

    def values(self) -> dict[str, Any]:
        return {"title": self.cleaned_data["title"], "note": self.cleaned_data["note"]}


class ScoreForm(Form):
    points = forms.DecimalField(
        label="分数",
        max_digits=4,
        decimal_places=1,
        help_text="0 到 100，以 0.5 为一档",
        widget=forms.NumberInput(attrs={"min": "0", "max": "100", "step": "0.5", "inputmode": "decimal"}),
    )
    comment = forms.CharField(
        label="评语", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class PublishForm(Form):
    body = forms.CharField(label="授予单位", max_length=100, help_text="写入获奖干部的荣誉记录")
