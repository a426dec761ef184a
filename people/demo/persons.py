"""Invented persons: name, sex, birth, schooling, status. Nothing here touches the database."""

from datetime import date, timedelta
from random import Random

from people.choices import (
    CadreStatus,
    HealthState,
    LeadershipLevel,
    PoliticalStatus,
    Sex,
    StaffType,
    UnitKind,
)
from people.demo import words
from people.demo.context import DemoContext, demo_uid
from people.demo.shapes import Grade, Person, Place, School, add_months
from people.demo.structure import department_of
from people.identity import check_character
from people.models import Cadre
from people.retirement import retirement_month

STAFF_PREFIX = "YX"
UNASSIGNED_AREA = "999999"
DOTTED_EVERY = 60
AGES = {
    Grade.CHIEF: (48, 56),
    Grade.VICE: (42, 55),
    Grade.HEAD: (38, 56),
    Grade.DEPUTY: (33, 53),
    Grade.SECTION_HEAD: (30, 52),
    Grade.STAFF: (23, 58),
}
# Women outside the zone's leadership reach the age five years earlier.
OLDEST_WOMAN = 54
SCHOOL_YEARS = {"大专": 3, "大学": 4, "研究生": 7}
RETIRED_EVERY, LEFT_EVERY = 43, 80
# Ages up to which a rank is usual, for those without a leading post.
CIVIL_LADDER = ((26, "一级科员"), (31, "四级主任科员"), (37, "三级主任科员"), (45, "二级主任科员"))
LEADING_RANKS = {
    Grade.CHIEF: ("一级调研员", "二级调研员", ""),
    Grade.VICE: ("三级调研员", "二级调研员", ""),
    Grade.HEAD: ("一级主任科员", "一级主任科员", "四级调研员"),
    Grade.DEPUTY: ("二级主任科员", "三级主任科员", "一级主任科员"),
    Grade.SECTION_HEAD: ("三级主任科员", "二级主任科员"),
}
INSTITUTION_RANKS = {
    Grade.HEAD: "管理岗七级",
    Grade.DEPUTY: "管理岗八级",
    Grade.SECTION_HEAD: "管理岗八级",
    Grade.STAFF: "管理岗九级",
}
LEADERSHIP = {
    Grade.HEAD: LeadershipLevel.TOWNSHIP_CHIEF,
    Grade.DEPUTY: LeadershipLevel.TOWNSHIP_DEPUTY,
    Grade.CHIEF: LeadershipLevel.COUNTY_CHIEF,
    Grade.VICE: LeadershipLevel.COUNTY_DEPUTY,
}
STAFF_TYPES = (
    *[StaffType.CIVIL_SERVANT] * 9,
    *[StaffType.INSTITUTION] * 7,
    *[StaffType.POST_HIRED] * 2,
    StaffType.SELECTED_GRADUATE,
    StaffType.WORKER,
)
FOR_WORKERS = ("科员", "文秘岗", "项目服务岗")
PARTIES = (
    *[PoliticalStatus.PARTY_MEMBER] * 15,
    *[PoliticalStatus.MASSES] * 3,
    PoliticalStatus.CNDCA,
    PoliticalStatus.JIUSAN,
)


# The first thirty surnames are far more frequent than the rest.
COMMON_FIRST = words.SURNAMES[:30] * 3 + words.SURNAMES


