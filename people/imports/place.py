"""现任职务 as one text ("示例管委会招商发展局副局长") parted into the place and the title."""

import re

from people.imports.text import squeeze
from people.imports.units import Units
from people.models import Unit

_TITLE = re.compile(
    r"(?:(?:副|代|代理|常务副|党组|党委|党工委|党支部|总支)*"
    r"(?:书记|主任|局长|部长|处长|科长|股长|所长|站长|院长|校长|园长|队长|大队长|中队长|支队长|镇长|乡长|县长|区长"
    r"|市长|厅长|主席|会长|秘书长|总经理|经理|董事长|组长|成员|委员|秘书|专员|干事|助理|顾问|工程师|会计|医师|教师"
    r"|[一二三四]级(?:巡视员|调研员|主任科员|科员)|主任科员|调研员|科员|办事员|工作人员|干部|职员|员))$"
)
_JOINED = re.compile(r"[、，,；;]|兼")


def part_post(text: str, units: Units) -> tuple[Unit | None, str, str]:
    """(unit of the zone or None, place as written, title). Of several posts the first is the main one."""
    first = _JOINED.split(squeeze(text))[0]
    match = _longest_title(first)
    place, title = (first[: match.start()], match.group()) if match else (first, "")
    return _unit(place, units), place, title


def _longest_title(text: str) -> re.Match[str] | None:
    """The title begins where it can take in most of the end, but a place must remain."""
    for start in range(2, len(text)):
        if match := _TITLE.match(text, start):
            return match
    return None


def _unit(place: str, units: Units) -> Unit | None:
    """The unit whose name ends the place; the longest such name."""
    ends = [name for name in units.by_name if len(name) > 1 and place.endswith(name)]
    found = units.by_name[max(ends, key=len)] if ends else []
    return found[0] if len(found) == 1 else None
