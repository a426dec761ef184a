"""About three years of invented classes, and who took part: some are done, some on pace, some behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import training.demo.classes
import training.demo.hours
import training.demo.meetings
import training.demo.reading
import training.demo.study
import training.demo.trail  # noqa: F401 - registers its part
from people.choices import CadreStatus
from people.demo.context import DemoContext, demo_uid
from people.demo.registry import register
from people.demo.shapes import Person
from training.choices import ClassKind, HourRegime, Ledger, ResultGrade, Theme
from training.hours import HoursSummary, Terms, plain, regime_of
from training.models import Participation, TrainingClass
from training.queries import RuleBook

YEARS_BACK = 2
CLASSES_A_YEAR = 40
PLANNED = 3  # classes that lie ahead, still without participants
HALF, DAY = Decimal("0.5"), Decimal(1)
OWN_HALL = "管委会三楼会议室"


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of class that is held again and again; `days` are the lengths it comes in."""

    kind: ClassKind
    name: str
    organiser: str
    place: str
    days: tuple[Decimal, ...]
    weight: int = 1
    off_job: bool = True
    for_leaders: bool = False


def _days(*counts: int) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, counts))


TEMPLATES = (
    Template(
        ClassKind.TOPICAL, "{theme}专题培训班", "示例经济开发区管委会", "示例市委党校", _days(2, 3, 5), 5
    ),
    Template(
        ClassKind.ON_THE_JOB, "{theme}业务讲堂", "组织人事部", OWN_HALL, (HALF, HALF, DAY), 8, off_job=False
    ),
    Template(ClassKind.CONTINUING, "{theme}继续教育班", "示例省开发区协会", "示例干部学院", _days(3, 5), 3),
    Template(
        ClassKind.STUDY_VISIT,
        "赴先进园区{theme}考察学习",
        "示例经济开发区管委会",
        "先进示例高新区",
        _days(2, 3, 4),
        2,
    ),
    Template(
        ClassKind.DISPATCHED,
        "{theme}能力提升调训班",
        "中共示例县委组织部",
        "示例县委党校",
        _days(3, 5, 10),
        4,
    ),
    Template(
        ClassKind.ONLINE, "{theme}网络专题班", "示例干部网络学院", "线上", _days(2, 3, 5), 3, off_job=False
    ),
    Template(
        *(
            ClassKind.DISPATCHED,
            "县处级干部进修班（{theme}）",
            "中共示例市委组织部",
            "示例市委党校",
            _days(10, 20),
            4,
        ),
        for_leaders=True,
    ),
)
RESULTS = (*[ResultGrade.PASSED] * 11, *[ResultGrade.GOOD] * 6, *[ResultGrade.EXCELLENT] * 3)


@register(order=100)
def seed_training(context: DemoContext) -> None:
    context.say("培训班次和参训记录……")
    classes = context.insert(TrainingClass, list(_classes(context)))
    context.insert(Participation, list(_participations(context, classes)))


def _classes(context: DemoContext) -> Iterator[TrainingClass]:
    random = context.random("classes")
    hours_per_day = RuleBook.load().terms(HourRegime.ANNUAL, context.on).hours_per_day
    first = min(context.on.year - YEARS_BACK, _cycle_start(context.on))
    for year in range(first, context.on.year + 1):
        yield from _year_of_classes(random, year, context.on, hours_per_day)


def _cycle_start(on: date) -> int:
    """County level is reckoned over the whole cycle, so its classes go back to the cycle's first year."""
    return HoursSummary(RuleBook.load().terms(HourRegime.FIVE_YEAR, on), on).period.first.year


