"""我的挂职: on the cadre's telephone; the note of the month is there, typed and sent."""

from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.web.views import DetailPage, FormPage, FramePage, ObjectMixin, Permissions
from rotation.choices.secondments import OpinionParty, OpinionStage, SecondmentState
from rotation.forms.secondments import BroughtHomeForm, NoteForm, OpinionForm
from rotation.models import BroughtHome, MonthlyNote, Opinion, Secondment
from rotation.queries.secondments import missing_notes, next_month
from rotation.secondment_states import LIVE
from rotation.services import secondments as services
from rotation.services.secondments import Hop
from rotation.views.secondments.page import way_of
from rotation.views.secondments.shared import SEES, Crumbs, with_names

NOTES_SHOWN = 24


class OwnMixin(ObjectMixin):
    """The viewer as cadre: the own rows that are published."""

    permission: ClassVar[Permissions] = SEES
    model = Secondment

    def may(self, permission: Permissions) -> bool:
        return super().may(permission) and self.viewer.on_own_record(Permission.VIEW_SECONDMENT)

    def get_queryset(self) -> QuerySet[Any]:
        rows = Secondment.objects.visible_to(self.viewer).filter(cadre_id=self.viewer.cadre_id or 0)
        return with_names(rows)

    def get_crumbs(self) -> Crumbs:
        mine = ("我的挂职", reverse("rotation:my_secondments"))
        return [("首页", reverse("home")), mine, (self.get_title(), "")]  # type: ignore[attr-defined]

    def get_success_url(self) -> str:
        return reverse("rotation:my_secondment", args=[self.object.pk])


class MySecondments(OwnMixin, FramePage):
    title = "我的挂职"
    template_name = "rotation/secondments/mine.html"

    def get_crumbs(self) -> Crumbs:
        return [("首页", reverse("home")), (self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(self.get_queryset())
        missing = missing_notes([row for row in rows if row.state in LIVE], self.viewer.on)
        for row in rows:
            row.missing = missing.get(row.pk, [])
        return super().get_context_data(rows=rows, **kwargs)


class MySecondment(OwnMixin, DetailPage):
    template_name = "rotation/secondments/my.html"

    def get_title(self) -> str:
        return f"{self.object.place}{self.object.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, on = self.object, self.viewer.on
        said = Opinion.objects.visible_to(self.viewer).filter(secondment=row, party=OpinionParty.SELF)
        stages = set(said.values_list("stage", flat=True))
        return super().get_context_data(
            way=way_of(row),
            live=row.state in LIVE,
            days_left=(row.planned_end_on - on).days,
            missing=missing_notes([row], on).get(row.pk, []) if row.state in LIVE else [],
            notes=list(row.notes.all()[:NOTES_SHOWN]),
            brought=list(row.brought_home.select_related("task")),
            wants_summary=row.state == SecondmentState.ENDED and OpinionStage.FINAL not in stages,
            wants_midterm=_midterm_due(row, on) and OpinionStage.MIDTERM not in stages,
            appraised=row.state
            in (SecondmentState.APPRAISED, SecondmentState.RETURNED, SecondmentState.KEPT),
            plan=getattr(row, "return_plan", None),
            **kwargs,
        )


def _midterm_due(row: Secondment, on: date) -> bool:
    return row.state in LIVE and row.midterm_on is not None and row.midterm_on <= on


class NewNote(OwnMixin, FormPage):
    """The month that is missing longest is chosen already."""

    form_class = NoteForm
    submit_label = "提交月报"
    success_message = "已提交。"
    template_name = "rotation/secondments/note_form.html"

    def get_title(self) -> str:
        return "挂职月报"

    @cached_property
    def months(self) -> list[date]:
        """Those that may be written, the latest first; one that has been read is closed."""
        row, on = self.object, self.viewer.on
        read = row.notes.filter(read_at__isnull=False).values_list("month", flat=True)
        closed, month, found = set(read), row.starts_on.replace(day=1), []
        while month <= min(row.ended_on or on, on):
            if month not in closed:
                found.append(month)
            month = next_month(month)
        return found[::-1]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "months": self.months}

    def get_initial(self) -> dict[str, Any]:
        lacking = missing_notes([self.object], self.viewer.on).get(self.object.pk)
        month = lacking[0] if lacking else self.months[0] if self.months else None
        return {"month": month.isoformat() if month else None}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, months=self.months, **kwargs)

    def act(self, form: NoteForm) -> MonthlyNote:
        return services.send_note(
            secondment=self.object, by=self.viewer, at=timezone.now(), **form.cleaned_data
        )


class OwnSummary(OwnMixin, FormPage):
    """个人总结 of the midterm review or of the 鉴定."""

    form_class = OpinionForm
    submit_label = "提交总结"
    success_message = "已提交。鉴定完成以前可以修改。"

    def get_title(self) -> str:
        return f"个人总结（{self.stage.label}）"

    @property
    def stage(self) -> OpinionStage:
        return OpinionStage.MIDTERM if self.kwargs["stage"] == "midterm" else OpinionStage.FINAL

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "party": OpinionParty.SELF, "own": True}

    def get_initial(self) -> dict[str, Any]:
        rows = Opinion.objects.visible_to(self.viewer).filter(secondment=self.object, stage=self.stage)
        known = rows.filter(party=OpinionParty.SELF).first()
        return {"text": known.text} if known else {}

    def act(self, form: OpinionForm) -> Opinion:
        hop = Hop(self.viewer, timezone.now(), self.viewer.on)
        return services.record_opinion(
            secondment=self.object,
            stage=self.stage,
            party=OpinionParty.SELF,
            values=form.cleaned_data,
            hop=hop,
        )


class OwnBroughtHome(OwnMixin, FormPage):
    title = "登记成果带回"
    form_class = BroughtHomeForm
    submit_label = "登记成果"
    success_message = "已登记，组织人事部门可以把它转为园区任务。"

    def act(self, form: BroughtHomeForm) -> BroughtHome:
        hop = Hop(self.viewer, timezone.now(), self.viewer.on)
        return services.bring_home(secondment=self.object, hop=hop, **form.cleaned_data)
