"""What is asked about secondments: the rule of a day, who is behind with reports, what waits for whom."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce

from core.access import Permission, Viewer
from core.asking import Steps, asked, asked_all, result_of
from people.choices import AppointmentKind, EducationMode, StudyWhileAway
from people.models import Appointment, Cadre, Education
from rotation.checking import Check
from rotation.choices.secondments import OpinionParty, OpinionStage, SecondmentState
from rotation.choices.tenure import ExtensionState
from rotation.eligibility import Candidate, Limits, checks
from rotation.models import (
    MonthlyNote,
    Opinion,
    Secondment,
    SecondmentExtension,
    SecondmentRule,
)
from rotation.secondment_states import LIVE, OVER, VOID

NO_RULE = SecondmentRule(source="")
APPRAISED = (SecondmentState.APPRAISED, SecondmentState.RETURNED, SecondmentState.KEPT)


def rule_on(day: date) -> SecondmentRule:
    """The rule in force; the usual amounts where none is."""
    found: SecondmentRule | None = SecondmentRule.objects.covering(day).order_by("-starts_on").first()
    return found or NO_RULE


def limits_of(rule: SecondmentRule) -> Limits:
    return Limits(
        max_months=rule.max_months,
        ages=(rule.township_age, rule.county_age, rule.bureau_age),
        education=rule.education,
        is_hard=rule.is_hard,
        source=rule.source,
    )


def eligibility(cadre: Cadre, starts_on: date, ends_on: date) -> list[Check]:
    """The conditions held against one person; two queries."""
    candidate = Candidate(
        cadre_id=cadre.pk,
        level=cadre.leadership_level,
        age=cadre.age(starts_on),
        education=_schooling(cadre),
    )
    return list(checks(candidate, limits_of(rule_on(starts_on)), starts_on, ends_on))


def _schooling(cadre: Cadre) -> str:
    """The highest education known; 在职 is the later one."""
    known = sorted(Education.objects.filter(cadre=cadre), key=lambda e: e.mode == EducationMode.FULL_TIME)
    return next((row.level for row in known if row.level), "")


# Where somebody is


def live_on(cadre_ids: Iterable[int], on: date) -> QuerySet[Secondment]:
    """Secondments under way on the day: begun by then, not ended, whatever was planned."""
    return Secondment.objects.filter(_away(on), cadre_id__in=list(cadre_ids))


def _away(on: date) -> Q:
    return Q(starts_on__lte=on) & (Q(state__in=LIVE) | Q(state__in=OVER, ended_on__gte=on))


def live_or_coming(cadre_ids: Iterable[int], on: date) -> QuerySet[Secondment]:
    """Those under way on the day and those approved to begin, told apart by `coming`."""
    coming = Q(state__in=(SecondmentState.APPROVED, SecondmentState.DISPATCHED))
    rows = Secondment.objects.filter(_away(on) | coming, cadre_id__in=list(cadre_ids))
    return rows.annotate(coming=ExpressionWrapper(coming, BooleanField())).order_by("coming", "-starts_on")


def study_rules(cadre_ids: Sequence[int], on: date) -> dict[int, StudyWhileAway]:
    rows = live_on(cadre_ids, on).values_list("cadre_id", "study_rule")
    return {pk: StudyWhileAway(rule) for pk, rule in rows}


def overlapping(cadre_id: int, starts_on: date, ends_on: date, but: int | None = None) -> Secondment | None:
    """Another secondment of the person in the closed span, one not yet over up to its planned end."""
    rows = Secondment.objects.filter(cadre_id=cadre_id, starts_on__lte=ends_on).exclude(state__in=VOID)
    last = Coalesce("ended_on", "planned_end_on")
    return rows.exclude(pk=but or 0).alias(last=last).filter(last__gte=starts_on).first()


def still_away(cadre_id: int, but: int) -> Secondment | None:
    """Another secondment of the person that nobody has ended yet."""
    return Secondment.objects.filter(cadre_id=cadre_id, state__in=LIVE).exclude(pk=but).first()


# Monthly notes


def months_due(row: Secondment, on: date, note_day: int) -> list[date]:
    """First days of the months for which a note is due by the day: each month begun on secondment, from the
    note day of the month after."""
    last = min(row.ended_on or on, on)
    month, found = row.starts_on.replace(day=1), []
    while month <= last:
        if due_day(month, note_day) <= on:
            found.append(month)
        month = next_month(month)
    return found


def due_day(month: date, note_day: int) -> date:
    return next_month(month).replace(day=note_day)


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def missing_notes(rows: Sequence[Secondment], on: date) -> dict[int, list[date]]:
    """Secondment id → months whose note is due and has not been sent; two queries."""
    return result_of(missing_steps(rows, on, rule_on(on).note_day))


def missing_steps(rows: Sequence[Secondment], on: date, day: int) -> Steps[dict[int, list[date]]]:
    """As `missing_notes` with the day of the rule, together with what others ask."""
    sent: dict[int, set[date]] = defaultdict(set)
    notes = MonthlyNote.objects.filter(secondment__in=[row.pk for row in rows])
    for pk, month in (yield from asked(notes.values_list("secondment_id", "month"))):
        sent[pk].add(month)
    due = {row.pk: [m for m in months_due(row, on, day) if m not in sent[row.pk]] for row in rows}
    return {pk: months for pk, months in due.items() if months}


def months_missing(row: Secondment, notes: Iterable[MonthlyNote], on: date) -> list[date]:
    """The same of one secondment whose notes are at hand; one query."""
    sent = {note.month for note in notes}
    return [month for month in months_due(row, on, rule_on(on).note_day) if month not in sent]


# What waits for whom


def own_live(viewer: Viewer) -> QuerySet[Secondment]:
    """The viewer's own secondments under way."""
    rows = Secondment.objects.visible_to(viewer).filter(cadre_id=viewer.cadre_id or 0)
    return rows.filter(state__in=LIVE)


