"""People on their way into a class: nominated, approved, taken off; one person's whole way."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, NamedTuple

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.keys import key_of
from core.web.views import ConfirmPage, DetailPage, FormPage, ObjectMixin
from people.choices import CadreStatus
from people.models import Cadre, CadreQuerySet
from training.choices import EnrolmentWay, ParticipationState
from training.class_states import BEFORE_START
from training.enrolment import ACTIVE, LIGHTS, OUT, PENDING
from training.forms.classes import DecisionForm, NeededReasonForm, NominateForm, ReasonForm
from training.models import Certificate, LeaveRequest, Participation, ParticipationStep
from training.queries.enrolment import may_take_leave, own_attendance, pending_of, queue_places
from training.queries.presence import presence_in
from training.services import enrolment
from training.views.classes import ClassAct, class_crumbs, class_url
from training.views.participants import AddPeople

P = ParticipationState


class Nominate(AddPeople):
    """A unit names its people; with `?for=` somebody in the place of who withdrew."""

    permission: ClassVar = Permission.NOMINATE
    title = "推荐人选"
    submit_label = "推荐"

    @cached_property
    def editable(self) -> CadreQuerySet:
        reach = Cadre.objects.visible_to(self.viewer, Permission.NOMINATE)
        return reach.filter(status=CadreStatus.ACTIVE)

    @cached_property
    def gone(self) -> Participation | None:
        wanted = self.request.GET.get("for", "")
        rows = Participation.objects.visible_to(self.viewer, Permission.NOMINATE)
        rows = rows.filter(training_class=self.object, state__in=OUT).select_related("cadre")
        return rows.filter(pk=key_of(wanted)).first()

    def get_form_class(self) -> Any:
        return NominateForm

    def get_title(self) -> str:
        return f"推荐替补：接替 {self.gone.cadre.name}" if self.gone else self.title

    def act(self, form: Any) -> list[Participation]:
        return enrolment.nominate(
            training_class=self.object,
            cadres=form.cleaned_data["people"],
            by=self.viewer,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
            substitute_for=self.gone,
        )

    def get_success_message(self) -> str:
        return f"已推荐 {len(self.result)} 人，等待组织人事部门审批。"


class Approvals(ClassAct, FormPage):
    title = "审批报名和推荐"
    submit_label = "办理"
    template_name = "training/classes/approvals.html"
    form_class = DecisionForm

    @cached_property
    def pending(self) -> QuerySet[Participation]:
        return pending_of(self.viewer).filter(training_class=self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "rows": self.pending}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ticked = set(self.request.POST.getlist("people"))
        return super().get_context_data(
            rows=list(self.pending), object=self.object, ticked=ticked, lights=LIGHTS, **kwargs
        )

    def act(self, form: DecisionForm) -> tuple[str, list[Participation]]:
        data = form.cleaned_data
        service = enrolment.approve if data["act"] == "approve" else enrolment.reject
        rows = service(
            participations=list(data["people"]), by=self.viewer, at=timezone.now(), reason=data["reason"]
        )
        return data["act"], rows

    def get_success_message(self) -> str:
        act, rows = self.result
        if act == "reject":
            return f"已办理 {len(rows)} 人不通过，并通知本人。"
        waiting = sum(row.state == P.WAITING for row in rows)
        return f"已通过 {len(rows)} 人" + (f"，其中候补 {waiting} 人。" if waiting else "，并通知本人。")


class ParticipationPage(DetailPage):
    """One person's way through one class: for the person and for whoever looks after them."""

    permission = Permission.VIEW_TRAINING
    model = Participation
    template_name = "training/classes/participation.html"

    def get_queryset(self) -> QuerySet[Any]:
        rows = Participation.objects.visible_to(self.viewer)
        return rows.select_related("cadre", "training_class", "unit", "substitute_for__cadre")

    def get_title(self) -> str:
        return f"{self.object.cadre.name}：{self.object.training_class.name}"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        held = self.object.training_class
        return class_crumbs((held.name, class_url(held)), (self.object.cadre.name, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, held = self.object, self.object.training_class
        presence = presence_in(held, row.cadre_id)
        steps = ParticipationStep.objects.visible_to(self.viewer).filter(participation=row)
        leaves = LeaveRequest.objects.visible_to(self.viewer).filter(participation=row)
        papers = Certificate.objects.visible_to(self.viewer).filter(participation=row)
        return super().get_context_data(
            held=held,
            light=LIGHTS[row.state],
            place=queue_places([row]).get(row.pk, 0),
            steps=[(step, LIGHTS[step.state]) for step in steps.order_by("at", "pk")],
            presence=presence,
            leave_light=presence.leave_light(held.leave_limit),
            attendances=own_attendance(row),
            leaves=list(leaves.select_related("slot")),
            certificates=list(papers),
            own=row.cadre_id == self.viewer.cadre_id,
            may_leave=may_take_leave(row) and (row.cadre_id == self.viewer.cadre_id or self._may_edit()),
            may_withdraw=held.state in BEFORE_START and row.state in (*PENDING, *ACTIVE, P.WAITING),
            acts=self._acts(),
            now=timezone.now(),
            **kwargs,
        )

    @cached_property
    def reach(self) -> dict[Permission, bool]:
        own = self.object.cadre_id == self.viewer.cadre_id
        return {
            permission: not own
            and Participation.objects.visible_to(self.viewer, permission).filter(pk=self.object.pk).exists()
            for permission in (Permission.EDIT_TRAINING, Permission.NOMINATE)
        }

    def _may_edit(self) -> bool:
        return self.reach[Permission.EDIT_TRAINING]

    def _acts(self) -> list[tuple[str, str]]:
        """(key, label) of what the viewer may do with this person now."""
        row = self.object
        signs = row.training_class.enrolment_way == EnrolmentWay.SIGNED and row.state == P.APPLIED
        found = [("sign", "部门同意")] if signs and self.reach[Permission.NOMINATE] else []
        if self._may_edit() and row.state == P.CONFIRMED and row.training_class.kind == "dispatched":
            found.append(("dispatch", "派出"))
        if self._may_edit() and row.state in ACTIVE and row.training_class.state == "running":
            found.append(("drop", "退学"))
        may_take_off = self._may_edit() or (self.reach[Permission.NOMINATE] and row.state in PENDING)
        if may_take_off and row.state in (*PENDING, *ACTIVE, P.WAITING):
            found.append(("withdraw", "退出"))
        return found


class Act(NamedTuple):
    """One thing that staff do with one person."""

    label: str
    permission: Permission
    question: str
    consequence: str
    service: Callable[..., Any]
    needs_reason: bool = False
    takes_reason: bool = True
    dangerous: bool = False


def _dispatch_one(*, participation: Participation, by: Any, at: Any) -> Any:
    return enrolment.dispatch(participations=[participation], by=by, at=at)


ACTS = {
    "sign": Act(
        "部门同意",
        Permission.NOMINATE,
        "同意 {name} 参加“{held}”？",
        "同意后由组织人事部门审批。",
        enrolment.sign_off,
    ),
    "withdraw": Act(
        "办理退出",
        Permission.NOMINATE,
        "{name} 退出“{held}”？",
        "空出的名额按候补顺序自动递补，并通知本人。之后可以重新加入。",
        enrolment.withdraw,
        needs_reason=True,
        dangerous=True,
    ),
    "promote": Act(
        "递补",
        Permission.EDIT_TRAINING,
        "让 {name} 递补参加“{held}”？",
        "占用一个空出的名额，并通知本人。",
        enrolment.promote,
        takes_reason=False,
    ),
    "dispatch": Act(
        "派出",
        Permission.EDIT_TRAINING,
        "派出 {name} 参加“{held}”？",
        "本人会收到调训通知；结业后在评定中登记结果。",
        _dispatch_one,
        takes_reason=False,
    ),
    "drop": Act(
        "办理退学",
        Permission.EDIT_TRAINING,
        "{name} 从“{held}”退学？",
        "退学后不计学时、不发证书，名额不再递补，并通知本人。不能撤销。",
        enrolment.drop_out,
        needs_reason=True,
        dangerous=True,
    ),
}


class PersonAct(ObjectMixin, ConfirmPage):
    model = Participation
    permission: ClassVar = (Permission.EDIT_TRAINING, Permission.NOMINATE)

    @cached_property
    def the_act(self) -> Act:
        found = ACTS.get(self.kwargs["act"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def object(self) -> Participation:
        rows = Participation.objects.visible_to(self.viewer, self.the_act.permission)
        others = rows.exclude(cadre_id=self.viewer.cadre_id or 0)
        return get_object_or_404(others.select_related("cadre", "training_class"), pk=self.kwargs["pk"])

    def get_title(self) -> str:
        return self.the_act.label

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        held = self.object.training_class
        return class_crumbs((held.name, class_url(held)), (self.the_act.label, ""))

    def get_form_class(self) -> Any:
        if self.the_act.needs_reason:
            return NeededReasonForm
        return ReasonForm if self.the_act.takes_reason else ConfirmPage.form_class

    def get_question(self) -> str:
        row = self.object
        return self.the_act.question.format(name=row.cadre.name, held=row.training_class.name)

    def get_consequence(self) -> str:
        return self.the_act.consequence

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        return {**found, "submit_label": self.the_act.label, "dangerous": self.the_act.dangerous}

    def act(self, form: Any) -> Any:
        reason = {"reason": form.cleaned_data["reason"]} if self.the_act.takes_reason else {}
        return self.the_act.service(participation=self.object, by=self.viewer, at=timezone.now(), **reason)

    def get_success_message(self) -> str:
        moved = [row for row in self.result or () if row.pk != self.object.pk]
        names = "、".join(row.cadre.name for row in moved)
        return f"已办理：{self.the_act.label}。" + (f"{names} 已递补并通知本人。" if names else "")

    @property
    def from_check(self) -> str:
        """The check of clashes, for whoever comes from there."""
        wanted = self.request.GET.get("next") == "check"
        return reverse("training:class_check", args=[self.object.training_class_id]) if wanted else ""

    def get_success_url(self) -> str:
        return self.from_check or class_url(self.object.training_class)

    def get_cancel_url(self) -> str:
        return self.from_check or reverse("training:participation", args=[self.object.pk])
