"""测验: the list, one quiz with its results, taking it on a phone, and the bank of questions."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.keys import key_of
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import DetailPage, FormPage, ListPage, ObjectMixin
from training.filters.quizzes import QuestionFilter, QuizFilter
from training.forms.quizzes import AnswerSheet, QuestionForm, QuizForm
from training.models import Question, Quiz, QuizAnswer, QuizAttempt
from training.queries.audience import staff_reach
from training.queries.quizzes import best_of, due_for_me, hardest_questions, progress_of, waiting_takers
from training.services import quizzes as services
from training.views.acts import ActView

Crumbs = Sequence[tuple[str, str]]
MOST_WAITING = 100


def quiz_url(quiz: Quiz) -> str:
    return reverse("training:quiz", args=[quiz.pk])


def quiz_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("测验", reverse("training:quizzes")), *more]


def meant_words(quiz: Quiz) -> str:
    return f"班次：{quiz.training_class}" if quiz.training_class else quiz.audience_words


class QuizListPage(ListPage):
    title = "测验"
    permission = Permission.VIEW_TRAINING
    model = Quiz
    filterset_class = QuizFilter
    noun = "测验"
    counter = "次测验"
    main_filters = ("theme", "state")
    acts_template = "training/quizzes/list_acts.html"
    empty_icon = "list-checks"
    empty_hint = "从题库选题，给班次学员、文章读者或一个部门出测验；纸质考试的成绩可以整表导入。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "-due"
    sorts = (
        Sort("due", "截止日期", ("due_on",)),
        Sort("title", "名称", ("title",)),
        Sort("questions", "题数", ("question_count",)),
    )
    columns = (
        ListColumn("title", "名称", str, sort="title", link=quiz_url, width=36),
        ListColumn("meant", "对象", meant_words, width=28),
        ListColumn("theme", "专题", lambda q: q.get_theme_display(), css="nowrap"),
        ListColumn(
            "questions", "题数", lambda q: q.question_count, sort="questions", css="num right", width=8
        ),
        ListColumn(
            "due",
            "截止",
            lambda q: q.due_on,
            sort="due",
            css="num nowrap",
            template="training/articles/cells/date.html",
        ),
        ListColumn(
            "state", "状态", lambda q: q.light[1], css="nowrap", template="training/contests/cells/state.html"
        ),
        ListColumn("passed", "及格 / 应考", lambda q: q.progress.words, css="num right", width=12),
    )

    @property
    def views(self) -> Sequence[SavedView]:  # type: ignore[override]
        found = [SavedView("全部", ""), SavedView("进行中", "state=open&sort=due")]
        if self.viewer.on_own_record(Permission.SIGN_UP):
            found.append(SavedView("待我作答", "state=mine&sort=due"))
        return found

    def get_queryset(self) -> QuerySet[Any]:
        rows = Quiz.objects.visible_to(self.viewer).select_related("training_class", "unit", "group")
        return rows.annotate(question_count=Count("places"))

    def decorate(self, rows: list[Any]) -> list[Any]:
        progress = progress_of(rows)
        for row in rows:
            row.progress = progress[row.pk]
            row.light = state_of(row, self.viewer.on)
        return rows


def state_of(quiz: Quiz, on: Any) -> tuple[str, str]:
    if quiz.closed_on or quiz.due_on < on:
        return "grey", "已结束"
    return ("grey", "未开始") if quiz.opens_on > on else ("blue", "进行中")


class QuizPage(DetailPage):
    """The own attempts for who takes it, the results for who answers for others."""

    permission = Permission.VIEW_TRAINING
    model = Quiz
    template_name = "training/quizzes/quiz.html"

    def get_queryset(self) -> QuerySet[Any]:
        return Quiz.objects.visible_to(self.viewer).select_related(
            "training_class", "article", "unit", "group"
        )

    def get_crumbs(self) -> Crumbs:
        return quiz_crumbs((self.object.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        staff = bool(self.viewer.paths(Permission.VIEW_TRAINING))
        return super().get_context_data(
            light=state_of(self.object, self.viewer.on),
            meant=meant_words(self.object),
            progress=progress_of([self.object])[self.object.pk],
            question_count=self.object.places.count(),
            mine=self._mine(),
            is_due=due_for_me(self.viewer).filter(pk=self.object.pk).exists(),
            staff=staff,
            may_edit=self.viewer.can(Permission.EDIT_TRAINING),
            **(self._results() if staff else {}),
            **kwargs,
        )

    def _mine(self) -> list[QuizAttempt]:
        if not self.viewer.on_own_record(Permission.SIGN_UP):
            return []
        rows = QuizAttempt.objects.visible_to(self.viewer, Permission.SIGN_UP)
        return list(rows.filter(quiz=self.object, cadre=self.viewer.cadre_id).order_by("number"))

    def _results(self) -> dict[str, Any]:
        reach = staff_reach(self.viewer)
        within = waiting_takers(self.object).filter(pk__in=reach.values("pk"))
        waiting: QuerySet[Any] = within.with_position(self.viewer.on)
        people = list(waiting.order_by("unit_order", "display_order", "name_pinyin")[: MOST_WAITING + 1])
        return {
            "results": best_of(self.object, reach),
            "hardest": hardest_questions(self.object) if self.viewer.can(Permission.EDIT_TRAINING) else [],
            "waiting": people[:MOST_WAITING],
            "too_many": len(people) > MOST_WAITING,
        }


class QuizAct(ObjectMixin):
    permission: ClassVar = Permission.EDIT_TRAINING
    model = Quiz

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return quiz_crumbs((self.object.title, quiz_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return quiz_url(self.object)


class NewQuiz(FormPage):
    permission: ClassVar = Permission.EDIT_TRAINING
    title = "新建测验"
    submit_label = "发布测验"
    template_name = "training/quizzes/form.html"
    form_class = QuizForm
    success_message = "已发布测验。"

    def get_crumbs(self) -> Crumbs:
        return quiz_crumbs((self.title, ""))

    def get_initial(self) -> dict[str, Any]:
        """From a class or an article the form comes with it chosen."""
        wanted = {name: self.request.GET.get(name, "") for name in ("training_class", "article")}
        return {name: key for name, text in wanted.items() if (key := key_of(text))}

    def act(self, form: QuizForm) -> Quiz:
        return services.create_quiz(
            values=form.values(),
            questions=list(form.cleaned_data["questions"]),
            by=self.viewer,
            on=self.viewer.on,
        )

    def get_success_url(self) -> str:
        return quiz_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:quizzes")


class EditQuiz(QuizAct, FormPage):
    title = "修改测验"
    template_name = "training/quizzes/form.html"
    form_class = QuizForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def act(self, form: QuizForm) -> None:
        services.change_quiz(
            quiz=self.object,
            values=form.values(),
            questions=list(form.cleaned_data["questions"]),
            by=self.viewer,
        )


class CloseQuiz(QuizAct, ActView):
    def act(self) -> str:
        services.close_quiz(quiz=self.object, by=self.viewer, on=self.viewer.on)
        return "已提前结束。" if self.object.closed_on else "已恢复。"


class RemindTakers(QuizAct, ActView):
    def act(self) -> str:
        keys = staff_reach(self.viewer).values_list("pk", flat=True)
        told = services.remind_takers(quiz=self.object, within=keys, by=self.viewer, on=self.viewer.on)
        return f"已提醒 {told} 人。" if told else "没有需要提醒的人：今天都已提醒过，或还没有账号。"


class TakeQuiz(ObjectMixin, FormPage):
    """The answer sheet. Who may not answer now is told why on the quiz's page."""

    permission: ClassVar = Permission.SIGN_UP
    model = Quiz
    submit_label = "交卷"
    template_name = "training/quizzes/take.html"
    form_class = AnswerSheet

    def get_title(self) -> str:
        return str(self.object.title)

    def get_crumbs(self) -> Crumbs:
        return quiz_crumbs((self.object.title, quiz_url(self.object)), ("答题", ""))

    @cached_property
    def is_due(self) -> bool:
        return due_for_me(self.viewer).filter(pk=self.object.pk).exists()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_due:
            return HttpResponseRedirect(quiz_url(self.object))
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        places = self.object.places.select_related("question").order_by("order", "pk")
        return {**super().get_form_kwargs(), "questions": [place.question for place in places]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, **kwargs)

    def act(self, form: AnswerSheet) -> QuizAttempt:
        return services.hand_in(quiz=self.object, answers=form.answers(), by=self.viewer, at=timezone.now())

    def get_success_message(self) -> str:
        verdict = "及格" if self.result.passed else "未及格"
        return f"已交卷，{self.result.score.normalize():f} 分，{verdict}。"

    def get_success_url(self) -> str:
        return reverse("training:quiz_mine", args=[self.object.pk])

    def get_cancel_url(self) -> str:
        return quiz_url(self.object)


