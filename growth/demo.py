"""What the cadres said of their lines, and a few growth files, so that nothing is empty on the first day."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from django.utils import timezone

from core.errors import DomainError
from growth.checking import confirmable
from growth.contracts import Edition, SectionContext, sections_for_many
from growth.evidence import Cited, Verdict
from growth.models import CorrectionRequest, GrowthFile, LineVerdict
from growth.services import ask_correction, make_growth_file
from people.access import viewer_for
from people.demo.context import DemoContext
from people.demo.registry import register
from people.models import Cadre, User

# Accounts whose cadre gets a file, and which edition: one for the leaders, one for the cadre.
FILES = (("dh", Edition.LEADER), ("cadre", Edition.SELF))

CHECKED = 20  # cadres who have gone through their lines; reading every line of everyone takes too long


@register(order=940)
def seed_verdicts(context: DemoContext) -> None:
    """Some cadres confirmed most of their lines lately; one asks to have one put right."""
    random = context.random("verdicts")
    cadres = list(Cadre.objects.with_position(context.on).filter(status="active").order_by("pk")[:CHECKED])
    others = Cadre.objects.with_position(context.on).filter(account__username__in=[name for name, _ in FILES])
    cadres += others.exclude(pk__in=[cadre.pk for cadre in cadres]).order_by("pk")
    sections = sections_for_many([SectionContext(c, context.on, Edition.SELF) for c in cadres])
    rows = [row for c in cadres for row in _verdicts(c, confirmable(sections[c.pk]), random, context)]
    context.insert(LineVerdict, rows)
    _seed_correction(context)


def _verdicts(
    cadre: Cadre, lines: list[Cited], random: Random, context: DemoContext
) -> Iterator[LineVerdict]:
    """Those who check do it in one sitting, and leave a few lines for another day."""
    day = context.on - timedelta(days=random.randint(1, 40))
    at = timezone.make_aware(datetime.combine(day, time(random.randint(8, 20), random.randint(0, 59))))
    thorough = random.choice((0.0, 0.85, 0.95, 1.0))
    for line in lines:
        if random.random() < thorough:
            yield LineVerdict(
                cadre=cadre, key=line.source.key, line_digest=line.digest, verdict=Verdict.CONFIRMED, at=at
            )


def _seed_correction(context: DemoContext) -> None:
    """The cadre of the account `cadre` disputes a line of the resume."""
    user = User.objects.get(username="cadre")
    viewer = viewer_for(user, on=context.on)
    cadre = Cadre.objects.get(account=user)
    newest = cadre.resume.filter(parent=None).order_by("-position").first()
    if newest is None:
        return
    key = f"people.resumeentry:{newest.pk}"
    at = timezone.make_aware(datetime.combine(context.on, time(8, 20)))
    wanted = "起始月份早写了一个月，应以任职文件为准。"
    ask_correction(cadre=cadre, key=key, wanted=wanted, by=viewer, at=at)
    context.filled.add(CorrectionRequest)


@register(order=950)
def seed_growth_files(context: DemoContext) -> None:
    if not context.with_files:
        return
    context.say("成长档案……")
    maker = viewer_for(User.objects.get(username="hr"), on=context.on)
    try:
        for username, edition in FILES:
            cadre = Cadre.objects.get(account__username=username)
            make_growth_file(cadre=cadre, edition=edition, as_of=context.on, by=maker)
            context.filled.add(GrowthFile)
    except DomainError as refusal:  # no layout libraries or fonts: everything else is still worth having
        context.say(f"跳过成长档案：{refusal.message}")
