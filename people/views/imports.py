"""数据导入: choose a file, check what it would do, import it, and take it back if need be."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View

from core import exports
from core.access import Permission
from core.templatetags.ui import cn_time
from core.web.forms import Form
from core.web.listing import ListColumn
from core.web.views import ConfirmPage, DetailPage, FormPage, FramePage, ListPage, ObjectMixin, ViewerMixin
from people import uploads
from people.imports import service
from people.imports.answer import answer_name, answer_workbook
from people.imports.limits import MAX_FILE_BYTES
from people.imports.report import Outcome, Report
from people.imports.templates import template_of
from people.models import ImportBatch
from people.views.start import next_step_of

STEPS = ("选择文件", "核对", "完成")
SHOWN_FAULTS = 200
SHOWN_CHANGES = 100
Crumbs = Sequence[tuple[str, str]]


def batch_url(batch: ImportBatch) -> str:
    return reverse("people:import_batch", args=[batch.uid])


def steps(now: int) -> list[tuple[int, str, str]]:
    """(number, words, state) of the three steps; `now` counts from 1."""
    states = {True: "done", False: ""}
    return [
        (number, words, "now" if number == now else states[number < now])
        for number, words in enumerate(STEPS, start=1)
    ]


class ImportForm(Form):
    kind = forms.ChoiceField(label="文件种类", widget=forms.RadioSelect)
    file = forms.FileField(label="文件", allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = service.kinds()
        suffixes = sorted({suffix for kind in kinds for suffix in kind.suffixes})
        self.fields["kind"].choices = [(kind.key, kind.title) for kind in kinds]  # type: ignore[attr-defined]
        forms_of = "；".join(f"{kind.title}：{'、'.join(kind.suffixes)}" for kind in kinds)
        self.fields["file"].help_text = f"{forms_of}。{MAX_FILE_BYTES >> 20} MB 以内"
        self.fields["file"].widget.attrs["accept"] = ",".join(suffixes)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(f"文件超过 {MAX_FILE_BYTES >> 20} MB，请拆成几个文件再导入。")
        return file


class ImportList(ListPage):
    """What has been imported so far, and the way to a new import."""

    title = "数据导入"
    permission = Permission.IMPORT
    model = ImportBatch
    noun = "导入"
    counter = "次"
    acts_template = "people/import_acts.html"
    empty_icon = "upload"
    empty_hint = "可以导入组织人事部门现有的花名册、培训台账和任免审批表，先核对后写入。"
    columns = (
        ListColumn("file", "文件", lambda b: b.file_name, link=batch_url),
        ListColumn("kind", "种类", lambda b: b.get_kind_display(), css="nowrap"),
        ListColumn("at", "导入时间", lambda b: cn_time(b.applied_at), css="num nowrap"),
        ListColumn("new", "新增", lambda b: b.counts.get("new", 0), css="num right"),
        ListColumn("changed", "修改", lambda b: b.counts.get("changed", 0), css="num right"),
        ListColumn("unchanged", "无变化", lambda b: b.counts.get("unchanged", 0), css="num right"),
        ListColumn("undone", "状态", lambda b: b.undone_at, template="people/undone_cell.html"),
    )


class NewImport(FormPage):
    template_name = "people/import_upload.html"
    permission: ClassVar = Permission.IMPORT
    title = "导入文件"
    submit_label = "核对文件"
    form_class = ImportForm

    def get_crumbs(self) -> Crumbs:
        return [("首页", reverse("home")), ("数据导入", reverse("people:imports")), (self.title, "")]

    def get_initial(self) -> dict[str, Any]:
        known = service.kinds()
        return {"kind": self.request.GET.get("kind") or (known[0].key if known else "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = [kind for kind in service.kinds() if kind.layout]
        return super().get_context_data(steps=steps(1), templates=known, **kwargs)

    def act(self, form: ImportForm) -> UUID:
        file = form.cleaned_data["file"]
        data = file.read()
        kind = form.cleaned_data["kind"]
        return uploads.keep(kind=kind, file_name=file.name, data=data, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("people:import_check", args=[self.result])

    def get_cancel_url(self) -> str:
        return reverse("people:imports")


class ImportTemplate(ViewerMixin, View):
    """An empty workbook of the kind, with an explanation of each column."""

    permission: ClassVar = Permission.IMPORT

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kind = next((k for k in service.kinds() if k.key == kwargs["kind"] and k.layout), None)
        if kind is None or kind.layout is None:
            raise Http404
        return exports.download(template_of(kind.layout), f"{kind.title}模板.xlsx")


class OfUpload(ViewerMixin):
    """Works on a kept file; one that is gone leads back to the upload."""

    permission: ClassVar = Permission.IMPORT

    @cached_property
    def upload(self) -> uploads.Upload | None:
        return uploads.fetch(self.kwargs["token"], by=self.viewer, at=timezone.now())

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.may(self.permission) and self.upload is None:
            messages.warning(request, "上传的文件已不在（只保留一天），请重新上传。")
            return HttpResponseRedirect(reverse("people:import_new"))
        return super().dispatch(request, *args, **kwargs)

    def read(self, *, write: bool, create_units: bool) -> Report:
        """A dry run, or the import itself."""
        upload = self.upload
        if upload is None:
            raise Http404
        run = service.apply if write else service.dry_run
        return run(
            upload.kind,
            upload.data,
            upload.file_name,
            by=self.viewer,
            on=self.viewer.on,
            create_units=create_units,
        )


class CheckImport(OfUpload, FramePage):
    """Nothing is written here: every fault and every change of the file."""

    template_name = "people/import_check.html"
    title = "核对导入"

    def get_crumbs(self) -> Crumbs:
        return [("首页", reverse("home")), ("数据导入", reverse("people:imports")), (self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        create_units = "create_units" in self.request.GET
        report = self.read(write=False, create_units=create_units)
        changed = [row for row in report.rows if row.outcome in (Outcome.NEW, Outcome.CHANGED)]
        return super().get_context_data(
            report=report,
            counts=report.counts,
            total=len(report.rows),
            faults=report.faults[:SHOWN_FAULTS],
            more_faults=max(0, len(report.faults) - SHOWN_FAULTS),
            changed=changed[:SHOWN_CHANGES],
            more_changed=max(0, len(changed) - SHOWN_CHANGES),
            to_write=len(changed),
            create_units=create_units,
            has_unknown_units=any(fault.code == "unknown_unit" for fault in report.faults),
            kind=service.kind_of(report.kind),
            steps=steps(2),
            **kwargs,
        )


class ApplyImport(OfUpload):
    """Writes all or nothing; what was refused in between sends back to the check."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, token: UUID) -> HttpResponseBase:
        report = self.read(write=True, create_units="create_units" in request.POST)
        if not report.applied:
            messages.error(request, "文件里有需要修改的内容，没有写入任何数据。请看下面的说明。")
            return HttpResponseRedirect(reverse("people:import_check", args=[token]))
        uploads.drop(token)
        if report.batch is None:
            messages.info(request, "文件内容与系统一致，没有需要写入的。")
            return HttpResponseRedirect(reverse("people:imports"))
        batch = ImportBatch.objects.visible_to(self.viewer).get(pk=report.batch)
        messages.success(request, f"已导入：新增 {batch.counts['new']}，修改 {batch.counts['changed']}。")
        return HttpResponseRedirect(batch_url(batch))


