"""What the pages of study activities share: the way that led there, and the row a page is about."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.access import Permission
from core.web.views import FramePage, ObjectMixin
from training.models import StudyActivity

Crumbs = Sequence[tuple[str, str]]
# The places of this part of the product, for whoever looks after others.
PLACES = (
    ("activities", "学习活动", Permission.VIEW_TRAINING),
    ("study_duties", "应开未开", Permission.VIEW_TRAINING),
    ("series_list", "活动系列", Permission.EDIT_STUDY),
    ("study_groups", "学习组", Permission.VIEW_TRAINING),
    ("study_attendance", "考勤统计", Permission.VIEW_TRAINING),
    ("integrity", "廉政教育", Permission.VIEW_TRAINING),
    ("speakers", "发言轮值", Permission.VIEW_TRAINING),
    ("study_leaves", "请假", Permission.EDIT_STUDY),
    ("make_ups", "补学", Permission.EDIT_STUDY),
    ("workdays", "工作日历", Permission.VIEW_TRAINING),
)


def study_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("学习活动", reverse("training:activities")), *more]


def activity_url(activity: StudyActivity) -> str:
    return reverse("training:activity", args=[activity.pk])


class PlacesMixin(FramePage):
    """A page that is one of the places: it shows the others above itself."""

    place: ClassVar[str] = ""

    def get_crumbs(self) -> Crumbs:
        if self.place == "activities":
            return [("首页", reverse("home")), (self.get_title(), "")]
        return study_crumbs((self.get_title(), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(places=self._places(), **kwargs)

    def _places(self) -> list[tuple[str, str, bool]]:
        if not self.viewer.paths(Permission.VIEW_TRAINING):
            return []
        return [
            (reverse(f"training:{name}"), label, name == self.place)
            for name, label, permission in PLACES
            if self.viewer.can(permission)
        ]


class ActivityAct(ObjectMixin):
    """Common to the pages that change one activity: only those in the viewer's reach are there."""

    permission: ClassVar = Permission.EDIT_STUDY
    model = StudyActivity

    def get_queryset(self) -> QuerySet[Any]:
        rows = StudyActivity.objects.visible_to(self.viewer).in_reach(self.viewer, Permission.EDIT_STUDY)
        return rows.select_related("group__unit", "unit", "slot", "series")

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return study_crumbs((self.object.title, activity_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return activity_url(self.object)


def now() -> Any:
    return timezone.now()
