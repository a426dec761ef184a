"""Forms about talks. Hints under sealed fields say what they are for and who will see them."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from core.web.forms import Form
from people.forms import model_fields
from people.models import Cadre, User
from wellbeing.access import CONTENT_FIELDS
from wellbeing.choices.talks import KIND_HINTS, Mood, TalkKind
from wellbeing.choices.triggers import BY_HAND
from wellbeing.forms.people import CadreField
from wellbeing.models import Talk, TalkContent
from wellbeing.purposes import PURPOSES
from wellbeing.services.drafting import LONGEST

MOMENT = "%Y-%m-%dT%H:%M"
NOBODY = "不指定"
PLACEHOLDERS = {
    "thinking": "近期思想状况、对形势任务和组织决定的认识",
    "work": "工作进展、履职中的做法和难处",
    "study": "学习和培训情况、想补的短板",
    "life": "生活和家庭的一般情况",
    "wishes": "对岗位、培训、挂职等的想法",
    "difficulties": "需要组织帮助解决的具体困难",
}


class MomentField(forms.DateTimeField):
    """A day and time in the browser's own picker, in the office's time zone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "in num"}, format=MOMENT)
        super().__init__(widget=widget, input_formats=[MOMENT, "%Y-%m-%d %H:%M"], **kwargs)


class UserField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name or obj.username)


class PlanForm(Form):
    """A talk to come. Planners choose the talker; whoever plans an own talk is the talker."""

    sections = (
        ("谁和谁谈", ("cadre", "talker", "superior")),
        ("为什么谈", ("kind", "reason", "way")),
        ("什么时候", ("planned_from", "planned_to", "place")),
    )
    cadre = CadreField()
    talker = UserField(label="谈话人", required=True, empty_label="请选择")
    superior = UserField(label="指定上级", required=False, empty_label=NOBODY)
    planned_from = MomentField(label="约定开始", required=False, help_text="还没约好可以先不填")
    planned_to = MomentField(label="约定结束", required=False)

    def __init__(
        self, *args: Any, cadres: QuerySet[Cadre], users: QuerySet[User], plans: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cadre"].cadres = cadres  # type: ignore[attr-defined]
        self.fields.update(model_fields(Talk, ("kind", "reason", "way", "place")))
        self.fields["superior"].help_text = "定稿后可以看到内容；不指定就只有谈话人能看"
        for name in ("talker", "superior"):
            self.fields[name].queryset = users  # type: ignore[attr-defined]
        if not plans:
            del self.fields["talker"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("planned_from")) != bool(data.get("planned_to")):
            missing = "planned_to" if data.get("planned_from") else "planned_from"
            self.add_error(missing, "开始和结束时间要一起填。")
        return data

    def values(self) -> dict[str, Any]:
        names = ("kind", "reason", "way", "place", "planned_from", "planned_to", "superior")
        return {name: self.cleaned_data.get(name) for name in names}


class RecordForm(Form):
    """What was said. The texts are sealed on every save; `version` keeps two windows apart."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    mood = forms.ChoiceField(label="思想状态", required=False, choices=Mood.choices, widget=forms.RadioSelect)
    superior = UserField(label="指定上级", required=False, empty_label=NOBODY)

    def __init__(self, *args: Any, users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(model_fields(Talk, ("kind", "reason", "way", "place", "held_on")))
        self.fields["kind"].widget = forms.RadioSelect(choices=TalkKind.choices)
        self.fields["held_on"].label = "谈话日期"
        self.fields["superior"].queryset = users  # type: ignore[attr-defined]
        for name in (*CONTENT_FIELDS[1:], "summary", "assessment"):
            self.fields[name] = _text(name)

    def kind_cards(self) -> list[tuple[str, str, str, bool]]:
        """(value, label, hint, chosen) for the cards of the page."""
        chosen = str(self["kind"].value() or "")
        return [(kind.value, str(kind.label), KIND_HINTS[kind], kind.value == chosen) for kind in TalkKind]

    def superior_choices(self) -> list[tuple[Any, Any]]:
        """Read once: a template would count a queryset of choices before it reads it."""
        return [*iter(self["superior"].field.choices)]  # type: ignore[attr-defined]

    @property
    def said(self) -> list[forms.BoundField]:
        return [self[name] for name in CONTENT_FIELDS[1:]]

    def details(self) -> dict[str, Any]:
        names = ("kind", "reason", "way", "place", "held_on", "superior")
        return {name: self.cleaned_data.get(name) for name in names if name in self.cleaned_data}

    def texts(self) -> dict[str, str]:
        names = (*CONTENT_FIELDS, "summary", "assessment")
        return {name: self.cleaned_data.get(name) or "" for name in names}


def _text(name: str) -> forms.CharField:
    field: Any = TalkContent._meta.get_field(name)
    attrs = {"rows": 3, "placeholder": PLACEHOLDERS.get(name, ""), "autocomplete": "off"}
    purpose = PURPOSES[f"wellbeing.talkcontent.{name}"]
    return forms.CharField(
        label=str(field.verbose_name),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs=attrs),
        help_text=purpose if name in ("summary", "assessment") else "",
    )


class ReleaseForm(Form):
    summary = forms.CharField(
        label="给本人看的摘要",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="本人只看到这一段，看不到谈话内容和研判。只写双方确认的内容。",
    )


class RemarkForm(Form):
    remark = forms.CharField(
        label="本人意见",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="没有意见可以不填；谈话人和指定上级能看到",
    )


class CorrectionForm(Form):
    text = forms.CharField(
        label="补充更正",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="原记录保持不变，补充内容按时间附在后面，提交后不能再改",
    )


class SuperiorForm(Form):
    superior = UserField(label="指定上级", required=False, empty_label=NOBODY)

    def __init__(self, *args: Any, users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["superior"].queryset = users  # type: ignore[attr-defined]
        self.fields["superior"].help_text = "更换后，原来指定的人立即看不到内容"


class HandOverForm(Form):
    talker = UserField(
        label="接手的谈话人",
        empty_label="请选择",
        help_text="已写的草稿一并移交，由对方继续记录；移交后您立即看不到内容，也不能收回",
    )

    def __init__(self, *args: Any, users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["talker"].queryset = users  # type: ignore[attr-defined]


class UploadForm(Form):
    upload = forms.FileField(
        label="附件", help_text="照片、PDF、Word、Excel 或 TXT，文件名也加密；最多 10 个"
    )


class SlotForm(Form):
    starts_at = MomentField(label="开始")
    ends_at = MomentField(label="结束")
    place = forms.CharField(label="地点", required=False, max_length=60)
    sections: ClassVar[Sequence[tuple[str, Sequence[str]]]] = (("", ("starts_at", "ends_at", "place")),)


class RequestForm(Form):
    talker = UserField(label="想和谁谈", empty_label="请选择")

    def __init__(self, *args: Any, people: Sequence[tuple[User, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["talker"]
        field.queryset = User.objects.filter(pk__in=[user.pk for user, _ in people])
        words = {user.pk: f"{user.name}（{relation.label}）" for user, relation in people}
        field.label_from_instance = lambda user: words.get(user.pk, user.name)
        field.help_text = "只需选人。谈什么当面说，不用在系统里写"


class AssignForm(Form):
    talker = UserField(label="谈话人", empty_label="请选择")

    def __init__(self, *args: Any, users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["talker"].queryset = users  # type: ignore[attr-defined]


class WaiveForm(Form):
    reason = forms.ChoiceField(
        label="免谈原因", choices=[("", "请选择"), *((reason.value, reason.label) for reason in BY_HAND)]
    )
