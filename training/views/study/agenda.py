"""议程 of an activity: its points, who speaks, and who could speak next."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.keys import key_of
from core.web.views import ConfirmPage, FormPage, FramePage, PressMixin
from people.models import Cadre
from training.choices import StudyKind
from training.forms.study import AgendaForm
from training.models import AgendaItem
from training.queries.study import agenda_of, candidates_for, figures_on
from training.rota import propose
from training.services.study import (
    add_item,
    change_item,
    invite_speakers,
    remove_item,
    take_over_agenda,
)
from training.views.study.common import ActivityAct

PROPOSED = 5


class NewItem(ActivityAct, FormPage):
    title = "增加议程"
    submit_label = "保存议程"
    form_class = AgendaForm
    success_message = "已增加议程。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def act(self, form: AgendaForm) -> AgendaItem:
        return add_item(activity=self.object, values=form.values(), by=self.viewer)


class ItemAct(ActivityAct):
    @cached_property
    def item(self) -> AgendaItem:
        rows = AgendaItem.objects.visible_to(self.viewer).filter(activity=self.object)
        return get_object_or_404(rows.select_related("speaker", "activity"), pk=self.kwargs["row"])


class EditItem(ItemAct, FormPage):
    title = "修改议程"
    form_class = AgendaForm
    success_message = "已保存议程。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer, "row": self.item}

    def act(self, form: AgendaForm) -> None:
        change_item(item=self.item, values=form.values(), by=self.viewer)


class RemoveItem(ItemAct, ConfirmPage):
    title = "删除议程"
    submit_label = "删除议程"
    success_message = "已删除议程。"

    def get_question(self) -> str:
        return f"删除议程“{self.item}”？"

    def act(self, form: Any) -> None:
        remove_item(item=self.item, by=self.viewer)


class TakeOverAgenda(ActivityAct, PressMixin):
    """沿用上期议程。"""

    def act(self) -> str:
        return f"已沿用上期 {take_over_agenda(activity=self.object, by=self.viewer)} 项议程，请补上发言人。"


class ProposeSpeakers(ActivityAct, FramePage):
    """发言人建议: the next speakers with the reason; one tap puts them on the agenda."""

    title = "发言人建议"
    template_name = "training/study/propose.html"
    kind: ClassVar = StudyKind.LEARNING

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(kind=self.kind)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = self.object.held_on
        rule = figures_on(day)
        candidates = candidates_for(self.object, self.viewer)
        return super().get_context_data(
            object=self.object,
            proposals=propose(candidates, count=PROPOSED, on=day, youth_age=rule.youth_age),
            waiting=sum(one.last_spoke_on is None for one in candidates),
            rule=rule,
            agenda=agenda_of(self.object, self.viewer),
            **kwargs,
        )


class InviteSpeaker(ActivityAct, PressMixin):
    def act(self) -> str:
        key = self.request.POST.get("cadre", "")
        reach = Cadre.objects.visible_to(self.viewer, Permission.EDIT_STUDY)
        cadre = get_object_or_404(reach, pk=key_of(key))
        invite_speakers(activity=self.object, cadres=[cadre], by=self.viewer)
        return f"已请 {cadre.name} 发言，可在议程里补上题目。"

    def get_success_url(self) -> str:
        return reverse("training:activity_propose", args=[self.object.pk])
