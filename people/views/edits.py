"""Pages that change a cadre's record and what hangs on it; each ends in one service call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.errors import DomainError
from core.web.views import ConfirmPage, FormPage
from people import forms
from people.models import AnnualAppraisal, Appointment, Cadre, Education, FamilyMember, Honour
from people.services import records
from people.services.appointments import (
    appoint,
    change_appointment,
    predecessor_of,
    remove_appointment,
)
from people.services.cadres import create_cadre, update_cadre
from people.services.photos import set_photo
from people.services.records import resume_text

# Without a post the new record lies in nobody's part of the zone, so its maker could not go on with it.
ONLY_WITH_A_POST = (
    "你管辖的是部分机构，新增干部须同时登记任职：请用“数据导入”导入花名册，或请负责全区的组织人事专员新增。"
)


class CadreFormPage(FormPage):
    """Acts on one cadre whom the viewer may edit."""

    permission: ClassVar = Permission.EDIT_CADRE
    tab: ClassVar[str] = "basic"

    @cached_property
    def cadre(self) -> Cadre:
        editable: QuerySet[Cadre] = Cadre.objects.visible_to(self.viewer, Permission.EDIT_CADRE)
        return get_object_or_404(editable, pk=self.kwargs["pk"])

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        roster = [("首页", reverse("home")), ("干部名册", reverse("people:cadres"))]
        return [
            *roster,
            (self.cadre.name, reverse("people:cadre", args=[self.cadre.pk])),
            (self.get_title(), ""),
        ]

    def get_success_url(self) -> str:
        return f"{reverse('people:cadre', args=[self.cadre.pk])}?tab={self.tab}"

    def get(self, *args: Any, **kwargs: Any) -> Any:
        self.cadre  # noqa: B018 - answers 404 before the form is made
        return super().get(*args, **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> Any:
        self.cadre  # noqa: B018
        return super().post(*args, **kwargs)


class NewCadre(FormPage):
    permission: ClassVar = Permission.EDIT_CADRE
    title = "新增干部"
    form_class = forms.CadreForm
    success_message = "已新增干部。请接着登记现任职务。"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [("首页", reverse("home")), ("干部名册", reverse("people:cadres")), (self.title, "")]

    def act(self, form: forms.CadreForm) -> Cadre:
        if not self.viewer.sees_all(Permission.EDIT_CADRE):
            raise DomainError(ONLY_WITH_A_POST, code="out_of_reach")
        return create_cadre(values=form.values(), by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("people:appointment_add", args=[self.result.pk])

    def get_cancel_url(self) -> str:
        return reverse("people:cadres")


class EditCadre(CadreFormPage):
    """The page remembers which state it showed: a change by someone else in between is not overwritten."""

    template_name = "people/cadre_form.html"
    title = "编辑基本情况"
    form_class = forms.CadreForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "cadre": self.cadre}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = self.request.POST.get("seen_at") or self.cadre.updated_at.isoformat()
        return super().get_context_data(seen_at=seen, **kwargs)

    def act(self, form: forms.CadreForm) -> Cadre:
        seen_at = _moment(self.request.POST.get("seen_at", ""))
        return update_cadre(cadre=self.cadre, values=form.values(), by=self.viewer, seen_at=seen_at)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


class EditPhoto(CadreFormPage):
    title = "更换照片"
    submit_label = "保存照片"
    form_class = forms.PhotoForm
    success_message = "照片已更换。"

    def act(self, form: forms.PhotoForm) -> None:
        set_photo(cadre=self.cadre, data=form.cleaned_data["photo"].read(), by=self.viewer)


class EditResume(CadreFormPage):
    title = "编辑简历"
    tab = "resume"
    form_class = forms.ResumeForm
    success_message = "简历已保存。"

    def get_initial(self) -> dict[str, Any]:
        return {"text": resume_text(self.cadre)}

    def act(self, form: forms.ResumeForm) -> None:
        records.replace_resume(cadre=self.cadre, lines=form.cleaned_data["text"], by=self.viewer)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record that hangs on a cadre: its words, model, form and the tab that shows it."""

    label: str
    model: Any
    form: type[forms.RecordForm]
    tab: str


