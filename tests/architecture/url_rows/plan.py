"""Drafting of plans: for who is in the case and leaders of the whole zone; no role of the table drafts."""

from typing import Any

from django.utils import timezone

from core.access import Role
from people.choices import KinRelation
from people.models import KinTie
from rotation.choices.plans import PlanState
from rotation.models import ConsultOpinion, Waiver
from tests.architecture.url_access import HR, PK, Access, World, api, form, page
from tests.factories.people import make_account, make_cadre
from tests.factories.room import make_drafter, make_move, make_plan, make_post

LEADERS = frozenset({Role.VICE_LEADER, Role.TOP_LEADER})
NOBODY: frozenset[Role] = frozenset()
PLAN, VARIANT = {"pk": "draft_plan.pk"}, {"pk": "draft_variant.pk"}


def drafters_only(row: dict[str, str]) -> Access:
    """An act of the API for whoever drafts: leaders may read the plan and are told 403."""
    return Access(NOBODY, row, method="post", anonymous=401, forbidden=LEADERS)


def asked_nothing(allowed: frozenset[Role], row: dict[str, str]) -> Access:
    """An act of the API with an empty body."""
    return Access(allowed, row, method="post", answer=400, anonymous=401)


ROWS: dict[str, Access] = {
    "rotation/plans/": page(HR | LEADERS | {Role.DEPARTMENT_HEAD}),
    "rotation/plans/new/": page(HR),
    "rotation/plans/options/cadres/": page(HR),
    "rotation/plans/options/posts/": page(HR),
    "rotation/plans/members/<int:pk>/remove/": page(NOBODY, pk="draft_member.pk"),
    "rotation/plans/moves/<int:pk>/": page(NOBODY, pk="draft_move.pk"),
    "rotation/plans/variants/<int:pk>/": page(LEADERS, **VARIANT),
    "rotation/plans/variants/<int:pk>/choose/": form(NOBODY, **VARIANT),
    "rotation/plans/variants/<int:pk>/copy/": form(NOBODY, **VARIANT),
    "rotation/plans/variants/<int:pk>/drop/": form(NOBODY, **VARIANT),
    "rotation/plans/variants/<int:pk>/edit/": page(NOBODY, **VARIANT),
    "rotation/plans/variants/<int:pk>/moves/new/": page(NOBODY, **VARIANT),
    "rotation/plans/variants/<int:pk>/moves/<int:move>/out/": form(NOBODY, **VARIANT, move="draft_move.pk"),
    "rotation/plans/variants/<int:pk>/plan.xlsx": page(NOBODY, **VARIANT),
    "rotation/plans/variants/<int:pk>/remove/": page(NOBODY, **VARIANT),
    "rotation/plans/variants/<int:pk>/undo/": form(NOBODY, **VARIANT),
    "rotation/plans/variants/<int:pk>/waive/": page(NOBODY, **VARIANT),
    "rotation/plans/<int:pk>/": page(LEADERS, **PLAN),
    "rotation/plans/<int:pk>/compare/": page(LEADERS, **PLAN),
    "rotation/plans/<int:pk>/edit/": page(NOBODY, **PLAN),
    "rotation/plans/<int:pk>/members/new/": page(NOBODY, **PLAN),
    "rotation/plans/<int:pk>/opinion/": page(NOBODY, **PLAN),
    "rotation/plans/<int:pk>/steps/<slug:action>/": page(NOBODY, **PLAN, action="=submit"),
    "rotation/plans/<int:pk>/variants/new/": page(NOBODY, **PLAN),
    "kinship/<int:pk>/confirm/": form(HR, 302, pk="tie.pk"),
    "kinship/<int:pk>/dismiss/": page(HR, pk="tie.pk"),
    "api/v1/kin-ties/$": api(HR),
    f"api/v1/kin-ties/{PK}/$": api(HR, pk="tie.pk"),
    "api/v1/rotation-moves/$": api(HR | LEADERS),
    f"api/v1/rotation-moves/{PK}/$": api(LEADERS, pk="draft_move.pk"),
    "api/v1/rotation-plans/$": api(HR | LEADERS),
    f"api/v1/rotation-plans/{PK}/$": api(LEADERS, **PLAN),
    "api/v1/rotation-variants/$": api(HR | LEADERS),
    f"api/v1/rotation-variants/{PK}/$": api(LEADERS, **VARIANT),
    f"api/v1/rotation-variants/{PK}/checks/$": api(LEADERS, **VARIANT),
    **{
        f"api/v1/rotation-variants/{PK}/{act}/$": drafters_only(VARIANT) for act in ("choose", "copy", "undo")
    },
    **{
        f"api/v1/rotation-plans/{PK}/{act}/$": drafters_only(PLAN)
        for act in ("announce", "effective-day", "proposals")
    },
    f"api/v1/rotation-plans/{PK}/steps/$": asked_nothing(LEADERS, PLAN),
    "api/v1/rotation-members/$": api(HR | LEADERS),
    f"api/v1/rotation-members/{PK}/$": api(LEADERS, pk="draft_member.pk"),
    "api/v1/rotation-consultations/$": api(HR | LEADERS | {Role.DEPARTMENT_HEAD}),
    f"api/v1/rotation-consultations/{PK}/$": api(LEADERS, pk="asked.pk"),
    f"api/v1/rotation-consultations/{PK}/give/$": asked_nothing(LEADERS, {"pk": "asked.pk"}),
    "api/v1/rotation-waivers/$": api(HR | LEADERS),
    f"api/v1/rotation-waivers/{PK}/$": api(LEADERS, pk="waiver.pk"),
}


def things(world: World) -> dict[str, Any]:
    plan = make_plan(make_drafter(), state=PlanState.DRAFT)
    move = make_move(plan, make_cadre(), make_post())
    tie = KinTie.objects.create(cadre=world.cadre, relative=make_cadre(), relation=KinRelation.COUSIN)
    return {
        "draft_plan": plan,
        "draft_variant": move.variant,
        "draft_move": move,
        "draft_member": plan.members.get(),
        "asked": ConsultOpinion.objects.create(plan=plan, user=make_account(), asked_at=timezone.now()),
        "waiver": Waiver.objects.create(
            variant=move.variant,
            key="probation|1||",
            message="在试用期内",
            reason="已报批",
            by=plan.created_by,
            at=timezone.now(),
        ),
        "tie": tie,
    }
