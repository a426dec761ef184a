from datetime import date
from typing import Any

from core.access import Role
from core.files import PHOTOS, keep_file
from park.models import Extension, Milestone, PlanProposal, ReportPhoto, Supervision
from tests.architecture.url_access import HR, PK, Access, World, api, form, page
from tests.architecture.url_rows import park_field
from tests.factories.documents import photo_upload
from tests.factories.park import make_draft, make_indicator, make_plan, make_task

SEE_PARK_OF_OTHERS = HR | {Role.PARTY, Role.DEPARTMENT_HEAD, Role.VICE_LEADER, Role.TOP_LEADER}
SEE_PARK = SEE_PARK_OF_OTHERS | {Role.CADRE}
EDIT_PARK = HR | {Role.DEPARTMENT_HEAD}
CHECK_PARK = EDIT_PARK | {Role.VICE_LEADER, Role.TOP_LEADER}
APPROVE_PARK = frozenset({Role.DEPARTMENT_HEAD, Role.VICE_LEADER, Role.TOP_LEADER})
NOBODY: frozenset[Role] = frozenset()

TASK, DRAFT, PLAN = {"pk": "task.pk"}, {"pk": "draft.pk"}, {"pk": "plan.pk"}
PROPOSAL, INDICATOR = {"uid": "proposal.uid"}, {"pk": "indicator.pk"}

# A cadre here asks for a colleague's task; a proposal belongs to the one who works on it.
ROWS: dict[str, Access] = {
    "park/plans/": page(SEE_PARK),
    "park/plans/new/": page(EDIT_PARK),
    "park/plans/import/": page(EDIT_PARK),
    "park/plans/<int:pk>/": page(SEE_PARK, **PLAN),
    "park/plans/<int:pk>/edit/": page(EDIT_PARK, **PLAN),
    "park/plans/<int:pk>/fill/": page(EDIT_PARK, **PLAN),
    "park/plans/<int:pk>/publish/": page(EDIT_PARK, **PLAN),
    "park/plans/<int:pk>/archive/": page(EDIT_PARK, **PLAN),
    "park/proposals/<uuid:uid>/": page(NOBODY, **PROPOSAL),
    "park/proposals/<uuid:uid>/name/": page(NOBODY, **PROPOSAL),
    "park/proposals/<uuid:uid>/apply/": page(NOBODY, **PROPOSAL),
    "park/proposals/<uuid:uid>/discard/": page(NOBODY, **PROPOSAL),
    "park/proposals/<uuid:uid>/<str:key>/": page(NOBODY, key="=e1", **PROPOSAL),
    "park/proposals/<uuid:uid>/<str:key>/<slug:act>/": form(NOBODY, key="=e1", act="=drop", **PROPOSAL),
    "park/tasks/": page(SEE_PARK),
    "park/tasks/paper/": page(SEE_PARK),
    "park/tasks/new/": page(EDIT_PARK),
    "park/tasks/rules/": page(SEE_PARK),
    "park/tasks/rules/new/": page(HR),
    "park/tasks/waiting/<slug:key>/": page(SEE_PARK, 302, key="=overdue"),
    "park/tasks/<int:pk>/": page(SEE_PARK_OF_OTHERS, **TASK),
    "park/tasks/<int:pk>/edit/": page(EDIT_PARK, **TASK),
    "park/tasks/<int:pk>/delete/": page(EDIT_PARK, **DRAFT),
    "park/tasks/<int:pk>/issue/": page(EDIT_PARK, **DRAFT),
    "park/tasks/<int:pk>/duties/": page(EDIT_PARK, **TASK),
    "park/tasks/<int:pk>/partners/": page(EDIT_PARK, **TASK),
    "park/tasks/<int:pk>/steps/": page(EDIT_PARK, **TASK),
    "park/tasks/<int:pk>/steps/<int:row>/": page(EDIT_PARK, row="step.pk", **TASK),
    "park/tasks/<int:pk>/report/": page(EDIT_PARK, **TASK),
    "park/tasks/<int:pk>/report/<int:row>/": page(EDIT_PARK, row="report.pk", **TASK),
    "park/tasks/<int:pk>/supervise/": page(CHECK_PARK, **TASK),
    "park/tasks/<int:pk>/answer/<int:row>/": page(EDIT_PARK, row="supervision.pk", **TASK),
    "park/tasks/<int:pk>/extend/": page(EDIT_PARK, **TASK),
    "park/tasks/<int:pk>/extend/<int:row>/": page(APPROVE_PARK, row="extension.pk", **TASK),
    "park/tasks/<int:pk>/<slug:act>/": page(CHECK_PARK, act="=remind", **TASK),
    "park/indicators/": page(SEE_PARK),
    "park/indicators/new/": page(EDIT_PARK),
    "park/indicators/<int:pk>/": page(SEE_PARK, **INDICATOR),
    "park/indicators/<int:pk>/edit/": page(EDIT_PARK, **INDICATOR),
    "park/indicators/<int:pk>/delete/": page(EDIT_PARK, **INDICATOR),
    "park/indicators/<int:pk>/read/": page(EDIT_PARK, **INDICATOR),
    "park/photos/reports/<int:pk>/": page(SEE_PARK_OF_OTHERS, pk="report_photo.pk"),
    "api/v1/plans/$": api(SEE_PARK),
    f"api/v1/plans/{PK}/$": api(SEE_PARK, **PLAN),
    "api/v1/tasks/$": api(SEE_PARK),
    f"api/v1/tasks/{PK}/$": api(SEE_PARK_OF_OTHERS, **TASK),
    "api/v1/task-reports/$": api(SEE_PARK),
    f"api/v1/task-reports/{PK}/$": api(SEE_PARK_OF_OTHERS, pk="report.pk"),
    "api/v1/indicators/$": api(SEE_PARK),
    f"api/v1/indicators/{PK}/$": api(SEE_PARK, **INDICATOR),
    "api/v1/indicator-readings/$": api(SEE_PARK),
    f"api/v1/indicator-readings/{PK}/$": api(SEE_PARK, pk="reading.pk"),
    **park_field.ROWS,
}


def things(world: World) -> dict[str, Any]:
    """A plan of the unit with a running task, a draft, and what hangs on them."""
    plan = make_plan(unit=world.unit)
    task = make_task(plan=plan, unit=world.unit, owner=world.cadre)
    make_task(plan=plan, unit=world.unit, owner=world.own)  # so that a cadre has a paper to print
    report = task.reports.get()
    indicator = make_indicator(plan)
    file = keep_file(upload=photo_upload(), by=None, accept=PHOTOS)
    late = date(2027, 3, 1)
    return {
        "plan": plan,
        "task": task,
        "draft": make_draft(plan=plan, lead_department=world.unit),
        "report": report,
        "report_photo": ReportPhoto.objects.create(report=report, file=file),
        "step": Milestone.objects.create(task=task, name="过半", due_on=date(2026, 6, 30)),
        "supervision": Supervision.objects.create(
            task=task, kind="supervise", year=2026, sequence=1, number="园督〔2026〕1号", on=date(2026, 6, 1)
        ),
        "extension": Extension.objects.create(
            task=task, asked_on=date(2026, 6, 1), old_due_on=task.due_on, new_due_on=late, reason="汛期"
        ),
        "indicator": indicator,
        "reading": indicator.readings.create(on=date(2026, 6, 30), value=120),
        "proposal": PlanProposal.objects.create(
            owner=world.user, title="方案", year=2026, text="一、", base_on=date(2026, 1, 1)
        ),
        **park_field.things(world),
    }
