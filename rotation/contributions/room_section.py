"""The chapter 轮岗交流 of the growth file: what was decided, when it began, under which number."""

from collections.abc import Sequence
from datetime import date

from core.asking import Steps, asked
from core.templatetags.ui import cn_date
from growth.contracts import Chapter, Column, Row, Section, SectionContext, Table, register_section, source_of
from people.models import Cadre
from rotation.models import DecidedMove
from rotation.queries.room.effects import movers_in_effect

KEY, TITLE, ORDER = "rotations", "轮岗交流", 53
COLUMNS = (
    Column("任职日期", 14, "date"),
    Column("原任职务", 24, "left"),
    Column("现任职务", 24, "left"),
    Column("类型", 10),
    Column("任免文号", 18, "date"),
)


def load(cadres: Sequence[Cadre], as_of: date) -> Steps[dict[int, list[DecidedMove]]]:
    found: dict[int, list[DecidedMove]] = {}
    for row in (yield from asked(movers_in_effect([cadre.pk for cadre in cadres], as_of))):
        found.setdefault(row.cadre_id, []).append(row)
    return found


@register_section(KEY, order=ORDER, load=load, title=TITLE)
def rotations(context: SectionContext, moves: list[DecidedMove] | None) -> Section | None:
    """Only what is public: nothing of a plan, and nothing of who did not pass."""
    if not moves:
        return None
    return Section(KEY, TITLE, ORDER, (Table(COLUMNS, tuple(map(_row, moves))),), chapter=Chapter.PRACTICE)


def _row(move: DecidedMove) -> Row:
    day = move.effect_line.effect.effective_on
    number = move.decision.plan.document_no
    cells = (cn_date(day), move.from_text or "—", move.to_text or "免职", move.get_kind_display(), number)
    return Row(cells, source_of(move, "任免决定", day, text=f"{cn_date(day)}任职，{number}"))