class PersonMaker:
    """Makes the persons one after the other and keeps names and ID numbers apart."""

    def __init__(self, context: DemoContext) -> None:
        self.on = context.on
        self.random = context.random("persons")
        self._names: set[str] = set()
        self._numbers: set[str] = set()

    def make(self, place: Place, number: int) -> Person:
        sex = Sex.FEMALE if self.random.random() < (0.25 if place.grade <= Grade.HEAD else 0.42) else Sex.MALE
        born_on = self._birth(place.grade, sex)
        if _retired(place.grade, number):
            born_on = self._birth_of_retired(sex)
        school = _school(self.random, born_on, self.on)
        cadre = Cadre(
            uid=demo_uid(self.random),
            staff_no=f"{STAFF_PREFIX}{number:04d}",
            name=self._name(sex, born_on, number),
            sex=sex,
            birth_month=born_on.replace(day=1),
            id_number=self._id_number(born_on, sex),
            phone=f"199000{self.random.randrange(100_000):05d}",
            work_started_on=add_months(school.ends_on, self.random.choice((0, 0, 0, 1, 2))),
            health=HealthState.HEALTHY if self.random.random() < 0.95 else HealthState.FAIR,
            specialty=self.random.choice(words.SPECIALTIES),
            display_order=number,
            leadership_level=LEADERSHIP.get(place.grade, ""),
        )
        person = Person(place, cadre, born_on, school)
        self._fill(person, number)
        return person

    def _fill(self, person: Person, number: int) -> None:
        cadre = person.cadre
        _fill_origin(self.random, cadre, dotted=words.DOTTED_NAMES[cadre.sex] == cadre.name)
        _fill_rank(self.random, person, self.on)
        _fill_party(self.random, person, self.on)
        _fill_status(person, number, self.on)
        person.evening_school = _evening_school(self.random, person, self.on)

    def _birth(self, grade: Grade, sex: Sex) -> date:
        youngest, oldest = AGES[grade]
        if sex == Sex.FEMALE and not grade.leads_the_zone:
            oldest = min(oldest, OLDEST_WOMAN)
        age = self.random.triangular(youngest, oldest, youngest + (oldest - youngest) * 0.4)
        return self.on - timedelta(days=int(age * 365.25) + 20)

    def _birth_of_retired(self, sex: Sex) -> date:
        """Late enough that the age was reached within the last two years."""
        base = _base_age(sex, Grade.STAFF)
        reached = add_months(self.on, -self.random.randint(2, 24))
        born_on = add_months(reached, -12 * base)
        while retirement_month(born_on, base_age=base) > reached:
            born_on = add_months(born_on, -1)
        return born_on.replace(day=self.random.randint(1, 28))

    def _name(self, sex: Sex, born_on: date, number: int) -> str:
        dotted = words.DOTTED_NAMES[sex]
        if number % DOTTED_EVERY == DOTTED_EVERY - 5 and dotted not in self._names:
            self._names.add(dotted)
            return dotted
        name = invented_name(self.random, sex, born_on)
        while name in self._names:
            name = invented_name(self.random, sex, born_on)
        self._names.add(name)
        return name

    def _id_number(self, born_on: date, sex: Sex) -> str:
        while True:
            sequence = 2 * self.random.randrange(500) + (sex == Sex.MALE)
            first = f"{UNASSIGNED_AREA}{born_on:%Y%m%d}{sequence:03d}"
            if first not in self._numbers:
                self._numbers.add(first)
                return first + check_character(first)


def invented_name(random: Random, sex: str, born_on: date, surname: str = "") -> str:
    surname = surname or random.choice(COMMON_FIRST)
    if random.random() < 0.12:
        return surname + random.choice(words.SINGLE_GIVEN[sex])
    first, second = words.GIVEN[sex, "elder" if born_on.year < 1978 else "younger"]
    return surname + random.choice(first) + random.choice(second)


def _school(random: Random, born_on: date, on: date) -> School:
    entry = born_on.year + (19 if born_on.month >= 9 else 18)
    fitting = [level for level, years in SCHOOL_YEARS.items() if date(entry + years, 11, 1) < on]
    # The younger studied longer.
    weights = {
        "大专": 3 if born_on.year < 1985 else 1,
        "大学": 6,
        "研究生": 0.5 if born_on.year < 1980 else 2,
    }
    level = random.choices(fitting, [weights[name] for name in fitting])[0]
    field, school, major = random.choice(words.MAJORS)
    degree = {"大专": "", "大学": f"{field}学士", "研究生": f"{field}硕士"}[level]
    ends_on = date(entry + SCHOOL_YEARS[level], 7, 1)
    return School(level, degree, f"{school}{major}专业", date(entry, 9, 1), ends_on)


def _evening_school(random: Random, person: Person, on: date) -> School | None:
    """在职教育 of about a third of those who had the time for it."""
    starts_on = add_months(person.cadre.work_started_on or on, 12 * random.randint(4, 10))
    starts_on = starts_on.replace(month=9)
    if person.school.level == "研究生" or random.random() < 0.6 or add_months(starts_on, 40) > on:
        return None
    level = "大学" if person.school.level == "大专" else "省委党校研究生"
    major = random.choice(words.IN_SERVICE_MAJORS)
    name = f"{words.IN_SERVICE_SCHOOL}{major}专业"
    return School(level, "", name, starts_on, add_months(starts_on, 33))


