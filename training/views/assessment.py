"""登记结果: a grade for each person, in one page; who missed too much needs a reason to pass."""

from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.web.views import FormPage
from training.choices import ClassKind
from training.enrolment import ACTIVE, ASSESSED
from training.forms.classes import AssessForm
from training.models import Participation
from training.presence import Presence
from training.queries.presence import presences_of
from training.services.assessment import assess
from training.views.classes import ClassAct


class AssessPage(ClassAct, FormPage):
    title = "登记结果"
    submit_label = "保存结果"
    template_name = "training/classes/assess.html"
    form_class = AssessForm

    @cached_property
    def rows(self) -> list[Participation]:
        """Those whom the viewer may assess: never the own row."""
        seen = Participation.objects.visible_to(self.viewer, Permission.EDIT_TRAINING)
        rows = seen.filter(training_class=self.object, state__in=ACTIVE | ASSESSED)
        others = rows.exclude(cadre_id=self.viewer.cadre_id or 0).select_related("cadre")
        return list(others.order_by("cadre__display_order", "cadre__name_pinyin", "pk"))

    def get_form_kwargs(self) -> dict[str, Any]:
        external = self.object.kind == ClassKind.DISPATCHED
        return {**super().get_form_kwargs(), "rows": self.rows, "external": external}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(object=self.object, **kwargs)
        presences, form, held = presences_of(self.object), found["form"], self.object
        lines = []
        for row in self.rows:
            presence = presences.get(row.cadre_id, Presence())
            fields = [form[f"{name}_{row.pk}"] for name in ("grade", "reason")]
            number = form[f"number_{row.pk}"] if form.external else None
            enough, light = presence.is_enough(held.leave_limit), presence.leave_light(held.leave_limit)
            lines.append((row, presence, light, enough, fields, number))
        return {**found, "lines": lines}

    def act(self, form: AssessForm) -> list[Participation]:
        verdicts = form.verdicts()
        return assess(training_class=self.object, verdicts=verdicts, by=self.viewer, at=timezone.now())

    def get_success_message(self) -> str:
        return f"已登记 {len(self.result)} 人的结果；全部评定后即可归档。"
