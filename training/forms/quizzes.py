"""Forms of the bank and of quizzes, and the answer sheet."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from core.web.forms import Form
from people.forms import RecordForm, model_fields
from training.choices import QuestionKind
from training.forms.parts import AudienceFields
from training.models import Article, Question, Quiz, TrainingClass
from training.services.quizzes import QUESTION_FIELDS, QUIZ_FIELDS

OWN_FIELDS = ("title", "theme", "pass_mark", "attempts_allowed", "opens_on", "due_on")
MOST_OFFERED = 300  # classes and articles to choose from, the latest first


class QuestionForm(RecordForm):
    model = Question
    names = QUESTION_FIELDS
    sections: ClassVar = (
        ("题目", ("theme", "kind", "text")),
        ("选项和答案", ("options", "answer", "explanation")),
    )

    def __init__(self, *args: Any, row: Question | None = None, **kwargs: Any) -> None:
        if not kwargs.get("initial"):  # a page's empty initial would hide the row's values
            kwargs.pop("initial", None)
        super().__init__(*args, row=row, **kwargs)
        self.fields["text"].widget = forms.Textarea(attrs={"rows": 3})
        self.fields["options"].widget = forms.Textarea(attrs={"rows": 5})
        self.fields["options"].required = False
        self.fields["options"].help_text = "每行一个，依次为 A、B、C……；判断题不填，A 为正确、B 为错误"
        self.fields["answer"].help_text = "选项的字母，多选题如 ACD"
        self.fields["explanation"].widget = forms.Textarea(attrs={"rows": 2})
        self.fields["explanation"].help_text = "交卷后显示给本人"

    def clean_answer(self) -> str:
        return str(self.cleaned_data["answer"]).upper()


class QuestionTicks(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"【{obj.get_theme_display()}·{obj.get_kind_display()}】{obj.text}"


class QuizForm(AudienceFields):
    sections: ClassVar = (
        ("测验", ("title", "theme", "opens_on", "due_on", "pass_mark", "attempts_allowed")),
        ("对象", ("training_class", "article", "audience", "unit", "group")),
        ("题目", ("questions",)),
    )

    def __init__(self, *args: Any, row: Quiz | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {name: getattr(row, name) for name in QUIZ_FIELDS}
            kwargs["initial"]["questions"] = list(row.places.values_list("question", flat=True))
        super().__init__(*args, **kwargs)
        self.fields.update(model_fields(Quiz, OWN_FIELDS))
        self.fields["pass_mark"].help_text = "满分 100 分，各题分值相同"
        self._targets(row)
        used = list(row.places.values_list("question_id", flat=True)) if row else []
        offered = Question.objects.filter(retired_on__isnull=True) | Question.objects.filter(pk__in=used)
        self.fields["questions"] = QuestionTicks(
            queryset=offered.order_by("theme", "pk"),
            label="从题库选题",
            error_messages={"required": "请至少选一道试题；题库为空时请先在题库新增。"},
        )

    def _targets(self, row: Quiz | None) -> None:
        """What it belongs to is chosen from the latest, and the one it has."""
        classes = TrainingClass.objects.order_by("-starts_on")
        articles = Article.objects.published().order_by("-published_on")
        self.fields["training_class"] = forms.ModelChoiceField(
            _latest(classes, row.training_class_id if row else None),
            label="班次",
            required=False,
            empty_label="不选",
            help_text="选班次时，对象就是班次的学员",
        )
        self.fields["article"] = forms.ModelChoiceField(
            _latest(articles, row.article_id if row else None),
            label="文章",
            required=False,
            empty_label="不选",
            help_text="选文章时，对象与文章相同",
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("training_class") and data.get("article"):
            self.add_error("article", "班次和文章只能选一个。")
        first, last = data.get("opens_on"), data.get("due_on")
        if first and last and last < first:
            self.add_error("due_on", "截止日期不能早于开始日期。")
        return data

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in QUIZ_FIELDS}


def _latest(rows: Any, present: int | None) -> Any:
    keys = [*rows.values_list("pk", flat=True)[:MOST_OFFERED], *([present] if present else [])]
    return rows.filter(pk__in=keys)


class AnswerSheet(Form):
    """One field a question; plain radios and checkboxes, so that it works without a script."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, question in enumerate(questions, start=1):
            self.fields[f"q{question.pk}"] = _answer_field(number, question)

    def answers(self) -> dict[int, str]:
        return {
            int(name.removeprefix("q")): "".join(value) if isinstance(value, list) else value
            for name, value in self.cleaned_data.items()
        }


def _answer_field(number: int, question: Question) -> forms.ChoiceField:
    several = question.kind == QuestionKind.MULTIPLE
    kind: type[forms.ChoiceField] = forms.MultipleChoiceField if several else forms.ChoiceField
    return kind(
        label=f"{number}. {question.text}",
        help_text=question.get_kind_display(),
        choices=[(letter, f"{letter}. {text}") for letter, text in question.choices],
        widget=forms.CheckboxSelectMultiple if several else forms.RadioSelect,
        error_messages={"required": f"第 {number} 题还没有作答。"},
    )
