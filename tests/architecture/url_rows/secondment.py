"""Tenure and secondments: a part of the table of rotation."""

from datetime import date
from typing import Any

from django.utils import timezone

from core.access import Role
from core.files import PHOTOS, keep_file
from people.models import Post
from rotation.choices.secondments import OpinionParty, OpinionStage, SecondmentState
from rotation.choices.tenure import Readiness
from rotation.models import (
    BroughtHome,
    HostForm,
    MonthlyNote,
    MoveRule,
    Opinion,
    PostRequirement,
    PostSuccessor,
    SecondmentExtension,
    SecondmentPlan,
    SecondmentRule,
    TenureExtension,
    TenureRule,
    UnitStaffing,
)
from tests.architecture.url_access import HR, PK, Access, World, api, page
from tests.factories.documents import photo_upload
from tests.factories.people import make_cadre
from tests.factories.secondments import START, make_secondment

LEADERS = frozenset({Role.VICE_LEADER, Role.TOP_LEADER})
SEE_ROTATION = HR | LEADERS
HEADS = HR | LEADERS | {Role.DEPARTMENT_HEAD}
SEE_OTHERS = HEADS | {Role.PARTY}
SEE = SEE_OTHERS | {Role.CADRE}
NOBODY: frozenset[Role] = frozenset()
ROW = {"pk": "secondment.pk"}


def act(allowed: frozenset[Role], answer: int, forbidden: frozenset[Role] = NOBODY, **row: str) -> Access:
    """An act of the API with an empty body."""
    return Access(allowed, row, method="post", answer=answer, anonymous=401, forbidden=forbidden)


def at(state: str) -> dict[str, str]:
    return {"pk": f"{state}.pk"}


