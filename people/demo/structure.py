"""The demo zone: units, posts, and the places that cadres are put on."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, cycle, islice

from django.conf import settings

from people.choices import LeadershipLevel, PostClass, UnitKind
from people.demo.context import DemoContext
from people.demo.shapes import Grade, Place
from people.models import Post, Unit
from people.services.units import path_of

ROOT = "YX"
PEOPLE_PER_SECTION = 25
# A zone beyond this size gets sections (科室) under its departments.
LARGEST_FLAT_ZONE = 200


@dataclass(frozen=True, slots=True)
class Department:
    code: str
    name: str
    short_name: str
    head: str
    deputy: str
    head_class: PostClass
    staff: tuple[tuple[str, PostClass], ...]
    kind: UnitKind = UnitKind.DEPARTMENT


KEY, IMPORTANT, GENERAL = PostClass.KEY, PostClass.IMPORTANT, PostClass.GENERAL
DEPARTMENTS = (
    Department(
        *("YX01", "党政办公室", "党政办", "主任", "副主任", IMPORTANT),
        (("机要保密岗", KEY), ("文秘岗", GENERAL)),
    ),
    Department(
        *("YX02", "组织人事部", "组织部", "部长", "副部长", KEY),
        (("干部人事岗", KEY), ("党建岗", GENERAL)),
    ),
    Department(
        *("YX03", "经济发展局", "经发局", "局长", "副局长", IMPORTANT),
        (("项目管理岗", IMPORTANT), ("经济运行岗", GENERAL)),
    ),
    Department(
        *("YX04", "招商发展局", "招商局", "局长", "副局长", KEY),
        (("招商专员", IMPORTANT), ("项目服务岗", GENERAL)),
    ),
    Department(
        *("YX05", "规划建设局", "规建局", "局长", "副局长", KEY),
        (("工程招标岗", KEY), ("规划审批岗", KEY), ("科员", GENERAL)),
    ),
    Department(
        *("YX06", "安全生产监督管理局", "安监局", "局长", "副局长", KEY),
        (("安全监管岗", IMPORTANT), ("科员", GENERAL)),
    ),
    Department(
        *("YX07", "生态环境分局", "环境分局", "局长", "副局长", IMPORTANT),
        (("环境监管岗", IMPORTANT), ("科员", GENERAL)),
    ),
    Department(
        *("YX08", "财政金融局", "财金局", "局长", "副局长", KEY),
        (("财务管理岗", KEY), ("国资管理岗", IMPORTANT), ("科员", GENERAL)),
    ),
    Department(
        *("YX09", "企业服务中心", "企服中心", "主任", "副主任", GENERAL),
        (("企业服务专员", GENERAL), ("专技人员", GENERAL)),
        UnitKind.INSTITUTION,
    ),
    Department(
        *("YX10", "综合执法大队", "执法大队", "大队长", "副大队长", KEY),
        (("执法队员", IMPORTANT), ("法制员", KEY)),
        UnitKind.INSTITUTION,
    ),
)
CODE_LENGTH = 4  # of a department; sections add two digits
BY_CODE = {department.code: department for department in DEPARTMENTS}

LEADERS = (
    ("党工委书记", LeadershipLevel.COUNTY_CHIEF, Grade.CHIEF, 1),
    ("党工委副书记、管委会主任", LeadershipLevel.COUNTY_CHIEF, Grade.CHIEF, 1),
    ("党工委委员、管委会副主任", LeadershipLevel.COUNTY_DEPUTY, Grade.VICE, 4),
)
LEVELS = {
    Grade.HEAD: LeadershipLevel.TOWNSHIP_CHIEF,
    Grade.DEPUTY: LeadershipLevel.TOWNSHIP_DEPUTY,
}
DEPUTIES_EACH = 2
SECTION_HEAD = "科长"


def zone_name() -> str:
    return f"{settings.ZONE_NAME}管理委员会"


def places(size: int) -> list[Place]:
    """As many places as there are cadres, in roster order: leaders, then unit by unit from head to staff."""
    wanted = list(islice(_by_importance(section_count(size)), size))
    return sorted(wanted, key=lambda place: (place.unit, place.grade))


def section_count(size: int) -> int:
    """Sections of each department."""
    return 0 if size <= LARGEST_FLAT_ZONE else -(-size // (len(DEPARTMENTS) * PEOPLE_PER_SECTION))


def _by_importance(sections: int) -> Iterator[Place]:
    for title, _, grade, headcount in LEADERS:
        yield from [Place(ROOT, title, grade)] * headcount
    yield from (Place(d.code, d.head, Grade.HEAD) for d in DEPARTMENTS)
    # The last two departments keep one deputy's place vacant.
    full = [d for d in DEPARTMENTS for _ in range(DEPUTIES_EACH)][: -DEPUTIES_EACH - 1]
    yield from (Place(d.code, d.deputy, Grade.DEPUTY) for d in (*full, DEPARTMENTS[-1]))
    units = [(d, section_code(d, n)) for n in range(1, sections + 1) for d in DEPARTMENTS]
    yield from (Place(code, SECTION_HEAD, Grade.SECTION_HEAD) for _, code in units)
    yield from _staff(units or [(d, d.code) for d in DEPARTMENTS])


def _staff(units: list[tuple[Department, str]]) -> Iterator[Place]:
    """Round by round one more place in every unit, its titles in turn."""
    titles = {code: cycle(title for title, _ in d.staff) for d, code in units}
    for code in chain.from_iterable([code for _, code in units] for _ in cycle([None])):
        yield Place(code, next(titles[code]), Grade.STAFF)


def section_code(department: Department, number: int) -> str:
    return f"{department.code}{number:02d}"


def department_of(unit_code: str) -> Department | None:
    """The department that a unit is or belongs to; None for the zone itself."""
    return BY_CODE.get(unit_code[:CODE_LENGTH])


def build_zone(context: DemoContext, wanted: list[Place]) -> dict[tuple[str, str], Post]:
    """Creates units and posts; the posts are returned by unit code and title."""
    root = _unit(context, Unit(code=ROOT, name=zone_name(), short_name="管委会", kind=UnitKind.ZONE))
    context.zone = root
    for order, department in enumerate(DEPARTMENTS, start=1):
        unit = Unit(
            code=department.code,
            name=department.name,
            short_name=department.short_name,
            kind=department.kind,
            parent=root,
            display_order=order * 100,
        )
        _build_sections(context, department, _unit(context, unit))
    posts = context.insert(Post, list(_posts(context, wanted)))
    return {(post.unit.code, post.title): post for post in posts}


def _build_sections(context: DemoContext, department: Department, unit: Unit) -> None:
    for number in range(1, section_count(context.size) + 1):
        section = Unit(
            code=section_code(department, number),
            name=f"{department.short_name}第{number}科",
            kind=UnitKind.SECTION,
            parent=unit,
            display_order=unit.display_order + number,
        )
        _unit(context, section)


def _unit(context: DemoContext, unit: Unit) -> Unit:
    unit.save()
    unit.path = path_of(unit)
    unit.save(update_fields=["path"])
    context.units[unit.code] = unit
    context.filled.add(Unit)
    return unit


def _posts(context: DemoContext, wanted: list[Place]) -> Iterator[Post]:
    holders = Counter((place.unit, place.title) for place in wanted)
    for order, (title, level, _, headcount) in enumerate(LEADERS, start=1):
        yield _post(context, ROOT, title, KEY, order, level, headcount)
    for d in DEPARTMENTS:
        yield _post(context, d.code, d.head, d.head_class, 1, LEVELS[Grade.HEAD], 1)
        yield _post(context, d.code, d.deputy, IMPORTANT, 2, LEVELS[Grade.DEPUTY], DEPUTIES_EACH)
        for order, (title, post_class) in enumerate(d.staff, start=3):
            # Posts that handle money, permits or enforcement are counted; ordinary ones are not.
            counted = None if post_class == GENERAL else max(2, holders[d.code, title])
            yield _post(context, d.code, title, post_class, order, "", counted)
    for code, title in sorted(holders):
        if code.startswith(ROOT) and len(code) > CODE_LENGTH:
            yield _section_post(context, code, title)


def _section_post(context: DemoContext, code: str, title: str) -> Post:
    classes = dict(BY_CODE[code[:CODE_LENGTH]].staff)
    order = 1 if title == SECTION_HEAD else 2
    return _post(context, code, title, classes.get(title, GENERAL), order, "", None)


def _post(
    context: DemoContext,
    code: str,
    title: str,
    post_class: PostClass,
    order: int,
    level: str,
    headcount: int | None,
) -> Post:
    return Post(
        unit=context.units[code],
        title=title,
        post_class=post_class,
        level=level,
        headcount=headcount,
        display_order=order,
    )
