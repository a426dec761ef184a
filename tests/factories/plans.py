"""Rotation plans that are being drafted; every person is invented."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from core.access import Role, Viewer
from people.access import viewer_for
from people.models import Cadre, Post, User
from rotation.choices.plans import CaseDuty
from rotation.models import Move, RotationPlan, Variant
from rotation.services.plans import add_member, create_plan
from rotation.services.variants import MoveDraft, add_move
from tests.factories.people import TODAY, make_account, make_appointment, make_cadre, make_unit

NOW = timezone.make_aware(datetime(2026, 11, 2, 10, 0))
EFFECTIVE = date(2026, 12, 1)


def seen_by(user: User, on: date = TODAY) -> Viewer:
    return viewer_for(user, on=on)


def make_office(name: str = "承办人", **values: Any) -> User:
    return make_account(Role.HR, name=name, **values)


def make_post(title: str = "科员岗", *, unit: Any = None, **values: Any) -> Post:
    return Post.objects.create(unit=unit or make_unit(), title=title, **values)


def seat(post: Post, name: str = "", *, since: date = date(2021, 3, 1), **values: Any) -> Cadre:
    """A new cadre in the post."""
    cadre = make_cadre(name, **values)
    make_appointment(cadre, unit=post.unit, post=post, title=post.title, starts_on=since)
    return cadre


def draft_plan(drafter: User, **values: Any) -> RotationPlan:
    values.setdefault("title", "年度轮岗")
    values.setdefault("effective_on", EFFECTIVE)
    return create_plan(values=values, by=seen_by(drafter), at=NOW)


def let_in(plan: RotationPlan, drafter: User, user: User, duty: CaseDuty) -> None:
    add_member(plan=plan, user=user, duty=duty, by=seen_by(drafter), at=NOW)


def variant_of(plan: RotationPlan, letter: str = "A") -> Variant:
    return Variant.objects.select_related("plan").get(plan=plan, letter=letter)


def move(variant: Variant, cadre: Cadre, to: Post | None, drafter: User, **values: Any) -> Move:
    draft = MoveDraft(cadre, to, **values)
    return add_move(variant=variant, draft=draft, by=seen_by(drafter), at=NOW)