KINDS = {
    "education": Kind("学历学位", Education, forms.EducationForm, "basic"),
    "appraisal": Kind("年度考核", AnnualAppraisal, forms.AppraisalForm, "merit"),
    "honour": Kind("奖励荣誉", Honour, forms.HonourForm, "merit"),
    "family": Kind("家庭成员", FamilyMember, forms.FamilyForm, "family"),
}


class RecordPage(CadreFormPage):
    @cached_property
    def kind(self) -> Kind:
        if self.kwargs["kind"] not in KINDS:
            raise Http404
        return KINDS[self.kwargs["kind"]]

    def get_form_class(self) -> Any:
        return self.kind.form

    def get_success_url(self) -> str:
        return f"{reverse('people:cadre', args=[self.cadre.pk])}?tab={self.kind.tab}"

    def get_success_message(self) -> str:
        return f"{self.kind.label}已保存。"


class AddRecord(RecordPage):
    def get_title(self) -> str:
        return f"登记{self.kind.label}"

    def act(self, form: Any) -> Any:
        values = form.cleaned_data
        return records.add_record(model=self.kind.model, cadre=self.cadre, values=values, by=self.viewer)


class OfRow(RecordPage):
    @cached_property
    def row(self) -> Any:
        visible = self.kind.model.objects.visible_to(self.viewer)
        return get_object_or_404(visible, cadre=self.cadre, pk=self.kwargs["row"])


class EditRecord(OfRow):
    def get_title(self) -> str:
        return f"修改{self.kind.label}"

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial")
        return {**kwargs, "row": self.row}

    def act(self, form: Any) -> None:
        records.change_record(row=self.row, values=form.cleaned_data, by=self.viewer)


class RemoveRecord(ConfirmPage, OfRow):
    submit_label = "删除"

    def get_form_class(self) -> Any:
        return ConfirmPage.form_class

    def get_title(self) -> str:
        return f"删除{self.kind.label}"

    def get_question(self) -> str:
        return f"删除{self.cadre.name}的{self.kind.label}“{self.row}”？"

    def get_consequence(self) -> str:
        return "删除后不再出现在成长档案里；删除前的内容留在审计日志中。"

    def get_success_message(self) -> str:
        return f"已删除{self.kind.label}。"

    def act(self, form: Any) -> None:
        records.remove_record(row=self.row, by=self.viewer)


class AppointmentPage(CadreFormPage):
    tab = "posts"
    form_class = forms.AppointmentForm
    success_message = "任职已保存。"


class AddAppointment(AppointmentPage):
    title = "登记任职"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def get_initial(self) -> dict[str, Any]:
        return {"kind": "post", "is_main": True, "starts_on": self.viewer.on}

    def act(self, form: Any) -> Appointment:
        return appoint(cadre=self.cadre, values=form.cleaned_data, by=self.viewer)


class OfAppointment(CadreFormPage):
    """A page about one appointment of the cadre."""

    tab = "posts"

    @cached_property
    def row(self) -> Appointment:
        row: Appointment = get_object_or_404(
            Appointment.objects.visible_to(self.viewer), cadre=self.cadre, pk=self.kwargs["row"]
        )
        return row


class RemoveAppointment(ConfirmPage, OfAppointment):
    title = "删除任职"
    submit_label = "删除任职"
    success_message = "已删除任职。"

    def get_form_class(self) -> Any:
        return ConfirmPage.form_class

    def get_question(self) -> str:
        return f"删除{self.cadre.name}的任职“{self.row}”？"

    def get_consequence(self) -> str:
        before = predecessor_of(self.row)
        reopened = f"此前因它结束的任职“{before}”恢复到它的结束时间。" if before else ""
        return f"只用于登记错了的任职；正常免职请在“修改”里填结束日期。{reopened}删除前的内容留在审计日志中。"

    def act(self, form: Any) -> None:
        remove_appointment(appointment=self.row, by=self.viewer)


class EditAppointment(AppointmentPage, OfAppointment):
    title = "修改任职"

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial")
        return {**kwargs, "row": self.row, "viewer": self.viewer}

    def act(self, form: Any) -> None:
        change_appointment(appointment=self.row, values=form.cleaned_data, by=self.viewer)
