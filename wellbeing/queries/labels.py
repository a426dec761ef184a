"""What the sealed fields are called, so that pages and files say the same."""

from typing import Any

from wellbeing.choices.talks import Mood
from wellbeing.models import TalkContent


def content_label(name: str) -> str:
    field: Any = TalkContent._meta.get_field(name)
    return str(field.verbose_name)


def mood_label(value: str) -> str:
    return str(Mood(value).label) if value in Mood.values else value
