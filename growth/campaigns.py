"""信息核对 as it is read: who is meant, how far each unit has come, what a cadre still has to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.access import Viewer
from core.periods import covers
from growth.checking import OwnLine, own_lines
from growth.contracts import checkable_parts
from growth.models import CheckCampaign, CheckedPart, CheckMember, CheckState, CorrectionWindow
from growth.models.campaigns import IN_STATE
from people.choices import CadreStatus
from people.models import Cadre, Unit, User

USUAL_PARTS = ("basic", "resume", "merit", "training", "posts")


def titles_of(keys: Iterable[str]) -> list[tuple[str, str]]:
    """(key, title) of these parts in the order of the file; one that is no longer made is left out."""
    wanted = set(keys)
    return [(key, title) for key, title in checkable_parts() if key in wanted]


def meant(*, on: date, unit: Unit | None, staff_types: Sequence[str] = ()) -> QuerySet[Cadre]:
    """Everyone in office, or those of one unit with all below it, or of certain kinds of staff."""
    rows: Any = Cadre.objects.filter(status=CadreStatus.ACTIVE)
    if unit is not None:
        rows = rows.in_unit(unit.path or "?", on)
    found: QuerySet[Cadre] = rows.filter(staff_type__in=staff_types) if staff_types else rows
    return found


def accounts_of(members: QuerySet[CheckMember]) -> list[int]:
    """The accounts of these members, for telling them."""
    rows = User.objects.filter(cadre__in=members.values("cadre"), is_active=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


# How far they are


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one campaign or one unit of it."""

    expected: int = 0
    done: int = 0
    begun: int = 0
    disputed: int = 0
    excused: int = 0
    unit: Unit | None = None

    @property
    def open(self) -> int:
        return self.expected - self.done - self.begun

    @property
    def behind(self) -> int:
        return self.expected - self.done

    @property
    def percent(self) -> int | None:
        return 100 * self.done // self.expected if self.expected else None

    def light(self, *, late: bool) -> tuple[str, str]:
        """Colour and words: whoever is not through after the last day is overdue."""
        if not self.behind:
            return ("green", "全部核对")
        if late:
            return ("red", f"逾期 {self.behind} 人")
        return ("blue", "核对中") if self.done or self.begun else ("grey", "未开始")


def _counts(rows: Any, *by: str) -> Any:
    excused = Q(excused_at__isnull=False)
    return (
        rows.expected_or_excused()
        .with_disputes()
        .order_by()
        .values(*by)
        .annotate(
            expected=Count("pk", filter=~excused),
            done=Count("pk", filter=~excused & IN_STATE[CheckState.DONE]),
            begun=Count("pk", filter=~excused & IN_STATE[CheckState.BEGUN]),
            with_dispute=Count("pk", filter=~excused & Q(disputed=True)),
            excused=Count("pk", filter=excused),
        )
    )


def _coverage(row: Any, unit: Unit | None = None) -> Coverage:
    return Coverage(row["expected"], row["done"], row["begun"], row["with_dispute"], row["excused"], unit)


def coverage_of(campaigns: Iterable[CheckCampaign], viewer: Viewer) -> dict[int, Coverage]:
    """Campaign id → how far those in the viewer's reach are; one query."""
    rows = CheckMember.objects.visible_to(viewer).filter(campaign__in=[one.pk for one in campaigns])
    rows = rows.exclude(cadre=viewer.cadre_id or 0)
    return {row["campaign"]: _coverage(row) for row in _counts(rows, "campaign")}


def coverage_by_unit(campaign: CheckCampaign, viewer: Viewer) -> list[Coverage]:
    """Unit by unit in tree order; two queries."""
    rows = CheckMember.objects.visible_to(viewer).filter(campaign=campaign)
    counted = list(_counts(rows.exclude(cadre=viewer.cadre_id or 0), "unit"))
    units = Unit.objects.in_bulk([row["unit"] for row in counted if row["unit"]])
    found = [_coverage(row, units.get(row["unit"])) for row in counted]
    return sorted(found, key=lambda one: one.unit.path or "" if one.unit else "~")


# What one cadre has to do


def own_checks(viewer: Viewer) -> QuerySet[CheckMember]:
    rows: QuerySet[CheckMember] = CheckMember.objects.visible_to(viewer).listed()
    return rows.filter(cadre=viewer.cadre_id or 0).select_related("campaign")


def waiting_for(viewer: Viewer) -> QuerySet[CheckMember]:
    """The own ones that can be worked on now and are not through."""
    rows = own_checks(viewer).filter(done_at=None, campaign__closed_at=None)
    return rows.filter(campaign__starts_on__lte=viewer.on)


def is_on(campaign: CheckCampaign, on: date) -> bool:
    """Late is better than never: it takes confirmations until somebody closes it."""
    return campaign.is_open and campaign.starts_on <= on


@dataclass(frozen=True, slots=True)
class Part:
    """One part as the cadre sees it; `checked` is None until it was gone through."""

    key: str
    title: str
    number: int
    checked: CheckedPart | None


def parts_for(member: CheckMember) -> list[Part]:
    done = {row.part: row for row in member.parts.all()}
    pairs = titles_of(member.campaign.parts)
    return [Part(key, title, at, done.get(key)) for at, (key, title) in enumerate(pairs, start=1)]


def lines_of_part(cadre: Cadre, part: str, viewer: Viewer) -> list[OwnLine]:
    return own_lines(cadre, viewer=viewer, only=(part,))


def digest_of(lines: Iterable[OwnLine]) -> str:
    """What stood there: another word in any line gives another digest."""
    text = "\n".join(f"{line.key} {line.cited.digest}" for line in lines)
    return sha256(text.encode()).hexdigest()


# When corrections are taken


@dataclass(frozen=True, slots=True)
class Reception:
    """Whether requests are taken today; `until` of the last day, `next_on` of the next first day."""

    is_open: bool
    until: date | None = None
    next_on: date | None = None


def reception(cadre: Cadre, *, on: date) -> Reception:
    """By the windows that hold for the cadre's unit, and by the campaigns that ask the cadre."""
    holding = list(_windows_for(cadre, on).filter(covers(on)))
    campaign = _asking(cadre, on)
    if campaign or holding:
        ends = [window.ends_on for window in holding]
        endless = campaign is not None or None in ends
        return Reception(True, None if endless else max(day for day in ends if day))
    later = _windows_for(cadre, on).filter(starts_on__gt=on).order_by("starts_on").first()
    return Reception(False, next_on=later.starts_on if later else None)


def _windows_for(cadre: Cadre, on: date) -> QuerySet[CorrectionWindow]:
    place: Any = Cadre.objects.with_position(on).filter(pk=cadre.pk)
    path = place.values_list("unit_path", flat=True).first() or ""
    above = [path[: at + 1] for at, letter in enumerate(path) if letter == "/"]
    rows: QuerySet[CorrectionWindow] = CorrectionWindow.objects.filter(Q(unit=None) | Q(unit__path__in=above))
    return rows


def _asking(cadre: Cadre, on: date) -> CheckCampaign | None:
    asked = CheckMember.objects.listed().filter(cadre=cadre)
    rows = CheckCampaign.objects.running().filter(pk__in=asked.values("campaign"), starts_on__lte=on)
    found: CheckCampaign | None = rows.first()
    return found