class MyAnswers(DetailPage):
    """The latest own attempt, question by question; right answers show once they are of no more use."""

    permission = Permission.SIGN_UP
    model = Quiz
    template_name = "training/quizzes/mine.html"

    def get_crumbs(self) -> Crumbs:
        return quiz_crumbs((self.object.title, quiz_url(self.object)), ("我的答卷", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = QuizAttempt.objects.visible_to(self.viewer, Permission.SIGN_UP)
        mine = rows.filter(quiz=self.object, cadre=self.viewer.cadre_id)
        last = mine.order_by("-taken_at", "-number").first()
        if last is None:
            raise Http404
        answers = QuizAnswer.objects.visible_to(self.viewer).filter(attempt=last).select_related("question")
        again = due_for_me(self.viewer).filter(pk=self.object.pk).exists()
        return super().get_context_data(attempt=last, answers=list(answers), again=again, **kwargs)


class QuestionListPage(ListPage):
    title = "题库"
    permission = Permission.EDIT_TRAINING
    model = Question
    filterset_class = QuestionFilter
    noun = "试题"
    counter = "道题"
    main_filters = ("theme", "kind", "used")
    acts_template = "training/quizzes/question_acts.html"
    empty_icon = "list-checks"
    empty_hint = "新增单选、多选或判断题，出测验时从这里选。"
    export_permission = Permission.EDIT_TRAINING
    default_sort = "theme"
    sorts = (Sort("theme", "专题", ("theme", "pk")), Sort("new", "新增时间", ("-created_at",)))
    columns = (
        ListColumn(
            "text",
            "题目",
            str,
            link=lambda q: reverse("training:question_edit", args=[q.pk]),
            width=50,
        ),
        ListColumn("theme", "专题", lambda q: q.get_theme_display(), sort="theme", css="nowrap"),
        ListColumn("kind", "题型", lambda q: q.get_kind_display(), css="nowrap"),
        ListColumn("options", "选项", lambda q: q.options, on_page=False, width=50),
        ListColumn("answer", "答案", lambda q: q.answer, css="nowrap", width=8),
        ListColumn("used", "用于测验", lambda q: q.used, css="num right", width=8),
        ListColumn("state", "状态", lambda q: "已停用" if q.retired_on else "在用", css="nowrap"),
    )

    def get_crumbs(self) -> Crumbs:
        return quiz_crumbs((self.title, ""))

    def get_queryset(self) -> QuerySet[Any]:
        return Question.objects.visible_to(self.viewer).annotate(used=Count("places"))


class NewQuestion(FormPage):
    permission: ClassVar = Permission.EDIT_TRAINING
    title = "新增试题"
    form_class = QuestionForm
    success_message = "已新增，可以继续新增下一题。"

    def get_crumbs(self) -> Crumbs:
        return quiz_crumbs(("题库", reverse("training:questions")), (self.title, ""))

    def act(self, form: QuestionForm) -> Question:
        return services.create_question(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("training:question_new")

    def get_cancel_url(self) -> str:
        return reverse("training:questions")


class EditQuestion(ObjectMixin, FormPage):
    permission: ClassVar = Permission.EDIT_TRAINING
    model = Question
    title = "修改试题"
    template_name = "training/quizzes/question.html"
    form_class = QuestionForm
    success_message = "已保存。"

    def get_crumbs(self) -> Crumbs:
        return quiz_crumbs(("题库", reverse("training:questions")), (self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, **kwargs)

    def act(self, form: QuestionForm) -> None:
        services.change_question(question=self.object, values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("training:questions")


class RetireQuestion(ActView):
    permission: ClassVar = Permission.EDIT_TRAINING
    model = Question

    def act(self) -> str:
        services.retire_question(question=self.object, by=self.viewer, on=self.viewer.on)
        return "已停用。" if self.object.retired_on else "已恢复。"

    def get_success_url(self) -> str:
        return reverse("training:questions")