ROWS: dict[str, Access] = {
    # tenure
    "rotation/tenure/": page(SEE_ROTATION),
    "rotation/tenure/cadres/<int:pk>/extend/": page(HR, pk="cadre.pk"),
    "rotation/tenure/checks/": page(SEE_ROTATION),
    "rotation/tenure/checks/new/": page(HR),
    "rotation/tenure/extensions/": page(SEE_ROTATION),
    "rotation/tenure/extensions/<int:pk>/": page(SEE_ROTATION, pk="tenure_extension.pk"),
    "rotation/tenure/extensions/<int:pk>/withdraw/": page(NOBODY, pk="tenure_extension.pk"),
    "rotation/tenure/forecast/": page(SEE_ROTATION),
    "rotation/tenure/late/": page(SEE_ROTATION, 302),
    "rotation/tenure/posts/": page(SEE_ROTATION),
    "rotation/tenure/posts/<int:pk>/": page(SEE_ROTATION, pk="post.pk"),
    "rotation/tenure/posts/<int:pk>/requirements/new/": page(HR, pk="post.pk"),
    "rotation/tenure/posts/<int:pk>/successors/new/": page(HR, pk="post.pk"),
    "rotation/tenure/requirements/<int:pk>/": page(HR, pk="requirement.pk"),
    "rotation/tenure/requirements/<int:pk>/remove/": page(HR, pk="requirement.pk"),
    "rotation/tenure/rules/": page(SEE_ROTATION),
    "rotation/tenure/rules/new/": page(HR),
    "rotation/tenure/staffing/": page(SEE_ROTATION),
    "rotation/tenure/staffing/<int:pk>/": page(HR, pk="unit.pk"),
    "rotation/tenure/successors/<int:pk>/": page(HR, pk="successor.pk"),
    "rotation/tenure/successors/<int:pk>/end/": page(HR, pk="successor.pk"),
    # secondments: a cadre asks for a colleague's here; the own ones stand under mine/
    "rotation/host/<str:token>/": Access(frozenset(Role), {"token": "=gone"}, answer=404, anonymous=404),
    "rotation/mine/": page(frozenset({Role.CADRE})),
    "rotation/mine/<int:pk>/": page(NOBODY, **ROW),
    "rotation/mine/<int:pk>/brought/": page(NOBODY, **ROW),
    "rotation/mine/<int:pk>/note/": page(NOBODY, **ROW),
    "rotation/mine/<int:pk>/summary/<slug:stage>/": page(NOBODY, stage="=final", **ROW),
    "rotation/secondments/": page(SEE_OTHERS),
    "rotation/secondments/board/": page(SEE_OTHERS),
    "rotation/secondments/brought/<int:pk>/task/": page(HR, pk="brought.pk"),
    "rotation/secondments/extensions/<int:pk>/": page(LEADERS, pk="longer.pk"),
    "rotation/secondments/host-forms/<int:pk>/revoke/": page(HR, pk="host_form.pk"),
    "rotation/secondments/new/": page(HR),
    "rotation/secondments/notes/": page(HEADS),
    "rotation/secondments/notes/<int:pk>/": page(HEADS, pk="note.pk"),
    "rotation/secondments/plans/": page(SEE_OTHERS),
    "rotation/secondments/plans/new/": page(HR),
    "rotation/secondments/plans/<int:pk>/": page(SEE_OTHERS, pk="scheme.pk"),
    "rotation/secondments/plans/<int:pk>/edit/": page(HR, pk="scheme.pk"),
    "rotation/secondments/plans/<int:pk>/<slug:state>/": Access(
        HR, {"pk": "scheme.pk", "state": "=closed"}, method="post", answer=302
    ),
    "rotation/secondments/rules/": page(SEE),
    "rotation/secondments/rules/new/": page(HR),
    "rotation/secondments/scans/<int:pk>/": page(HEADS, pk="opinion.pk"),
    "rotation/secondments/<int:pk>/": page(SEE_OTHERS, **ROW),
    "rotation/secondments/<int:pk>/appraisal/": page(SEE_OTHERS, **ROW),
    "rotation/secondments/<int:pk>/appraisal.<slug:suffix>": page(
        SEE_OTHERS - {Role.PARTY}, suffix="=docx", **at("appraised")
    ),
    "rotation/secondments/<int:pk>/approve/": page(LEADERS, **at("recommended")),
    "rotation/secondments/<int:pk>/brought/": page(HR, **ROW),
    "rotation/secondments/<int:pk>/cancel/": page(HR, **at("recommended")),
    "rotation/secondments/<int:pk>/complete/": page(HR, **at("ended")),
    "rotation/secondments/<int:pk>/dispatch/": page(HR, **at("approved")),
    "rotation/secondments/<int:pk>/edit/": page(HR, **ROW),
    "rotation/secondments/<int:pk>/end/": page(HR, **ROW),
    "rotation/secondments/<int:pk>/extend/": page(HR, **ROW),
    "rotation/secondments/<int:pk>/host/<slug:stage>/": page(HR, stage="=final", **ROW),
    "rotation/secondments/<int:pk>/host/<slug:stage>/blank.pdf": page(HR, stage="=final", **ROW),
    "rotation/secondments/<int:pk>/letters/<slug:kind>.<slug:suffix>": page(
        HR, kind="=dispatch", suffix="=docx", **ROW
    ),
    "rotation/secondments/<int:pk>/opinions/<slug:stage>/<slug:party>/": page(
        HR, stage="=final", party="=2_host", **ROW
    ),
    "rotation/secondments/<int:pk>/report/": page(HR, **at("dispatched")),
    "rotation/secondments/<int:pk>/return-plan/": page(HR, **ROW),
    "rotation/secondments/<int:pk>/settle/": page(HR, **at("appraised")),
    "api/v1/tenures/$": api(SEE_ROTATION),
    f"api/v1/tenures/{PK}/$": api(SEE_ROTATION, pk="cadre.pk"),
    "api/v1/post-situations/$": api(SEE_ROTATION),
    f"api/v1/post-situations/{PK}/$": api(SEE_ROTATION, pk="post.pk"),
    "api/v1/tenure-extensions/$": api(SEE_ROTATION),
    f"api/v1/tenure-extensions/{PK}/$": api(SEE_ROTATION, pk="tenure_extension.pk"),
    f"api/v1/tenure-extensions/{PK}/decide/$": act(LEADERS, 400, HR, pk="tenure_extension.pk"),
    f"api/v1/tenure-extensions/{PK}/withdraw/$": act(HR, 422, LEADERS, pk="tenure_extension.pk"),
    "api/v1/tenure-rules/$": api(SEE_ROTATION),
    f"api/v1/tenure-rules/{PK}/$": api(SEE_ROTATION, pk="tenure_rule.pk"),
    "api/v1/move-rules/$": api(SEE_ROTATION),
    f"api/v1/move-rules/{PK}/$": api(SEE_ROTATION, pk="move_rule.pk"),
    "api/v1/secondment-rules/$": api(SEE_ROTATION),
    f"api/v1/secondment-rules/{PK}/$": api(SEE_ROTATION, pk="secondment_rule.pk"),
    "api/v1/post-successors/$": api(SEE_ROTATION),
    f"api/v1/post-successors/{PK}/$": api(SEE_ROTATION, pk="successor.pk"),
    "api/v1/post-requirements/$": api(SEE_ROTATION),
    f"api/v1/post-requirements/{PK}/$": api(SEE_ROTATION, pk="requirement.pk"),
    "api/v1/unit-staffing/$": api(SEE_ROTATION),
    f"api/v1/unit-staffing/{PK}/$": api(SEE_ROTATION, pk="staffing.pk"),
    f"api/v1/secondments/{PK}/acts/$": act(SEE_ROTATION, 400, SEE - SEE_ROTATION, **ROW),
    f"api/v1/secondments/{PK}/opinions/$": act(SEE, 400, **ROW),
    f"api/v1/secondments/{PK}/brought-home/$": act(SEE_OTHERS, 400, **ROW),
    f"api/v1/secondments/{PK}/return-plan/$": act(HR, 400, SEE - HR, **ROW),
    f"api/v1/secondments/{PK}/host-form/$": act(HR, 400, SEE - HR, **ROW),
    "api/v1/secondment-plans/$": api(SEE),
    f"api/v1/secondment-plans/{PK}/$": api(SEE_OTHERS, pk="scheme.pk"),
    f"api/v1/secondment-plans/{PK}/state/$": act(HR, 400, SEE - HR, pk="scheme.pk"),
    "api/v1/secondment-extensions/$": api(SEE),
    f"api/v1/secondment-extensions/{PK}/$": api(SEE_OTHERS, pk="longer.pk"),
    f"api/v1/secondment-extensions/{PK}/decide/$": act(LEADERS, 400, SEE - LEADERS, pk="longer.pk"),
    f"api/v1/secondment-notes/{PK}/read/$": act(HEADS, 400, SEE - HEADS, pk="note.pk"),
    "api/v1/secondments/$": api(SEE),
    f"api/v1/secondments/{PK}/$": api(SEE_OTHERS, **ROW),
    "api/v1/secondment-notes/$": api(SEE),
    f"api/v1/secondment-notes/{PK}/$": api(HEADS, pk="note.pk"),
}