def staffed(viewer: Viewer, permission: Permission) -> QuerySet[Secondment]:
    """Other people's secondments on which the viewer may act."""
    rows = Secondment.objects.visible_to(viewer, permission)
    return rows.exclude(cadre_id=viewer.cadre_id or 0)


def to_approve(viewer: Viewer) -> QuerySet[Secondment]:
    rows = staffed(viewer, Permission.APPROVE_SECONDMENT)
    return rows.filter(state=SecondmentState.RECOMMENDED)


def extensions_to_decide(viewer: Viewer) -> QuerySet[SecondmentExtension]:
    rows = SecondmentExtension.objects.filter(state=ExtensionState.REQUESTED)
    return rows.filter(secondment__in=staffed(viewer, Permission.APPROVE_SECONDMENT))


def notes_to_read(viewer: Viewer) -> QuerySet[MonthlyNote]:
    rows = MonthlyNote.objects.filter(read_at=None)
    return rows.filter(secondment__in=staffed(viewer, Permission.REVIEW_SECONDMENT))


def rule_for(viewer: Viewer) -> SecondmentRule:
    """The rule of the viewer's day, once per request."""
    return viewer.remember("rotation.secondment_rule", lambda: rule_on(viewer.on))


def without_return_plan(viewer: Viewer, on: date) -> QuerySet[Secondment]:
    """Under way, near the end, nothing settled for the time after."""
    rule = rule_for(viewer) if on == viewer.on else rule_on(on)
    rows = staffed(viewer, Permission.EDIT_SECONDMENT).filter(state__in=LIVE, return_plan=None)
    return rows.filter(planned_end_on__lte=on + timedelta(days=rule.first_notice_days))


