"""What of training the global search finds."""

from core import search
from core.access import Permission
from training.models import StudyActivity, TrainingClass

search.register(
    search.Source(
        key="training.class",
        label="班次",
        icon="graduation-cap",
        order=20,
        model=TrainingClass,
        url_name="training:class",
        title=("name",),
        names=("theme_text",),
        detail=("kind", "starts_on", "place"),
        permission=Permission.VIEW_TRAINING,
        list_url="training:classes",
    )
)
search.register(
    search.Source(
        key="training.activity",
        label="学习活动",
        icon="book-open",
        order=30,
        model=StudyActivity,
        url_name="training:activity",
        title=("title",),
        detail=("kind", "held_on"),
        permission=Permission.VIEW_TRAINING,
        list_url="training:activities",
    )
)
