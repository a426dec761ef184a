"""Forms of evaluation: the set of questions, handing it out, and the anonymous sheet."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from core.web.forms import Form
from people.forms import model_fields
from training.choices import AnswerKind, EvaluationSubject
from training.models import Evaluation, EvaluationQuestion, EvaluationTemplate, TrainingClass
from training.services.evaluations import AskedQuestion

SCALE = [(5, "5 很好"), (4, "4 较好"), (3, "3 一般"), (2, "2 较差"), (1, "1 很差")]


def _lines(label: str, hint: str, initial: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        help_text=hint,
        initial=initial,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class TemplateForm(Form):
    """One question a line, in three boxes."""

    sections: ClassVar = (("", ("name", "on_class", "on_lecturer", "in_words")),)

    name = forms.CharField(label="问卷名称", max_length=60)
    on_class = _lines("对班次评分", "每行一题，1 至 5 分", "课程内容对工作有用\n时间和组织安排合理")
    on_lecturer = _lines("对师资评分", "每行一题，1 至 5 分；按师资汇总", "讲授清楚、联系实际")
    in_words = _lines("文字意见", "每行一题，可以不填", "还希望增加哪些内容？")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        kinds = (
            ("on_class", AnswerKind.SCALE, EvaluationSubject.CLASS),
            ("on_lecturer", AnswerKind.SCALE, EvaluationSubject.LECTURER),
            ("in_words", AnswerKind.TEXT, EvaluationSubject.CLASS),
        )
        data["questions"] = []
        for name, kind, subject in kinds:
            lines = [line.strip() for line in data.get(name, "").splitlines() if line.strip()]
            if any(len(line) > 120 for line in lines):
                self.add_error(name, "每题不超过 120 字。")
            data["questions"] += [AskedQuestion(line, kind, subject) for line in lines]
        return data


class OpenEvaluationForm(Form):
    template = forms.ModelChoiceField(
        EvaluationTemplate.objects.none(),
        label="问卷",
        empty_label="请选择",
        help_text="没有合适的问卷时，先到“评价问卷”新建",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = EvaluationTemplate.objects.filter(closed_on__isnull=True)
        self.fields["template"].queryset = rows  # type: ignore[attr-defined]
        self.fields.update(model_fields(Evaluation, ("closes_on",)))
        self.fields["closes_on"].help_text = "截止后才显示结果，且至少要有 5 份"


class NewEvaluationForm(OpenEvaluationForm):
    """From the list of evaluations: the class is chosen as well."""

    def __init__(self, *args: Any, classes: QuerySet[TrainingClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["training_class"] = ClassChoice(classes, label="班次", empty_label="请选择")
        self.order_fields(["training_class", "template", "closes_on"])


class ClassChoice(forms.ModelChoiceField):
    """Classes with their last day: the same name comes back every year."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.ends_on:%Y-%m-%d}）"


class SheetForm(Form):
    """Radios and a box per question; nothing in it names the person."""

    def __init__(self, *args: Any, questions: Sequence[EvaluationQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[f"q{question.pk}"] = _answer_field(question)

    def answers(self) -> dict[int, int | str]:
        return {
            int(name.removeprefix("q")): int(value) if value in {"1", "2", "3", "4", "5"} else value
            for name, value in self.cleaned_data.items()
        }


def _answer_field(question: EvaluationQuestion) -> forms.Field:
    if question.kind == AnswerKind.TEXT:
        widget = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(label=question.text, required=False, max_length=1000, widget=widget)
    return forms.ChoiceField(
        label=question.text,
        choices=SCALE,
        widget=forms.RadioSelect,
        error_messages={"required": f"请为“{question.text}”选一个分数。"},
    )