def _fill_origin(random: Random, cadre: Cadre, *, dotted: bool) -> None:
    place = words.DOTTED_PLACE if dotted else random.choice(words.NATIVE_PLACES)
    minority = random.choice(words.MINORITIES) if random.random() < 0.06 else "汉族"
    cadre.ethnicity = "维吾尔族" if dotted else minority
    cadre.native_place = cadre.birthplace = place
    cadre.address = f"示例县阳光小区{random.randint(1, 30)}栋{random.randint(101, 1802)}室"


def _fill_rank(random: Random, person: Person, on: date) -> None:
    cadre, grade = person.cadre, person.place.grade
    department = department_of(person.place.unit)
    institution = department is not None and department.kind == UnitKind.INSTITUTION
    if grade.leads_the_zone or (grade < Grade.STAFF and not institution):
        cadre.staff_type = StaffType.CIVIL_SERVANT
    else:
        cadre.staff_type = StaffType.INSTITUTION if institution else random.choice(STAFF_TYPES)
        if cadre.staff_type == StaffType.SELECTED_GRADUATE and (cadre.age(on) or 0) > 34:
            cadre.staff_type = StaffType.CIVIL_SERVANT
        if cadre.staff_type == StaffType.WORKER and person.place.title not in FOR_WORKERS:
            cadre.staff_type = StaffType.POST_HIRED
    cadre.rank = _rank(random, person, cadre.age(on) or 0)
    if cadre.rank:
        earliest = add_months(cadre.work_started_on or on, 12)
        cadre.rank_since = max(earliest, add_months(on, -random.randint(4, 60)))
        cadre.rank_since = min(cadre.rank_since, add_months(on, 0))


def _rank(random: Random, person: Person, age: int) -> str:
    grade, staff_type = person.place.grade, person.cadre.staff_type
    if staff_type in (StaffType.INSTITUTION, StaffType.POST_HIRED):
        return _institution_rank(random, person, age)
    if staff_type == StaffType.WORKER:
        return ""
    if grade in LEADING_RANKS:
        choices = LEADING_RANKS[grade]
        return random.choice(choices if age >= 45 else choices[:2])
    eldest = "四级调研员" if age >= 50 and random.random() < 0.4 else "一级主任科员"
    return next((rank for limit, rank in CIVIL_LADDER if age <= limit), eldest)


def _institution_rank(random: Random, person: Person, age: int) -> str:
    """Some staff are on the technical ladder and then have a title."""
    if person.place.grade < Grade.STAFF or random.random() < 0.6 or age < 28:
        return INSTITUTION_RANKS[person.place.grade]
    senior = age >= 42
    person.cadre.professional_title = "高级工程师" if senior else random.choice(words.TECHNICAL_TITLES)
    return random.choice(("专业技术七级", "专业技术八级") if senior else ("专业技术十级", "专业技术十一级"))


def _fill_party(random: Random, person: Person, on: date) -> None:
    cadre = person.cadre
    age = cadre.age(on) or 0
    status = PoliticalStatus.PARTY_MEMBER if person.place.grade <= Grade.HEAD else random.choice(PARTIES)
    if status == PoliticalStatus.MASSES and age < 28:
        status = PoliticalStatus.YOUTH_LEAGUE
    if status not in (PoliticalStatus.MASSES, PoliticalStatus.YOUTH_LEAGUE):
        joined = add_months(person.born_on, 12 * random.randint(20, min(32, max(20, age - 1))) + 6)
        cadre.party_joined_on = min(joined, add_months(on, -2))
        if status == PoliticalStatus.PARTY_MEMBER and cadre.party_joined_on > add_months(on, -12):
            status = PoliticalStatus.PROBATIONARY
    cadre.political_status = status


def _fill_status(person: Person, number: int, on: date) -> None:
    """Here and there someone has retired or moved away; the zone's leaders have not."""
    cadre = person.cadre
    cadre.retirement_month = retirement_month(
        person.born_on, base_age=_base_age(cadre.sex, person.place.grade)
    )
    if _retired(person.place.grade, number):
        cadre.status = CadreStatus.RETIRED
    elif person.place.grade == Grade.STAFF and number % LEFT_EVERY == LEFT_EVERY - 4:
        cadre.status = CadreStatus.LEFT


def _retired(grade: Grade, number: int) -> bool:
    return grade == Grade.STAFF and number % RETIRED_EVERY == 0


def _base_age(sex: str, grade: Grade) -> int:
    return 60 if sex == Sex.MALE or grade.leads_the_zone else 55
