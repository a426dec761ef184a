"""The two pages of the form as grids in millimetres: one description for paper and for Word.

Widths and heights are those of the printed form; the texts are those of the exchange file (.lrmx).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.charts import text_width
from people.lrmx import AppointmentForm, FamilyLine

Align = Literal["center", "left", "right"]
MM = 72 / 25.4  # points

FRONT = (13.8, 4.2, 23.0, 18.8, 23.0, 23.2, 23.5, 36.3)
BACK = (13.1, 19.3, 22.5, 10.1, 17.8, 1.7, 13.8, 67.9)
FAMILY_ROWS = 7
SIZE, SMALL, FORM = 14.0, 12.0, 10.5  # points
# The resume has 125.8 mm: lines it takes → the size that still fits.
RESUME_SIZES = (
    (12, 14.0), (18, 13.5), (24, 13.0), (28, 12.5), (34, 12.0), (38, 11.5), (40, 11.0), (44, 10.5),
    (46, 10.0),
)  # fmt: skip
SMALLEST = 9.5
RESUME_WIDTH = (165.7 - 13.8 - 3.0) * MM
PERIOD_COLUMNS = 18
SCHOOL_WIDTH, TWO_LINES = (23.5 + 36.3 - 3.5) * MM, 7.0
ONE_LINE = (FORM, 9.5, 8.5)


@dataclass(frozen=True, slots=True)
class Cell:
    """`span` columns, `down` rows; `lines` of a resume keep their periods in a column of their own."""

    text: str = ""
    span: int = 1
    down: int = 1
    label: bool = False
    align: Align = "center"
    size: float = SIZE
    photo: bool = False
    lines: tuple[tuple[str, str], ...] = ()
    foot: str = ""  # stands at the bottom right, such as the place for date and seal


@dataclass(frozen=True, slots=True)
class Line:
    height: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    columns: tuple[float, ...]
    lines: tuple[Line, ...]
    title: str = ""
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a decision puts into the form: 拟任、拟免职务 and 任免理由; empty keeps what is known."""

    proposed: str = ""
    removed: str = ""
    reason: str = ""


def approval_sheets(
    form: AppointmentForm,
    *,
    on: date,
    proposal: Proposal = Proposal(),
) -> tuple[Sheet, Sheet]:
    """Front and back; ages are as of the form's own date, else of `on`."""
    counted = _day(form.age_counted_on) or _day(form.filled_on) or on
    return (
        Sheet(FRONT, tuple(_front(form, counted, proposal)), title="干部任免审批表"),
        Sheet(BACK, tuple(_back(form, counted, proposal)), foot=f"填表人：{form.filled_by}"),
    )


def _front(form: AppointmentForm, on: date, proposal: Proposal) -> Iterator[Line]:
    born, retires = _with_age(form.birth_month, on), _retirement(form)
    photo = Cell("照　片", down=4, photo=True)
    yield Line(12.5, (_l("姓　名", 2), Cell(form.name), _l("性　别"), Cell(form.sex), _l("出生年月\n（岁）"),
                      Cell(born, size=SMALL), photo))  # fmt: skip
    yield Line(12.2, (_l("民　族", 2), Cell(form.ethnicity), _l("籍　贯"), Cell(form.native_place),
                      _l("出生地"), Cell(form.birthplace)))  # fmt: skip
    party, worked = Cell(_month(form.party_joined)), Cell(_month(form.work_started))
    yield Line(12.0, (_l("入　党\n时　间", 2), party, _l("参加工\n作时间"), worked,
                      _l("到龄时间"), Cell(retires, size=SMALL)))  # fmt: skip
    yield Line(12.5, (_l("健　康\n状　况", 2), Cell(form.health), _l("专业技\n术职务"),
                      Cell(form.professional_title, size=SMALL), _l("熟悉专业\n有何专长"),
                      Cell(form.specialty, size=SMALL)))  # fmt: skip
    yield from _education(form)
    posts = (
        ("现任职务", form.current_post),
        ("拟任职务", proposal.proposed or form.proposed_post),
        ("拟免职务", proposal.removed or form.removed_post),
    )
    for label, text in posts:
        yield Line(12.0, (_l(label, 3), Cell(text, 5, align="left")))
    lines = tuple(_resume_lines(form.resume))
    yield Line(125.8, (_l("简\n\n历"), Cell("", 7, align="left", lines=lines, size=resume_size(lines))))


def _education(form: AppointmentForm) -> Iterator[Line]:
    """Four low rows: level and degree of the full-time and of the in-service education."""
    modes = (
        ("全日制\n教　育", form.full_time_level, form.full_time_degree, form.full_time_level_school,
         form.full_time_degree_school),
        ("在　职\n教　育", form.in_service_level, form.in_service_degree, form.in_service_level_school,
         form.in_service_degree_school),
    )  # fmt: skip
    for place, (label, level, degree, school, degree_school) in enumerate(modes):
        head = (_l("学　历\n学　位", 2, down=4),) if place == 0 else ()
        schools = (_l("毕业院校\n系及专业", down=2), _school(school))
        yield Line(6.1, (*head, _l(label, down=2), Cell(level, 2, size=SMALL), *schools))
        yield Line(6.1, (Cell(degree, 2, size=SMALL), _school(degree_school)))


