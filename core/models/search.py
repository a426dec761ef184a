"""What the global search looks through: one row for each thing that can be found."""

from django.db import models

from core.classification import classify


@classify(plain="kind object_id link", personal="title detail reading text terms")
class SearchEntry(models.Model):
    """A copy made for finding only; whether a reader may know of the thing is asked of its own model.

    `reading` holds the pinyin of the title, one syllable for each character, or nothing. `text` holds what
    can be looked for in full, a line each; `terms` the same cut into every ending (core.search.terms), which
    the database keeps an index of (core.search.tables). `link` is the address of what has no row of its own.
    """

    kind = models.CharField("类别", max_length=40)
    object_id = models.BigIntegerField("编号")
    title = models.CharField("名称", max_length=200)
    detail = models.CharField("说明", max_length=200, blank=True)
    link = models.CharField("地址", max_length=200, blank=True)
    reading = models.CharField("拼音", max_length=1000, blank=True)
    text = models.TextField("可查文字", blank=True)
    terms = models.TextField("检索词", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检索条目"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"],
                name="search_entry_once",
                violation_error_message="这一条已经在检索范围内。",
            )
        ]

    def __str__(self) -> str:
        return self.title
