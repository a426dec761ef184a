"""What a cadre may join and has joined, and what staff have to decide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from core.access import Permission, Viewer
from core.asking import Steps, asked, result_of
from training.choices import ClassState, EnrolmentWay, ParticipationState
from training.class_states import BEFORE_START, TAKES_PEOPLE, UNDER_WAY
from training.enrolment import ACTIVE, APPLY_WAYS, OUT, PENDING
from training.models import Attendance, Certificate, LeaveRequest, Participation, TrainingClass

P = ParticipationState


@dataclass(frozen=True, slots=True)
class Offer:
    """A class that is open, and where the viewer stands in it; `place` counts from 1 in the queue."""

    held: TrainingClass
    part: Participation | None = None
    place: int = 0

    @property
    def may_apply(self) -> bool:
        return self.part is None or self.part.state == P.WITHDRAWN

    @property
    def seats_words(self) -> str:
        left = self.held.seats_left
        if left is None:
            return "名额不限"
        if left:
            return f"还剩 {left} 个名额"
        return "已满，可候补" if self.held.has_waiting_list else "已满"


def offers_for(viewer: Viewer, at: datetime) -> list[Offer]:
    """Classes that are open for applications, the soonest first; three queries."""
    rows = TrainingClass.objects.visible_to(viewer).filter(
        Q(enrol_closes_at__isnull=True) | Q(enrol_closes_at__gt=at),
        state=ClassState.ENROLLING,
        enrolment_way__in=APPLY_WAYS,
    )
    classes = list(rows.order_by("starts_on", "pk"))
    parts = {row.training_class_id: row for row in own_parts(viewer).filter(training_class__in=classes)}
    places = queue_places(parts.values())
    return [_offer(held, parts.get(held.pk), places) for held in classes]


def offer_of(held: TrainingClass, viewer: Viewer) -> Offer:
    part = own_parts(viewer).filter(training_class=held).first()
    return _offer(held, part, queue_places([part] if part else []))


def _offer(held: TrainingClass, part: Participation | None, places: dict[int, int]) -> Offer:
    return Offer(held, part, places.get(part.pk, 0) if part else 0)


def own_parts(viewer: Viewer) -> QuerySet[Participation]:
    """The viewer's own rows, with their classes."""
    rows = Participation.objects.visible_to(viewer).filter(cadre_id=viewer.cadre_id or 0)
    return rows.select_related("training_class", "training_class__visit")


def queue_places(rows: Iterable[Participation]) -> dict[int, int]:
    """Place in the queue by participation id; one query for all their classes."""
    return result_of(queue_steps(rows))


def queue_steps(rows: Iterable[Participation]) -> Steps[dict[int, int]]:
    """As `queue_places`, together with what others ask."""
    waiting = {row.pk: row.training_class_id for row in rows if row.state == P.WAITING}
    if not waiting:
        return {}
    queue = Participation.objects.filter(training_class__in=set(waiting.values()), state=P.WAITING)
    seen: dict[int, int] = {}
    found: dict[int, int] = {}
    ordered = queue.order_by("waiting_since", "pk").values_list("pk", "training_class_id")
    for pk, held in (yield from asked(ordered)):
        seen[held] = seen.get(held, 0) + 1
        if pk in waiting:
            found[pk] = seen[held]
    return found


def coming_parts(viewer: Viewer) -> list[Participation]:
    """The own classes that are not over yet, the next first."""
    return list(coming_rows(viewer))


def coming_rows(viewer: Viewer) -> QuerySet[Participation]:
    live = own_parts(viewer).filter(training_class__state__in=UNDER_WAY).exclude(state__in=OUT)
    return live.order_by("training_class__starts_on", "pk")


def pending_of(viewer: Viewer) -> QuerySet[Participation]:
    """What the office may decide now: its own people's applications and nominations."""
    rows = Participation.objects.visible_to(viewer, Permission.EDIT_TRAINING).exclude(
        cadre_id=viewer.cadre_id or 0
    )
    unit_first = Q(training_class__enrolment_way=EnrolmentWay.SIGNED, state=P.APPLIED)
    decidable = rows.filter(state__in=PENDING, training_class__state__in=TAKES_PEOPLE).exclude(unit_first)
    return decidable.select_related("cadre", "training_class", "unit").order_by("created_at", "pk")


def awaiting_unit(viewer: Viewer) -> QuerySet[Participation]:
    """Applications to which the viewer's department has to agree."""
    rows = Participation.objects.visible_to(viewer, Permission.NOMINATE).filter(
        state=P.APPLIED,
        training_class__enrolment_way=EnrolmentWay.SIGNED,
        training_class__state__in=TAKES_PEOPLE,
    )
    others = rows.exclude(cadre_id=viewer.cadre_id or 0)
    return others.select_related("cadre", "training_class", "unit").order_by("created_at", "pk")


def pending_leaves(viewer: Viewer) -> QuerySet[LeaveRequest]:
    rows = LeaveRequest.objects.visible_to(viewer, Permission.EDIT_TRAINING).waiting()
    others = rows.exclude(participation__cadre_id=viewer.cadre_id or 0)
    return others.select_related("participation__cadre", "participation__training_class", "slot").order_by(
        "slot__starts_at", "pk"
    )


def open_nominations(viewer: Viewer) -> QuerySet[TrainingClass]:
    """Classes for which units still have to name people."""
    rows = TrainingClass.objects.visible_to(viewer).filter(
        enrolment_way=EnrolmentWay.NOMINATED, state__in=BEFORE_START - {ClassState.DRAFT}
    )
    return rows.order_by("starts_on", "pk")


def own_attendance(participation: Participation) -> list[Attendance]:
    rows = Attendance.objects.filter(
        slot__training_class_id=participation.training_class_id, cadre_id=participation.cadre_id
    )
    return list(rows.select_related("slot").order_by("slot__starts_at"))


def certificates_of(rows: Sequence[Participation]) -> dict[int, Certificate]:
    """The valid certificate by participation id; one query."""
    found = Certificate.objects.valid().filter(participation__in=[row.pk for row in rows])
    return {one.participation_id: one for one in found}


def may_take_leave(participation: Participation) -> bool:
    return participation.state in ACTIVE and participation.training_class.state in TAKES_PEOPLE
