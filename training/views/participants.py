"""Who took part in a class: adding people by search or by pasted names, crediting and removing one."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.keys import keys_of
from core.web.views import ConfirmPage, FormPage
from people.choices import CadreStatus
from people.filters import search_condition, units_of
from people.models import Cadre, CadreQuerySet
from training.choices import ParticipationState
from training.enrolment import OUT
from training.forms import AddPeopleForm, CreditForm
from training.forms.classes import NominateForm
from training.models import Participation
from training.services import add_participants, change_participation, remove_participant
from training.services.enrolment import enrol_people
from training.views.classes import ClassAct

MOST_FOUND = 50


class AddPeople(ClassAct, FormPage):
    """The search is a GET of the same page, so that it works without a script and keeps its address."""

    title = "添加参训学员"
    submit_label = "加入名单"
    template_name = "training/add_people.html"
    form_class = AddPeopleForm

    @cached_property
    def editable(self) -> CadreQuerySet:
        """Those the viewer may credit; never the own record (security.md R3)."""
        reach = Cadre.objects.visible_to(self.viewer, Permission.EDIT_TRAINING)
        return reach.filter(status=CadreStatus.ACTIVE)

    def get_form_class(self) -> Any:
        """Amounts are for classes that have been held; elsewhere they are settled in the end."""
        return AddPeopleForm if self.object.is_archived else NominateForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "editable": self.editable, "training_class": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self._found()
        return super().get_context_data(
            object=self.object,
            q=self.request.GET.get("q", ""),
            unit=self.request.GET.get("unit", ""),
            units=units_of(self.request),
            found=found[:MOST_FOUND],
            too_many=len(found) > MOST_FOUND,
            present=set(self.object.participations.exclude(state__in=OUT).values_list("cadre_id", flat=True)),
            ticked=set(self.request.POST.getlist("cadres")),
            **kwargs,
        )

    def _found(self) -> Sequence[Cadre]:
        """Cadres that match the search, and those ticked before a refusal, so that no tick is lost."""
        ticked = keys_of(self.request.POST.getlist("cadres"))
        if ticked:
            return list(self.editable.filter(pk__in=ticked).with_position(self.viewer.on))
        words, unit = self.request.GET.get("q", "").strip(), self.request.GET.get("unit", "")
        if not words and not unit:
            return []
        rows = self.editable.filter(search_condition(words)) if words else self.editable
        chosen = units_of(self.request).filter(pk=unit).first() if unit.isdecimal() else None
        if chosen:
            rows = rows.in_unit(chosen.path or "", self.viewer.on)
        return list(rows.with_position(self.viewer.on)[: MOST_FOUND + 1])

    def act(self, form: AddPeopleForm) -> list[Participation]:
        data = form.cleaned_data
        if not self.object.is_archived:
            return enrol_people(
                training_class=self.object,
                cadres=data["people"],
                by=self.viewer,
                at=timezone.now(),
                reason=data["reason"],
            )
        return add_participants(
            training_class=self.object,
            cadres=data["people"],
            by=self.viewer,
            hours=data["hours"],
            days=data["days"],
            result=data["result"],
        )

    def get_success_message(self) -> str:
        waiting = sum(row.state == ParticipationState.WAITING for row in self.result)
        return f"已加入 {len(self.result)} 人" + (f"，其中候补 {waiting} 人。" if waiting else "。")


class ParticipationAct(ClassAct):
    """About one person's row in the class of the address; outside the scope it does not exist."""

    permission: ClassVar = Permission.EDIT_TRAINING

    @cached_property
    def participation(self) -> Participation:
        rows = Participation.objects.visible_to(self.viewer, Permission.EDIT_TRAINING)
        found = rows.filter(training_class_id=self.kwargs["pk"]).select_related("cadre", "training_class")
        return get_object_or_404(found, pk=self.kwargs["row"])


class EditParticipation(ParticipationAct, FormPage):
    form_class = CreditForm
    submit_label = "保存认定"
    success_message = "已保存认定的学时。"

    def get_title(self) -> str:
        return f"认定学时：{self.participation.cadre.name}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.participation}

    def act(self, form: CreditForm) -> None:
        change_participation(participation=self.participation, values=form.cleaned_data, by=self.viewer)


class RemoveParticipation(ParticipationAct, ConfirmPage):
    submit_label = "移出名单"
    keep_label = "保留"

    def get_title(self) -> str:
        return f"移出名单：{self.participation.cadre.name}"

    def get_question(self) -> str:
        return f"把 {self.participation.cadre.name} 移出“{self.object}”的名单？"

    def get_consequence(self) -> str:
        hours = self.participation.hours
        return f"已认定的 {hours.normalize():f} 学时随之取消；需要时可以重新添加。操作会记入审计日志。"

    def act(self, form: Any) -> None:
        remove_participant(participation=self.participation, by=self.viewer)

    def get_success_message(self) -> str:
        return "已移出名单。"
