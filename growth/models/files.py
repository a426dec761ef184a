from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from growth.contracts import Edition
from growth.permits import leader_readable
from people.models import Cadre, User

# Which permission opens which edition; its scope and rule R2 come with Cadre.objects.visible_to.
EDITION_PERMISSIONS = {
    Edition.SELF: Permission.VIEW_GROWTH_SELF,
    Edition.LEADER: Permission.VIEW_GROWTH_LEADER,
    Edition.ARCHIVE: Permission.VIEW_GROWTH_ARCHIVE,
}


def readable_cadres(viewer: Viewer, edition: Edition) -> "models.QuerySet[Cadre]":
    """Whose file of this edition the viewer may read."""
    if edition == Edition.LEADER:
        return leader_readable(viewer)
    return Cadre.objects.visible_to(viewer, EDITION_PERMISSIONS[edition])


def readable_files(viewer: Viewer, of: str = "") -> Q:
    """Each edition for its own readers: nobody reads the leader or archive edition of the own record.

    `of` leads from another model to the file ("file__"): a condition costs less of SQLite's depth than a
    query within the query.
    """
    condition = Q(pk__in=())
    for edition, permission in EDITION_PERMISSIONS.items():
        if viewer.can(permission):
            cadres = readable_cadres(viewer, edition)
            condition |= Q(**{f"{of}edition": edition, f"{of}cadre__in": cadres})
    return condition


class GrowthFileQuerySet(models.QuerySet["GrowthFile"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(readable_files(viewer))


@classify(
    plain="number edition as_of made_at made_by pages size sha256 data_digest data_sm3 code path",
    personal="cadre",
)
class GrowthFile(models.Model):
    """One file that was made. Its bytes lie encrypted under MEDIA_ROOT and are read through services only.

    `sha256` is of the PDF as rendered, before a reader's watermark and the signature; `data_digest` and
    `data_sm3` (GB/T 32905) are of the data in it: equal data needs no second rendering. `code` is the short
    form of the digest that is printed beside the QR code.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    number = models.CharField("档案编号", max_length=60)
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="growth_files", verbose_name="干部")
    edition = models.CharField("版本", max_length=8, choices=Edition)
    as_of = models.DateField("数据截至")
    made_at = models.DateTimeField("生成时间")
    made_by = models.ForeignKey(
        User, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="生成人"
    )
    pages = models.PositiveSmallIntegerField("页数")
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("文件摘要", max_length=64)
    data_digest = models.CharField("数据摘要", max_length=64)
    data_sm3 = models.CharField("数据摘要（SM3）", max_length=64, blank=True)
    code = models.CharField("核验码", max_length=16, blank=True, db_index=True)
    path = models.CharField("存放位置", max_length=120)

    objects = GrowthFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "成长档案"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "edition", "as_of", "data_digest"],
                name="growth_file_once_per_data",
                violation_error_message="同样数据的成长档案已经生成。",
            ),
        ]
        indexes = [models.Index(fields=["cadre", "-made_at"], name="growth_file_of_cadre")]

    def __str__(self) -> str:
        return f"{self.cadre.name}成长档案（{self.get_edition_display()}）"

    @property
    def filename(self) -> str:
        return f"{self.cadre.name}_{self.cadre.staff_no or self.cadre_id}_{self.get_edition_display()}.pdf"
