"""Five people whose growth files are kept as golden: thin, full, rare characters, thirty years, a guest."""

from collections.abc import Callable
from datetime import date

from people.choices import AppraisalGrade, EducationMode, HonourKind, StaffType
from people.models import AnnualAppraisal, Cadre, Education, FamilyMember, Honour, ResumeEntry, Unit
from rotation.choices.secondments import Direction, OpinionParty, PartnerKind, SecondmentState
from tests.factories import field
from tests.factories.people import identity_number, make_appointment, make_cadre, make_unit
from tests.factories.training import credit, make_class
from tests.growth import golden_lives as life
from training.choices import Award
from wellbeing.choices.care import CareCause, CareKind
from wellbeing.choices.inspections import Outcome

AS_OF = date(2026, 11, 20)
P = OpinionParty
BRIEFLY = {
    P.SELF: "挂职一年，分管招商和项目协调，牵头完成两个项目的用地报批和管网迁改。学到了乡镇直接面对群众的工作"
    "方法，基层矛盾调处的经验还不足，今后要多到现场、多听意见。",
    P.HOST: "该同志政治坚定，作风扎实，能吃苦，服从安排；承担的项目协调任务按期完成，与干部群众相处融洽。",
    P.HOME: "该同志挂职期间表现良好，按月报告工作，带回的“项目一件事”做法已在本局试行。",
    P.ORGANISATION: "同意接收单位和派出单位意见。",
}
AT_LENGTH = {
    **BRIEFLY,
    P.SELF: "\n".join(
        f"{numeral}、{topic}。"
        + "挂职期间坚持把调查研究摆在前面，走遍全市十一个县（市、区）的重点园区，形成调研报告四篇；"
        "参与编制年度重点项目计划，逐项核对用地、资金和前期手续，建立问题清单、责任清单、销号清单，每周调度一次。"
        "对照先进地区查找差距，感到自己对宏观政策的理解还不够深，统筹协调多部门的能力还要在实践中提高。" * 3
        for numeral, topic in zip("一二三四五", ("学习", "调研", "项目", "作风", "不足"), strict=True)
    ),
}


def thin() -> Cadre:
    """A newcomer of whom little is known yet."""
    return make_cadre("丁新", unit=make_unit("综合办公室", code="G01"), staff_no="G0001")