class AnswerWorkbook(OfUpload):
    """The user's own workbook with the faulty cells marked and the changes listed."""

    def get(self, request: HttpRequest, token: UUID) -> HttpResponseBase:
        report = self.read(write=False, create_units="create_units" in request.GET)
        answer = answer_workbook(report)
        if answer is None:
            raise Http404
        return exports.download(answer, answer_name(report.file))


class BatchMixin(ObjectMixin):
    permission: ClassVar = Permission.IMPORT
    model = ImportBatch
    lookup = "uid"


class BatchPage(BatchMixin, DetailPage):
    template_name = "people/import_batch.html"

    def get_crumbs(self) -> Crumbs:
        return [("首页", reverse("home")), ("数据导入", reverse("people:imports")), (str(self.object), "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        going_on = next_step_of(self.viewer)
        return super().get_context_data(batch=self.object, steps=steps(4), going_on=going_on, **kwargs)


class UndoImport(BatchMixin, ConfirmPage):
    title = "撤销导入"
    submit_label = "撤销整批导入"
    success_message = "已撤销，数据恢复到导入之前。"

    def get_question(self) -> str:
        return f"撤销{self.object}？"

    def get_consequence(self) -> str:
        counts = self.object.counts
        return (
            f"新增的 {counts.get('new', 0)} 行会删除，修改的 {counts.get('changed', 0)} 行恢复原来的内容。"
            "导入后又被改过的内容会使撤销停下，不会丢失后来的修改。"
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        self.object  # noqa: B018 - answers 404 before the form is made
        return super().get_form_kwargs()

    def act(self, form: Any) -> None:
        service.undo(self.object, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return batch_url(self.object)
