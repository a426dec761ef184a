"""健康体检: how a campaign goes on, and all that is known of one person in it: closed lists, no words."""

from django.db.models import TextChoices


class CampaignState(TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    RUNNING = "running", "进行中"
    ENDED = "ended", "已结束"


CAMPAIGN_COLOURS = {
    CampaignState.DRAFT: "grey",
    CampaignState.PUBLISHED: "blue",
    CampaignState.RUNNING: "green",
    CampaignState.ENDED: "grey",
}
BOOKABLE = (CampaignState.PUBLISHED, CampaignState.RUNNING)
KNOWN = (CampaignState.PUBLISHED, CampaignState.RUNNING, CampaignState.ENDED)


class CheckupState(TextChoices):
    """Where one person stands; only DONE and MISSED are results."""

    OPEN = "open", "未预约"
    BOOKED = "booked", "已预约"
    DEFERRED = "deferred", "缓检"
    DONE = "done", "已检"
    MISSED = "missed", "未检"
    REMOVED = "removed", "已移出"


CHECKUP_COLOURS = {
    CheckupState.OPEN: "yellow",
    CheckupState.BOOKED: "blue",
    CheckupState.DEFERRED: "grey",
    CheckupState.DONE: "green",
    CheckupState.MISSED: "red",
    CheckupState.REMOVED: "grey",
}
# Who still has to go, and who counts as expected when coverage is reckoned.
WAITING = (CheckupState.OPEN, CheckupState.BOOKED)
EXPECTED = (*WAITING, CheckupState.DONE, CheckupState.MISSED)


class ListReason(TextChoices):
    """Why somebody was put on the list by hand, or taken off it. Never anything about health."""

    JOINED = "joined", "新进干部"
    OMITTED = "omitted", "规则未覆盖，按规定应检"
    RETURNED = "returned", "挂职或休假返回"
    MISTAKE = "mistake", "名单有误"
    LEFT = "left", "已调出或退休"
    ELSEWHERE = "elsewhere", "已由其他单位安排"


ADD_REASONS = (ListReason.JOINED, ListReason.OMITTED, ListReason.RETURNED)
REMOVE_REASONS = (ListReason.MISTAKE, ListReason.LEFT, ListReason.ELSEWHERE)


class DeferReason(TextChoices):
    """Why somebody goes later; sick leave is just leave here."""

    SECONDMENT = "secondment", "挂职在外"
    LEAVE = "leave", "休假"
    STUDY = "study", "脱产学习"
    TRIP = "trip", "出差"


class Frequency(TextChoices):
    YEARLY = "1", "每年一次"
    TWO_YEARLY = "2", "每两年一次"
