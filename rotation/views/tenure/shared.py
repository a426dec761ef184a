"""What the pages of tenure share: the way back, the pages beside each other, who may do what."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from people.models import Cadre, Post

Crumbs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Beside:
    """One of the pages that stand beside each other."""

    label: str
    url_name: str


PAGES = (
    Beside("任职年限", "rotation:tenure"),
    Beside("岗位和后备", "rotation:posts"),
    Beside("年限预测", "rotation:forecast"),
    Beside("延长任职", "rotation:tenure_extensions"),
    Beside("最低在岗", "rotation:staffing"),
    Beside("年限规则", "rotation:tenure_rules"),
    Beside("核对规则", "rotation:move_rules"),
)


def crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("任职年限", reverse("rotation:tenure")), *more]


def post_url(post: Post) -> str:
    return reverse("rotation:post", args=[post.pk])


def cadre_url(cadre: Cadre) -> str:
    return reverse("people:cadre", args=[cadre.pk])