def past_their_end(viewer: Viewer, on: date) -> QuerySet[Secondment]:
    rows = staffed(viewer, Permission.EDIT_SECONDMENT)
    return rows.filter(state__in=LIVE, planned_end_on__lt=on)


def to_appraise(viewer: Viewer) -> QuerySet[Secondment]:
    return staffed(viewer, Permission.EDIT_SECONDMENT).filter(state=SecondmentState.ENDED)


def to_settle(viewer: Viewer) -> QuerySet[Secondment]:
    """Appraised, and neither returned nor kept."""
    return staffed(viewer, Permission.EDIT_SECONDMENT).filter(state=SecondmentState.APPRAISED)


# The growth file


@dataclass(frozen=True, slots=True)
class Past:
    """A secondment as the growth file tells it: with how many notes were written, and the 鉴定 once it is
    complete: the opinions in the order of its form, none before."""

    row: Secondment
    notes: int
    months: int
    opinions: tuple[Opinion, ...] = ()

    @property
    def grade(self) -> Opinion | None:
        """The opinion that gave the grade."""
        return next((one for one in self.opinions if one.party == OpinionParty.ORGANISATION), None)


@dataclass(slots=True)
class Away:
    """All of one cadre's time away: `others` are loans, and secondments of which only the post is known."""

    past: list[Past] = field(default_factory=list)
    others: list[Appointment] = field(default_factory=list)


def history_steps(cadres: Sequence[Cadre], as_of: date) -> Steps[dict[int, Away]]:
    """Cadre id → what had begun by the day, the earliest first; asked in two rounds."""
    ids = [cadre.pk for cadre in cadres]
    begun = Secondment.objects.filter(cadre__in=ids, starts_on__lte=as_of, state__in=(*LIVE, *OVER))
    others = Appointment.objects.filter(cadre__in=ids, starts_on__lte=as_of).exclude(
        kind=AppointmentKind.POST
    )
    rows, posts = yield from asked_all(
        begun.select_related("host_unit", "cadre").order_by("starts_on", "pk"),
        others.select_related("unit").order_by("starts_on", "pk"),
    )
    found: dict[int, Away] = defaultdict(Away)
    for past in (yield from _past(rows, as_of)):
        found[past.row.cadre_id].past.append(past)
    told = {past.row.appointment_id for away in found.values() for past in away.past}
    for post in posts:
        if post.pk not in told:
            found[post.cadre_id].others.append(post)
    return found


def _past(rows: Sequence[Secondment], as_of: date) -> Steps[list[Past]]:
    ids = [row.pk for row in rows]
    sent = MonthlyNote.objects.filter(secondment__in=ids, sent_at__date__lte=as_of)
    monthly, signed = yield from asked_all(sent.values_list("secondment_id", flat=True), _signed(ids, as_of))
    notes, opinions = Counter(monthly), _complete(signed)
    return [Past(row, notes[row.pk], len(months_due(row, as_of, 1)), tuple(opinions[row.pk])) for row in rows]


def _signed(ids: Sequence[int], as_of: date) -> QuerySet[Opinion]:
    rows: QuerySet[Opinion] = Opinion.objects.filter(
        secondment__in=ids,
        secondment__state__in=APPRAISED,
        stage=OpinionStage.FINAL,
        signed_on__lte=as_of,
    )
    return rows.order_by("party")


def _complete(rows: Iterable[Opinion]) -> dict[int, list[Opinion]]:
    """The opinions of the appraisals that were complete by the day: the organisation signs last."""
    found: dict[int, list[Opinion]] = defaultdict(list)
    for opinion in rows:
        found[opinion.secondment_id].append(opinion)
    complete = {pk for pk, told in found.items() if told[-1].party == OpinionParty.ORGANISATION}
    return defaultdict(list, {pk: told for pk, told in found.items() if pk in complete})


def with_days_left(rows: Any, on: date) -> Any:
    """In the order in which they end."""
    return rows.order_by(F("planned_end_on").asc(), "pk")
