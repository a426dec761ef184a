"""外出考察 and material of a class: itinerary, report, what is brought home, files."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.files import file_response
from core.keys import key_of
from core.web.views import ConfirmPage, FormPage, ObjectMixin
from people.models import Cadre
from training.choices import SEATED_STATES
from training.forms.classes import ClassFileForm, LinkTaskForm, ReportForm, VisitForm
from training.forms.rows import LessonRow, StopRow
from training.models import ClassFile, StudyVisit, TrainingClass, VisitLesson
from training.services.materials import add_class_file, remove_class_file
from training.services.visits import hand_in_report, link_task, save_lessons, save_visit
from training.views.classes import ClassAct, class_url
from training.views.rows import RowsPage


class VisitAct(ClassAct):
    def get_success_url(self) -> str:
        return f"{class_url(self.object)}?tab=visit"

    @cached_property
    def visit(self) -> StudyVisit | None:
        rows = StudyVisit.objects.visible_to(self.viewer).filter(training_class=self.object)
        return rows.select_related("training_class", "report").first()


class PlanVisit(VisitAct, RowsPage):
    title = "安排考察行程"
    form_class = VisitForm
    row_class = StopRow
    rows_title = "行程"
    rows_hint = "一行一站，日期在班次起止日期之内。"
    success_message = "已保存考察行程。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "travellers": self._travellers()}

    def _travellers(self) -> QuerySet[Cadre]:
        seen = Cadre.objects.visible_to(self.viewer, Permission.VIEW_TRAINING)
        return seen.filter(
            participations__training_class=self.object, participations__state__in=SEATED_STATES
        )

    def get_initial(self) -> dict[str, Any]:
        found = self.visit
        return {"leader": found.leader_id, "report_due_on": found.report_due_on} if found else {}

    def row_initial(self) -> list[dict[str, Any]]:
        return [StopRow.initial_of(stop) for stop in self.visit.stops.all()] if self.visit else []

    def act(self, form: VisitForm) -> StudyVisit:
        return save_visit(
            training_class=self.object,
            leader=form.cleaned_data["leader"],
            report_due_on=form.cleaned_data["report_due_on"],
            stops=[row.values() for row in self.rows.filled],
            by=self.viewer,
        )


class LeaderAct(VisitAct):
    """For staff, and for whoever leads the journey."""

    permission: ClassVar = (Permission.EDIT_TRAINING, Permission.SIGN_UP)

    @cached_property
    def object(self) -> TrainingClass:
        found: TrainingClass = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        rows = StudyVisit.objects.visible_to(self.viewer).filter(training_class=found)
        if not self.viewer.can(Permission.EDIT_TRAINING):
            rows = rows.filter(leader_id=self.viewer.cadre_id or 0)
        if not rows.exists():
            raise Http404
        return found


class HandInReport(LeaderAct, FormPage):
    title = "提交考察报告"
    submit_label = "提交报告"
    form_class = ReportForm
    success_message = "已提交考察报告。"

    def act(self, form: ReportForm) -> None:
        if self.visit is None:
            raise Http404
        upload = form.cleaned_data["upload"]
        hand_in_report(visit=self.visit, upload=upload, by=self.viewer, at=timezone.now())


class EditLessons(LeaderAct, RowsPage):
    title = "填写取经清单"
    row_class = LessonRow
    rows_title = "取经清单"
    rows_hint = "一行一条值得借鉴的做法；清空一行即删除，已转为任务的不能删除。"
    success_message = "已保存取经清单。"
    form_class = ConfirmPage.form_class

    def row_initial(self) -> list[dict[str, Any]]:
        return [LessonRow.initial_of(row) for row in self.visit.lessons.all()] if self.visit else []

    def act(self, form: Any) -> None:
        if self.visit is None:
            raise Http404
        save_lessons(visit=self.visit, lessons=[row.values() for row in self.rows.filled], by=self.viewer)


class LinkTask(VisitAct, FormPage):
    title = "关联园区任务"
    form_class = LinkTaskForm
    success_message = "已保存。"

    @cached_property
    def lesson(self) -> VisitLesson:
        rows = VisitLesson.objects.visible_to(self.viewer).select_related("visit__training_class")
        return get_object_or_404(rows.filter(visit__training_class=self.object), pk=self.kwargs["row"])

    def get_initial(self) -> dict[str, Any]:
        made = self.request.GET.get("task", "")  # the park's page comes back with the number it gave
        return {"task_id": key_of(made) or self.lesson.task_id}

    def act(self, form: LinkTaskForm) -> None:
        link_task(lesson=self.lesson, task_id=form.cleaned_data["task_id"], by=self.viewer)


class ReportFile(ObjectMixin):
    permission: ClassVar = Permission.VIEW_TRAINING
    model = TrainingClass

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = StudyVisit.objects.visible_to(self.viewer).filter(training_class=self.object)
        found = get_object_or_404(rows.select_related("report"), report__isnull=False)
        if found.report is None:
            raise Http404
        return file_response(found.report)


# Material


class AddFile(ClassAct, FormPage):
    title = "上传材料"
    submit_label = "上传"
    form_class = ClassFileForm
    success_message = "已上传。"

    def act(self, form: ClassFileForm) -> ClassFile:
        data = form.cleaned_data
        return add_class_file(training_class=self.object, by=self.viewer, at=timezone.now(), **data)

    def get_success_url(self) -> str:
        return f"{class_url(self.object)}?tab=materials"


class OfFile(ObjectMixin):
    model = ClassFile

    @cached_property
    def object(self) -> ClassFile:
        rows = ClassFile.objects.visible_to(self.viewer).filter(training_class_id=self.kwargs["pk"])
        return get_object_or_404(rows.select_related("file", "training_class"), pk=self.kwargs["row"])


class FetchFile(OfFile):
    permission: ClassVar = Permission.VIEW_TRAINING

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return file_response(self.object.file)


class RemoveFile(OfFile, ConfirmPage):
    permission: ClassVar = Permission.EDIT_TRAINING
    title = "删除材料"
    submit_label = "删除"
    keep_label = "保留"
    success_message = "已删除。"

    def get_question(self) -> str:
        return f"删除材料“{self.object}”？"

    def act(self, form: Any) -> None:
        remove_class_file(class_file=self.object, by=self.viewer)

    def get_success_url(self) -> str:
        return f"{class_url(self.object.training_class)}?tab=materials"
