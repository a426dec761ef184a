"""What the machine is asked for: whom, which posts, what must be, and what weighs how much."""

from typing import Any, ClassVar

from django import forms

from core.access import Viewer
from core.web.forms import Form
from people.models import Cadre, Post, Unit
from rotation.choices.proposals import PeopleChoice, PostChoice
from rotation.models import RotationPlan
from rotation.proposer import DEFAULT_WEIGHTS, Criterion
from rotation.proposer.framing import FRONTLINE, Wish
from rotation.proposer.problem import MOST_WEIGHT
from rotation.queries.posts import open_posts
from rotation.queries.proposals import late_people, people_chosen, people_in, posts_chosen
from rotation.queries.rules import thresholds_on

DEFAULT_MOVES = 12
HINTS = {
    Criterion.PRESSURE: "任职年限临近 1 分、超过 2 分、必须交流 3 分，乘以权重。",
    Criterion.EXPOSURE: "{young} 周岁及以下、没有重点以上岗位或基层经历的，安排到这类岗位时计。"
    f"一线岗位按名称认定：{'、'.join(FRONTLINE[:9])}等。",
    Criterion.SKILLS: "每符合岗位的一项优先条件计 1 分。",
    Criterion.VACANCY: "每留一个空岗扣 1 分。",
    Criterion.CAUTION: "每有一条“需关注”扣 1 分。",
    Criterion.STABILITY: "每调整一人扣 1 分。",
}


class _People(forms.ModelMultipleChoiceField):
    def label_from_instance(self, cadre: Cadre) -> str:
        where = " ".join(filter(None, [cadre.unit_name, cadre.post_title]))  # type: ignore[attr-defined]
        return f"{cadre.name}（{where}）" if where else cadre.name


class ProposalForm(Form):
    """Weights are named after their criterion."""

    sections: ClassVar[Any] = (
        ("范围", ("unit", "choice", "people", "posts_choice", "posts")),
        ("必须做到", ("must_move", "must_fill", "late", "most_moves", "promote")),
        ("权重（0 不考虑，10 最看重）", tuple(criterion.value for criterion in Criterion)),
    )
    unit = forms.ModelChoiceField(Unit.objects.none(), required=False, label="机构范围", empty_label="全区")
    choice = forms.ChoiceField(
        choices=PeopleChoice, widget=forms.RadioSelect, initial=PeopleChoice.PRESSING, label="考虑哪些干部"
    )
    people = _People(
        Cadre.objects.none(),
        required=False,
        label="另外指定的干部",
        help_text="按住 Ctrl 可选多名。参与办理的人员及其亲属不列入。",
    )
    posts_choice = forms.ChoiceField(
        choices=PostChoice, widget=forms.RadioSelect, initial=PostChoice.ALL, label="考虑哪些岗位"
    )
    posts = forms.ModelMultipleChoiceField(Post.objects.none(), required=False, label="另外指定的岗位")
    must_move = _People(Cadre.objects.none(), required=False, label="必须调整的干部")
    must_fill = forms.ModelMultipleChoiceField(Post.objects.none(), required=False, label="必须配备的岗位")
    late = forms.BooleanField(
        required=False, initial=True, label="达到“必须交流”年限的一律调整", help_text="按任职年限规则认定。"
    )
    most_moves = forms.IntegerField(
        min_value=1, max_value=400, initial=DEFAULT_MOVES, required=False, label="最多调整人数"
    )
    promote = forms.BooleanField(
        required=False, label="可以提任到高一层次的岗位", help_text="不选则只考虑同一层次之间的调整。"
    )

    def __init__(self, *args: Any, viewer: Viewer, plan: RotationPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.plan = viewer, plan
        rows: Any = people_in(viewer, plan, None)
        people = rows.order_by("unit_order", "name_stroke_key")
        posts = open_posts(viewer.on).select_related("unit")
        self.fields["unit"].queryset = Unit.objects.visible_to(viewer).open()  # type: ignore[attr-defined]
        self.fields["unit"].initial = plan.unit_id
        for name in ("people", "must_move"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]
        for name in ("posts", "must_fill"):
            self.fields[name].queryset = posts  # type: ignore[attr-defined]
        young = thresholds_on(viewer.on).young_age
        for criterion in Criterion:
            self.fields[criterion.value] = forms.IntegerField(
                min_value=0,
                max_value=MOST_WEIGHT,
                initial=DEFAULT_WEIGHTS[criterion],
                label=criterion.label,
                help_text=HINTS[criterion].format(young=young),
            )

    def wish(self) -> Wish:
        data, viewer = self.cleaned_data, self.viewer
        must_move, must_fill = _ids(data["must_move"]), _ids(data["must_fill"])
        people = people_chosen(
            viewer,
            self.plan,
            unit=data["unit"],
            choice=PeopleChoice(data["choice"]),
            also=[*_ids(data["people"]), *must_move],
        )
        posts = posts_chosen(
            viewer.on,
            unit=data["unit"],
            choice=PostChoice(data["posts_choice"]),
            also=[*_ids(data["posts"]), *must_fill],
        )
        late = late_people(people, viewer.on) if data["late"] else []
        return Wish(
            people=tuple(people),
            posts=tuple(posts),
            must_move=tuple(sorted({*must_move, *late})),
            must_fill=tuple(must_fill),
            weights={criterion: data[criterion.value] for criterion in Criterion},
            most_moves=data["most_moves"],
            promote=data["promote"],
        )


def _ids(rows: Any) -> list[int]:
    return [row.pk for row in rows]
