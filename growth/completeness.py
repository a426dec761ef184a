"""How complete a file is: what is there, what is declared not to exist, what is missing and who has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from growth.models import Declarable, NoneDeclared
from people.choices import EducationMode
from people.models import Cadre
from people.queries import completeness_of

OFFICE, SELF = "组织人事部门", "本人"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a file should have. `declarable` names what may be declared not to exist."""

    label: str
    supplier: str
    present: bool
    declarable: Declarable | None = None
    declared: bool = False

    @property
    def settled(self) -> bool:
        return self.present or self.declared


@dataclass(frozen=True, slots=True)
class FileState:
    items: tuple[Item, ...]

    @property
    def settled(self) -> int:
        return sum(item.settled for item in self.items)

    @property
    def missing(self) -> list[Item]:
        return [item for item in self.items if not item.settled]

    @property
    def percent(self) -> int:
        return round(100 * self.settled / len(self.items)) if self.items else 100


def state_of_file(cadre: Cadre, *, on: date) -> FileState:
    """Nine queries at most, whatever the cadre's record holds."""
    declared = set(NoneDeclared.objects.filter(cadre=cadre).values_list("item", flat=True))
    return FileState(tuple(_items(cadre, on, declared)))


def _items(cadre: Cadre, on: date, declared: set[str]) -> Iterator[Item]:
    for label in completeness_of(cadre).missing:
        yield Item(label, OFFICE, present=False)
    yield Item("证件照", SELF, bool(cadre.photo_path))
    yield Item("任职经历", OFFICE, cadre.appointments.exists())
    years = set(cadre.appraisals.values_list("year", flat=True))
    began = cadre.work_started_on.year if cadre.work_started_on else on.year
    for year in range(max(on.year - 3, began + 1), on.year):
        yield Item(f"{year}年度考核结果", OFFICE, year in years)
    found = {
        Declarable.FAMILY: cadre.family.exists(),
        Declarable.HONOURS: cadre.honours.exists(),
        Declarable.IN_SERVICE: cadre.education.filter(mode=EducationMode.IN_SERVICE).exists(),
    }
    for item, present in found.items():
        yield Item(item.label, SELF, present, item, item.value in declared)
