"""One class: its head, its steps, and tabs for people, slots, attendance, material, assessment, journey."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.bulk import fields_for
from core.web.lists import MOST_CHOSEN
from core.web.views import DetailPage
from people.models import Cadre
from training.choices import (
    SEATED_STATES,
    ClassKind,
    ClassState,
    EnrolmentWay,
    ParticipationState,
    ResultGrade,
)
from training.class_states import LIGHTS, NEXT_MOVE, TAKES_PEOPLE, ClassMove, moves_from
from training.enrolment import ACTIVE, OUT, PENDING
from training.enrolment import LIGHTS as PERSON_LIGHTS
from training.models import (
    ClassFile,
    ClassStep,
    Evaluation,
    Participation,
    Quiz,
    Slot,
    StudyVisit,
    TrainingClass,
)
from training.presence import Presence
from training.queries import class_list, hours_for
from training.queries.enrolment import certificates_of, offer_of
from training.queries.evaluations import FEWEST
from training.queries.presence import presences_of
from training.views.classes import class_crumbs, theme_words

P, S = ParticipationState, ClassState
PEOPLE_A_PAGE = 50
LIST_KEY = "training:class"  # what bulk changes know this list by
STEP_WORDS = {
    S.DRAFT: "拟定",
    S.PUBLISHED: "发布",
    S.ENROLLING: "报名",
    S.CLOSED: "截止",
    S.RUNNING: "上课",
    S.ASSESSING: "评定",
    S.ARCHIVED: "归档",
}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the class as the list shows it."""

    part: Participation
    light: str
    presence: Presence
    leave_light: str
    hours: Any = None
    certificate: Any = None
    place: str = ""

    @property
    def cadre(self) -> Any:
        return self.part.cadre

    @property
    def leave_words(self) -> str:
        return f"请假 {self.presence.leave_percent}%" if self.presence.leave else "无"

    @property
    def open_hours(self) -> float:
        return self.presence.open / 60

    @property
    def way_out(self) -> str:
        """Before the class one withdraws; after it has begun too much leave means 退学."""
        over = self.leave_light == "red" and self.part.training_class.state == ClassState.RUNNING
        return "drop" if over else "withdraw"

    @property
    def way_out_words(self) -> str:
        return "退学" if self.way_out == "drop" else "退出"


