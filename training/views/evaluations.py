"""学员评价: handing out, filling in without a name, and results from five sheets on."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin
from training.choices import ClassState
from training.filters.evaluations import EvaluationFilter
from training.forms.evaluations import NewEvaluationForm, OpenEvaluationForm, SheetForm, TemplateForm
from training.models import Evaluation, EvaluationMark, EvaluationTemplate, TrainingClass
from training.queries.evaluations import lecturer_results, question_results, results_of, to_answer
from training.services import evaluations as services
from training.views.acts import ActView, StaffOnly

Crumbs = Sequence[tuple[str, str]]
RECENT_DAYS = 180


def evaluation_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("学员评价", reverse("training:evaluations")), *more]


def evaluation_url(evaluation: Evaluation) -> str:
    return reverse("training:evaluation", args=[evaluation.pk])


class EvaluationListPage(StaffOnly, ListPage):
    title = "学员评价"
    model = Evaluation
    filterset_class = EvaluationFilter
    noun = "评价"
    counter = "个班次"
    main_filters = ("theme", "state")
    acts_template = "training/evaluations/list_acts.html"
    empty_icon = "star"
    empty_hint = "点“发放问卷”选一个班次；学员匿名填写，截止后满 5 份才显示结果。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "-opened"
    sorts = (
        Sort("opened", "发放日期", ("opened_on",)),
        Sort("class", "班次", ("training_class__name",)),
        Sort("lecturer", "师资", ("training_class__lecturer",)),
    )
    columns = (
        ListColumn(
            "class", "班次", lambda e: e.training_class.name, sort="class", link=evaluation_url, width=36
        ),
        ListColumn("lecturer", "师资", lambda e: e.training_class.lecturer, sort="lecturer"),
        ListColumn(
            "opened",
            "发放",
            lambda e: e.opened_on,
            sort="opened",
            css="num nowrap",
            template="training/articles/cells/date.html",
        ),
        ListColumn(
            "closes",
            "截止",
            lambda e: e.closed_on or e.closes_on,
            css="num nowrap",
            template="training/articles/cells/date.html",
        ),
        ListColumn(
            "sheets", "已填 / 应填", lambda e: f"{e.result.answered} / {e.result.asked}", css="num right"
        ),
        ListColumn("average", "班次评分", lambda e: e.result.class_average or e.result.why_hidden, css="num"),
        ListColumn("teaching", "师资评分", lambda e: e.result.lecturer_average or "", css="num"),
    )
    views = (SavedView("全部", ""), SavedView("填写中", "state=open"), SavedView("已结束", "state=over"))

    def get_queryset(self) -> QuerySet[Any]:
        return Evaluation.objects.visible_to(self.viewer).select_related("training_class")

    def decorate(self, rows: list[Any]) -> list[Any]:
        results = results_of(rows, self.viewer.on)
        for row in rows:
            row.result = results[row.pk]
        return rows


class EvaluationPage(StaffOnly, DetailPage):
    model = Evaluation
    template_name = "training/evaluations/evaluation.html"

    def get_queryset(self) -> QuerySet[Any]:
        return Evaluation.objects.visible_to(self.viewer).select_related("training_class", "template")

    def get_title(self) -> str:
        return f"学员评价：{self.object.training_class}"

    def get_crumbs(self) -> Crumbs:
        return evaluation_crumbs((str(self.object.training_class), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            result=results_of([self.object], self.viewer.on)[self.object.pk],
            questions=question_results(self.object, self.viewer.on),
            is_open=services.is_open(self.object, self.viewer.on),
            may_edit=self.viewer.can(Permission.EDIT_TRAINING),
            **kwargs,
        )


class LecturersPage(StaffOnly):
    title = "师资评价"
    template_name = "training/evaluations/lecturers.html"

    def get_crumbs(self) -> Crumbs:
        return evaluation_crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = Evaluation.objects.visible_to(self.viewer)
        return super().get_context_data(rows=lecturer_results(seen, self.viewer.on), **kwargs)


class OpenEvaluation(ObjectMixin, FormPage):
    permission: ClassVar = Permission.EDIT_TRAINING
    model = TrainingClass
    title = "发放评价问卷"
    submit_label = "发放问卷"
    form_class = OpenEvaluationForm
    success_message = "已发放，并通知学员。"

    def get_crumbs(self) -> Crumbs:
        return evaluation_crumbs((str(self.object), self.get_cancel_url()), (self.title, ""))

    def act(self, form: OpenEvaluationForm) -> Evaluation:
        return services.open_evaluation(
            training_class=self.object,
            template=form.cleaned_data["template"],
            closes_on=form.cleaned_data["closes_on"],
            by=self.viewer,
            on=self.viewer.on,
        )

    def get_success_url(self) -> str:
        return evaluation_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:class", args=[self.object.pk])


class NewEvaluation(FormPage):
    """For a class of the last half year that was not asked about yet."""

    permission: ClassVar = Permission.EDIT_TRAINING
    title = "发放评价问卷"
    submit_label = "发放问卷"
    form_class = NewEvaluationForm
    success_message = "已发放，并通知学员。"

    def get_crumbs(self) -> Crumbs:
        return evaluation_crumbs((self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        since = self.viewer.on - timedelta(days=RECENT_DAYS)
        rows = TrainingClass.objects.visible_to(self.viewer).filter(
            evaluation__isnull=True, starts_on__lte=self.viewer.on, ends_on__gte=since
        )
        recent = rows.exclude(state__in=[ClassState.DRAFT, ClassState.CANCELLED])
        return {**super().get_form_kwargs(), "classes": recent.order_by("-ends_on", "pk")}

    def act(self, form: NewEvaluationForm) -> Evaluation:
        return services.open_evaluation(
            training_class=form.cleaned_data["training_class"],
            template=form.cleaned_data["template"],
            closes_on=form.cleaned_data["closes_on"],
            by=self.viewer,
            on=self.viewer.on,
        )

    def get_success_url(self) -> str:
        return evaluation_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:evaluations")


class EvaluationAct(ObjectMixin):
    permission: ClassVar = Permission.EDIT_TRAINING
    model = Evaluation

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return evaluation_crumbs((str(self.object.training_class), evaluation_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return evaluation_url(self.object)


class CloseEvaluation(EvaluationAct, ConfirmPage):
    title = "结束评价"
    submit_label = "结束评价"
    dangerous = False
    success_message = "已结束。"

    def get_question(self) -> str:
        return f"结束“{self.object.training_class}”的评价？"

    def get_consequence(self) -> str:
        return "结束后学员不能再填写；满 5 份即显示结果。结束后不能重新开始。"

    def act(self, form: Any) -> None:
        services.close_evaluation(evaluation=self.object, by=self.viewer, on=self.viewer.on)


class RemindAttendees(EvaluationAct, ActView):
    def act(self) -> str:
        told = services.remind_attendees(evaluation=self.object, by=self.viewer, on=self.viewer.on)
        return f"已提醒 {told} 人。" if told else "没有需要提醒的人：都已填写，或今天已经提醒过。"


class AnswerEvaluation(FormPage):
    """The anonymous sheet; only for who took part and has not answered."""

    permission: ClassVar = Permission.SIGN_UP
    submit_label = "匿名提交"
    template_name = "training/evaluations/answer.html"
    form_class = SheetForm
    success_message = "已匿名提交，谢谢。"

    @cached_property
    def evaluation(self) -> Evaluation:
        marks = EvaluationMark.objects.visible_to(self.viewer).filter(evaluation=self.kwargs["pk"])
        mark = get_object_or_404(marks.select_related("evaluation__training_class", "evaluation__template"))
        return mark.evaluation

    def get_title(self) -> str:
        return f"评价：{self.evaluation.training_class}"

    def get_crumbs(self) -> Crumbs:
        return [("首页", reverse("home")), (self.get_title(), "")]

    def get_form_kwargs(self) -> dict[str, Any]:
        questions = self.evaluation.template.questions.order_by("order", "pk")
        return {**super().get_form_kwargs(), "questions": list(questions)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waits = to_answer(self.viewer).filter(pk=self.evaluation.pk).exists()
        return super().get_context_data(evaluation=self.evaluation, waits=waits, **kwargs)

    def act(self, form: SheetForm) -> None:
        services.answer_evaluation(
            evaluation=self.evaluation, answers=form.answers(), by=self.viewer, on=self.viewer.on
        )

    def get_success_url(self) -> str:
        return reverse("home")


class TemplateListPage(ListPage):
    title = "评价问卷"
    permission: ClassVar = Permission.EDIT_TRAINING
    model = EvaluationTemplate
    noun = "问卷"
    counter = "份问卷"
    acts_template = "training/evaluations/template_acts.html"
    empty_icon = "star"
    empty_hint = "新建一份问卷，以后各班次都可以用。"
    export_permission = Permission.EDIT_TRAINING
    default_sort = "name"
    sorts = (Sort("name", "名称", ("name",)), Sort("used", "使用次数", ("used",)))
    columns = (
        ListColumn(
            "name",
            "名称",
            str,
            sort="name",
            link=lambda t: reverse("training:evaluation_template", args=[t.pk]),
            width=30,
        ),
        ListColumn("questions", "题数", lambda t: t.asked, css="num right"),
        ListColumn("used", "用过", lambda t: t.used, sort="used", css="num right"),
        ListColumn("state", "状态", lambda t: "已停用" if t.closed_on else "在用", css="nowrap"),
    )

    def get_crumbs(self) -> Crumbs:
        return evaluation_crumbs((self.title, ""))

    def get_queryset(self) -> QuerySet[Any]:
        rows = EvaluationTemplate.objects.visible_to(self.viewer)
        return rows.annotate(
            asked=Count("questions", distinct=True), used=Count("evaluations", distinct=True)
        )


class NewTemplate(FormPage):
    permission: ClassVar = Permission.EDIT_TRAINING
    title = "新建问卷"
    form_class = TemplateForm
    submit_label = "保存问卷"
    success_message = "已保存，可以在班次页发放。"

    def get_crumbs(self) -> Crumbs:
        return evaluation_crumbs(("评价问卷", reverse("training:evaluation_templates")), (self.title, ""))

    def act(self, form: TemplateForm) -> EvaluationTemplate:
        data = form.cleaned_data
        return services.create_template(name=data["name"], questions=data["questions"], by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("training:evaluation_templates")


class TemplatePage(DetailPage):
    permission: ClassVar = Permission.EDIT_TRAINING
    model = EvaluationTemplate
    template_name = "training/evaluations/template.html"

    def get_crumbs(self) -> Crumbs:
        return evaluation_crumbs(
            ("评价问卷", reverse("training:evaluation_templates")), (str(self.object), "")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(questions=list(self.object.questions.all()), **kwargs)


class SwitchTemplate(ActView):
    permission: ClassVar = Permission.EDIT_TRAINING
    model = EvaluationTemplate

    def act(self) -> str:
        services.switch_template(template=self.object, by=self.viewer, on=self.viewer.on)
        return "已停用。" if self.object.closed_on else "已启用。"

    def get_success_url(self) -> str:
        return reverse("training:evaluation_template", args=[self.object.pk])
