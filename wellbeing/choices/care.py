"""关心关爱: why somebody is cared for, what may be given for it, and the way of one case."""

from django.db.models import TextChoices


class CareCause(TextChoices):
    """What has happened. The first three are reckoned from record and calendar, the others are reported."""

    BIRTHDAY = "birthday", "生日"
    RETIREMENT = "retirement", "退休"
    FESTIVAL = "festival", "节日"
    MARRIAGE = "marriage", "结婚"
    BIRTH = "birth", "生育"
    HOSPITAL = "hospital", "住院"
    BEREAVEMENT = "bereavement", "直系亲属去世"
    HARDSHIP = "hardship", "生活困难"


COMPUTED = (CareCause.BIRTHDAY, CareCause.RETIREMENT, CareCause.FESTIVAL)
REPORTED = tuple(cause for cause in CareCause if cause not in COMPUTED)
IN_BULK = (CareCause.BIRTHDAY, CareCause.FESTIVAL)


class CareKind(TextChoices):
    """What is given; each has a rule of its own."""

    BIRTHDAY = "birthday", "生日慰问"
    RETIREMENT = "retirement", "退休慰问"
    FESTIVAL = "festival", "节日慰问"
    MARRIAGE = "marriage", "结婚慰问"
    BIRTH = "birth", "生育慰问"
    HOSPITAL = "hospital", "住院慰问"
    BEREAVEMENT = "bereavement", "丧亲慰问"
    AID = "aid", "救助"
    PARTY_HELP = "party_help", "困难党员帮扶"


class CareGroup(TextChoices):
    """All that is said to those who are not handling a case."""

    VISIT = "visit", "慰问"
    AID = "aid", "救助"
    PARTY_HELP = "party_help", "困难党员帮扶"


HELP_KINDS = (CareKind.AID, CareKind.PARTY_HELP)
# Causes for which help in need may stand in the place of the ordinary visit.
IN_NEED = (CareCause.HOSPITAL, CareCause.BEREAVEMENT, CareCause.HARDSHIP)


def group_of(kind: str) -> CareGroup:
    return CareGroup(kind) if kind in HELP_KINDS else CareGroup.VISIT


def kinds_in(group: CareGroup) -> list[CareKind]:
    return [kind for kind in CareKind if group_of(kind) == group]


def kinds_for(cause: str) -> list[CareKind]:
    """What may be given for it, the usual first: one event is answered by one kind only."""
    usual = [] if cause == CareCause.HARDSHIP else [CareKind(cause)]
    return [*usual, *(HELP_KINDS if cause in IN_NEED else ())]


class CareFund(TextChoices):
    UNION = "union", "工会经费"
    PARTY = "party", "党费"
    RELIEF = "relief", "帮扶资金"


class CareForm(TextChoices):
    GOODS = "goods", "实物"
    CASH = "cash", "现金"


class Hardship(TextChoices):
    """The three classes of 困难职工 (domain.md 4.6): all that an approver learns of the need."""

    DEEP = "deep", "深度困难"
    RELATIVE = "relative", "相对困难"
    SUDDEN = "sudden", "意外致困"


class EventState(TextChoices):
    OPEN = "open", "待办理"
    SETTLED = "settled", "已结束"  # not to be answered: withdrawn by the reporter, or no case for us


class EventStage(TextChoices):
    """How far what was reported has come, seen together with its case."""

    WAITING = "open", "待办理"
    GOING = "going", "办理中"
    DONE = "done", "已办结"
    SETTLED = "settled", "已结束"


STAGE_COLOURS = {
    EventStage.WAITING: "yellow",
    EventStage.GOING: "blue",
    EventStage.DONE: "green",
    EventStage.SETTLED: "grey",
}


class CareState(TextChoices):
    APPLIED = "applied", "待审批"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "待发放"
    GIVEN = "given", "待签收"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"


# What stands in the way of a second case for the same event, and holds the allowance.
LIVE = tuple(state for state in CareState if state != CareState.WITHDRAWN)
CARE_COLOURS = {
    CareState.APPLIED: "yellow",
    CareState.RETURNED: "red",
    CareState.APPROVED: "blue",
    CareState.GIVEN: "blue",
    CareState.CLOSED: "green",
    CareState.WITHDRAWN: "grey",
}


class ReceiptKind(TextChoices):
    SIGNED = "signed", "本人手机签收"
    FILE = "file", "签收单或照片"


class SupportState(TextChoices):
    ACTIVE = "active", "帮扶中"
    ENDED = "ended", "已结束"
