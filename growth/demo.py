"""What the cadres said of their lines, and a few growth files, so that nothing is empty on the first day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from random import Random

from django.utils import timezone

from core.errors import DomainError
from growth.campaigns import USUAL_PARTS, meant
from growth.checking import confirmable
from growth.contracts import Edition, SectionContext, sections_for_many
from growth.evidence import Cited, Verdict
from growth.models import (
    CheckCampaign,
    CheckedPart,
    CheckMember,
    CorrectionRequest,
    GrowthFile,
    LineVerdict,
)
from growth.services import ask_correction, make_growth_file
from people.access import viewer_for
from people.demo.context import DemoContext
from people.demo.registry import register
from people.models import Cadre, User

# Accounts whose cadre gets a file, and which edition: one for the leaders, one for the cadre.
FILES = (("dh", Edition.LEADER), ("cadre", Edition.SELF))

# Of a campaign: the share that is through, and the share that has begun.
LAST_SHARES, NOW_SHARES = (0.97, 0.01), (0.55, 0.15)
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


@register(order=945)
def seed_checks(context: DemoContext) -> None:
    """Last year's check of records is over, this year's is in the middle of its time."""
    by = User.objects.filter(username="hr").first()
    if by is None:
        return
    random, on = context.random("checks"), context.on
    last = _campaign(by, on.year - 1, date(on.year - 1, 11, 2), days=28)
    last.closed_at, last.closed_by = _moment(last.ends_on + timedelta(days=3), 17), by
    now = _campaign(by, on.year, on - timedelta(days=11), days=25)
    now.note = "请对照任职文件、证书逐部分核对，有误的附上佐证。"
    for campaign, shares in ((last, LAST_SHARES), (now, NOW_SHARES)):
        campaign.save()
        _seed_members(context, campaign, random, shares)
    context.filled.add(CheckCampaign)


def _campaign(by: User, year: int, starts_on: date, *, days: int) -> CheckCampaign:
    return CheckCampaign(
        year=year,
        title=f"{year}年度干部信息核对",
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=days),
        parts=list(USUAL_PARTS),
        opened_at=_moment(starts_on, 9),
        opened_by=by,
    )


def _seed_members(
    context: DemoContext, campaign: CheckCampaign, random: Random, shares: tuple[float, float]
) -> None:
    """The cadre of the account `cadre` has this year's still before it."""
    rows = meant(on=context.on, unit=None).with_position(context.on).order_by("pk")  # type: ignore[attr-defined]
    yet_to_do = set() if campaign.closed_at else {_cadre_of_account()}
    members = [
        _drawn_member(campaign, pk, unit, random, (0.0, 0.0) if pk in yet_to_do else shares)
        for pk, unit in rows.values_list("pk", "unit_id_at")
    ]
    kept = context.insert(CheckMember, members)
    begun = [member for member in kept if member.began_at and not member.done_at]
    context.insert(CheckedPart, [part for member in begun for part in _parts(member, random)])


def _drawn_member(
    campaign: CheckCampaign, pk: int, unit: int | None, random: Random, shares: tuple[float, float]
) -> CheckMember:
    done, begun = shares
    drawn, day = random.random(), campaign.starts_on + timedelta(days=random.randint(0, 10))
    member = CheckMember(campaign=campaign, cadre_id=pk, unit_id=unit)
    if drawn < done + begun:
        member.began_at = _moment(day, random.randint(8, 20))
    if drawn < done:
        member.done_at = _moment(day, 21)
        member.lines = random.randint(12, 60)
        member.digest = sha256(f"{campaign.year}:{pk}".encode()).hexdigest()
    return member


def _parts(member: CheckMember, random: Random) -> Iterator[CheckedPart]:
    for part in USUAL_PARTS[: random.randint(1, 3)]:
        digest = sha256(f"{member.cadre_id}:{part}".encode()).hexdigest()
        at = member.began_at or member.campaign.opened_at
        yield CheckedPart(member=member, part=part, lines=random.randint(1, 12), digest=digest, at=at)


def _cadre_of_account() -> int | None:
    return User.objects.filter(username="cadre").values_list("cadre", flat=True).first()


def _moment(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 5)))


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