def things(world: World) -> dict[str, Any]:
    """One secondment in each state that an act asks for, all of people of the unit."""
    from tests.factories.people import make_appointment

    def at_home() -> Any:
        return make_cadre(unit=world.unit)

    now = timezone.now()
    states = (
        SecondmentState.RECOMMENDED,
        SecondmentState.APPROVED,
        SecondmentState.DISPATCHED,
        SecondmentState.ENDED,
        SecondmentState.APPRAISED,
    )
    made = {state.value: make_secondment(state, cadre=at_home()) for state in states}
    row = make_secondment(SecondmentState.ACTIVE, cadre=world.cadre)
    scan = keep_file(upload=photo_upload(), by=None, accept=PHOTOS)
    post = Post.objects.create(unit=world.unit, title="轮岗示例岗位")
    make_appointment(world.cadre, unit=world.unit, title="兼职", is_main=False)
    return {
        **made,
        "secondment": row,
        "requirement": PostRequirement.objects.create(post=post, criterion="party_member"),
        "successor": PostSuccessor.objects.create(
            post=post, cadre=world.cadre, readiness=Readiness.NOW, starts_on=START
        ),
        "tenure_extension": TenureExtension.objects.create(
            cadre=world.cadre, until=date(2027, 6, 1), reason="重点项目", requested_at=now
        ),
        "longer": SecondmentExtension.objects.create(
            secondment=row, until=date(2027, 9, 1), reason="收尾", requested_at=now
        ),
        "host_form": HostForm.objects.create(
            secondment=row,
            stage=OpinionStage.FINAL,
            token_hash="0" * 64,
            expires_on=date(2099, 1, 1),
            made_at=now,
        ),
        "tenure_rule": TenureRule.objects.earliest("pk"),
        "move_rule": MoveRule.objects.earliest("pk"),
        "secondment_rule": SecondmentRule.objects.earliest("pk"),
        "staffing": UnitStaffing.objects.create(unit=world.unit, minimum=2, starts_on=START),
        "note": MonthlyNote.objects.create(
            secondment=row, month=date(2026, 3, 1), text="到岗熟悉情况", sent_at=now
        ),
        "scheme": SecondmentPlan.objects.create(year=2026, title="挂职计划", state="open"),
        "opinion": Opinion.objects.create(
            secondment=row,
            stage=OpinionStage.MIDTERM,
            party=OpinionParty.HOST,
            text="表现良好",
            signed_on=START,
            scan=scan,
            at=now,
        ),
        "brought": BroughtHome.objects.create(secondment=row, title="一窗受理", added_at=now),
    }
