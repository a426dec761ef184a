"""The decision room and what follows it: a part of the table of rotation.

A leader of the whole zone may know of every plan; whoever is in no case, the subject, relatives and a drafter
of another plan get 404 (tests/rotation/room/test_pages.py).
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.access import Role
from rotation.choices.plans import PlanState
from rotation.models import (
    Candidate,
    Case,
    CaseFile,
    DecidedMove,
    Decision,
    Effect,
    EffectLine,
    Objection,
    ReadingGrant,
    Speaker,
)
from tests.architecture.url_access import EVERYONE, HR, PK, Access, World, api, form, page
from tests.architecture.url_rows.plan import asked_nothing, drafters_only
from tests.factories.people import make_account
from tests.factories.room import holder_of, make_drafter, make_move, make_plan, make_post

ADMINS = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})
LEADERS = frozenset({Role.VICE_LEADER, Role.TOP_LEADER})
SEE = HR | LEADERS
NOBODY: frozenset[Role] = frozenset()
# What is public is for staff in their scope and for the subject; ME stands for a colleague here.
SEE_PUBLIC = EVERYONE - ADMINS - {Role.CADRE}
CASE, PLAN = {"uid": "open_case.uid"}, {"pk": "decided_plan.pk"}
DECISION = {"uid": "decision.uid"}

ROWS: dict[str, Access] = {
    "rotation/board/": page(EVERYONE - ADMINS),
    "rotation/cases/": page(SEE),
    "rotation/cases/new/": page(HR),
    "rotation/cases/new/<int:pk>/": page(NOBODY, pk="open_case.plan_id"),
    "rotation/cases/<uuid:uid>/": page(LEADERS, **CASE),
    "rotation/cases/<uuid:uid>/changes/<int:cadre>/": page(NOBODY, cadre="shown.cadre_id", **CASE),
    "rotation/cases/<uuid:uid>/comparison.pdf": page(LEADERS, **CASE),
    "rotation/cases/<uuid:uid>/comparison.xlsx": page(LEADERS, **CASE),
    "rotation/cases/<uuid:uid>/files/": page(NOBODY, **CASE),
    "rotation/cases/<uuid:uid>/opinion/": page(NOBODY, **CASE),
    "rotation/cases/<uuid:uid>/opinion/withdraw/": page(NOBODY, **CASE),
    "rotation/cases/<uuid:uid>/pack/": page(LEADERS, **CASE),
    "rotation/cases/<uuid:uid>/reading/": page(NOBODY, **CASE),
    "rotation/cases/<uuid:uid>/reading/new/": page(NOBODY, **CASE),
    "rotation/decided/<int:pk>/objections/new/": page(NOBODY, pk="decided_move.pk"),
    "rotation/decisions/": page(SEE),
    "rotation/decisions/<uuid:uid>/": page(LEADERS, **DECISION),
    "rotation/decisions/<uuid:uid>/<slug:paper>.<slug:kind>": page(
        LEADERS, paper="=appointment", kind="=docx", **DECISION
    ),
    "rotation/decisions/<uuid:uid>/minutes/": page(NOBODY, **DECISION),  # nothing was enclosed
    "rotation/objections/<uuid:uid>/": page(NOBODY, uid="objection.uid"),
    "rotation/plans/<int:pk>/announce/": page(NOBODY, **PLAN),
    "rotation/plans/<int:pk>/close/": page(NOBODY, **PLAN),
    "rotation/plans/<int:pk>/confirm/": page(NOBODY, **PLAN),
    "rotation/plans/<int:pk>/day/": page(NOBODY, **PLAN),
    "rotation/plans/<int:pk>/decide/": page(NOBODY, pk="open_case.plan_id"),
    "rotation/plans/<int:pk>/effect/": page(NOBODY, **PLAN),
    "rotation/plans/<int:pk>/handover/": page(LEADERS, **PLAN),
    "rotation/plans/<int:pk>/outcome/": page(LEADERS, 302, **PLAN),
    "rotation/plans/<int:pk>/revert/": page(NOBODY, **PLAN),
    "rotation/reading/<uuid:uid>/revoke/": page(NOBODY, uid="permit.uid"),
    "rotation/revisits/<uuid:uid>/": page(NOBODY, uid="revisit.uid"),
    "rotation/speakers/<int:pk>/<slug:way>/": form(NOBODY, pk="speaker.pk", way="=up"),
    "rotation/speakers/<int:pk>/absence/": page(NOBODY, pk="speaker.pk"),
    "rotation/speakers/<int:pk>/written/": page(NOBODY, pk="speaker.pk"),
    "api/v1/leader-opinions/$": api(SEE),
    f"api/v1/leader-opinions/{PK}/$": api(NOBODY, pk="speaker.pk"),  # nobody has spoken
    "api/v1/reading-grants/$": api(SEE),
    f"api/v1/reading-grants/{PK}/$": api(LEADERS, pk="permit.pk"),
    f"api/v1/reading-grants/{PK}/revoke/$": Access(
        NOBODY, {"pk": "permit.pk"}, method="post", anonymous=401, forbidden=LEADERS
    ),
    "api/v1/rotation-cases/$": api(SEE),
    f"api/v1/rotation-cases/{PK}/$": api(LEADERS, pk="open_case.pk"),
    f"api/v1/rotation-cases/{PK}/files/$": drafters_only({"pk": "open_case.pk"}),
    f"api/v1/rotation-cases/{PK}/pack/$": asked_nothing(LEADERS, {"pk": "open_case.pk"}),
    f"api/v1/leader-opinions/{PK}/withdraw/$": Access(
        NOBODY, {"pk": "speaker.pk"}, method="post", anonymous=401, forbidden=HR
    ),
    "api/v1/rotation-speakers/$": api(SEE),
    f"api/v1/rotation-speakers/{PK}/$": api(LEADERS, pk="speaker.pk"),
    f"api/v1/rotation-speakers/{PK}/place/$": drafters_only({"pk": "speaker.pk"}),
    f"api/v1/rotation-speakers/{PK}/written/$": drafters_only({"pk": "speaker.pk"}),
    "api/v1/rotation-objections/$": api(SEE),
    f"api/v1/rotation-objections/{PK}/$": api(LEADERS, pk="objection.pk"),
    "api/v1/rotation-decisions/$": api(SEE),
    f"api/v1/rotation-decisions/{PK}/$": api(LEADERS, pk="decision.pk"),
    f"api/v1/rotation-decisions/{PK}/minutes/$": api(NOBODY, pk="decision.pk"),  # nothing was enclosed
    "api/v1/rotation-results/$": api(EVERYONE - ADMINS),
    f"api/v1/rotation-results/{PK}/$": api(SEE_PUBLIC, pk="decided_move.pk"),
    "api/v1/rotation-revisits/$": api(SEE),
    f"api/v1/rotation-revisits/{PK}/$": api(LEADERS, pk="revisit.pk"),
}


def things(world: World) -> dict[str, Any]:
    drafter, now = make_drafter(), timezone.now()
    case = open_case(world, drafter, now)
    leader = make_account(Role.VICE_LEADER)
    return {
        "open_case": case,
        "shown": CaseFile.objects.create(
            case=case, cadre=world.cadre, file=world.growth_file, sha256="0" * 64, kept_at=now
        ),
        "speaker": Speaker.objects.create(case=case, user=leader, position=1),
        "permit": ReadingGrant.objects.create(
            case=case,
            reader=leader,
            purpose="研究人选",
            starts_on=now.date(),
            ends_on=now.date() + timedelta(days=3),
            granted_by=drafter,
            granted_at=now,
        ),
        **decided(drafter, now),
    }


def open_case(world: World, drafter: Any, now: Any) -> Case:
    plan = make_plan(drafter)
    move = make_move(plan, world.cadre, make_post())
    case: Case = Case.objects.create(
        plan=plan,
        number="2026年第1号",
        title="人选",
        opinions_due_on=now.date(),
        opened_by=drafter,
        opened_at=now,
    )
    Candidate.objects.create(case=case, move=move)
    return case


def decided(drafter: Any, now: Any) -> dict[str, Any]:
    plan = make_plan(drafter, state=PlanState.EFFECTIVE)
    move = make_move(plan, holder_of(make_post()), make_post())
    decision = Decision.objects.create(
        plan=plan,
        number="15次",
        held_on=now.date(),
        chair="高乙",
        record="{}",
        decided_by=drafter,
        decided_at=now,
    )
    line = DecidedMove.objects.create(
        decision=decision, move=move, cadre=move.cadre, kind=move.kind, outcome="passed", to_text="局长"
    )
    effect = Effect.objects.create(plan=plan, effective_on=now.date(), applied_at=now)
    return {
        "decided_plan": plan,
        "decision": decision,
        "decided_move": line,
        "objection": Objection.objects.create(
            decided=line, received_on=now.date(), content="反映", recorded_by=drafter, recorded_at=now
        ),
        "revisit": EffectLine.objects.create(decided=line, effect=effect, due_on=now.date()),
    }