def _school(text: str) -> Cell:
    """In one line at the largest size that fits, else in two small ones: the row is 6.1 mm high."""
    fitting = (size for size in ONE_LINE if text_width(text, size) <= SCHOOL_WIDTH)
    return Cell(text, 2, align="left", size=next(fitting, TWO_LINES))


def _back(form: AppointmentForm, on: date, proposal: Proposal) -> Iterator[Line]:
    yield Line(
        25.0, (_l("奖\n惩\n情\n况", size=SMALL), Cell(form.rewards or "无", 7, align="left", size=SMALL))
    )
    yield Line(18.0, (_l("年核\n度结\n考果", size=SMALL), Cell(form.appraisals, 7, align="left", size=SMALL)))
    reason = proposal.reason or form.reason
    yield Line(24.0, (_l("任\n免\n理\n由", size=SMALL), Cell(reason, 7, align="left", size=SMALL)))
    yield from _family(form, on)
    yield Line(36.5, (_l("呈\n报\n单\n位", size=SMALL),
                      Cell(form.submitting_unit, 7, foot="年　　月　　日", size=SMALL)))  # fmt: skip
    sealed = "（盖章）\n年　　月　　日"
    organ = _l("审\n批\n机\n关\n意\n见", size=SMALL)
    office = _l("行任\n政免\n机意\n关见", 2, size=SMALL)
    yield Line(35.6, (organ, Cell("", 4, foot=sealed, size=SMALL), office, Cell(foot=sealed, size=SMALL)))


def _family(form: AppointmentForm, on: date) -> Iterator[Line]:
    heads = ("称谓", "姓　名", "年龄", "政治\n面貌", "工　作　单　位　及　职　务")
    spans = (1, 1, 1, 2, 2)
    shown = [member for member in form.family if member.name][:FAMILY_ROWS]
    side = _l("家\n庭\n主\n要\n成\n员\n及\n重\n要\n社\n会\n关\n系", down=FAMILY_ROWS + 1, size=SMALL)
    yield Line(11.4, (side, *(_l(h, s, size=SMALL) for h, s in zip(heads, spans, strict=True))))
    for place in range(FAMILY_ROWS):
        texts = _member(shown[place], on) if place < len(shown) else ("",) * 5
        yield Line(12.3, tuple(
            Cell(text, span, size=SMALL, align="left" if column == 4 else "center")
            for column, (text, span) in enumerate(zip(texts, spans, strict=True))
        ))  # fmt: skip


def _member(member: FamilyLine, on: date) -> tuple[str, ...]:
    """No age for the dead."""
    gone = any(word in member.workplace for word in ("去世", "已故"))
    age = "" if gone else _age(member.born, on)
    return member.relation, member.name, age, member.political_status, member.workplace


def resume_size(lines: tuple[tuple[str, str], ...]) -> float:
    """The largest of the form's sizes at which the resume fits its box."""
    for most, size in RESUME_SIZES:
        if _rows(lines, size) <= most:
            return size
    return SMALLEST


def _rows(lines: tuple[tuple[str, str], ...], size: float) -> int:
    room = RESUME_WIDTH - text_width("0" * PERIOD_COLUMNS, size)
    return sum(max(1, -int(-text_width(text, size) // room)) for _, text in lines)


def _resume_lines(resume: str) -> Iterator[tuple[str, str]]:
    """(period, text); an interlude stands under the text, without a period of its own."""
    for line in resume.splitlines():
        period, text = line[:PERIOD_COLUMNS].strip(), line[PERIOD_COLUMNS:].strip()
        yield (period, text) if period[:1].isdigit() else ("", line.strip())


def _l(text: str, span: int = 1, down: int = 1, size: float = SIZE) -> Cell:
    return Cell(text, span, down, label=True, size=size)


def _month(value: str) -> str:
    """202106 → 2021.06; what is no month stays as it is written."""
    return f"{value[:4]}.{value[4:6]}" if value[:6].isdigit() and len(value) >= 6 else value


def _with_age(value: str, on: date) -> str:
    age = _age(value, on)
    return f"{_month(value)}\n（{age}岁）" if age else _month(value)


def _age(value: str, on: date) -> str:
    """Full years counted by the month."""
    if not (len(value) >= 6 and value[:6].isdigit()):
        return ""
    years = on.year - int(value[:4]) - (on.month < int(value[4:6]))
    return str(years)


def _retirement(form: AppointmentForm) -> str:
    """2048.03（63岁）: the age on reaching it, with its odd months left out as the form does."""
    month, born = form.retirement_month, form.birth_month
    if not (month[:6].isdigit() and len(month) >= 6 and born[:6].isdigit() and len(born) >= 6):
        return _month(month)
    months = (int(month[:4]) - int(born[:4])) * 12 + int(month[4:6]) - int(born[4:6])
    rest = f"{months % 12}个月" if months % 12 else ""
    return f"{_month(month)}\n（{months // 12}岁{rest}）"


def _day(value: str) -> date | None:
    """yyyyMMdd or yyyyMM as the file has it."""
    digits = value if value.isdigit() else ""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8] or 1)) if len(digits) >= 6 else None
    except ValueError:
        return None