class ClassPage(DetailPage):
    permission = Permission.VIEW_TRAINING
    model = TrainingClass
    template_name = "training/classes/page.html"

    def get_queryset(self) -> QuerySet[Any]:
        return class_list(self.viewer).select_related("programme")

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return class_crumbs((self.object.name, ""))

    @cached_property
    def may_edit(self) -> bool:
        return self.viewer.can(Permission.EDIT_TRAINING)

    @cached_property
    def tab(self) -> str:
        """A class that waits for its results opens where they are registered."""
        usual = "assessment" if self.object.state == S.ASSESSING else "people"
        wanted = self.request.GET.get("tab", usual)
        return wanted if wanted in dict(self.tabs) else "people"

    @cached_property
    def tabs(self) -> list[tuple[str, str]]:
        held = self.object
        found = [("people", "名单"), ("slots", "时段"), ("attendance", "考勤"), ("materials", "材料")]
        if held.state in (S.ASSESSING, S.ARCHIVED):
            found.append(("assessment", "评定"))
        if held.state not in (S.DRAFT, S.CANCELLED) and self.viewer.paths(Permission.VIEW_TRAINING):
            found.append(("feedback", "测评"))
        if held.kind == ClassKind.STUDY_VISIT:
            found.append(("visit", "考察"))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = self.object
        return super().get_context_data(
            theme=theme_words(held),
            state=(LIGHTS[held.state], held.get_state_display()),
            steps=self._steps(),
            tabs=self.tabs,
            tab=self.tab,
            tab_template=f"training/classes/tabs/{self.tab}.html",
            may_edit=self.may_edit,
            moves=self._moves(),
            next_move=NEXT_MOVE.get(held.state),
            own=self._own(),
            may_nominate=self._may_nominate(),
            dispatches=held.kind == ClassKind.DISPATCHED,
            **getattr(self, f"_tab_{self.tab}")(),
            **kwargs,
        )

    def _moves(self) -> list[ClassMove]:
        """What else may be done, besides the next step and the cancelling."""
        state = S(self.object.state)
        known = (NEXT_MOVE.get(state), ClassMove.CANCEL)
        return [move for move in moves_from(state) if move not in known and self.may_edit]

    @property
    def may_cancel(self) -> bool:
        return self.may_edit and ClassMove.CANCEL in moves_from(S(self.object.state))

    def _own(self) -> Any:
        """Where the viewer stands as a cadre: a button for the phone and the desk alike."""
        if not self.viewer.on_own_record(Permission.SIGN_UP) or self.object.state not in TAKES_PEOPLE:
            return None
        return offer_of(self.object, self.viewer)

    def _may_nominate(self) -> bool:
        held = self.object
        by_unit = held.enrolment_way in (EnrolmentWay.NOMINATED, EnrolmentWay.SIGNED)
        return by_unit and held.state in TAKES_PEOPLE and bool(self.viewer.paths(Permission.NOMINATE))

    def _steps(self) -> list[tuple[int, str, str]]:
        """The way of a class as numbered steps; a class registered afterwards has none of them."""
        held = self.object
        rows = ClassStep.objects.visible_to(self.viewer).filter(training_class=held)
        days = {row.state: timezone.localtime(row.at) for row in rows}
        if not days:
            return []
        order = list(STEP_WORDS)
        reached = order.index(held.state) if held.state in STEP_WORDS else -1
        found = []
        for number, (state, words) in enumerate(STEP_WORDS.items(), 1):
            mark = "now" if number - 1 == reached else ("done" if number - 1 < reached else "")
            when = f" {days[state].month}月{days[state].day}日" if mark and state in days else ""
            found.append((number, words + when, mark))
        return found

    # People

    @cached_property
    def seen(self) -> list[Participation]:
        """Those whom the viewer may see, with the position of the day."""
        rows = Participation.objects.visible_to(self.viewer).filter(training_class=self.object)
        people = rows.select_related("cadre", "unit", "training_class", "substitute_for__cadre")
        return list(people.order_by("cadre__display_order", "cadre__name_pinyin", "pk"))

    @cached_property
    def editable(self) -> set[int]:
        """Rows the viewer may change: those of the own units, never the own row."""
        rows = Participation.objects.visible_to(self.viewer, Permission.EDIT_TRAINING)
        return set(rows.filter(training_class=self.object).values_list("pk", flat=True))

    def _page_of(self, rows: list[Participation]) -> Page[Any]:
        return Paginator(rows, PEOPLE_A_PAGE).get_page(self.request.GET.get("page"))

    def _person_rows(self, parts: Sequence[Participation], *, with_hours: bool) -> list[PersonRow]:
        held, ids = self.object, [row.cadre_id for row in parts]
        presences = presences_of(held, ids)
        hours = hours_for(ids, on=self.viewer.on) if with_hours and ids else {}
        certificates = certificates_of(parts) if held.is_archived else {}
        places = self._places(ids) if with_hours else {}
        found = []
        for row in parts:
            presence = presences.get(row.cadre_id, Presence())
            found.append(
                PersonRow(
                    row,
                    PERSON_LIGHTS[row.state],
                    presence,
                    presence.leave_light(held.leave_limit),
                    hours.get(row.cadre_id),
                    certificates.get(row.pk),
                    places.get(row.cadre_id, ""),
                )
            )
        return found

    def _tab_people(self) -> dict[str, Any]:
        on_list = [row for row in self.seen if row.state in SEATED_STATES]
        waiting = [row for row in self.seen if row.state == P.WAITING]
        page = self._page_of(on_list)
        return {
            "page": page,
            "bulk": self._bulk(on_list, page),
            "people": on_list,
            "rows": self._person_rows(list(page), with_hours=not self.object.is_archived),
            "others": self.object.people - len(on_list),
            "editable": self.editable,
            "credited": sum(row.hours for row in on_list),
            "pending": [row for row in self.seen if row.state in PENDING],
            "waiting": sorted(waiting, key=lambda row: (row.waiting_since, row.pk)),
            "gone": [row for row in self.seen if row.state in OUT],
            "quotas": list(self.object.quotas.select_related("unit")),
        }

    def _bulk(self, on_list: Sequence[Participation], page: Page[Any]) -> dict[str, Any] | None:
        """Rows to choose for a change of many; amounts are settled by hand only once the class is over."""
        mine = [row.pk for row in on_list if row.pk in self.editable]
        if not (self.object.is_archived and mine and fields_for(self.viewer, LIST_KEY)):
            return None
        shown = {row.pk for row in page}
        whole = "all" in self.request.GET and len(mine) <= MOST_CHOSEN
        return {
            "key": LIST_KEY,
            "back": self.request.path,
            "whole": whole,
            "total": len(mine),
            "others": [pk for pk in mine if pk not in shown] if whole else [],
            "may_choose_all": not whole and len(shown & set(mine)) < len(mine) <= MOST_CHOSEN,
        }

    def _places(self, ids: Sequence[int]) -> dict[int, str]:
        seen: Any = Cadre.objects.visible_to(self.viewer, Permission.VIEW_TRAINING).filter(pk__in=ids)
        rows = seen.with_position(self.viewer.on).values_list("pk", "unit_name", "post_title")
        return {pk: "·".join(filter(None, (unit, post))) for pk, unit, post in rows}

    # The other tabs

    def _slots(self) -> list[Slot]:
        return list(Slot.objects.visible_to(self.viewer).filter(training_class=self.object))

    def _tab_slots(self) -> dict[str, Any]:
        return {"slots": self._slots()}

    def _tab_attendance(self) -> dict[str, Any]:
        parts = [row for row in self.seen if row.state in SEATED_STATES]
        page = self._page_of(parts)
        return {
            "slots": self._slots(),
            "page": page,
            "people": parts,
            "rows": self._person_rows(list(page), with_hours=False),
            "editable": self.editable,
        }

    def _tab_materials(self) -> dict[str, Any]:
        files = ClassFile.objects.visible_to(self.viewer).filter(training_class=self.object)
        return {"files": list(files.select_related("file"))}

    def _tab_assessment(self) -> dict[str, Any]:
        parts = [row for row in self.seen if row.state in SEATED_STATES]
        page = self._page_of(parts)
        return {
            "page": page,
            "people": parts,
            "rows": self._person_rows(list(page), with_hours=False),
            "editable": self.editable,
            "grades": ResultGrade.choices,
            "open": sum(row.state in ACTIVE for row in parts),
            "to_issue": sum(row.state == P.COMPLETED and not row.certificate_no for row in parts),
            "issued": sum(bool(row.certificate_no) for row in parts),
        }

    def _tab_feedback(self) -> dict[str, Any]:
        """What the class left behind: the questionnaire, the quizzes, the need before and after."""
        sheets = Evaluation.objects.visible_to(self.viewer).filter(training_class=self.object)
        quizzes = Quiz.objects.visible_to(self.viewer).filter(training_class=self.object)
        return {"evaluation": sheets.first(), "fewest": FEWEST, "quizzes": list(quizzes)}

    def _tab_visit(self) -> dict[str, Any]:
        rows = StudyVisit.objects.visible_to(self.viewer).filter(training_class=self.object)
        visit = rows.select_related("leader", "report").first()
        lessons = list(visit.lessons.select_related("unit", "visit")) if visit else []
        return {
            "visit": visit,
            "stops": list(visit.stops.all()) if visit else [],
            "lessons": [(row, task_url(row.task_id), new_task_url(row)) for row in lessons],
            "may_report": bool(visit)
            and (self.may_edit or (visit is not None and visit.leader_id == self.viewer.cadre_id)),
        }


def task_url(task_id: int | None) -> str:
    """The park task; "" where there is none or this installation has no park."""
    return named_url("park:task", task_id) if task_id else ""


def new_task_url(lesson: Any) -> str:
    url = named_url("park:task_new")
    if not url:
        return ""
    back = reverse("training:visit_task", args=[lesson.visit.training_class_id, lesson.pk])
    given = {"name": lesson.title, "measures": lesson.detail, "source": "外出考察取经清单", "back": back}
    return f"{url}?{urlencode(given)}"


def named_url(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
