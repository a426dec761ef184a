"""Forms of the decision room and of what follows a decision; services have the last word."""

from typing import Any, ClassVar

from django import forms

from core.web.forms import Form
from people.models import Post, User
from rotation.choices.decisions import ObjectionState, Outcome, Stance
from rotation.models import Case, Move, RotationPlan
from rotation.queries.room.cases import candidates_of, counts_of, leaders_to_ask
from rotation.queries.room.record import moves_laid_before
from rotation.services.room.deciding import Attendance, Meeting, Ruling, due_members
from rotation.services.room.papers import KINDS
from rotation.thresholds import Thresholds

WORDS = forms.Textarea(attrs={"rows": 4})
PASSWORD = forms.PasswordInput(attrs={"autocomplete": "current-password"})


class MoveChoice(forms.ModelChoiceField):
    def label_from_instance(self, move: Move) -> str:
        return f"{move.cadre.name}（{move.variant}）"


class OpenCaseForm(Form):
    post = forms.ModelChoiceField(
        Post.objects.none(), required=False, label="议题范围", empty_label="整份方案"
    )
    title = forms.CharField(
        max_length=120, required=False, label="议题名称", help_text="不填则用方案或岗位的名称。"
    )
    leaders = forms.ModelMultipleChoiceField(
        User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label="参会领导",
        help_text="须回避的领导会自动排除；发言次序可以在议题页面调整。",
    )
    main = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        label="末位表态的主要领导",
        empty_label="请选择",
    )
    opinions_due_on = forms.DateField(label="意见截止")

    def __init__(self, *args: Any, plan: RotationPlan, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Move.objects.filter(variant__plan=plan, to_post__isnull=False).values("to_post")
        self.fields["post"].queryset = Post.objects.filter(pk__in=posts).select_related("unit")  # type: ignore[attr-defined]
        for name in ("leaders", "main"):
            self.fields[name].queryset = leaders_to_ask(on)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        leaders = list(data["leaders"])
        return {**data, "leaders": leaders}


class _StanceForm(Form):
    stance = forms.ChoiceField(choices=Stance.choices, widget=forms.RadioSelect, label="意见")
    choice = MoveChoice(Move.objects.none(), required=False, label="同意人选", empty_label="请选择")
    words = forms.CharField(
        widget=WORDS, required=False, label="意见说明", help_text="不同意或暂缓须写明理由；会进入会议材料。"
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if case.post_id is None:
            del self.fields["choice"]
            return
        ids = [candidate.move_id for candidate in candidates_of(case)]
        moves = Move.objects.filter(pk__in=ids).select_related("cadre", "variant")
        self.fields["choice"].queryset = moves.order_by("cadre__name_stroke_key")  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"stance": Stance(data["stance"]), "choice": data.get("choice"), "words": data["words"]}


class OpinionForm(_StanceForm):
    password = forms.CharField(
        widget=PASSWORD, strip=False, label="登录密码", help_text="以本人密码确认签批。"
    )


class WrittenOpinionForm(_StanceForm):
    """What a leader on leave handed in on paper."""


class AbsenceForm(Form):
    reason = forms.CharField(
        max_length=100, required=False, label="请假原因", help_text="留空表示能够参会，撤销请假。"
    )


class GrantForm(Form):
    reader = forms.ModelChoiceField(User.objects.none(), label="阅档人", empty_label="请选择")
    purpose = forms.CharField(max_length=200, label="事由", initial="研究人选")
    days = forms.IntegerField(
        min_value=1, max_value=30, initial=7, label="授权天数", help_text="从今天算起。"
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users = case.speakers.filter(excluded=False).values("user")
        self.fields["reader"].queryset = User.objects.filter(pk__in=users).order_by("name")  # type: ignore[attr-defined]


class PackForm(Form):
    kind = forms.ChoiceField(
        choices=list(KINDS.items()), widget=forms.RadioSelect, label="形式", initial="pdf"
    )


class DecideForm(Form):
    """The meeting, who was there, and the result for each person; the votes are filled in from opinions."""

    number = forms.CharField(max_length=60, label="会议编号", help_text="如 党工委会议〔2026〕15次。")
    held_on = forms.DateField(label="会议日期")
    place = forms.CharField(max_length=100, required=False, label="地点")
    chair = forms.CharField(max_length=60, label="主持人")
    document_no = forms.CharField(
        max_length=60, required=False, label="任免文号", help_text="可以在发文后再填。"
    )
    on_paper = forms.CharField(
        max_length=100,
        required=False,
        label="未用上会档案的原因",
        help_text="只在没有准备上会档案时填写，如 会上查阅纸质档案。",
    )
    minutes = forms.CharField(widget=WORDS, required=False, label="会议记录")
    minutes_file = forms.FileField(required=False, label="会议记录附件")

    def __init__(self, *args: Any, plan: RotationPlan, rules: Thresholds, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members, self.moves = due_members(plan), moves_laid_before(plan)
        counted = {pk: c for case in Case.objects.filter(plan=plan) for pk, c in counts_of(case).items()}
        for speaker in self.members:
            self._member(speaker)
        for move in self.moves:
            self._move(move, counted[move.pk])
            agreed = rules.is_majority(counted[move.pk].agree, len(self.members))
            self.fields[f"outcome_{move.pk}"].initial = Outcome.PASSED if agreed else Outcome.DEFERRED
        heading = (
            "number",
            "held_on",
            "place",
            "chair",
            "document_no",
            "on_paper",
            "minutes",
            "minutes_file",
        )
        people = [f"{name}_{s.user_id}" for s in self.members for name in ("present", "reason")]
        results = [(self._title(m), [f"{n}_{m.pk}" for n in VOTES]) for m in self.moves]
        self.sections = (("会议", heading), ("到会情况", people), *results)  # type: ignore[misc]

    def _member(self, speaker: Any) -> None:
        name, key = speaker.user.name, speaker.user_id
        self.fields[f"present_{key}"] = forms.BooleanField(
            required=False, initial=not speaker.absence, label=f"{name}到会"
        )
        self.fields[f"reason_{key}"] = forms.CharField(
            required=False, max_length=100, initial=speaker.absence, label=f"{name}未到会原因"
        )

    def _move(self, move: Move, counted: Any) -> None:
        self.fields[f"outcome_{move.pk}"] = forms.ChoiceField(choices=Outcome.choices, label="研究结果")
        for name, label in list(VOTES.items())[1:]:
            self.fields[f"{name}_{move.pk}"] = forms.IntegerField(
                min_value=0, max_value=99, initial=getattr(counted, name), label=label
            )

    @staticmethod
    def _title(move: Move) -> str:
        return f"{move.cadre.name}：{move.to_post or '免职'}（{move.variant}）"

    def meeting(self) -> Meeting:
        data = self.cleaned_data
        names = ("number", "held_on", "place", "chair", "minutes", "minutes_file")
        return Meeting(attendance=tuple(map(self._attended, self.members)), **{n: data[n] for n in names})

    def _attended(self, speaker: Any) -> Attendance:
        key, data = speaker.user_id, self.cleaned_data
        present = data[f"present_{key}"]
        return Attendance(speaker.user.name, key, present, "" if present else data[f"reason_{key}"])

    def rulings(self) -> dict[int, Ruling]:
        data = self.cleaned_data
        return {
            move.pk: Ruling(
                Outcome(data[f"outcome_{move.pk}"]),
                *(data[f"{name}_{move.pk}"] for name in ("agree", "against", "defer")),
            )
            for move in self.moves
        }


VOTES = {"outcome": "研究结果", "agree": "同意票", "against": "不同意票", "defer": "暂缓票"}


class AnnounceForm(Form):
    starts_on = forms.DateField(label="公示开始")
    ends_on = forms.DateField(required=False, label="公示结束", help_text="不填则按核对规则的工作日计算。")
    effective_on = forms.DateField(label="任职日期", help_text="须在公示期满之后。")


class ObjectionForm(Form):
    received_on = forms.DateField(label="收到日期")
    source = forms.CharField(
        required=False, max_length=100, label="反映人", help_text="匿名的可以不填；加密保存。"
    )
    content = forms.CharField(widget=WORDS, label="反映内容")


class SettleForm(Form):
    state = forms.ChoiceField(
        choices=[c for c in ObjectionState.choices if c[0] != ObjectionState.OPEN],
        widget=forms.RadioSelect,
        label="核查结论",
    )
    answer = forms.CharField(widget=WORDS, label="核查情况")


class EffectiveDayForm(Form):
    effective_on = forms.DateField(label="任职日期")


class RevertForm(Form):
    reason = forms.CharField(max_length=300, widget=WORDS, label="撤回原因")


class RevisitForm(Form):
    held_on = forms.DateField(label="回访日期")
    words = forms.CharField(widget=WORDS, label="回访情况", help_text="工作是否适应、班子配合、困难和建议。")

    sections: ClassVar = ()
