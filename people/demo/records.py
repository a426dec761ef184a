"""Rows that hang on a cadre: appointments, resume, education, appraisals, honours, family."""

from collections.abc import Iterator
from datetime import date
from random import Random

from people.choices import (
    AppointmentKind,
    AppraisalGrade,
    EducationMode,
    HonourKind,
    PoliticalStatus,
    Sex,
    StaffType,
)
from people.demo import words
from people.demo.context import DemoContext, demo_uid
from people.demo.kinship import post_text, relative_born, surname_of
from people.demo.persons import invented_name
from people.demo.shapes import Grade, Person, School, Stage, add_months
from people.demo.structure import ROOT, zone_name
from people.models import (
    AnnualAppraisal,
    Appointment,
    Education,
    FamilyMember,
    Honour,
    Post,
    ResumeEntry,
)
from people.names import split_name

CIVIL = frozenset({StaffType.CIVIL_SERVANT, StaffType.SELECTED_GRADUATE})
LONGEST_APPRAISED = 5
AWAY = {AppointmentKind.SECONDMENT: "挂职任", AppointmentKind.LOAN: "借调任"}
OLDEST_PARENT = 84
ELDER = date(1960, 1, 1)  # picks the given names of an older generation
Relative = tuple[str, str, date, str]  # relation, name, birth month, place of work


def appointments(context: DemoContext, posts: dict[tuple[str, str], Post]) -> Iterator[Appointment]:
    random = context.random("documents")
    for person in context.people:
        for stage in (*person.stages, *person.away):
            if stage.unit or stage in person.away:
                yield _appointment(context, posts, person, stage, random.randint(1, 60))


def _appointment(
    context: DemoContext, posts: dict[tuple[str, str], Post], person: Person, stage: Stage, number: int
) -> Appointment:
    return Appointment(
        cadre=person.cadre,
        kind=stage.kind,
        unit=context.units.get(stage.unit),
        post=posts.get((stage.unit, stage.title)),
        organisation=stage.organisation,
        title=stage.title,
        starts_on=stage.starts_on,
        ends_on=stage.ends_on,
        document_no=f"示开组〔{stage.starts_on.year}〕{number}号",
    )


def resume(context: DemoContext) -> Iterator[tuple[ResumeEntry, list[ResumeEntry]]]:
    """Each line with its interludes, which need the line's key once it is stored."""
    for person in context.people:
        for position, (starts_on, ends_on, text) in enumerate(_resume_lines(context, person)):
            line = ResumeEntry(
                cadre=person.cadre, position=position, starts_on=starts_on, ends_on=ends_on, text=text
            )
            yield line, list(_interludes(context, person, starts_on, ends_on))


def _resume_lines(context: DemoContext, person: Person) -> Iterator[tuple[date, date | None, str]]:
    """Periods by month, each beginning in the month in which the one before ends."""
    school = person.school
    begins = person.cadre.work_started_on or school.ends_on
    yield school.starts_on, school.ends_on, f"{school.name}学习"
    if begins > school.ends_on:
        yield school.ends_on, begins, "待业"
    for stage in person.stages:
        ends_on = stage.ends_on and add_months(stage.ends_on, 1)
        yield stage.starts_on, ends_on, place_text(context, stage)


def place_text(context: DemoContext, stage: Stage) -> str:
    if not stage.unit:
        return f"{stage.organisation}{stage.title}"
    unit = "" if stage.unit == ROOT else context.units[stage.unit].name
    return f"{zone_name()}{unit}{stage.title}"


def _interludes(
    context: DemoContext, person: Person, starts_on: date, ends_on: date | None
) -> Iterator[ResumeEntry]:
    found: list[tuple[date, date, str]] = []
    school = person.evening_school
    if school:
        found.append((school.starts_on, school.ends_on, f"{school.name}在职学习"))
    found += [
        (stage.starts_on, add_months(stage.ends_on, 1), f"{AWAY[stage.kind]}{place_text(context, stage)}")
        for stage in person.away
        if stage.ends_on
    ]
    for position, (begins, ends, text) in enumerate(sorted(found)):
        if starts_on <= begins and (ends_on is None or begins < ends_on):
            end = None if ends > context.on else ends
            yield ResumeEntry(cadre=person.cadre, position=position, starts_on=begins, ends_on=end, text=text)


