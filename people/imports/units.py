"""From the unit that a workbook names to the unit that is meant.

A unit that nobody knows is never created in silence: it is a fault, unless the person asked for new units,
or the office brings its whole structure with the first file and none of its units is known yet.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from people.choices import UnitKind
from people.imports.dates import BadValue
from people.imports.text import squeeze
from people.models import Unit

_LEVELS = re.compile(r"[/\\>→＞|]|(?<=[^\d])[-—](?=[^\d])")


@dataclass
class Units:
    """All open units by every name they go by. `root` is the zone itself, when it is entered."""

    by_name: dict[str, list[Unit]] = field(default_factory=dict)
    root: Unit | None = None
    may_create: bool = False
    new_names: list[str] = field(default_factory=list)

    @classmethod
    def load(cls, *, may_create: bool = False) -> "Units":
        """One query."""
        units = cls(may_create=may_create)
        for unit in Unit.objects.open().order_by("path"):
            if unit.kind == UnitKind.ZONE and units.root is None:
                units.root = unit
            for name in {unit.name, unit.short_name, unit.code} - {""}:
                units.by_name.setdefault(squeeze(name), []).append(unit)
        return units

    def accept_if_all_unknown(self, names: Iterable[str]) -> None:
        """The first roster of an office: none of its departments is known, so all are offered as new."""
        wanted = {squeeze(name) for name in names} - {""}
        known = [unit for name in wanted for unit in self._named(name) if unit != self.root]
        if wanted and not known:
            self.may_create = True

    def find(self, name: str) -> Unit | None:
        """The unit, or None for one to be created; raises BadValue when it is unknown or unclear."""
        found = self._named(squeeze(name))
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            parents = "、".join(unit.parent.name for unit in found if unit.parent)
            message = f"叫“{name}”的机构有 {len(found)} 个（上级：{parents}）；请写成“上级/{name}”。"
            raise BadValue("ambiguous_unit", message)
        if self.may_create:
            if squeeze(name) not in map(squeeze, self.new_names):
                self.new_names.append(name)
            return None
        raise self._unknown(name)

    def _named(self, name: str) -> list[Unit]:
        if exact := self.by_name.get(name):
            return exact
        if self.root and (rest := name.removeprefix(squeeze(self.root.name))) != name and rest:
            return self._named(rest)
        above, _, last = _LEVELS.sub("/", name).rpartition("/")
        if not above:
            return []
        parents = {unit.pk for unit in self._named(above)}
        return [unit for unit in self.by_name.get(last, ()) if unit.parent_id in parents]

    def _unknown(self, name: str) -> BadValue:
        close = get_close_matches(squeeze(name), self.by_name, n=1, cutoff=0.5)
        hint = f"是否应为“{self.by_name[close[0]][0].name}”？" if close else ""
        message = (
            f"机构“{name}”不存在。{hint}请改为已有机构；确为新机构的，请先在“机构与岗位”中新增，"
            "或在导入时选择“新增文件中的机构”。"
        )
        return BadValue("unknown_unit", message)
