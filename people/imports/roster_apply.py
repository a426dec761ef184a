"""Writing a roster plan: units, cadres, education, posts; each row noted for undo and in the audit log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Max

from core.access import Viewer
from core.audit import Entry, record_many
from core.choices import AuditAction
from people.choices import UnitKind
from people.imports.report import Outcome, Report
from people.imports.roster import PositionPlan, RosterPlan, RowPlan, day_before, plan_roster
from people.imports.roster_layout import ROSTER
from people.imports.service import register
from people.imports.text import squeeze
from people.imports.workbook import open_workbook
from people.imports.writer import Writer
from people.models import Appointment, Cadre, Education, Post, Unit
from people.services.cadres import complete_keys
from people.services.units import create_unit

Posts = dict[tuple[int, str], int]  # unit and squeezed title → key of the post
_DERIVED = ("name_pinyin", "name_initials", "name_stroke_key", "rank_order", "id_number_index")


@dataclass(frozen=True)
class RosterImport:
    plan: RosterPlan

    def report(self) -> Report:
        return self.plan.report()

    def write(self, writer: Writer, *, by: Viewer | None) -> None:
        write_roster(self.plan, writer, by=by)


@register("roster", title="干部花名册", suffixes=(".xlsx", ".xls", ".csv"), layout=ROSTER)
def roster_file(
    data: bytes, filename: str, *, by: Viewer | None, on: date, create_units: bool
) -> RosterImport:
    return RosterImport(plan_roster(open_workbook(data, filename), by=by, on=on, create_units=create_units))


def write_roster(plan: RosterPlan, writer: Writer, *, by: Viewer | None) -> None:
    """Expects a plan without faults, made in the same transaction."""
    units = _create_units(plan, writer, by)
    new = [row for row in plan.rows if row.outcome is Outcome.NEW]
    changed = [row for row in plan.rows if row.outcome is Outcome.CHANGED]
    entries = _create_cadres(new, writer, by) + _update_cadres(changed, writer, by)
    _write_education(new + changed, writer)
    entries += _write_positions(new + changed, units, writer, by)
    record_many(entries)


def _create_units(plan: RosterPlan, writer: Writer, by: Viewer | None) -> dict[str, Unit]:
    """The units the file names that did not exist, below the zone."""
    root = plan.units.root
    made: dict[str, Unit] = {}
    for number, name in enumerate(plan.new_units, start=1):
        is_root = root is None and name == settings.ZONE_NAME
        values = {
            "name": name,
            "kind": UnitKind.ZONE if is_root else UnitKind.DEPARTMENT,
            "parent": None if is_root else root,
            "display_order": number,
        }
        unit = create_unit(values=values, by=by)
        root = unit if is_root else root
        made[squeeze(name)] = unit
    writer.created(made.values())
    return made


def _create_cadres(rows: list[RowPlan], writer: Writer, by: Viewer | None) -> list[Entry]:
    last = Cadre.objects.aggregate(last=Max("display_order"))["last"] or 0
    for number, row in enumerate(rows, start=1):
        row.cadre = Cadre(**row.values, display_order=last + number)
        complete_keys(row.cadre)
    writer.create([row.cadre for row in rows if row.cadre])
    return [_entry(AuditAction.CADRE_CREATED, row.cadre, _new(row.values), by) for row in rows]


def _new(values: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (None, value) for name, value in values.items()}


def _entry(action: str, subject: Any, changes: dict[str, tuple[Any, Any]], by: Viewer | None) -> Entry:
    return Entry(action=action, by=by, subject=subject, changes=changes)


def _update_cadres(rows: list[RowPlan], writer: Writer, by: Viewer | None) -> list[Entry]:
    entries: list[Entry] = []
    updates: list[tuple[Cadre, dict[str, Any]]] = []
    for row in rows:
        if row.cadre is None or not row.values:
            continue
        changes = {name: (getattr(row.cadre, name), value) for name, value in row.values.items()}
        entries.append(_entry(AuditAction.CADRE_UPDATED, row.cadre, changes, by))
        updates.append((row.cadre, row.values | derived_values(row.cadre, row.values)))
    writer.update(updates)
    return entries


def derived_values(cadre: Cadre, values: dict[str, Any]) -> dict[str, Any]:
    """The stored keys that follow from name, rank and identity number, where they change."""
    later = Cadre(
        name=values.get("name", cadre.name),
        rank=values.get("rank", cadre.rank),
        id_number=values.get("id_number", cadre.id_number),
    )
    complete_keys(later)
    return {name: value for name in _DERIVED if (value := getattr(later, name)) != getattr(cadre, name)}


def _write_education(rows: Iterable[RowPlan], writer: Writer) -> None:
    new: list[Education] = []
    updates: list[tuple[Education, dict[str, str]]] = []
    for row in rows:
        for mode, (stored, values) in row.education.items():
            if stored:
                updates.append((stored, values))
            else:
                new.append(Education(cadre=row.cadre, mode=mode, **values))
    writer.create(new)
    writer.update(updates)


def _write_positions(
    rows: Iterable[RowPlan], units: dict[str, Unit], writer: Writer, by: Viewer | None
) -> list[Entry]:
    new: list[Appointment] = []
    updates: list[tuple[Appointment, dict[str, Any]]] = []
    posts = known_posts()
    for row in rows:
        if row.position is None:
            continue
        unit = row.position.unit or units.get(squeeze(row.position.new_unit))
        if row.position.corrects:
            updates.append((row.position.corrects, _corrected(row.position, unit, posts)))
            continue
        if row.position.ends:
            updates.append((row.position.ends, {"ends_on": day_before(row.position.starts_on)}))
        new.append(_appointment(row, row.position, unit, posts))
    entries = [_update_entry(post, values, by) for post, values in updates]
    writer.update(updates)
    writer.create(new)
    return entries + [_new_entry(post, by) for post in new]


def known_posts() -> Posts:
    """The post register by unit and title; one query."""
    rows = Post.objects.filter(abolished_on=None).values_list("unit_id", "title", "pk")
    return {(unit_id, squeeze(title)): pk for unit_id, title, pk in rows}


def _corrected(position: PositionPlan, unit: Unit | None, posts: Posts) -> dict[str, Any]:
    values: dict[str, Any] = {"title": position.title, "starts_on": position.starts_on}
    if unit is not None:
        values |= {"unit_id": unit.pk, "organisation": "", "post_id": _post(unit, position.title, posts)}
    return values


def _post(unit: Unit | None, title: str, posts: Posts) -> int | None:
    return posts.get((unit.pk, squeeze(title))) if unit else None


def _appointment(row: RowPlan, position: PositionPlan, unit: Unit | None, posts: Posts) -> Appointment:
    organisation = "" if unit else (position.ends.organisation if position.ends else position.place)
    return Appointment(
        cadre=row.cadre,
        unit=unit,
        post_id=_post(unit, position.title, posts),
        organisation=organisation,
        title=position.title,
        starts_on=position.starts_on,
    )


def _update_entry(post: Appointment, values: dict[str, Any], by: Viewer | None) -> Entry:
    changes = {name: (getattr(post, name), value) for name, value in values.items()}
    return _entry(AuditAction.APPOINTMENT_UPDATED, post, changes, by)


def _new_entry(post: Appointment, by: Viewer | None) -> Entry:
    values = {"unit": post.place, "title": post.title, "starts_on": post.starts_on}
    return Entry(
        action=AuditAction.APPOINTMENT_CREATED,
        by=by,
        subject=post,
        label=f"{post.cadre.name}·{post}",
        changes=_new(values),
    )