def _year_of_classes(random: Random, year: int, on: date, hours_per_day: Decimal) -> Iterator[TrainingClass]:
    numbers: dict[str, int] = {}
    weights = [template.weight for template in TEMPLATES]
    planned = 0
    for place in range(CLASSES_A_YEAR):
        template = random.choices(TEMPLATES, weights)[0]
        starts_on = _weekday(date(year, 1, 6) + timedelta(days=place * 345 // CLASSES_A_YEAR))
        found = _class(random, template, starts_on, hours_per_day)
        if found.starts_on <= on < found.ends_on:  # going on: who takes part would be half credited
            continue
        planned += found.ends_on > on
        if planned > PLANNED:
            return
        number = numbers[found.name] = numbers.get(found.name, 0) + 1
        found.name = f"{year}年{found.name}" + (f"（第{number}期）" if number > 1 else "")
        yield found


def _class(random: Random, template: Template, starts_on: date, hours_per_day: Decimal) -> TrainingClass:
    theme = random.choice([theme for theme in Theme if theme != Theme.OTHER])
    days = random.choice(template.days)
    return TrainingClass(
        uid=demo_uid(random),
        name=template.name.format(theme=theme.label),
        kind=template.kind,
        theme=theme,
        theme_text=theme.label,
        organiser=template.organiser,
        place=template.place,
        starts_on=starts_on,
        ends_on=_last_working_day(starts_on, days),
        days=days,
        hours=days * hours_per_day,
        off_job=template.off_job,
        note="县处级干部参加" if template.for_leaders else "",
    )


def _weekday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def _last_working_day(starts_on: date, days: Decimal) -> date:
    day, left = starts_on, days - 1
    while left > 0:
        day = _weekday(day + timedelta(days=1))
        left -= 1
    return day


def _participations(context: DemoContext, classes: list[TrainingClass]) -> Iterator[Participation]:
    random = context.random("participations")
    book = RuleBook.load()
    held = [found for found in classes if found.ends_on <= context.on]
    years = sorted({found.starts_on.year for found in held})
    for person in context.people:
        if person.cadre.status == CadreStatus.ACTIVE:
            terms = book.terms(regime_of(person.cadre.rank, person.cadre.leadership_level), context.on)
            yield from _of_person(random, context.on, person, terms, held, years)


def _of_person(
    random: Random,
    on: date,
    person: Person,
    terms: Terms,
    held: list[TrainingClass],
    years: list[int],
) -> Iterator[Participation]:
    joined = next(stage.starts_on for stage in person.stages if stage.unit)
    earliest = max(joined, date(_first_year(terms, on), 1, 1))
    fitting = [c for c in held if c.starts_on >= earliest and (not c.note or terms.cycle_years > 1)]
    diligence = random.random()
    for year in years:
        offered = [c for c in fitting if c.starts_on.year == year]
        random.shuffle(offered)
        chosen = _chosen(offered, *_aim(random, diligence, terms, on, year))
        yield from (_participation(random, person, found) for found in chosen)
        online = [c for c in offered if c.ledger == Ledger.ONLINE]
        yield from (_participation(random, person, found) for found in online[: random.randint(0, 2)])


def _first_year(terms: Terms, on: date) -> int:
    return _period_start(terms, on) if terms.cycle_years > 1 else on.year - YEARS_BACK


def _period_start(terms: Terms, on: date) -> int:
    return HoursSummary(terms, on).period.first.year


def _aim(random: Random, diligence: float, terms: Terms, on: date, year: int) -> tuple[Decimal, Decimal]:
    """Least and most hours wanted in the year: the diligent do all, some keep pace, some lag behind."""
    yearly = terms.required_hours / max(1, terms.cycle_years)
    pace = (
        HoursSummary(terms, on).pace_hours if terms.cycle_years == 1 and year == on.year else yearly * 8 / 9
    )
    if diligence < 0.6:
        return yearly + 2, yearly + 50
    if diligence < 0.78:
        return pace + 1, max(pace + 9, yearly - 1)
    share = Decimal(random.randint(10, 75)) / 100
    return pace * share / 2, pace * share


def _chosen(offered: list[TrainingClass], least: Decimal, most: Decimal) -> list[TrainingClass]:
    """Classes in the given order that together fit the hours and do not overlap."""
    chosen: list[TrainingClass] = []
    total = Decimal(0)
    for found in offered:
        if total >= least:
            break
        fits = found.ledger == Ledger.CONCENTRATED and total + found.hours <= most
        if fits and not any(_overlap(found, other) for other in chosen):
            chosen.append(found)
            total += found.hours
    return chosen


def _overlap(one: TrainingClass, other: TrainingClass) -> bool:
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _participation(random: Random, person: Person, found: TrainingClass) -> Participation:
    graded = found.kind != ClassKind.STUDY_VISIT and found.days >= 1
    certificate = f"示培{found.starts_on:%Y%m%d}-{person.cadre.staff_no}" if found.days >= 5 else ""
    row = Participation(
        training_class_id=found.pk,
        cadre_id=person.cadre.pk,
        hours=found.hours,
        days=found.days,
        result=random.choice(RESULTS) if graded else "",
        certificate_no=certificate,
    )
    if found.days >= 2 and random.random() < 0.03:  # leave is not credited
        row.hours, row.days = found.hours / 2, found.days / 2
        row.note = f"请假 {plain(found.days / 2)} 天"
    return row
