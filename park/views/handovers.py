"""移交: what waits to be taken over, one item with its answers, asking another; the leader's notes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from core.access import Permission, Viewer
from core.templatetags.ui import cn_date
from core.web.listing import ListColumn, Sort
from core.web.views import DetailPage, FormPage, FramePage, ListPage, ObjectMixin
from park.access import sides_of
from park.choices import HandoverState
from park.filters.field import HandoverFilter
from park.forms.assignments import HandoverForm, LeaderNoteForm, NoteForm, RedirectForm
from park.models import Assignment, Handover, LeaderNote
from park.queries import assignments as queries
from park.services import handovers as services
from park.services.assignments import write_leader_note
from park.views.assignments import PAGES, AssignmentForm, people_crumbs
from park.views.field import subject_url
from park.views.links import Crumbs
from people.models import Cadre


def handover_url(handover: Handover) -> str:
    return reverse("park:handover", args=[handover.pk])


class HandoverListPage(ListPage):
    title = "移交"
    permission = Permission.VIEW_PARK
    template_name = "park/assignments/list.html"
    model = Handover
    filterset_class = HandoverFilter
    main_filters = ("mine",)
    noun = "待接收的移交"
    counter = "项"
    empty_icon = "circle-check"
    empty_hint = "干部岗位变动后，系统会在当晚把其承担的工作逐项列到这里，由接收人确认。"
    export_permission = Permission.VIEW_PARK
    default_sort = "offered"
    sorts = (Sort("offered", "提出日期", ("offered_on",)), Sort("to", "接收人", ("to__name_pinyin",)))
    columns = (
        ListColumn("subject", "移交内容", lambda h: h.assignment.subject, link=handover_url, width=32),
        ListColumn("from", "移交人", lambda h: h.assignment.cadre, css="nowrap"),
        ListColumn("role", "角色", lambda h: h.assignment.get_role_display(), css="nowrap"),
        ListColumn("to", "接收人", lambda h: h.to, sort="to", css="nowrap"),
        ListColumn("reason", "原因", lambda h: h.reason, width=26),
        ListColumn("offered", "提出日期", lambda h: cn_date(h.offered_on), sort="offered", css="num nowrap"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return queries.open_handovers(self.viewer)

    def get_crumbs(self) -> Crumbs:
        return people_crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tabs = [(label, reverse(name), name == "park:handovers") for label, name in PAGES]
        return super().get_context_data(pages_of_people=tabs, **kwargs)


@dataclass(frozen=True, slots=True)
class Act:
    """`taker` acts are the successor's (or whoever looks after them), the others the giver's side's."""

    title: str
    taker: bool
    form: type[Any]
    run: Callable[..., object]
    hint: str
    main: bool = False


ACTS: dict[str, Act] = {
    "accept": Act(
        "接收", True, NoteForm, services.accept, "从今天起由接收人承担，此前的记录仍属原承担人。", main=True
    ),
    "decline": Act("退回", True, NoteForm, services.decline, "写明不能接收的原因，由移交方另选接收人。"),
    "redirect": Act("改由他人接收", False, RedirectForm, services.redirect, "原接收人的移交撤回。"),
    "withdraw": Act("撤回移交", False, NoteForm, services.withdraw, "这一项继续由原承担人负责。"),
}


def acts_of(row: Handover, viewer: Viewer) -> list[tuple[str, Act]]:
    if row.state != HandoverState.OFFERED:
        return []
    taker, giver = sides_of(row, viewer)
    return [(key, act) for key, act in ACTS.items() if (taker if act.taker else giver)]


class HandoverRow(ObjectMixin):
    model = Handover

    def get_queryset(self) -> QuerySet[Any]:
        rows = Handover.objects.visible_to(self.viewer)
        subjects = ("assignment__task", "assignment__project", "assignment__enterprise")
        return rows.select_related("to", "assignment__cadre", "assignment__lead_official", *subjects)


