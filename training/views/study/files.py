"""Photos and documents of an activity."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from core.access import Permission
from core.files import file_response
from core.web.views import ConfirmPage, FormPage, ViewerMixin
from training.forms.study import FilesForm
from training.models import ActivityFile, StudyActivity
from training.services.study import attach_files, detach_file
from training.views.study.common import ActivityAct, now


class AddFiles(ActivityAct, FormPage):
    title = "上传照片和文件"
    submit_label = "上传"
    form_class = FilesForm

    def act(self, form: FilesForm) -> list[ActivityFile]:
        data = form.cleaned_data
        return attach_files(
            activity=self.object,
            uploads=data["uploads"],
            caption=data["caption"],
            by=self.viewer,
            at=now(),
        )

    def get_success_message(self) -> str:
        return f"已上传 {len(self.result)} 个文件。"


class ServeFile(ViewerMixin):
    permission = Permission.VIEW_TRAINING
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        activities = StudyActivity.objects.visible_to(self.viewer)
        rows = ActivityFile.objects.visible_to(self.viewer).filter(activity__in=activities)
        found = get_object_or_404(rows.select_related("stored"), activity=kwargs["pk"], pk=kwargs["row"])
        return file_response(found.stored)


class RemoveFile(ActivityAct, ConfirmPage):
    title = "删除附件"
    submit_label = "删除附件"
    success_message = "已删除附件。"

    @cached_property
    def file(self) -> ActivityFile:
        rows = ActivityFile.objects.visible_to(self.viewer).filter(activity=self.object)
        return get_object_or_404(rows.select_related("stored", "activity"), pk=self.kwargs["row"])

    def get_question(self) -> str:
        return f"删除“{self.file.stored.name}”？"

    def get_consequence(self) -> str:
        return "文件会从系统中彻底删除，不能恢复。删除会记入审计日志。"

    def act(self, form: Any) -> None:
        detach_file(file=self.file, by=self.viewer)
