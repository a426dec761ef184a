"""Which cadre a roster row means: by staff number, else by identity number, never by name."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from core.access import Permission, Viewer
from core.crypto import blind_index
from people.choices import AppointmentKind
from people.imports.roster_rows import RosterRow
from people.models import Appointment, Cadre, Education

_MANY = 5_000  # from here on one plain read costs less than a list of keys


@dataclass
class KnownCadres:
    """The cadres that the file may mean, with what hangs on them; a constant number of queries."""

    by_staff_no: dict[str, Cadre] = field(default_factory=dict)
    by_index: dict[str, Cadre] = field(default_factory=dict)
    posts: dict[int, list[Appointment]] = field(default_factory=dict)
    education: dict[tuple[int, str], Education] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    editable: frozenset[int] | None = None

    @classmethod
    def load(cls, rows: Iterable[RosterRow], *, by: Viewer | None) -> "KnownCadres":
        rows = list(rows)
        known = cls()
        for cadre in _candidates(rows):
            if cadre.staff_no:
                known.by_staff_no[cadre.staff_no.upper()] = cadre
            if cadre.id_number_index:
                known.by_index[cadre.id_number_index] = cadre
        known._load_records([cadre.pk for cadre in known.all()])
        known.names = _names(rows)
        if by is not None and not by.sees_all(Permission.IMPORT):
            editable = Cadre.objects.visible_to(by, Permission.IMPORT)
            known.editable = frozenset(editable.values_list("pk", flat=True))
        return known

    def all(self) -> list[Cadre]:
        found = {cadre.pk: cadre for cadre in (*self.by_staff_no.values(), *self.by_index.values())}
        return list(found.values())

    def _load_records(self, keys: list[int]) -> None:
        posts = Appointment.objects.filter(kind=AppointmentKind.POST, is_main=True).select_related("unit")
        education = Education.objects.all()
        if len(keys) < _MANY:
            posts, education = posts.filter(cadre__in=keys), education.filter(cadre__in=keys)
        for post in posts.order_by("-starts_on", "-pk"):
            self.posts.setdefault(post.cadre_id, []).append(post)
        self.education = {(row.cadre_id, row.mode): row for row in education}

    def current_post(self, cadre: Cadre, on: date) -> Appointment | None:
        return next((post for post in self.posts.get(cadre.pk, ()) if post.holds(on)), None)

    def match(self, row: RosterRow, *, by: Viewer | None) -> Cadre | None:
        """The cadre of this row, or None for a new one; whatever speaks against it becomes a fault."""
        numbered = self.by_staff_no.get(row.staff_no.upper()) if row.staff_no else None
        identified = self.by_index.get(blind_index(row.identity.number)) if row.identity else None
        if numbered and identified and numbered != identified:
            self._refuse_two(row, numbered, identified)
        elif numbered and identified is None:
            self._check_number(row, numbered)
        elif identified and numbered is None:
            self._check_identity(row, identified)
        cadre = numbered or identified
        if cadre:
            self._check_scope(row, cadre, by)
        elif row.name in self.names:
            message = f"花名册中已有同名的“{row.name}”，本行按另一人新增；如是同一人，请改用已登记的工号。"
            row.reader.warn("name", "same_name", message)
        return cadre

    def _refuse_two(self, row: RosterRow, numbered: Cadre, identified: Cadre) -> None:
        message = (
            f"该身份证号已登记在“{_who(identified)}”名下，而工号 {row.staff_no} 是“{numbered.name}”；"
            "请核对工号和身份证号。"
        )
        row.reader.fault("id_number", "id_taken", message)

    def _check_number(self, row: RosterRow, cadre: Cadre) -> None:
        """A number alone does not make another name the same person."""
        if row.name and row.name != cadre.name:
            message = (
                f"工号 {row.staff_no} 已登记给“{cadre.name}”，与本行的“{row.name}”不符；"
                "请改正工号，确为改名的请同时填写已登记的身份证号。"
            )
            row.reader.fault("staff_no", "staff_no_taken", message)
        elif row.identity and cadre.id_number and cadre.id_number != row.identity.number:
            row.reader.warn(
                "id_number", "id_changed", "身份证号与已登记的不同，导入后将改为本行的号码；请核对。"
            )

    def _check_identity(self, row: RosterRow, cadre: Cadre) -> None:
        if not (row.staff_no and cadre.staff_no):
            return
        if row.name != cadre.name:
            message = f"该身份证号已登记在“{_who(cadre)}”名下；请核对身份证号、姓名和工号。"
            row.reader.fault("id_number", "id_taken", message)
        else:
            message = f"“{cadre.name}”已登记的工号是 {cadre.staff_no}，导入后将改为 {row.staff_no}；请核对。"
            row.reader.warn("staff_no", "staff_no_changed", message)

    def _check_scope(self, row: RosterRow, cadre: Cadre, by: Viewer | None) -> None:
        if by is None:
            return
        if cadre.pk == by.cadre_id:
            message = "本人的信息不能由本人导入；请由其他有权限的同事导入这一行。"
            row.reader.fault("name", "self", message)
        elif self.editable is not None and cadre.pk not in self.editable:
            message = f"“{cadre.name}”不在你的管辖范围内；请删去这一行，或请有权限的同事导入。"
            row.reader.fault("name", "not_in_scope", message)


def _who(cadre: Cadre) -> str:
    return f"{cadre.name}（工号 {cadre.staff_no}）" if cadre.staff_no else cadre.name


def _candidates(rows: list[RosterRow]) -> Iterable[Cadre]:
    numbers = {
        n for row in rows if row.staff_no for n in (row.staff_no, row.staff_no.upper(), row.staff_no.lower())
    }
    indexes = {blind_index(row.identity.number) for row in rows if row.identity}
    if len(numbers) + len(indexes) > _MANY:
        return Cadre.objects.all()
    return Cadre.objects.filter(Q(staff_no__in=numbers) | Q(id_number_index__in=indexes))


def _names(rows: list[RosterRow]) -> frozenset[str]:
    names = {row.name for row in rows if row.name}
    found = Cadre.objects.values_list("name", flat=True)
    return frozenset(found if len(names) > _MANY else found.filter(name__in=names))