def education(context: DemoContext) -> Iterator[Education]:
    for person in context.people:
        yield _education(person, EducationMode.FULL_TIME, person.school)
        if person.evening_school:
            yield _education(person, EducationMode.IN_SERVICE, person.evening_school)


def _education(person: Person, mode: EducationMode, school: School) -> Education:
    return Education(
        cadre=person.cadre,
        mode=mode,
        level=school.level,
        degree=school.degree,
        level_school=school.name,
        degree_school=school.name if school.degree else "",
    )


def appraisals(context: DemoContext) -> Iterator[AnnualAppraisal]:
    """Up to five complete years; the first year of work has no grade."""
    random = context.random("appraisals")
    for person in context.people:
        first = (person.cadre.work_started_on or context.on).year
        last = (person.stages[-1].ends_on or context.on).year - 1
        years = range(max(first, last - random.randint(2, LONGEST_APPRAISED - 1)), last + 1)
        rows = [_appraisal(random, person, year, probation=year == first) for year in years]
        person.cadre.appraisal_text = "；".join(str(row) for row in rows[-3:])
        yield from rows


def _appraisal(random: Random, person: Person, year: int, *, probation: bool) -> AnnualAppraisal:
    if probation:
        return AnnualAppraisal(cadre=person.cadre, year=year, grade=AppraisalGrade.UNGRADED, note="试用期")
    civil = person.cadre.staff_type in CIVIL
    draw = random.random()
    if draw < 0.17 + 0.1 * (person.place.grade <= Grade.HEAD):
        grade = AppraisalGrade.EXCELLENT
    elif draw > 0.985:
        grade = AppraisalGrade.BASICALLY_COMPETENT if civil else AppraisalGrade.BASICALLY_QUALIFIED
    else:
        grade = AppraisalGrade.COMPETENT if civil else AppraisalGrade.QUALIFIED
    return AnnualAppraisal(cadre=person.cadre, year=year, grade=grade)


def honours(context: DemoContext, graded: list[AnnualAppraisal]) -> Iterator[Honour]:
    """A 嘉奖 for each excellent year, and for some a title or a deed; also sums them up on the record."""
    random = context.random("honours")
    excellent: dict[int, list[int]] = {}
    for row in graded:
        if row.grade == AppraisalGrade.EXCELLENT:
            excellent.setdefault(id(row.cadre), []).append(row.year)
    for person in context.people:
        rows = [_commendation(person, year, context.on) for year in excellent.get(id(person.cadre), [])]
        rows += _titles_and_deeds(random, person, context.on)
        texts = [_in_words(row) for row in rows if row.kind != HonourKind.DEED]
        person.cadre.reward_text = "；".join(texts) + "。" if texts else "无"
        yield from rows


def _in_words(honour: Honour) -> str:
    if honour.kind == HonourKind.MERIT:  # its title names the year
        return honour.title
    return f"{honour.awarded_on.year}年被{honour.awarding_body}评为{honour.title}"


def _commendation(person: Person, year: int, on: date) -> Honour:
    return Honour(
        cadre=person.cadre,
        kind=HonourKind.MERIT,
        title=f"{year}年度考核优秀嘉奖",
        awarded_on=min(date(year + 1, 4, 20), on),
        awarding_body="中共示例县委组织部",
    )


