"""One secondment for staff: facts, the way so far, what is due next, opinions behind a trace."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from core.audit import record
from core.choices import AuditAction
from core.web.views import DetailPage
from rotation.choices.secondments import OpinionParty, OpinionStage, SecondmentAct, SecondmentState
from rotation.models import Opinion, Secondment
from rotation.queries.secondments import eligibility, months_missing
from rotation.secondment_states import COMING, LIVE, OVER, WAY, acts_from
from rotation.services.secondments import PARTIES, STAGES
from rotation.views.secondments.shared import (
    APPROVES,
    EDITS,
    REVIEWS,
    SEES,
    Crumbs,
    crumbs,
    has,
    light_of,
    may,
    with_names,
    with_rights,
)

S = SecondmentState
STEP_OF = {S.EXTENDED: S.ACTIVE, S.KEPT: S.RETURNED}
# The page of each act, in the order in which the acts come; only one of them is the page's main act.
ACT_PAGES = {
    SecondmentAct.APPROVE: ("审批", "rotation:secondment_approve", APPROVES),
    SecondmentAct.DISPATCH: ("出具派遣函", "rotation:secondment_dispatch", EDITS),
    SecondmentAct.REPORT_IN: ("登记报到", "rotation:secondment_report", EDITS),
    SecondmentAct.END: ("办理期满", "rotation:secondment_end", EDITS),
    SecondmentAct.APPRAISE: ("完成鉴定", "rotation:secondment_complete", EDITS),
    SecondmentAct.RETURN: ("办理返岗或留任", "rotation:secondment_settle", EDITS),
    SecondmentAct.EXTEND: ("申请延期", "rotation:secondment_extend", EDITS),
    SecondmentAct.CANCEL: ("撤销", "rotation:secondment_cancel", EDITS),
}
MAIN = frozenset(list(ACT_PAGES)[:6])


class SecondmentPage(DetailPage):
    permission = SEES
    model = Secondment
    template_name = "rotation/secondments/page.html"

    def get_queryset(self) -> QuerySet[Any]:
        """The own one has its own page, where the person acts as cadre."""
        rows: QuerySet[Any] = Secondment.objects.visible_to(self.viewer)
        rows = rows.exclude(cadre_id=self.viewer.cadre_id or 0)
        rows = with_rights(rows, self.viewer, EDITS, REVIEWS, APPROVES)
        return with_names(rows).select_related("return_plan")

    def get_title(self) -> str:
        return f"{self.object.cadre.name}：{self.object.place}{self.object.title}"

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.object.cadre.name, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, viewer = self.object, self.viewer
        may_edit, acts, notes = has(row, EDITS), self._acts(), list(row.notes.all())
        checks = eligibility(row.cadre, row.starts_on, row.planned_end_on) if row.state in COMING else []
        return super().get_context_data(
            light=light_of(row, viewer.on),
            way=way_of(row),
            steps=row.steps.order_by("pk"),
            checks=checks,
            notes=notes,
            missing=months_missing(row, notes, viewer.on) if row.state in LIVE else [],
            extensions=list(row.extensions.all()),
            brought=list(row.brought_home.select_related("task")),
            host_forms=list(row.host_forms.all()) if may_edit else [],
            plan=getattr(row, "return_plan", None),
            acts=acts,
            main_act=next((act for act in acts if act[0] in MAIN), None),
            may_edit=may_edit,
            may_review=has(row, REVIEWS),
            days_left=(row.planned_end_on - viewer.on).days if row.state in LIVE else None,
            appraisable=row.state in (*LIVE, *OVER),
            lettered=row.state not in (S.RECOMMENDED, S.APPROVED, S.REFUSED, S.CANCELLED),
            over=row.state in OVER,
            **kwargs,
        )

    def _acts(self) -> list[tuple[SecondmentAct, str, str]]:
        """(act, words, URL name) of what the state allows and the viewer may do."""
        open_acts = acts_from(S(self.object.state))
        return [
            (act, words, url_name)
            for act, (words, url_name, permission) in ACT_PAGES.items()
            if act in open_acts and has(self.object, permission)
        ]


def way_of(row: Secondment) -> list[tuple[int, str, str]]:
    """(number, words, "done" | "now" | "") of the way that is drawn; nothing for what was given up."""
    at = STEP_OF.get(S(row.state), S(row.state))
    if at not in WAY:
        return []
    place = WAY.index(at)
    labels = [state.label for state in (*WAY[:-1], S.KEPT if row.state == S.KEPT else WAY[-1])]
    return [
        (n, label, "done" if n <= place else "now" if n == place + 1 else "")
        for n, label in enumerate(labels, start=1)
    ]


class AppraisalPage(DetailPage):
    """The words of the midterm review and of the 鉴定: L3, so opening leaves a trace."""

    permission: ClassVar = SEES
    model = Secondment
    template_name = "rotation/secondments/appraisal.html"

    def get_queryset(self) -> QuerySet[Any]:
        return with_names(Secondment.objects.visible_to(self.viewer))

    def get_title(self) -> str:
        return f"挂职鉴定：{self.object.cadre.name}"

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.object.cadre.name, self.back()), ("鉴定", ""))

    def back(self) -> str:
        own = self.object.cadre_id == self.viewer.cadre_id
        return reverse("rotation:my_secondment" if own else "rotation:secondment", args=[self.object.pk])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        record(
            action=AuditAction.SECONDMENT_OPENED,
            by=self.viewer,
            subject=self.object,
            label=f"查阅挂职鉴定：{self.object}",
        )
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Opinion.objects.visible_to(self.viewer).filter(secondment=self.object)
        known = {(o.stage, o.party): o for o in rows.select_related("scan")}
        return super().get_context_data(
            stages=[(stage, self._parts(stage, known)) for stage in OpinionStage],
            has_final=any(stage == OpinionStage.FINAL for stage, _ in known),
            back=self.back(),
            own=self.object.cadre_id == self.viewer.cadre_id,
            **kwargs,
        )

    def _parts(self, stage: OpinionStage, known: dict[Any, Opinion]) -> list[tuple[Any, Any, bool]]:
        """(party, opinion, whether the viewer may write it now)."""
        open_now = self.object.state in STAGES[stage]
        return [
            (party, known.get((stage, party)), open_now and self._may_write(party))
            for party in PARTIES[stage]
        ]

    def _may_write(self, party: OpinionParty) -> bool:
        if self.object.cadre_id == self.viewer.cadre_id:
            return party == OpinionParty.SELF
        if party == OpinionParty.HOME:
            return may(self.viewer, self.object, REVIEWS)
        return may(self.viewer, self.object, EDITS)
