"""基本情况, in the manner of the 干部任免审批表, and 家庭成员 for the readers who may know."""

from collections.abc import Iterable

from growth.contracts import (
    Block,
    Column,
    Edition,
    Fact,
    Form,
    FormCell,
    Heading,
    Name,
    Row,
    Section,
    SectionContext,
    Source,
    Summary,
    Table,
    register_section,
    source_of,
)
from growth.sections.records import Records, basics_of
from growth.wording import month, month_words
from people.choices import EducationMode
from people.models import Cadre, Education

SHARES = (13, 13, 8, 13, 14, 13, 14, 19)


@register_section("basic", order=10, load=basics_of, title="基本情况")
def basic_section(context: SectionContext, records: Records | None) -> Section:
    records = records or Records()
    blocks: list[Block] = [_form(context, records), *_private_form(context)]
    if context.edition is not Edition.LEADER and records.family:
        blocks += [Heading("家庭主要成员及重要社会关系"), _family(context, records)]
    summary = Summary(facts=_facts(context, records))
    return Section("basic", "基本情况", 10, tuple(blocks), summary)


def _facts(context: SectionContext, records: Records) -> tuple[Fact, ...]:
    """Nine short answers beside the name; an empty one is left out."""
    cadre, age = context.cadre, context.cadre.age(context.as_of)
    highest = records.education[-1] if records.education else Education()
    answers = {
        "性别": cadre.get_sex_display(),
        "出生年月": month_words(cadre.birth_month) + (f"（{age}岁）" if age is not None else ""),
        "民族": cadre.ethnicity,
        "政治面貌": cadre.get_political_status_display(),
        "学历学位": " ".join(filter(None, (highest.level, highest.degree))),
        "参加工作": month_words(cadre.work_started_on),
        "职级": cadre.rank,
        "籍贯": cadre.native_place,
        "身份": cadre.get_staff_type_display(),
    }
    source = _source(context)
    return tuple(Fact(label, value, source) for label, value in answers.items() if value)


def _label(text: str, span: int = 1, down: int = 1) -> FormCell:
    return FormCell(text, span, down, label=True)


def _form(context: SectionContext, records: Records) -> Form:
    """The official form's own rows always stand; ours beyond it only where they say something."""
    rows = (*_person_rows(context), *_education_rows(records), *_filled(_office_rows(context.cadre)))
    return Form(SHARES, rows, _source(context))


def _source(context: SectionContext) -> Source:
    return source_of(context.cadre, "干部基本信息")


def _filled(rows: Iterable[tuple[FormCell, ...]]) -> tuple[tuple[FormCell, ...], ...]:
    return tuple(row for row in rows if any(cell.text for cell in row if not cell.label))


def _private_form(context: SectionContext) -> tuple[Form, ...]:
    """A grid of its own: what stands in the first one reads, and is confirmed, alike in every edition."""
    rows = _filled(_private_rows(context))
    source = Source("联系方式", f"people.contact:{context.cadre.pk}")
    return (Form(SHARES, rows, source),) if rows else ()


def _person_rows(context: SectionContext) -> tuple[tuple[FormCell, ...], ...]:
    cadre, age = context.cadre, context.cadre.age(context.as_of)
    birth = month(cadre.birth_month) + (f"\n（{age}岁）" if age is not None else "")
    joined = month(cadre.party_joined_on) or cadre.party_note
    return (
        (
            _label("姓　名"), FormCell(Name(cadre.name), 2), _label("性　别"),
            FormCell(cadre.get_sex_display()), _label("出生年月\n（岁）"), FormCell(birth),
            FormCell(down=4, photo=True),
        ),
        (
            _label("民　族"), FormCell(cadre.ethnicity, 2), _label("籍　贯"), FormCell(cadre.native_place),
            _label("出生地"), FormCell(cadre.birthplace),
        ),
        (
            _label("入　党\n时　间"), FormCell(joined, 2), _label("参加工\n作时间"),
            FormCell(month(cadre.work_started_on)), _label("健康状况"), FormCell(cadre.get_health_display()),
        ),
        (
            _label("专业技\n术职务"), FormCell(cadre.professional_title, 2), _label("熟悉专业\n有何专长"),
            FormCell(cadre.specialty, 3),
        ),
    )  # fmt: skip


def _education_rows(records: Records) -> tuple[tuple[FormCell, ...], ...]:
    by_mode = {row.mode: row for row in records.education}
    full_time = by_mode.get(EducationMode.FULL_TIME, Education())
    in_service = by_mode.get(EducationMode.IN_SERVICE, Education())
    return (
        (_label("学　历\n学　位", down=2), *_education("全日制\n教　育", full_time)),
        _education("在　职\n教　育", in_service),
    )


def _education(label: str, row: Education) -> tuple[FormCell, ...]:
    levels = "\n".join(filter(None, (row.level, row.degree)))
    schools = "\n".join(dict.fromkeys(filter(None, (row.level_school, row.degree_school))))
    return (
        _label(label),
        FormCell(levels, 2),
        _label("毕业院校\n系及专业"),
        FormCell(schools, 3, align="left"),
    )


def _office_rows(cadre: Cadre) -> tuple[tuple[FormCell, ...], ...]:
    """The post as of the day comes with the cadre (people: with_position)."""
    held = f"{cadre.unit_name or ''}{cadre.post_title or ''}"  # type: ignore[attr-defined]
    since = f"（{month(cadre.rank_since)}）" if cadre.rank_since else ""
    return (
        (_label("现任职务", 2), FormCell(held, 6, align="left")),
        (
            _label("身　份", 2), FormCell(cadre.get_staff_type_display(), 2), _label("职　级"),
            FormCell(f"{cadre.rank}{since}" if cadre.rank else "", 3),
        ),
        (
            _label("职务层次", 2), FormCell(cadre.get_leadership_level_display(), 2), _label("到龄时间"),
            FormCell(month(cadre.retirement_month), 3),
        ),
    )  # fmt: skip


def _private_rows(context: SectionContext) -> tuple[tuple[FormCell, ...], ...]:
    """ID number masked, phone and address: for the cadre and the office, never in the leader edition."""
    if context.edition is Edition.LEADER:
        return ()
    cadre = context.cadre
    return (
        (
            _label("身份证号", 2), FormCell(masked_id(cadre.id_number), 3), _label("联系电话"),
            FormCell(cadre.phone, 2),
        ),
        (_label("住　址", 2), FormCell(cadre.address, 6, align="left")),
    )  # fmt: skip


def masked_id(id_number: str) -> str:
    """3425************34: enough to tell two cards apart, too little to use."""
    if len(id_number) < 8:
        return "*" * len(id_number)
    return id_number[:4] + "*" * (len(id_number) - 6) + id_number[-2:]


def _family(context: SectionContext, records: Records) -> Table:
    columns = (
        Column("称　谓", 12),
        Column("姓　名", 16),
        Column("出生年月", 14),
        Column("政治面貌", 16),
        Column("工作单位及职务", 42, "left"),
    )
    rows = (
        Row(
            (m.relation, Name(m.name), month(m.birth_month), m.political_status, m.workplace),
            source_of(m, "家庭成员"),
        )
        for m in records.family
    )
    return Table(columns, tuple(rows))
