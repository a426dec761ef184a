"""发布前检查: everything that speaks against the times of a class, and what can be done about each."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.web.views import DetailPage, FormPage
from training.forms.attendance import ReasonForm
from training.models import AcceptedClash, Participation, TrainingClass
from training.queries.clashes import ClashReport, ClashRow, ThinRow, clashes_of, clashes_of_class
from training.services.clashes import accept_clash
from training.views.classes import class_crumbs, class_url
from training.views.slots import OfSlot, owner_link, slot_words


class ClassCheck(DetailPage):
    title = "发布前检查"
    permission: ClassVar = Permission.EDIT_TRAINING
    model = TrainingClass
    template_name = "training/clashes/page.html"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return class_crumbs((self.object.name, class_url(self.object)), (self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_solve = bool(self.viewer.paths(Permission.EDIT_TRAINING))
        return super().get_context_data(report=self._report(), may_solve=may_solve, **kwargs)

    def _report(self) -> ClashReport:
        """With the rows that the viewer may take off the list."""
        report = clashes_of_class(self.object, on=self.viewer.on)
        rows = Participation.objects.visible_to(self.viewer, Permission.EDIT_TRAINING)
        ids = dict(rows.filter(training_class=self.object).values_list("cadre_id", "pk"))
        ids.pop(self.viewer.cadre_id or 0, None)
        clashes = tuple(replace(row, participation_id=ids.get(row.cadre.pk)) for row in report.clashes)
        return replace(report, clashes=clashes)


class AcceptClash(OfSlot, FormPage):
    """One clash, found anew: what has gone meanwhile is a 404, not a form."""

    title = "接受冲突"
    form_class = ReasonForm
    submit_label = "接受并说明"
    success_message = "已接受，这一处不再提醒。"

    @cached_property
    def report(self) -> ClashReport:
        people = self.slot.attendances.values_list("cadre_id", flat=True)
        if self.slot.training_class:
            return clashes_of_class(self.slot.training_class, on=self.viewer.on)
        return clashes_of([self.slot], people, on=self.viewer.on)

    @cached_property
    def row(self) -> ClashRow | ThinRow:
        asked = self.request.GET
        for row in self.report.clashes:
            if (row.slot.pk, str(row.cadre.pk), row.clash.key) == (
                self.slot.pk,
                asked.get("cadre"),
                asked.get("key"),
            ):
                return row
        for thin in self.report.thin:
            if (thin.slot.pk, str(thin.unit.pk)) == (self.slot.pk, asked.get("unit")):
                return thin
        raise Http404

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        row = self.row
        what = (
            f"{row.cadre.name}：{row.clash.engagement.kind}“{row.clash.engagement.title}”"
            if isinstance(row, ClashRow)
            else f"{row.unit.name}：{row.thin.people} 人中 {row.thin.away} 人不在岗"
        )
        form.fields["reason"].label = "接受的原因"
        form.fields["reason"].help_text = f"{slot_words(self.slot)}，{what}"
        return form

    def act(self, form: ReasonForm) -> AcceptedClash:
        return accept_clash(
            slot=self.slot,
            row=self.row,
            reason=form.cleaned_data["reason"],
            by=self.viewer,
            at=timezone.now(),
        )

    def get_success_url(self) -> str:
        if self.slot.training_class_id:
            return reverse("training:class_check", args=[self.slot.training_class_id])
        return owner_link(self.slot)[1]
