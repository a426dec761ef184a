"""Work that waits for one person, one row of every kind at a time: what the home page has to show."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from park.choices import TaskState
from park.models import EnterpriseRequest
from people.models import Cadre, Unit, User
from rotation.choices.secondments import SecondmentState
from tests.factories.care import clerk, make_event, make_support, start
from tests.factories.checkups import make_campaign
from tests.factories.enrolment import enter, live_class, make_self
from tests.factories.field import hold, make_enterprise, make_project
from tests.factories.park import make_draft, make_task
from tests.factories.people import make_cadre
from tests.factories.reading import (
    make_article,
    make_contest,
    make_entry,
    make_evaluation,
    make_judge,
    make_quiz,
    seat,
)
from tests.factories.secondments import make_secondment
from tests.factories.slots import make_meeting
from tests.factories.study import make_group
from tests.factories.training import attend, make_class
from tests.factories.wellbeing import make_duty, make_finding, make_follow_up, make_talk
from training.choices import ClassState, EnrolmentWay, SelfFiledState
from training.models import Attendance, MakeUp, SelfFiledStudy

DAY = timedelta(days=1)


@dataclass
class Work:
    mine: Cadre
    user: User
    unit: Unit
    on: date

    def one_more(self) -> None:
        someone = make_cadre(unit=self.unit, rank="一级科员")
        attend(someone, date(self.on.year, 3, 2), 8)
        attend(self.mine, date(self.on.year, 3, 2), 8)
        self._training(someone)
        self._reading()
        self._park(someone)
        self._care(someone)
        make_secondment(SecondmentState.RECOMMENDED, cadre=make_cadre(unit=self.unit))
        make_secondment(SecondmentState.ACTIVE, cadre=make_cadre(unit=self.unit))

    def _training(self, someone: Cadre) -> None:
        for way in (EnrolmentWay.APPROVED, EnrolmentWay.SIGNED):
            self.enter(make_cadre(unit=self.unit), way)
        make_class(starts_on=self.on - 20 * DAY, state=ClassState.ASSESSING)
        soon = timezone.make_aware(datetime.combine(self.on + DAY, time(9)))
        slot = make_meeting(soon, self.mine, someone)
        row = Attendance.objects.get(slot=slot, cadre=self.mine)
        MakeUp.objects.create(attendance=row, due_on=self.on + 5 * DAY, assigned_at=timezone.now())
        make_group(someone, unit=self.unit)
        for cadre, state in ((self.mine, SelfFiledState.RETURNED), (someone, SelfFiledState.SUBMITTED)):
            day = self.on - DAY
            SelfFiledStudy.objects.create(
                cadre=cadre,
                kind="reading",
                title="网络课程",
                starts_on=day,
                ends_on=day,
                state=state,
                submitted_at=timezone.now(),
                decision_reason="请补证书" if state == SelfFiledState.RETURNED else "",
            )

    def enter(self, cadre: Cadre, way: EnrolmentWay) -> None:
        now = timezone.now()
        held = live_class(starts_on=self.on + 14 * DAY, enrolment_way=way, enrol_closes_at=now + 3 * DAY)
        enter(held, make_self(cadre), now)

    def _reading(self) -> None:
        make_article(due_on=self.on + 2 * DAY, published_on=self.on - DAY)
        make_article(due_on=self.on - 2 * DAY, published_on=self.on - 9 * DAY)
        make_quiz(on=self.on)
        held = make_class(starts_on=self.on)
        seat(held, self.mine, *[make_cadre() for _ in range(4)])
        make_evaluation(held, on=self.on)
        make_contest(entries_until=self.on + 3 * DAY)
        contest = make_contest(state="judging", judging_until=self.on + 5 * DAY)
        make_judge(contest, user=self.user)
        make_entry(contest)

    def _park(self, someone: Cadre) -> None:
        make_draft(lead_department=self.unit)
        for owner in (self.mine, someone):
            make_task(unit=self.unit, owner=owner, due_on=self.on - DAY)
            make_task(unit=self.unit, owner=owner, state=TaskState.ISSUED)
        hold(self.mine, make_project(), someone)
        enterprise = make_enterprise()
        hold(self.mine, enterprise)
        EnterpriseRequest.objects.create(
            enterprise=enterprise,
            kind="labour",
            text="用工",
            raised_on=self.on,
            handler=self.mine,
            state="assigned",
            department=self.unit,
            assigned_on=self.on,
            due_on=self.on,
        )

    def _care(self, someone: Cadre) -> None:
        make_duty(someone, talker=self.user, occasion_key=f"honour:{someone.pk}")
        talk = make_talk(someone)
        make_follow_up(talk, owner=self.user)
        make_finding(self.unit, owner=self.user)
        make_support(someone, helper=self.user)
        make_event(someone)
        make_campaign(on=self.on, title=f"体检{someone.pk}")
        start(make_event(make_cadre(unit=self.unit)), clerk())
