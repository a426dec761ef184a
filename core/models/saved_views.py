"""Views of a list that people keep: which filters, columns and order, under a name."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.access import Viewer
from core.classification import classify


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """One's own, and those shared with a role that one has."""
        condition = Q(owner_id=viewer.user_id)
        for role in viewer.roles:
            condition |= Q(roles__contains=f",{role.value},")
        return self.filter(condition)

    def owned_by(self, viewer: Viewer) -> Self:
        return self.filter(owner_id=viewer.user_id)


@classify(plain="list_key owner columns roles", personal="name query")
class SavedView(models.Model):
    """A question asked of a list, never its answer: whoever opens it sees only their own rows and columns.

    `list_key` is the name of the list's URL, `query` its filters, order and density as the address writes
    them, `columns` the keys of the columns in order (empty: the usual ones), `roles` the roles it is shared
    with, each between commas.
    """

    list_key = models.CharField("列表", max_length=80)
    name = models.CharField("名称", max_length=30)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="保存人"
    )
    query = models.CharField("条件和排列", max_length=2000, blank=True)
    columns = models.JSONField("列", default=list, blank=True)
    roles = models.CharField("共享给", max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "常用视图"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list_key", "name"],
                name="saved_view_name_once",
                violation_error_message="这个列表已有同名的视图，请换一个名称。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shared_with(self) -> list[str]:
        return [role for role in self.roles.split(",") if role]


@classify(plain="user list_key view")
class DefaultView(models.Model):
    """The view with which a person's list opens; one for each list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="用户")
    list_key = models.CharField("列表", max_length=80)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="defaults", verbose_name="视图")

    class Meta:
        verbose_name = verbose_name_plural = "默认视图"
        constraints = [
            models.UniqueConstraint(fields=["user", "list_key"], name="default_view_one_a_list"),
        ]

    def __str__(self) -> str:
        return f"{self.list_key}：{self.view_id}"