def _titles_and_deeds(random: Random, person: Person, on: date) -> Iterator[Honour]:
    earliest = max(person.stages[-1].starts_on, add_months(on, -40))
    latest = person.stages[-1].ends_on or on
    if random.random() < 0.18:
        title, body = random.choice(words.HONOUR_TITLES)
        day = _between(random, earliest, latest)
        yield Honour(
            cadre=person.cadre, kind=HonourKind.TITLE, title=title, awarded_on=day, awarding_body=body
        )
    if random.random() < 0.12:
        title, deed = random.choice(words.DEEDS)
        yield Honour(
            cadre=person.cadre,
            kind=HonourKind.DEED,
            title=title,
            awarded_on=_between(random, earliest, latest),
            awarding_body=f"{zone_name()}",
            deed=deed,
        )


def _between(random: Random, earliest: date, latest: date) -> date:
    return date.fromordinal(random.randint(min(earliest, latest).toordinal(), latest.toordinal()))


def family(context: DemoContext) -> Iterator[FamilyMember]:
    """Spouse, child and parents, as far as the age makes them likely."""
    random = context.random("family")
    for person in context.people:
        for position, (relation, name, born_on, work) in enumerate(_relatives(random, person, context.on)):
            if context.on.year - born_on.year > OLDEST_PARENT:
                work = "已去世"
            yield FamilyMember(
                uid=demo_uid(random),
                cadre=person.cadre,
                position=position,
                relation=relation,
                name=name,
                birth_month=born_on,
                political_status=_party(random, born_on, context.on),
                workplace=work,
            )


def _relatives(random: Random, person: Person, on: date) -> Iterator[Relative]:
    age = on.year - person.born_on.year
    if person.spouse or person.child or (age >= 28 and random.random() < 0.9):
        spouse = _spouse(random, person)
        yield spouse
        if age >= 32:
            yield _child(random, person, spouse[1], on)
    yield _father(random, person)
    mother = invented_name(random, Sex.FEMALE, ELDER)
    yield "母亲", mother, relative_born(random, person, (-29, -23)), random.choice(words.MOTHER_WORK)


def _spouse(random: Random, person: Person) -> Relative:
    male = person.cadre.sex == Sex.MALE
    relation = "妻子" if male else "丈夫"
    if person.spouse:
        return _known(relation, person.spouse)
    name = invented_name(random, Sex.FEMALE if male else Sex.MALE, person.born_on)
    return relation, name, relative_born(random, person, (-2, 2)), random.choice(words.SPOUSE_WORK)


def _father(random: Random, person: Person) -> Relative:
    if person.father:
        return _known("父亲", person.father)
    name = invented_name(random, Sex.MALE, ELDER, surname_of(person))
    return "父亲", name, relative_born(random, person, (-30, -24)), random.choice(words.FATHER_WORK)


def _child(random: Random, person: Person, spouse: str, on: date) -> Relative:
    if person.child:
        return _known("儿子" if person.child.cadre.sex == Sex.MALE else "女儿", person.child)
    father = person.cadre.name if person.cadre.sex == Sex.MALE else spouse
    if person.spouse:  # both parents name the same child
        random = Random(f"child:{father}")  # noqa: S311
        person = person if person.cadre.name == father else person.spouse
    sex = random.choice([Sex.MALE, Sex.FEMALE])
    born_on = min(relative_born(random, person, (26, 30)), add_months(on, -6))
    age = on.year - born_on.year
    work = "学龄前" if age < 6 else "学生" if age < 22 else "示例新材料股份有限公司员工"
    name = invented_name(random, sex, born_on, split_name(father)[0])
    return "儿子" if sex == Sex.MALE else "女儿", name, born_on, work


def _known(relation: str, relative: Person) -> Relative:
    return relation, relative.cadre.name, relative.born_on.replace(day=1), post_text(relative)


def _party(random: Random, born_on: date, on: date) -> str:
    age = on.year - born_on.year
    if age < 14:
        return ""
    if age < 28:
        return PoliticalStatus.YOUTH_LEAGUE.label
    member = random.random() < 0.4
    return PoliticalStatus.PARTY_MEMBER.label if member else PoliticalStatus.MASSES.label
