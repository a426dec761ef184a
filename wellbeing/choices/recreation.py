"""文体活动: what it is, how far it is, and who takes part."""

from django.db.models import TextChoices


class ActivityKind(TextChoices):
    SPORT = "sport", "体育比赛"
    CULTURE = "culture", "文艺活动"
    READING = "reading", "读书分享"
    OUTING = "outing", "健步郊游"
    VOLUNTEER = "volunteer", "志愿服务"
    OTHER = "other", "其他"


class ActivityState(TextChoices):
    DRAFT = "draft", "草稿"
    OPEN = "open", "报名中"
    CLOSED = "closed", "报名截止"
    DONE = "done", "已结束"
    CANCELLED = "cancelled", "已取消"


ACTIVITY_COLOURS = {
    ActivityState.DRAFT: "grey",
    ActivityState.OPEN: "green",
    ActivityState.CLOSED: "blue",
    ActivityState.DONE: "grey",
    ActivityState.CANCELLED: "red",
}
PUBLISHED = (ActivityState.OPEN, ActivityState.CLOSED, ActivityState.DONE, ActivityState.CANCELLED)
COMING = (ActivityState.OPEN, ActivityState.CLOSED)


class SignUpState(TextChoices):
    SEATED = "seated", "已报名"
    WAITING = "waiting", "候补"
    LEFT = "left", "已退出"


SIGN_UP_COLOURS = {SignUpState.SEATED: "green", SignUpState.WAITING: "yellow", SignUpState.LEFT: "grey"}
