"""Whom and what the machine is asked to look at."""

from django.db.models import TextChoices


class PeopleChoice(TextChoices):
    PRESSING = "pressing", "范围内任职年限临近或超过的"
    ALL = "all", "范围内全部在职干部"
    NAMED = "named", "只看下面指定的"


class PostChoice(TextChoices):
    ALL = "all", "范围内全部岗位"
    WEIGHTY = "weighty", "范围内重点和关键岗位"
    NAMED = "named", "只看下面指定的"
