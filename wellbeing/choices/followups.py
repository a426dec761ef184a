"""What comes out of a talk and has to be followed to its end."""

from django.db.models import TextChoices


class FollowUpCategory(TextChoices):
    WORK = "work", "工作"
    TRAINING = "training", "学习培训"
    POST = "post", "岗位意愿"
    FAMILY = "family", "家庭"
    HEALTH = "health", "健康"
    MONEY = "money", "经济"
    THINKING = "thinking", "思想"


class FollowUpState(TextChoices):
    OPEN = "open", "办理中"
    DONE = "done", "已办结"
    IMPOSSIBLE = "impossible", "暂不能解决"


FOLLOW_UP_COLOURS = {
    FollowUpState.OPEN: "yellow",
    FollowUpState.DONE: "green",
    FollowUpState.IMPOSSIBLE: "grey",
}
