"""The hours ledger of the demo data: every source posts through its service, so cards equal the ledger."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from core.access import Role, Viewer
from people.access import viewer_for
from people.choices import CadreStatus
from people.demo.context import DemoContext
from people.demo.registry import register
from people.models import Cadre, User
from training.choices import ClassState, HourSource, SelfFiledKind, SelfFiledMeasure
from training.models import HourEntry, Participation, TrainingClass
from training.services import (
    approve_filing,
    return_filing,
    reverse_entry,
    save_filing,
    settle_participations,
    submit_filing,
)
from training.services.online import register_lessons

PROVIDER = "示例干部网络学院"
LESSONS = (
    ("新质生产力专题讲座", 45),
    ("安全生产法解读", 25),
    ("公文写作常见错误", 12),
    ("开发区招商案例", 35),
    ("生态环境保护督察要点", 18),
)
STUDIES = (
    (SelfFiledKind.CONTINUING, "专业技术人员继续教育公需科目", SelfFiledMeasure.DAY, "3"),
    (SelfFiledKind.ON_THE_JOB, "本部门业务集中学习", SelfFiledMeasure.HALF_DAY, "2"),
    (SelfFiledKind.CONTINUING, "数字经济研修", SelfFiledMeasure.DAY, "2"),
    (SelfFiledKind.ONLINE, "数字政府建设", SelfFiledMeasure.LESSON, "4"),
    (SelfFiledKind.ON_THE_JOB, "新入职岗位带教", SelfFiledMeasure.HOUR, "6"),
)
REASONS = ("缺结业证，请补拍后重新提交", "与已登记的班次重复", "主办单位填写不全")
SEATS = 30


@register(order=105)
def seed_ledger(context: DemoContext) -> None:
    """Directly after the classes; those that lie ahead are open, so that a gap can still be closed."""
    context.say("学时入账……")
    ahead = TrainingClass.objects.filter(starts_on__gt=context.on, state=ClassState.ARCHIVED)
    ahead.update(state=ClassState.ENROLLING, capacity=SEATS)
    keys = Participation.objects.values_list("pk", flat=True)
    settle_participations(keys=keys, by=None, at=moment(context.on))


@register(order=905)  # after the accounts: staff decide with theirs
def seed_own_study(context: DemoContext) -> None:
    context.say("网络课件和自学填报……")
    staff = User.objects.filter(grants__role=Role.HR).order_by("pk").first()
    if staff is not None:
        _Seeder(context, staff, context.random("self-filed")).run()


def moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


@dataclass
class _Seeder:
    context: DemoContext
    staff: User
    random: Random

    def run(self) -> None:
        on = self.context.on
        for title, minutes in LESSONS:
            day = on - timedelta(days=self.random.randint(5, 200))
            some = self._some(3)
            test = self.random.random() < 0.5
            register_lessons(
                cadres=some,
                title=title,
                minutes=minutes,
                finished_on=day,
                provider=PROVIDER,
                passed_test=test,
                by=None,
                at=moment(day),
            )
        for number, cadre in enumerate(self._some(4)):
            self._file(number, cadre)
        self._reverse_one()

    def _some(self, share: int) -> list[Cadre]:
        """One in `share` of them, at least one where there is anyone."""
        return self.random.sample(self.cadres, -(-len(self.cadres) // share))

    @property
    def cadres(self) -> list[Cadre]:
        people = (person.cadre for person in self.context.people)
        return [c for c in people if c.status == CadreStatus.ACTIVE and c.pk != self.staff.cadre_id]

    def _file(self, number: int, cadre: Cadre) -> None:
        """One filing: approved, waiting, sent back or still a draft, in turn."""
        values, last = self._values(number)
        own = Viewer(user_id=self.staff.pk, name=cadre.name, on=self.context.on, cadre_id=cadre.pk)
        study = save_filing(values=values, by=own, at=moment(last), evidence=certificate())
        if number % 6 == 5:
            return
        submit_filing(study=study, by=own, at=moment(last))
        by, at = viewer_for(self.staff, on=self.context.on), moment(last + timedelta(days=1))
        if number % 6 in (0, 1, 2):
            approve_filing(study=study, by=by, at=at)
        elif number % 6 == 3:
            return_filing(study=study, reason=REASONS[number % len(REASONS)], by=by, at=at)

    def _values(self, number: int) -> tuple[dict[str, object], date]:
        kind, title, measure, quantity = STUDIES[number % len(STUDIES)]
        first = self.context.on - timedelta(days=self.random.randint(8, 150))
        last = first + timedelta(days=3)
        values = {
            "kind": kind,
            "title": title,
            "organiser": PROVIDER if kind == SelfFiledKind.ONLINE else "示例职业学院",
            "starts_on": first,
            "ends_on": last,
            "measure": measure,
            "quantity": Decimal(quantity),
            "minutes": 40 if kind == SelfFiledKind.ONLINE else None,
            "passed_test": kind == SelfFiledKind.ONLINE,
        }
        return values, last

    def _reverse_one(self) -> None:
        """An entry taken out of the count, so that the history can be seen."""
        rows = HourEntry.objects.in_force().filter(source=HourSource.SELF_FILED)
        entry = rows.exclude(cadre=self.staff.cadre_id).order_by("-starts_on", "pk").first()
        if entry is not None:
            by = viewer_for(self.staff, on=self.context.on)
            reverse_entry(entry=entry, reason="签到表核对为他人代签", by=by, at=moment(self.context.on))


def certificate() -> SimpleUploadedFile:
    """A blank page in place of a photographed certificate: nothing of it is real."""
    data = BytesIO()
    Image.new("RGB", (240, 170), "#f4efe2").save(data, "JPEG")
    return SimpleUploadedFile("结业证.jpg", data.getvalue(), "image/jpeg")