class HandoverPage(HandoverRow, DetailPage):
    permission = Permission.VIEW_PARK
    template_name = "park/assignments/handover.html"

    def get_title(self) -> str:
        return f"移交：{self.object.assignment.subject}"

    def get_crumbs(self) -> Crumbs:
        return people_crumbs(("移交", reverse("park:handovers")), (str(self.object.assignment.subject), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            acts=acts_of(self.object, self.viewer),
            subject_url=subject_url(self.object.assignment.subject),
            **kwargs,
        )


class TakeHandoverAct(HandoverRow, FormPage):
    permission: ClassVar = Permission.VIEW_PARK
    template_name = "park/act.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.may(self.permission) or kwargs["act"] not in dict(acts_of(self.object, self.viewer)):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def act_taken(self) -> Act:
        return ACTS[self.kwargs["act"]]

    def get_form_class(self) -> type[Any]:
        return self.act_taken.form

    def get_title(self) -> str:
        return self.act_taken.title

    def get_crumbs(self) -> Crumbs:
        subject = str(self.object.assignment.subject)
        return people_crumbs((subject, handover_url(self.object)), (self.get_title(), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        words = f"{row.assignment.cadre}移交给{row.to}。{self.act_taken.hint}"
        context = super().get_context_data(object=row.assignment.subject, hint=words, **kwargs)
        return {**context, "submit_label": self.act_taken.title}

    def act(self, form: Any) -> None:
        self.act_taken.run(handover=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data)

    def get_success_message(self) -> str:
        return f"已办理：{self.act_taken.title}。"

    def get_success_url(self) -> str:
        return reverse("park:handovers")

    def get_cancel_url(self) -> str:
        return handover_url(self.object)


class OfferHandover(AssignmentForm):
    title = "移交"
    submit_label = "提出移交"
    form_class = HandoverForm
    hint = "接收人确认后才会转移，确认前仍由本人负责。"
    success_message = "已提出移交，等待接收人确认。"

    def act(self, form: HandoverForm) -> Handover:
        data = form.cleaned_data
        return services.offer(
            assignment=self.object, to=data["to"], reason=data["reason"], by=self.viewer, on=self.viewer.on
        )


# -- the leader's notes --


class GuidedPage(FramePage):
    """Whom the leader guides, and what they noted on each this quarter."""

    title = "我的带教"
    permission: ClassVar = Permission.APPROVE_PARK
    template_name = "park/assignments/guided.html"

    def get_crumbs(self) -> Crumbs:
        return people_crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on, leader = self.viewer.on, self.viewer.cadre_id or 0
        year, quarter = queries.quarter_of(on)
        notes = {
            note.cadre_id: note
            for note in LeaderNote.objects.visible_to(self.viewer).filter(
                leader=leader, year=year, quarter=quarter
            )
        }
        held: dict[int, list[Assignment]] = {}
        rows = Assignment.objects.visible_to(self.viewer).filter(queries.live(on), lead_official=leader)
        for row in rows.to_people():
            held.setdefault(row.cadre_id, []).append(row)
        guided: Any = queries.guided_people(leader, on)
        people = guided.with_position(on).order_by("name_pinyin", "pk")
        return super().get_context_data(
            people=[(cadre, held.get(cadre.pk, []), notes.get(cadre.pk)) for cadre in people],
            quarter=f"{year}年第{quarter}季度",
            **kwargs,
        )


class WriteLeaderNote(FormPage):
    """The own note of a leader on one person they guide."""

    permission: ClassVar = Permission.APPROVE_PARK
    form_class = LeaderNoteForm
    submit_label = "保存记录"
    success_message = "已保存带教记录。"

    @property
    def cadre(self) -> Cadre:
        guided = queries.guided_people(self.viewer.cadre_id or 0, self.viewer.on)
        found = guided.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_title(self) -> str:
        return f"{self.cadre}的季度带教记录"

    def get_crumbs(self) -> Crumbs:
        return people_crumbs(("我的带教", reverse("park:guided")), (str(self.cadre), ""))

    def get_initial(self) -> dict[str, Any]:
        year, quarter = queries.quarter_of(self.viewer.on)
        notes = LeaderNote.objects.visible_to(self.viewer).filter(year=year, quarter=quarter)
        note = notes.filter(leader=self.viewer.cadre_id or 0, cadre=self.cadre).first()
        return {"text": note.text} if note else {}

    def act(self, form: LeaderNoteForm) -> LeaderNote:
        leader = Cadre.objects.visible_to(self.viewer).get(pk=self.viewer.cadre_id or 0)
        return write_leader_note(
            leader=leader,
            cadre=self.cadre,
            text=form.cleaned_data["text"],
            by=self.viewer,
            on=self.viewer.on,
        )

    def get_success_url(self) -> str:
        return reverse("park:guided")