def full() -> Cadre:
    cadre = _person("汪晓峰", "G0002", born=date(1988, 4, 1), unit="经济发展局", title="局长")
    _schooling(cadre)
    _resume(
        cadre,
        (2010, "示例县发展和改革委员会科员"),
        (2016, "示例经济开发区管委会科员"),
        (2021, "示例经济开发区经济发展局局长"),
    )
    _years(cadre, range(2021, 2026))
    for month, hours in ((3, 24), (5, 40), (11, 16)):
        for year in (2024, 2025):
            _class(cadre, date(year, month, 10), hours, hours // 8)
    _class(cadre, date(2026, 4, 14), 40, 5)
    Honour.objects.create(
        cadre=cadre,
        title="招商引资先进个人",
        kind=HonourKind.TITLE,
        awarded_on=date(2024, 3, 1),
        awarding_body="示例市人民政府",
    )
    FamilyMember.objects.create(
        cadre=cadre,
        position=1,
        relation="妻子",
        name="李示例",
        birth_month=date(1989, 9, 1),
        political_status="群众",
        workplace="示例小学教师",
    )
    _learnt(cadre)
    _did(cadre, Unit.objects.get(code="UG0002"))
    life.seconded(
        cadre, SecondmentState.APPRAISED, starts_on=date(2018, 3, 1), planned_end_on=date(2019, 2, 28),
        notes=[date(2018, month, 1) for month in range(3, 13)], said=BRIEFLY,
    )  # fmt: skip
    life.compared(Unit.objects.get(code="UG0002"), (24, 40, 40, 52, 64, 96, 110))
    life.talked(cadre, date(2025, 6, 12), date(2026, 3, 19), date(2026, 9, 8))
    life.checked_up(cadre, (2025, True), (2026, True))
    life.cared_for(cadre, CareCause.HOSPITAL, CareKind.HOSPITAL, date(2026, 5, 11), 800)
    life.read_through(cadre, AS_OF, wrong="招商引资先进个人", wanted="授予日期应为2024年4月")
    return cadre


def _learnt(cadre: Cadre) -> None:
    came = [date(2025, 9, 1), date(2026, 3, 2), date(2026, 3, 9), date(2026, 9, 7), date(2026, 9, 14)]
    life.attended(cadre, came, missed=[date(2026, 9, 21)])
    life.spoke(cadre, date(2026, 6, 1), "对标长三角做实开发区营商环境的几点体会")
    life.competed(
        cadre, date(2026, 7, 1), "“我为园区发展献一策”主题信息写作", "盘活闲置厂房十条", Award.FIRST
    )


def _did(cadre: Cadre, unit: Unit) -> None:
    leader = make_cadre("林带教", unit=unit, title="管委会副主任", staff_no="G0101")
    land = life.task(cadre, unit, leader, "盘活低效工业用地三百亩", due_on=date(2026, 12, 31), percent=60)
    life.moved(land, "盘活低效用地", "亩", before=40, target=300, latest=186, on=date(2026, 10, 31))
    life.moved(land, "亩均税收", "万元", before=12, target=18, latest=15, on=date(2026, 9, 30))
    done = life.task(cadre, unit, leader, "产业园一期标准厂房竣工投用", due_on=date(2026, 6, 30), percent=90)
    life.closed(done, date(2026, 6, 26))
    late = life.task(cadre, unit, leader, "企业服务平台上线运行", due_on=date(2026, 8, 31), percent=80)
    life.closed(late, date(2026, 9, 12))
    life.task(cadre, unit, leader, "招引亿元以上项目五个", due_on=date(2026, 9, 30), percent=60)
    field.hold(cadre, field.make_project("经十路配套路网工程"), leader)
    works = field.make_enterprise("示例智造装备有限公司")
    field.hold(cadre, works, leader, since=date(2025, 3, 3))
    visit = life.visited(cadre, works, date(2026, 4, 15), "订单饱满，三班生产；招工缺口约四十人。")
    life.visited(cadre, works, date(2026, 10, 20), "招工已基本解决，二期设备进场安装。")
    life.asked_for(cadre, visit, unit, "招工难，希望组织专场招聘会", date(2026, 5, 20))
    life.guided(cadre, leader, 3, "熟悉产业政策，能独立牵头协调多部门事项；项目前期材料把关还要更细。")


def rare() -> Cadre:
    """Characters outside GB 2312, a name with a middle dot."""
    cadre = _person("阿不都热西提·买买提", "G0003", born=date(1992, 1, 1), unit="㛃䶮𬱖项目部", title="干事")
    _resume(cadre, (2015, "示例县㛃水镇人民政府科员"), (2020, "示例经济开发区䶮山项目部干事"))
    _years(cadre, range(2023, 2026))
    FamilyMember.objects.create(
        cadre=cadre,
        position=1,
        relation="父亲",
        name="𬱖㛃䶮",
        birth_month=date(1965, 2, 1),
        political_status="群众",
        workplace="务农",
    )
    unit = Unit.objects.get(code="UG0003")
    leader = make_cadre("𬱖㛃䶮", unit=unit, title="副主任", staff_no="G0103")
    owner = make_cadre("古丽示例", unit=unit, title="主任", staff_no="G0104")
    helped = life.task(owner, unit, leader, "䶮山片区征迁交地", due_on=date(2026, 12, 31), percent=45)
    life.helps(cadre, helped, date(2026, 2, 2))
    works = field.make_enterprise("㛃水新材料有限公司")
    field.hold(cadre, works, leader)
    life.visited(cadre, works, date(2026, 9, 3), "一期投产，用电负荷偏紧。")
    life.attended(cadre, [date(2026, 3, 2), date(2026, 9, 7)])
    life.talked(cadre, date(2026, 8, 18))
    life.checked_up(cadre, (2026, False))
    return cadre


def career() -> Cadre:
    """Thirty years, twelve posts, a long resume that must break well."""
    cadre = _person("欧阳建国", "G0004", born=date(1970, 8, 1), unit="规划建设局", title="局长")
    posts = [(year, f"示例县第{number}镇人民政府科员") for number, year in enumerate(range(1994, 2024, 3), 1)]
    _resume(cadre, *posts)
    for number, year in enumerate(range(1994, 2018, 4)):
        make_appointment(
            cadre,
            organisation=f"示例县第{number}镇人民政府",
            title="科员",
            starts_on=date(year, 1, 1),
            ends_on=date(year + 3, 12, 31),
        )
    _years(cadre, range(2006, 2026))
    for number in range(12):
        Honour.objects.create(
            cadre=cadre,
            title=f"年度先进工作者（第{number + 1}次）",
            kind=HonourKind.TITLE,
            awarded_on=date(2010 + number, 1, 15),
            awarding_body="示例县人民政府",
        )
    for year in range(2018, 2026):
        _class(cadre, date(year, 9, 3), 90, 12)
    unit = make_unit("招商局", code="G04")
    life.seconded(
        cadre, SecondmentState.RETURNED, starts_on=date(2009, 3, 2), planned_end_on=date(2010, 3, 1),
        organisation="示例市发展和改革委员会", title="副科长", partner_kind=PartnerKind.MUNICIPAL,
        notes=[date(2009, month, 1) for month in range(3, 13)], said=AT_LENGTH,
    )  # fmt: skip
    life.rotated(cadre, unit, "局长", date(2026, 9, 1))
    life.talked(cadre, *(date(year, 3, 12) for year in range(2022, 2027)))
    life.checked_up(cadre, (2025, False), (2026, True))
    life.reminded(
        cadre, Unit.objects.get(code="UG0004"), Outcome.REMINDER, date(2026, 7, 6), date(2027, 1, 5)
    )
    return cadre


def guest() -> Cadre:
    """Here on secondment from elsewhere."""
    cadre = _person("苏来挂", "G0005", born=date(1990, 12, 1), unit="规划建设局", title="")
    cadre.staff_type = StaffType.SECONDED_IN
    cadre.save()
    unit = Unit.objects.get(code="UG0005")
    life.seconded(
        cadre, SecondmentState.ACTIVE, direction=Direction.IN, host_unit=unit, title="副局长",
        organisation="示例省发展和改革委员会", partner_kind=PartnerKind.MUNICIPAL,
        starts_on=date(2026, 3, 2), planned_end_on=date(2027, 3, 1),
        notes=[date(2026, month, 1) for month in range(3, 11)],
    )  # fmt: skip
    leader = make_cadre("林带教", unit=unit, title="管委会副主任", staff_no="G0105")
    owner = make_cadre("季示例", unit=unit, title="局长", staff_no="G0106")
    helped = life.task(owner, unit, leader, "申报省级绿色园区", due_on=date(2026, 12, 31), percent=70)
    life.helps(cadre, helped, date(2026, 4, 1))
    life.talked(cadre, date(2026, 4, 9))
    _years(cadre, range(2024, 2026))
    return cadre


GOLDEN: dict[str, Callable[[], Cadre]] = {
    "thin": thin,
    "full": full,
    "rare": rare,
    "career": career,
    "guest": guest,
}


def _person(name: str, staff_no: str, *, born: date, unit: str, title: str) -> Cadre:
    """With a post since March 2021; without a title there is none."""
    place = make_unit(unit, code=f"U{staff_no}")
    return make_cadre(
        name,
        unit=place if title else None,
        title=title,
        staff_no=staff_no,
        post_since=date(2021, 3, 1),
        sex="M",
        birth_month=born,
        ethnicity="汉族",
        native_place="安徽示例",
        birthplace="安徽示例",
        political_status="party_member",
        party_joined_on=date(2012, 6, 1),
        health="healthy",
        work_started_on=date(born.year + 22, 7, 1),
        staff_type="civil_servant",
        rank="一级主任科员",
        id_number=identity_number(born.replace(day=3)),
    )


def _schooling(cadre: Cadre) -> None:
    Education.objects.create(
        cadre=cadre,
        mode=EducationMode.FULL_TIME,
        level="大学",
        degree="管理学学士",
        level_school="示例大学行政管理专业",
    )


def _resume(cadre: Cadre, *lines: tuple[int, str]) -> None:
    ends = [year for year, _ in lines[1:]] + [0]
    for place, ((year, text), end) in enumerate(zip(lines, ends, strict=True), start=1):
        ResumeEntry.objects.create(
            cadre=cadre,
            position=place,
            starts_on=date(year, 7, 1),
            text=text,
            ends_on=date(end, 7, 1) if end else None,
        )


def _years(cadre: Cadre, years: range) -> None:
    grades = (AppraisalGrade.COMPETENT, AppraisalGrade.EXCELLENT)
    for year in years:
        AnnualAppraisal.objects.create(cadre=cadre, year=year, grade=grades[year % 2])


def _class(cadre: Cadre, on: date, hours: int, days: int) -> None:
    credit(cadre, make_class(f"{on.year}年{on.month}月专题培训班", starts_on=on, hours=hours, days=days))
