"""Single people of a 信息核对: 免核对 with a reason, taken back, and somebody who came later."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.web.views import ConfirmPage, FormPage
from growth.forms import AddPeopleForm, ExcuseForm
from growth.models import CheckMember
from growth.services import add_people, excuse_member, restore_member
from growth.views.campaigns import ForOrganisers
from people.choices import CadreStatus
from people.models import Cadre


class MemberAct(ForOrganisers):
    """One person of the campaign, never the own row."""

    def members(self) -> QuerySet[CheckMember]:
        rows: QuerySet[CheckMember] = CheckMember.objects.visible_to(self.viewer)
        others = rows.filter(campaign=self.object).exclude(cadre=self.viewer.cadre_id or 0)
        return others.select_related("cadre", "campaign")

    @cached_property
    def member(self) -> CheckMember:
        return get_object_or_404(self.members(), pk=self.kwargs["row"])


class ExcuseMember(MemberAct, FormPage):
    form_class = ExcuseForm
    submit_label = "免核对"

    def get_title(self) -> str:
        return f"免核对：{self.member.cadre.name}"

    def get_success_message(self) -> str:
        return f"{self.member.cadre.name}已免核对，不再计入应核对人数；在“免核对”中可以恢复。"

    def act(self, form: ExcuseForm) -> None:
        excuse_member(
            member=self.member, reason=form.cleaned_data["reason"], by=self.viewer, at=timezone.now()
        )


class RestoreMember(MemberAct, ConfirmPage):
    submit_label = "恢复核对"
    keep_label = "仍免核对"

    def get_title(self) -> str:
        return f"恢复核对：{self.member.cadre.name}"

    def get_question(self) -> str:
        return f"恢复{self.member.cadre.name}的核对？"

    def get_consequence(self) -> str:
        return f"原因为“{self.member.excuse}”。恢复后计入应核对人数，本人会收到通知。"

    def get_success_message(self) -> str:
        return f"已恢复{self.member.cadre.name}的核对，并通知本人。"

    def act(self, form: Any) -> None:
        restore_member(member=self.member, by=self.viewer, at=timezone.now())


class AddPeople(ForOrganisers, FormPage):
    title = "加入核对人员"
    form_class = AddPeopleForm
    submit_label = "加入并通知"

    def get_form_kwargs(self) -> dict[str, Any]:
        reach = Cadre.objects.visible_to(self.viewer).filter(status=CadreStatus.ACTIVE)
        return {**super().get_form_kwargs(), "reach": reach}

    def act(self, form: AddPeopleForm) -> int:
        people = form.cleaned_data["names"]
        return add_people(campaign=self.object, cadres=people, by=self.viewer, at=timezone.now())

    def get_success_message(self) -> str:
        return f"已加入 {self.result} 人并通知；加错的可以点“免核对”。"

    def get_success_url(self) -> str:
        return reverse("growth:campaign", args=[self.object.pk])
