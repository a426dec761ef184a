"""A year of care: festivals and birthdays given, events in every state, two supports, three activities."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from core.files import DOCUMENTS, keep_file
from people.choices import CadreStatus, PoliticalStatus
from people.demo.context import DemoContext, demo_uid
from people.demo.registry import register
from people.models import Cadre, User
from wellbeing.choices.care import (
    CareCause,
    CareFund,
    CareKind,
    CareState,
    Hardship,
    ReceiptKind,
    kinds_for,
)
from wellbeing.choices.privacy import ConsentPurpose
from wellbeing.choices.recreation import ActivityKind, ActivityState, SignUpState
from wellbeing.demo.words import marked
from wellbeing.models import (
    Activity,
    ActivitySignUp,
    CareAllowance,
    CareBudget,
    CareCase,
    CareEvent,
    CareFestival,
    CareSupport,
    CareVisit,
    Consent,
)
from wellbeing.purposes import consent_version
from wellbeing.queries.care.rules import RuleBook
from wellbeing.queries.organisation import Placements

MOST_PEOPLE = 2_000  # a demo of ten thousand shows the same with fewer rows
EVENTS = (
    (CareCause.MARRIAGE, 210, CareState.CLOSED),
    (CareCause.BIRTH, 150, CareState.CLOSED),
    (CareCause.HOSPITAL, 120, CareState.CLOSED),
    (CareCause.HOSPITAL, 33, CareState.GIVEN),
    (CareCause.BEREAVEMENT, 12, CareState.APPROVED),
    (CareCause.HOSPITAL, 9, CareState.APPLIED),
    (CareCause.HARDSHIP, 20, CareState.APPLIED),
    (CareCause.MARRIAGE, 6, CareState.RETURNED),
    (CareCause.HARDSHIP, 60, CareState.CLOSED),
    (CareCause.BIRTH, 4, None),
    (CareCause.HOSPITAL, 2, None),
)
DETAILS = {
    CareCause.MARRIAGE: ("已领证，婚礼安排在下月。",),
    CareCause.BIRTH: ("母子平安，已出院。",),
    CareCause.HOSPITAL: ("因病住院，已办理请假。", "手术顺利，预计两周后出院。"),
    CareCause.BEREAVEMENT: ("父亲去世，家中料理后事。",),
    CareCause.HARDSHIP: ("家庭负担较重，希望组织关心。",),
}
REASONS = ("已电话核实，按规则慰问。", "已上门核实，材料齐全。")
SITUATIONS = ("长期照顾患病亲属，家庭开支大；按季走访，协助落实政策。", "子女求学，一人收入；协助申请助学。")
VISITS = ("上门走访，送去慰问，情况平稳。", "了解近况，协助办理补助申请。")
BUDGETS = ((CareFund.UNION, 60), (CareFund.PARTY, 4), (CareFund.RELIEF, 12))  # thousand 元 for fifty people


@register(order=930)
def seed_care(context: DemoContext) -> None:
    clerk, leader = (User.objects.filter(username=name).first() for name in ("party", "tl"))
    people = [p.cadre for p in context.people if p.cadre.status == CadreStatus.ACTIVE]
    if clerk is None or leader is None or not people:
        return
    context.say("慰问、帮扶和文体活动……")
    demo = _Demo(context, people, clerk, leader)
    demo.regular()
    demo.reported()
    demo.supports()
    demo.money()
    demo.activities()


class _Demo:
    def __init__(self, context: DemoContext, people: list[Cadre], clerk: User, leader: User) -> None:
        self.context, self.on, self.clerk, self.leader = context, context.on, clerk, leader
        self.random: Random = context.random("care")
        named = (clerk.cadre_id, leader.cadre_id)
        self.people = [c for c in people[:MOST_PEOPLE] if c.pk not in named]
        self.book, self.places = RuleBook.load(), Placements([c.pk for c in self.people])

    # What comes round by itself

    def regular(self) -> None:
        """Given to all but a few, so that the list of those to be cared for is short."""
        wanted: list[tuple[Cadre, CareCause, str, date]] = []
        first = date(self.on.year, 1, 1)
        for festival in CareFestival.objects.filter(day__range=(first, self.on - timedelta(days=20))):
            wanted += [(c, CareCause.FESTIVAL, str(festival.day), festival.day) for c in self.people]
        for cadre in self.people:
            month = cadre.birth_month.month if cadre.birth_month else 12
            if month < self.on.month:
                day = date(self.on.year, month, 1)
                wanted.append((cadre, CareCause.BIRTHDAY, str(self.on.year), day))
        here = [one for one in wanted if self.places.on(one[0].pk, one[3]).unit_id]
        self._given([one for one in here if self.random.random() < 0.99])

    def _given(self, wanted: list[tuple[Cadre, CareCause, str, date]]) -> None:
        events = [
            CareEvent(
                uid=demo_uid(self.random), cadre=c, cause=cause, key=key, happened_on=day, handler=self.clerk
            )
            for c, cause, key, day in wanted
        ]
        self.context.insert(CareEvent, events)
        cases = [self._case(event, CareKind(event.cause), CareState.CLOSED) for event in events]
        self.context.insert(CareCase, [case for case in cases if case is not None])

    def _case(self, event: CareEvent, kind: CareKind, state: CareState) -> CareCase | None:
        """With everything that its state asks for; None where no rule is in force."""
        rule = self.book.of(kind, event.happened_on)
        if rule is None:
            return None
        day = min(event.happened_on + timedelta(days=3), self.on)
        case = CareCase(
            uid=demo_uid(self.random),
            event=event,
            cadre=event.cadre,
            unit_id=self.places.on(event.cadre_id, day).unit_id,
            kind=kind,
            rule=rule,
            fund=rule.fund,
            form=rule.form,
            year=day.year,
            amount=rule.amount,
            handler=self.clerk,
            applied_on=day,
        )
        self._advance(case, state, day)
        return case

    def _advance(self, case: CareCase, state: CareState, day: date) -> None:
        case.state = state
        if state != CareState.APPLIED:
            case.approver, case.decided_on = self.leader, min(day + timedelta(days=2), self.on)
        if state in (CareState.GIVEN, CareState.CLOSED):
            case.giver, case.given_on = self.clerk.name, min(day + timedelta(days=4), self.on)
        if state == CareState.CLOSED:
            case.receipt_kind, case.received_on = ReceiptKind.SIGNED, case.given_on
            moment = datetime.combine(case.given_on or day, time(10, 0))
            case.closed_at = timezone.make_aware(moment)

    # What was reported

    def reported(self) -> None:
        chosen = self.random.sample(self.people, min(len(EVENTS), len(self.people)))
        for cadre, (cause, back, state) in zip(chosen, EVENTS, strict=False):
            event = self._event(cadre, cause, self.on - timedelta(days=back), taken=state is not None)
            if state is None:
                continue
            kind = CareKind.AID if cause == CareCause.HARDSHIP else kinds_for(cause)[0]
            case = self._case(event, kind, state)
            if case is not None:
                self._write(case, kind)

    def _event(self, cadre: Cadre, cause: CareCause, day: date, *, taken: bool) -> CareEvent:
        event = CareEvent(
            uid=demo_uid(self.random),
            cadre=cadre,
            cause=cause,
            key=day.isoformat(),
            happened_on=day,
            reported_by=User.objects.filter(cadre=cadre).first() or self.clerk,
            reported_on=day,
            handler=self.clerk if taken else None,
        )
        event.detail = marked(self.random.choice(DETAILS[cause]), event.uid, "detail")
        event.save(force_insert=True)
        if cause == CareCause.HARDSHIP:
            self._consent(cadre, day)
        return event

    def _write(self, case: CareCase, kind: CareKind) -> None:
        case.reason = marked(self.random.choice(REASONS), case.uid, "reason")
        if kind == CareKind.AID:
            case.hardship = self.random.choice(Hardship.values)
        if case.state == CareState.RETURNED:
            case.opinion = marked("请补充结婚登记日期。", case.uid, "opinion")
        case.save(force_insert=True)
        if case.state == CareState.CLOSED and kind == CareKind.HOSPITAL:
            self._receipt(case)

    def _receipt(self, case: CareCase) -> None:
        """Signed on paper; the file is kept like any other."""
        text = marked("慰问签收单：已收到。", case.uid, "receipt").encode()
        upload = UploadedFile(BytesIO(text), "签收单.txt", "text/plain", len(text))
        case.receipt = keep_file(upload=upload, by=None, accept=DOCUMENTS, at=case.closed_at)
        case.receipt_kind = ReceiptKind.FILE
        case.save(update_fields=["receipt", "receipt_kind"])

    def _consent(self, cadre: Cadre, day: date) -> None:
        given = timezone.make_aware(datetime.combine(day, time(9, 0)))
        purpose = ConsentPurpose.HARDSHIP_AID
        values = {"text_version": consent_version(purpose), "given_at": given}
        if not Consent.objects.filter(cadre=cadre, purpose=purpose, withdrawn_at=None).exists():
            Consent.objects.create(cadre=cadre, purpose=purpose, **values)

    # Help that goes on

    def supports(self) -> None:
        members = [c for c in self.people if c.political_status == PoliticalStatus.PARTY_MEMBER][-2:]
        helpers = list(User.objects.filter(username__in=("dh", "vl", "tl")).order_by("pk"))
        for cadre, helper in zip(members, helpers, strict=False):
            if helper.cadre_id != cadre.pk:
                self._support(cadre, helper)

    def _support(self, cadre: Cadre, helper: User) -> None:
        begun = self.on - timedelta(days=100)
        row = CareSupport(
            uid=demo_uid(self.random),
            cadre=cadre,
            helper=helper,
            handler=self.clerk,
            starts_on=begun,
            until=begun + timedelta(days=365),
            next_visit_on=self.on + timedelta(days=self.random.randint(-3, 20)),
        )
        row.situation = marked(self.random.choice(SITUATIONS), row.uid, "situation")
        row.save(force_insert=True)
        visit = CareVisit(
            uid=demo_uid(self.random), support=row, visited_on=begun + timedelta(days=30), visitor=helper
        )
        visit.note = marked(self.random.choice(VISITS), visit.uid, "note")
        visit.save(force_insert=True)
        self._consent(cadre, begun)

    # The money that all of this has taken

    def money(self) -> None:
        spent: dict[tuple[str, int, str], Decimal] = {}
        used: dict[tuple[int, str, int], Decimal] = {}
        for case in CareCase.objects.select_related("event"):
            key = (case.cadre_id, case.kind, case.event.happened_on.year)
            used[key] = used.get(key, Decimal(0)) + case.amount
            column = {CareState.APPROVED: "committed", CareState.GIVEN: "given", CareState.CLOSED: "given"}
            if name := column.get(CareState(case.state)):
                place = (case.fund, case.year, name)
                spent[place] = spent.get(place, Decimal(0)) + case.amount
        rows = [
            CareAllowance(cadre_id=cadre, kind=kind, year=year, used=amount)
            for (cadre, kind, year), amount in used.items()
        ]
        self.context.insert(CareAllowance, rows)
        self._budgets(spent)

    def _budgets(self, spent: dict[tuple[str, int, str], Decimal]) -> None:
        share = max(len(self.people) // 50, 1)
        for year in (self.on.year - 1, self.on.year):
            for fund, thousands in BUDGETS:
                parts: dict[str, Any] = {
                    name: spent.get((fund, year, name), Decimal(0)) for name in ("committed", "given")
                }
                total = max(Decimal(thousands * 1000 * share), sum(parts.values(), Decimal(0)) * 5 // 4)
                CareBudget.objects.create(fund=fund, year=year, total=total, **parts)

    # 文体活动

    def activities(self) -> None:
        plans = (
            ("春季健步走", ActivityKind.OUTING, -60, ActivityState.DONE, 60),
            ("职工羽毛球赛", ActivityKind.SPORT, 12, ActivityState.OPEN, 12),
            ("读书分享会", ActivityKind.READING, 30, ActivityState.DRAFT, None),
        )
        for title, kind, ahead, state, capacity in plans:
            begins = timezone.make_aware(datetime.combine(self.on + timedelta(days=ahead), time(14, 30)))
            row = Activity.objects.create(
                title=title,
                kind=kind,
                place="园区文体中心",
                starts_at=begins,
                ends_at=begins + timedelta(hours=2),
                opens_at=begins - timedelta(days=14),
                closes_at=begins - timedelta(days=1),
                capacity=capacity,
                state=state,
                created_by=self.clerk,
            )
            if state != ActivityState.DRAFT:
                self._sign_ups(row, begins)

    def _sign_ups(self, row: Activity, begins: datetime) -> None:
        people = self.random.sample(self.people, min(15, len(self.people)))
        seats = row.capacity or len(people)
        done = row.state == ActivityState.DONE
        rows = []
        for place, cadre in enumerate(people):
            seated = place < seats
            came = self.random.random() < 0.85 if done and seated else None
            rows.append(
                ActivitySignUp(
                    activity=row,
                    cadre=cadre,
                    state=SignUpState.SEATED if seated else SignUpState.WAITING,
                    waiting_since=None if seated else begins - timedelta(days=12, minutes=-place),
                    attended=came,
                )
            )
        self.context.insert(ActivitySignUp, rows)
        Activity.objects.filter(pk=row.pk).update(seats_taken=min(seats, len(people)))
