"""One cadre of whom every app knows something, with a canary in each kind of content (security.md 1.6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from park.models import LeaderNote
from people.choices import AppraisalGrade, HonourKind
from people.models import AnnualAppraisal, Cadre, FamilyMember, Honour, Unit
from rotation.choices.plans import PlanState
from rotation.choices.secondments import OpinionParty, OpinionStage, SecondmentState
from rotation.models.appraisals import Opinion
from rotation.services.room.effects import take_effect
from tests.factories import care, checkups, field, room, secondments, study, wellbeing
from tests.factories.park import make_task
from tests.factories.people import TODAY, identity_number, make_account, make_cadre, make_unit
from tests.factories.training import credit, default_rules, make_class
from tests.growth import golden_lives as life
from training.choices import Award
from wellbeing.choices.care import CareCause
from wellbeing.choices.checkups import CheckupState
from wellbeing.choices.inspections import Outcome
from wellbeing.choices.talks import TalkKind
from wellbeing.models import CheckupMember

TALKED_ON = date(2026, 10, 19)
SELF, LEADER, ARCHIVE = "self", "leader", "archive"


@dataclass(frozen=True, slots=True)
class Canary:
    """Words that may stand in the editions named, and in no other."""

    kind: str
    words: str
    editions: frozenset[str] = frozenset()


def _only(kind: str, words: str, *editions: str) -> Canary:
    return Canary(kind, words, frozenset(editions))


CANARIES = (
    _only("phone", "13912345678", SELF, ARCHIVE),
    _only("address", "金丝雀路八号", SELF, ARCHIVE),
    _only("family", "金丝雀小学", SELF, ARCHIVE),
    _only("identity number", "999999199008031"),
    _only("penalty in free text", "擅离职守受到党内警告处分", SELF, ARCHIVE),
    _only("penalty in a note", "影响期不定等次鸣", SELF, ARCHIVE),
    _only("honour beside it", "纪律检查工作先进个人", SELF, LEADER, ARCHIVE),
    _only("talk: thinking", "谈话金丝雀一"),
    _only("talk: summary", "谈话金丝雀二"),
    _only("talk: assessment", "谈话金丝雀三"),
    _only("talk: day", "2026年10月19日", SELF),
    _only("talk: kind", "关爱谈话", SELF),
    _only("checkup: where", "金丝雀体检中心", SELF),
    _only("checkup: package", "金丝雀套餐"),
    _only("checkup: report", "金丝雀报告"),
    _only("care: kind", "住院慰问", SELF),
    _only("care: amount", "937.53", SELF),
    _only("care: reason", "金丝雀事由"),
    _only("care: event", "金丝雀病情"),
    _only("care: support", "家庭负担较重"),
    _only("finding: problem", "金丝雀问题"),
    _only("finding: decision", "金丝雀决定内容"),
    _only("finding: outcome", "约谈", SELF, ARCHIVE),
    _only("leader's note", "金丝雀带教", LEADER, ARCHIVE),
    _only("plan: title", "金丝雀方案"),
    _only("plan: post", "金丝雀岗位"),
    _only("plan: reason", "金丝雀理由"),
    _only("rotation in effect", "任免生效岗位", SELF, LEADER, ARCHIVE),
    _only("secondment: opinion of a complete 鉴定", "金丝雀鉴定意见", SELF, LEADER, ARCHIVE),
    _only("secondment: midterm review", "金丝雀中期考核"),
    _only("secondment: opinion of a 鉴定 that is not complete", "金丝雀未完鉴定"),
    _only("rank band", "三分之一", LEADER),
)


def whole_cadre() -> Cadre:
    default_rules()
    unit = make_unit("经济发展局")
    cadre = make_cadre(
        "金一鸣", unit=unit, title="科员", staff_no="W0001", phone="13912345678", address="金丝雀路八号",
        id_number=identity_number(date(1990, 8, 3)), birth_month=date(1990, 8, 1),
        reward_text="2019年因擅离职守受到党内警告处分；2021年获评纪律检查工作先进个人",
    )  # fmt: skip
    for add in (_person, _learning, _park, _talks_and_health, _care, _decision, _moves, _away, _compared):
        add(cadre, unit)
    return Cadre.objects.with_position(TODAY).get(pk=cadre.pk)  # type: ignore[no-any-return]


def _person(cadre: Cadre, unit: Unit) -> None:
    FamilyMember.objects.create(
        cadre=cadre, position=1, relation="妻子", name="李示例", birth_month=date(1991, 5, 1),
        political_status="群众", workplace="金丝雀小学教师",
    )  # fmt: skip
    grade = AppraisalGrade.COMPETENT
    AnnualAppraisal.objects.create(cadre=cadre, year=2024, grade=grade, note="处分影响期不定等次鸣")
    AnnualAppraisal.objects.create(cadre=cadre, year=2025, grade=grade)
    for year in (2023, 2025):
        Honour.objects.create(
            cadre=cadre, kind=HonourKind.TITLE, title=f"{year}年先进个人", awarded_on=date(year, 12, 1),
            awarding_body="示例市委",
        )  # fmt: skip


def _learning(cadre: Cadre, unit: Unit) -> None:
    for month, hours in ((3, 24), (5, 40)):
        starts_on = date(2026, month, 10)
        found = make_class(f"{month}月专题班", starts_on=starts_on, hours=hours, days=hours // 8)
        credit(cadre, found)
    study.make_group(cadre)
    for day in (date(2026, 9, 7), date(2026, 9, 14)):
        activity = study.make_activity(day)
        study.hold(activity, **({"came": [cadre]} if day.day == 7 else {"absent": [cadre]}))
    life.spoke(cadre, date(2026, 9, 21), "招商引资的几点体会")
    life.competed(cadre, date(2026, 7, 1), "主题信息写作", "产业链招商建议", Award.SECOND)


def _park(cadre: Cadre, unit: Unit) -> None:
    leader = make_cadre("林带教")
    make_task("产业园一期", owner=cadre)
    late = make_task("服务平台上线", owner=cadre, due_on=date(2026, 8, 31), percent=90)
    life.closed(late, date(2026, 9, 12))
    works = field.make_enterprise("示例电子有限公司")
    visit = life.visited(cadre, works, date(2026, 4, 15), "订单饱满")
    life.visited(cadre, works, date(2026, 10, 20), "二期开工")
    life.asked_for(cadre, visit, unit, "招工难", date(2026, 5, 20))
    field.hold(cadre, field.make_project("路网项目"), leader)
    LeaderNote.objects.create(leader=leader, cadre=cadre, year=2026, quarter=3, text="金丝雀带教")


def _talks_and_health(cadre: Cadre, unit: Unit) -> None:
    texts = {"thinking": "谈话金丝雀一", "summary": "谈话金丝雀二", "assessment": "谈话金丝雀三"}
    wellbeing.make_talk(cadre, held_on=TALKED_ON, texts=texts, kind=TalkKind.CARE)
    campaign = checkups.make_campaign(on=date(2026, 9, 1), institution="金丝雀体检中心", package="金丝雀套餐")
    CheckupMember.objects.filter(campaign=campaign, cadre=cadre).update(state=CheckupState.DONE)
    checkups.make_report(make_account(cadre=cadre), name="金丝雀报告.pdf")


def _care(cadre: Cadre, unit: Unit) -> None:
    care.make_budget()
    event = care.make_event(cadre, CareCause.HOSPITAL, detail="金丝雀病情")
    care.given(event, care.clerk(), amount=Decimal("937.53"), reason="金丝雀事由")
    care.make_support(cadre)


def _decision(cadre: Cadre, unit: Unit) -> None:
    finding = wellbeing.make_finding(unit, cadre=cadre, problem="金丝雀问题")
    wellbeing.decide(finding, outcome=Outcome.INTERVIEW, decision="金丝雀决定内容")


def _moves(cadre: Cadre, unit: Unit) -> None:
    """One that is in effect, and one that nobody outside its plan may know of."""
    drafter, boss = room.make_drafter(), room.make_leader("陈甲", unit=unit)
    done = room.make_plan(drafter, effective_on=TODAY)
    target = room.make_post("任免生效岗位", unit=unit)
    room.make_decided([room.make_move(done, cadre, target)], drafter, [boss])
    done.refresh_from_db()
    take_effect(plan=done, by=None, at=room.NOW)
    secret = room.make_plan(drafter, state=PlanState.MEETING, title="金丝雀方案")
    room.make_move(secret, cadre, room.make_post("金丝雀岗位"), reason="金丝雀理由", letter="B")


def _away(cadre: Cadre, unit: Unit) -> None:
    starts_on = date(2024, 3, 1)
    row = secondments.make_secondment(
        SecondmentState.APPRAISED, cadre=cadre, starts_on=starts_on, planned_end_on=date(2025, 2, 28)
    )
    for opinion in Opinion.objects.filter(secondment=row).exclude(party=OpinionParty.ORGANISATION):
        opinion.text = "金丝雀鉴定意见"
        opinion.save()
    about = {"party": OpinionParty.HOST, "signed_on": TODAY, "at": life.noon(TODAY)}
    Opinion.objects.create(secondment=row, stage=OpinionStage.MIDTERM, text="金丝雀中期考核", **about)
    later = secondments.make_secondment(
        SecondmentState.ENDED,
        cadre=cadre,
        starts_on=date(2025, 9, 1),
        planned_end_on=date(2026, 8, 31),
        organisation="示例市商务局",
        title="副科长",
    )
    Opinion.objects.create(secondment=later, stage=OpinionStage.FINAL, text="金丝雀未完鉴定", **about)


def _compared(cadre: Cadre, unit: Unit) -> None:
    life.compared(unit, (8, 24, 40, 64, 80, 120))
