"""Who read which file, when and why: shown to the office, and to the cadre whose file it is."""

from typing import Self

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from growth.models.files import GrowthFile, readable_files
from people.models import User


class ReadingWay(models.TextChoices):
    PAGES = "pages", "在线翻阅"
    DOWNLOAD = "download", "下载"
    BATCH = "batch", "批量下载"
    API = "api", "接口下载"


class GrowthReadingQuerySet(models.QuerySet["GrowthReading"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Readings of the files one may read, and all of the own file (who read it, and why).

        Those for a case that is not public yet are shown by the case alone (growth.permits).
        """
        known = self.filter(withheld=False)
        own = viewer.cadre_id if viewer.on_own_record(Permission.VIEW_GROWTH_SELF) else None
        staff = readable_files(viewer, "file__") if self._oversees(viewer) else Q(pk__in=())
        return known.filter(staff | Q(file__cadre=own)) if own else known.filter(staff)

    @staticmethod
    def _oversees(viewer: Viewer) -> bool:
        return bool(viewer.paths(Permission.MAKE_GROWTH))


@classify(plain="file reader reader_name way at until pages matter withheld", personal="purpose")
class GrowthReading(models.Model):
    """One reading. Pages turned one after the other within the hour are one reading, counted in `pages`."""

    file = models.ForeignKey(GrowthFile, models.CASCADE, related_name="readings", verbose_name="成长档案")
    reader = models.ForeignKey(
        User, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="查阅人"
    )
    reader_name = models.CharField("查阅人", max_length=60)
    way = models.CharField("方式", max_length=12, choices=ReadingWay)
    purpose = models.CharField("事由", max_length=200, blank=True)
    at = models.DateTimeField("开始时间")
    until = models.DateTimeField("最后时间")
    pages = models.PositiveSmallIntegerField("翻阅页数", default=1)

    matter = models.CharField("所属事项", max_length=40, blank=True)
    withheld = models.BooleanField("暂不公开", default=False)

    objects = GrowthReadingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "查阅记录"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["file", "-at"], name="readings_of_file"),
            models.Index(fields=["matter"], name="readings_of_matter", condition=~Q(matter="")),
        ]

    def __str__(self) -> str:
        return f"{self.reader_name} {self.get_way_display()}"
