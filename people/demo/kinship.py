"""Relatives who work in the same zone, so that checks on kinship have something to find."""

from datetime import date
from random import Random

from people.choices import CadreStatus, Sex
from people.demo.context import DemoContext
from people.demo.persons import invented_name
from people.demo.shapes import Grade, Person
from people.demo.structure import department_of, zone_name
from people.names import split_name

COUPLES = 3
PARENTS = 2
NEAR_IN_AGE = 5 * 365
GENERATION = (23 * 365, 34 * 365)


def tie_relatives(context: DemoContext) -> None:
    """Among the first cadres: a few couples, some with a leader of the zone, and fathers with children."""
    random = context.random("kinship")
    people = [p for p in context.people[:120] if p.cadre.status == CadreStatus.ACTIVE]
    for _ in range(COUPLES):
        _marry(people)
    for _ in range(PARENTS):
        _make_family(random, people)


def post_text(person: Person) -> str:
    """Place of work and post as other people's forms name them."""
    department = department_of(person.place.unit)
    return f"{zone_name()}{department.name if department else ''}{person.place.title}"


def _marry(people: list[Person]) -> None:
    for man in people:
        for woman in people:
            if _could_marry(man, woman):
                man.spouse, woman.spouse = woman, man
                return


def _could_marry(man: Person, woman: Person) -> bool:
    return (
        man.cadre.sex == Sex.MALE
        and woman.cadre.sex == Sex.FEMALE
        and not man.spouse
        and not woman.spouse
        and abs((man.born_on - woman.born_on).days) < NEAR_IN_AGE
        and woman.place.grade > Grade.VICE
        and "·" not in man.cadre.name + woman.cadre.name
    )


def _make_family(random: Random, people: list[Person]) -> None:
    for father in people:
        for child in people:
            if _could_be_father(father, child):
                _give_surname(random, child, surname_of(father), taken={p.cadre.name for p in people})
                child.father, father.child = father, child
                return


def _could_be_father(father: Person, child: Person) -> bool:
    generation = (child.born_on - father.born_on).days
    return (
        father.cadre.sex == Sex.MALE
        and not father.child
        and not (father.spouse or child.father or child.spouse)
        and GENERATION[0] < generation < GENERATION[1]
        and "·" not in father.cadre.name + child.cadre.name
    )


def _give_surname(random: Random, child: Person, surname: str, *, taken: set[str]) -> None:
    cadre = child.cadre
    while cadre.name in taken:
        cadre.name = invented_name(random, cadre.sex, child.born_on, surname)


def surname_of(person: Person) -> str:
    """Nothing for a name with a middle dot."""
    return split_name(person.cadre.name)[0]


def relative_born(random: Random, person: Person, years: tuple[int, int]) -> date:
    """First day of a month so many years after the person's birth (before it when negative)."""
    return date(person.born_on.year + random.randint(*years), random.randint(1, 12), 1)
