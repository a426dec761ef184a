"""Who has held which post for how long, as of any day: three queries, however many people are asked about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.asking import Steps, asked, asked_all, result_of
from people.choices import AppointmentKind, CadreStatus
from people.models import Appointment, Cadre
from people.spans import add_months
from rotation.choices.tenure import ExtensionState, TenureBasis, TenureState
from rotation.models import TenureExtension, TenureRule
from rotation.tenure import Stint, Tenure, Terms, extended_until, tenure_of

Ids = Iterable[int] | QuerySet[Any]

_COLUMNS = (
    "cadre_id",
    "starts_on",
    "ends_on",
    "unit_id",
    "post_id",
    "unit__name",
    "organisation",
    "title",
    "post__post_class",
    "post__level",
)


def terms_of(rule: TenureRule) -> Terms:
    return Terms(
        basis=TenureBasis(rule.basis),
        post_class=rule.post_class,
        level=rule.level,
        warn_years=rule.warn_years,
        limit_years=rule.limit_years,
        hard_years=rule.hard_years,
        min_years=rule.min_years,
        source=rule.source,
        rule_id=rule.pk,
    )


def terms_in_force(on: date) -> list[Terms]:
    return [terms_of(rule) for rule in TenureRule.objects.covering(on)]


def tenures(cadre_ids: Ids, on: date, rules: Sequence[Terms] | None = None) -> dict[int, Tenure]:
    """Cadre id → where the person stands in the main post held on the day; nobody without a post.

    `rules`: those in force, where the caller has asked for them already.
    """
    ids = cadre_ids if isinstance(cadre_ids, QuerySet) else list(cadre_ids)
    return result_of(tenure_steps(ids, on, terms_in_force(on) if rules is None else rules))


def tenure_steps(ids: Any, on: date, rules: Sequence[Terms]) -> Steps[dict[int, Tenure]]:
    """As `tenures`, together with what others ask."""
    granted, posts = yield from asked_all(_extensions(ids, on), _posts(ids, on))
    extended: dict[int, list[tuple[int | None, date]]] = defaultdict(list)
    for cadre_id, post_id, until in granted:
        extended[cadre_id].append((post_id, until))
    stood = {
        pk: tenure_of(pk, stints, rules, on, extended_until(extended.get(pk, []), stints, on))
        for pk, stints in _stints(posts).items()
    }
    return {pk: tenure for pk, tenure in stood.items() if tenure is not None}


def stints_of(cadre_ids: Ids, on: date) -> dict[int, list[Stint]]:
    """Main posts begun by the day, the earliest first; one query."""
    return _stints(_posts(cadre_ids, on))


def _posts(cadre_ids: Ids, on: date) -> QuerySet[Appointment, Any]:
    rows = Appointment.objects.filter(
        cadre_id__in=cadre_ids, kind=AppointmentKind.POST, is_main=True, starts_on__lte=on
    )
    return rows.order_by("starts_on", "pk").values_list(*_COLUMNS)


def _stints(rows: Iterable[Any]) -> dict[int, list[Stint]]:
    found: dict[int, list[Stint]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(
            Stint(
                starts_on=row[1],
                ends_on=row[2],
                unit_id=row[3],
                post_id=row[4],
                place=row[5] or row[6],
                title=row[7],
                post_class=row[8] or "",
                level=row[9] or "",
            )
        )
    return found


def _extensions(cadre_ids: Ids, on: date) -> QuerySet[TenureExtension, Any]:
    """(cadre, post, last day allowed) of the extensions decided by the day."""
    rows = TenureExtension.objects.filter(
        cadre_id__in=cadre_ids, state=ExtensionState.APPROVED, decided_at__date__lte=on
    )
    return rows.values_list("cadre_id", "post_id", "until")


# Lists


def candidates(cadres: Any, on: date, rules: Iterable[Terms], by_warning: bool = True) -> QuerySet[Cadre]:
    """Active cadres of whom a limit may be near on the day: a superset that the database finds, so that a
    list need not reckon for everybody. `by_warning` False asks for those over a limit alone.

    Whoever has held the present post so long has an appointment to it that began so long ago.
    """
    begun = Q()
    for terms in rules:
        years = (terms.warn_years if by_warning else None) or terms.limit_years or terms.hard_years
        if years:
            begun |= _begun(terms, add_months(on, -years * 12))
    active = cadres.filter(status=CadreStatus.ACTIVE)
    if not begun:
        return active.none()  # type: ignore[no-any-return]
    held = Appointment.objects.filter(begun, cadre=OuterRef("pk"), kind=AppointmentKind.POST, is_main=True)
    return active.filter(Exists(held))  # type: ignore[no-any-return]


def _begun(terms: Terms, day: date) -> Q:
    """Condition on a main post: under the rule, and begun by the day."""
    begun = Q(starts_on__lte=day)
    if terms.post_class:
        begun &= Q(post__post_class=terms.post_class)
    if terms.level:
        begun &= Q(post__level=terms.level)
    elif terms.basis == TenureBasis.SAME_LEVEL:
        begun &= Q(post__isnull=False) & ~Q(post__level="")
    return begun


def standing(cadres: Any, on: date, states: Iterable[TenureState]) -> dict[int, Tenure]:
    """Those of the cadres who are in one of the states on the day."""
    return result_of(standing_steps(cadres, on, states))


def standing_steps(cadres: Any, on: date, states: Iterable[TenureState]) -> Steps[dict[int, Tenure]]:
    """As `standing`, together with what others ask."""
    wanted = set(states)
    rules = [terms_of(rule) for rule in (yield from asked(TenureRule.objects.covering(on)))]
    near = candidates(cadres, on, rules, by_warning=TenureState.WARN in wanted)
    # Asked for by themselves: nested, PostgreSQL without statistics tries them for every appointment.
    ids = yield from asked(near.order_by().values_list("pk", flat=True))
    found = yield from tenure_steps(ids, on, rules)
    return {pk: tenure for pk, tenure in found.items() if tenure.status in wanted}


def due_within(cadres: Any, on: date, months: int) -> dict[int, Tenure]:
    """Those whose limit is reached within the months after the day, and has not been before."""
    until, rules = add_months(on, months), terms_in_force(on)
    found = tenures(_ids(candidates(cadres, until, rules)), on, rules)
    return {pk: t for pk, t in found.items() if t.due_on and on < t.due_on <= until}


def retiring_between(cadres: Any, first: date, last: date) -> QuerySet[Cadre]:
    due = Q(retirement_month__gte=first, retirement_month__lte=last)
    return cadres.filter(due, status=CadreStatus.ACTIVE)  # type: ignore[no-any-return]


def _ids(cadres: QuerySet[Cadre]) -> list[int]:
    """Asked for by themselves: nested, PostgreSQL without statistics tries them for every appointment."""
    return list(cadres.order_by().values_list("pk", flat=True))
