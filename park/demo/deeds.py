"""Deeds in every state and two leading groups: one with members who have moved, one that is closed."""

from datetime import date, timedelta

from park.choices import DeedState, GroupRole
from park.demo.field import FieldZone
from park.models import Deed, GroupMember, LeadingGroup
from park.queries.groups import post_names
from park.queries.places import unit_ids_on
from people.choices import HonourKind
from people.demo.context import DemoContext
from people.demo.registry import register
from people.demo.shapes import Person
from people.models import Honour

_D = DeedState
AWARDED_BY = "云溪示例开发区党工委"
DEEDS = (
    (_D.PUBLISHED, "征迁一线的带头人", "连续四十天驻村，逐户上门讲清政策，提前两周完成征迁签约。"),
    (_D.PUBLISHED, "企业满意的服务员", "包保企业用电告急时全程协调，七天完成双回路供电。"),
    (_D.ANNOUNCED, "项目攻坚先锋", "牵头办理审批联审，把开工前的手续时间压缩三成。"),
    (_D.VERIFIED, "安全生产守夜人", "汛期值守二十一夜，排查隐患三十余处并全部整改。"),
    (_D.NOMINATED, "招商路上的老黄牛", "全年走访目标企业六十余家，促成两个项目签约。"),
    (_D.NOMINATED, "园区环境的美容师", "主动包下两条主干道的环境整治，带动企业一起参与。"),
    (_D.REFUSED, "值班值守标兵", "全年值班无缺岗。"),
)
DUTIES = "统筹推进行动方案，定期调度重点任务，协调解决跨部门问题。"


@register(order=220)
def seed_deeds(context: DemoContext) -> None:
    if not context.people:
        return
    zone = FieldZone(context)
    if len(zone.staff) > len(DEEDS) + 6:
        _deeds(context, zone)
        _groups(context, zone)


def _deeds(context: DemoContext, zone: FieldZone) -> None:
    people = [zone.department(number) for number in range(1, len(DEEDS) + 1)]
    units = unit_ids_on([person.cadre.pk for person in people], context.on)
    rows = []
    for person, (state, title, text) in zip(people, DEEDS, strict=True):
        row = _deed(context.on, person, state, title, text)
        row.unit_id = units.get(person.cadre.pk)
        rows.append(row)
    published = [row for row in rows if row.state == _D.PUBLISHED]
    honours = context.insert(Honour, [_honour(row, context.on) for row in published])
    for row, honour in zip(published, honours, strict=True):
        row.honour = honour
    context.insert(Deed, rows)


def _deed(on: date, person: Person, state: DeedState, title: str, text: str) -> Deed:
    """As far on its way as the state says."""
    nominated = on - timedelta(days=5 if state == _D.NOMINATED else 24)
    row = Deed(cadre=person.cadre, title=title, text=text, state=state, nominated_on=nominated)
    if state == _D.REFUSED:
        row.refused_on, row.reason = nominated + timedelta(days=3), "属本职要求，暂不作为先进事迹。"
    elif state != _D.NOMINATED:
        row.verified_on = nominated + timedelta(days=4)
        row.verified_note = "走访所在部门和服务对象三人，情况属实。"
    if state in (_D.ANNOUNCED, _D.PUBLISHED):
        begun = nominated + timedelta(days=7) if state == _D.PUBLISHED else on - timedelta(days=2)
        row.announced_on, row.announced_until = begun, begun + timedelta(days=7)
    if state == _D.PUBLISHED and row.announced_until:
        row.published_on = row.announced_until + timedelta(days=1)
    return row


def _honour(deed: Deed, on: date) -> Honour:
    return Honour(
        cadre=deed.cadre,
        kind=HonourKind.DEED,
        title=deed.title,
        awarded_on=deed.published_on or on,
        awarding_body=AWARDED_BY,
        deed=deed.text,
    )


def _groups(context: DemoContext, zone: FieldZone) -> None:
    spring = date(context.on.year - 1, 3, 1)
    running, closed = context.insert(
        LeadingGroup,
        [
            LeadingGroup(
                name="提升干部能力行动领导小组",
                duties=DUTIES,
                founded_on=spring,
                document_no="示例办〔2025〕3号",
            ),
            LeadingGroup(
                name="污染防治攻坚领导小组",
                duties="统筹园区污染防治攻坚，已并入常态化工作。",
                founded_on=date(context.on.year - 3, 5, 8),
                ended_on=date(context.on.year - 1, 12, 31),
            ),
        ],
    )
    members = [zone.leader(0), zone.leader(1), *(zone.department(n) for n in range(10, 16))]
    seats = _seats(running, members, context.on)
    if len(seats) > 3:
        seats[3].post_name = "党政办公室科员"  # sits there by an earlier post
    past = _seats(closed, members[:5], context.on)
    for row in past:
        row.starts_on, row.ends_on = closed.founded_on, closed.ended_on
    context.insert(GroupMember, [*seats, *past])


def _seats(group: LeadingGroup, people: list[Person], on: date) -> list[GroupMember]:
    cadres = list({person.cadre.pk: person.cadre for person in people}.values())
    names = post_names([cadre.pk for cadre in cadres], on)
    roles = (GroupRole.LEADER, GroupRole.DEPUTY)
    return [
        GroupMember(
            group=group,
            cadre=cadre,
            role=roles[place] if place < len(roles) else GroupRole.MEMBER,
            post_name=names.get(cadre.pk, ""),
            starts_on=group.founded_on,
        )
        for place, cadre in enumerate(cadres)
    ]
