"""A year of inspections, with findings in every state, a repeat and two decisions in effect."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from people.choices import CadreStatus
from people.demo.context import DemoContext, demo_uid
from people.demo.registry import register
from people.models import Unit, User
from wellbeing.choices.inspections import FindingState, InspectionKind, InspectionState, Outcome
from wellbeing.demo.words import marked
from wellbeing.models import DecisionNotice, Finding, Inspection
from wellbeing.queries.inspections import cadres_in, officials_for

DEPARTMENT = 4  # length of a department's code
ROUNDS = (
    (300, InspectionKind.MEETING, "会风会纪专项督查"),
    (190, InspectionKind.EFFICIENCY, "机关效能明察暗访"),
    (90, InspectionKind.EFFICIENCY, "窗口服务和在岗情况督查"),
    (35, InspectionKind.PROGRESS, "重点项目推进情况督查"),
    (-14, InspectionKind.MEETING, "年底会风会纪督查"),
)
PROBLEMS = {
    InspectionKind.MEETING: ("会议迟到，未履行请假手续。", "会场接打电话，随意走动。"),
    InspectionKind.EFFICIENCY: ("上班时间脱岗，去向牌未更新。", "群众来访登记不全，回复超过时限。"),
    InspectionKind.PROGRESS: ("项目节点滞后，调度记录缺失。", "台账更新不及时，数据与现场不符。"),
}
MEASURES = ("建立登记制度，每周通报一次。", "明确专人负责，限期补齐台账。")
PROGRESS = ("已建立制度并补齐登记，抽查未再发现。", "已完成整改，材料附后。")
FOUND = 4


@register(order=925)
def seed_inspections(context: DemoContext) -> None:
    inspector = User.objects.filter(username="jj").first()
    if inspector is None:
        return
    context.say("督查、问题和整改……")
    random = context.random("inspections")
    units = [unit for code, unit in sorted(context.units.items()) if len(code) == DEPARTMENT]
    for back, kind, title in ROUNDS:
        day = context.on - timedelta(days=back)
        row = _inspection(kind, title, day, context.on, inspector)
        if back > 0:
            for number in range(FOUND):
                _finding(random, context.on, row, random.choice(units), number)
    _repeats()
    _deliver(context)
    _close_settled()


def _inspection(kind: InspectionKind, title: str, day: date, on: date, by: User) -> Inspection:
    past = day < on
    return Inspection.objects.create(
        kind=kind,
        title=title,
        planned_on=day,
        checked_on=day if past else None,
        state=InspectionState.CHECKED if past else InspectionState.PLANNED,
        created_by=by,
    )


def _finding(random: Random, on: date, inspection: Inspection, unit: Unit, number: int) -> None:
    """Every other one is about a person; the older the inspection, the further it has come."""
    day = inspection.checked_on or on
    people = cadres_in(unit, on=day).filter(status=CadreStatus.ACTIVE).order_by("pk")
    about = number % 2 and people.exclude(pk=inspection.created_by.cadre_id)
    row = Finding(
        uid=demo_uid(random),
        inspection=inspection,
        unit=unit,
        cadre=random.choice(list(about)) if about else None,
        found_on=day,
        created_by=inspection.created_by,
    )
    row.problem = _text(random, row, "problem", PROBLEMS[InspectionKind(inspection.kind)])
    _put_right(random, on, row)
    if row.cadre_id:
        _decide(random, on, row)
    row.save(force_insert=True)


def _text(random: Random, row: Finding, name: str, choices: tuple[str, ...]) -> str:
    return marked(random.choice(choices), row.uid, name)


def _put_right(random: Random, on: date, row: Finding) -> None:
    officials = list(officials_for(row, on=on)[:6])
    wanted = 3 if (on - row.found_on).days > 60 else random.randint(0, 2)
    if not officials or wanted == 0:
        return
    row.lead, row.owner = officials[0], random.choice(officials)
    row.due_on = row.found_on + timedelta(days=30)
    row.measure = _text(random, row, "measure", MEASURES)
    row.state = (FindingState.RECTIFYING, FindingState.SUBMITTED, FindingState.CLOSED)[wanted - 1]
    if wanted > 1:
        row.progress = _text(random, row, "progress", PROGRESS)
        row.submitted_on = min(row.due_on, on)
    if wanted == 3:
        row.closed_on, row.closed_by = row.submitted_on, row.created_by


def _decide(random: Random, on: date, row: Finding) -> None:
    grave = (on - row.found_on).days < 200
    decided = min(row.found_on + timedelta(days=15), on)
    values: dict[str, Any] = {"outcome": Outcome.NOTICE if grave else Outcome.REMINDER, "decided_on": decided}
    if grave:
        values |= {"effect_from": decided, "effect_to": decided + timedelta(days=365)}
    for name, value in values.items():
        setattr(row, name, value)
    row.decision = _text(random, row, "decision", ("按效能问责办法研究决定。",))


def _deliver(context: DemoContext) -> None:
    """The decisions with an effect period have reached those they are about; every other one is answered."""
    random = context.random("notices")
    decided = Finding.objects.filter(cadre__isnull=False, effect_from__isnull=False).order_by("pk")
    for number, finding in enumerate(decided):
        at = timezone.make_aware(datetime.combine(finding.decided_on or context.on, time(15, 0)))
        row = DecisionNotice(
            uid=demo_uid(random),
            finding=finding,
            cadre_id=finding.cadre_id or 0,
            delivered_at=at,
            delivered_by=finding.created_by,
        )
        row.notice = marked("经研究，予以通报，影响期一年。", row.uid, "notice")
        if number % 2:
            row.acknowledged_at = row.stated_at = at + timedelta(hours=1)
            row.statement = marked("已认识到问题，当天确有群众来访。", row.uid, "statement")
        row.save(force_insert=True)


def _repeats() -> None:
    """A department found wanting a second time in the same matter."""
    seen: dict[tuple[int, str], Finding] = {}
    rows = Finding.objects.filter(cadre=None).select_related("inspection").order_by("found_on", "pk")
    for row in rows:
        key = (row.unit_id, row.inspection.kind)
        if key in seen and seen[key].inspection_id != row.inspection_id:
            Finding.objects.filter(pk=row.pk).update(repeat_of=seen[key])
        seen[key] = row


def _close_settled() -> None:
    for row in Inspection.objects.filter(state=InspectionState.CHECKED):
        if not Finding.objects.filter(inspection=row).unsettled().exists():
            Inspection.objects.filter(pk=row.pk).update(state=InspectionState.CLOSED)
