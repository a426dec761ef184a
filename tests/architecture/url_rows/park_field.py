"""Projects, enterprises and 包干到人: a part of the table of the park side."""

from datetime import date
from typing import Any

from core.access import Role
from core.files import PHOTOS, keep_file
from park.models import BeautyCheck, Deed, Handover, LeaderNote, VisitPhoto
from park.services.groups import found_group, seat_member
from park.services.requests import raise_request
from park.services.visits import record_visit
from people.choices import LeadershipLevel
from tests.architecture.url_access import HR, PK, Access, World, api, page
from tests.factories.documents import photo_upload
from tests.factories.field import hold, make_enterprise, make_project
from tests.factories.park import moment
from tests.factories.people import TODAY, make_cadre

SEE_PARK_OF_OTHERS = HR | {Role.PARTY, Role.DEPARTMENT_HEAD, Role.VICE_LEADER, Role.TOP_LEADER}
SEE_PARK = SEE_PARK_OF_OTHERS | {Role.CADRE}
EDIT_PARK = HR | {Role.DEPARTMENT_HEAD}
APPROVE_PARK = frozenset({Role.DEPARTMENT_HEAD, Role.VICE_LEADER, Role.TOP_LEADER})
NOBODY: frozenset[Role] = frozenset()
PROJECT, ENTERPRISE, VISIT = {"pk": "project.pk"}, {"pk": "enterprise.pk"}, {"pk": "visit.pk"}
REQUEST, HELD, HANDOVER = {"pk": "request.pk"}, {"pk": "held.pk"}, {"pk": "handover.pk"}

# A cadre here asks for what a colleague holds; a leader's note is written by whoever guides the person.
ROWS: dict[str, Access] = {
    "park/projects/": page(SEE_PARK),
    "park/projects/new/": page(EDIT_PARK),
    "park/projects/<int:pk>/": page(SEE_PARK_OF_OTHERS, **PROJECT),
    "park/projects/<int:pk>/edit/": page(EDIT_PARK, **PROJECT),
    "park/projects/<int:pk>/stage/": page(EDIT_PARK, **PROJECT),
    "park/projects/<int:pk>/assign/": page(EDIT_PARK, **PROJECT),
    "park/projects/<int:pk>/<slug:act>/": page(EDIT_PARK, act="=pause", **PROJECT),
    "park/enterprises/": page(SEE_PARK),
    "park/enterprises/new/": page(EDIT_PARK),
    "park/enterprises/<int:pk>/": page(SEE_PARK_OF_OTHERS, **ENTERPRISE),
    "park/enterprises/<int:pk>/edit/": page(EDIT_PARK, **ENTERPRISE),
    "park/enterprises/<int:pk>/assign/": page(EDIT_PARK, **ENTERPRISE),
    "park/enterprises/<int:pk>/grade/": page(EDIT_PARK, **ENTERPRISE),
    "park/enterprises/<int:pk>/service/": page(EDIT_PARK, **ENTERPRISE),
    "park/enterprises/<int:pk>/checks/": page(EDIT_PARK, **ENTERPRISE),
    "park/enterprises/<int:pk>/checks/<int:row>/": page(EDIT_PARK, row="check.pk", **ENTERPRISE),
    "park/enterprises/<int:pk>/visit/": page(EDIT_PARK, **ENTERPRISE),
    "park/enterprises/<int:pk>/request/": page(EDIT_PARK, **ENTERPRISE),
    "park/visits/": page(SEE_PARK),
    "park/visits/rules/": page(SEE_PARK),
    "park/visits/rules/new/": page(HR),
    "park/visits/<int:pk>/": page(SEE_PARK_OF_OTHERS, **VISIT),
    "park/requests/": page(SEE_PARK),
    "park/requests/<int:pk>/": page(SEE_PARK_OF_OTHERS, **REQUEST),
    "park/requests/<int:pk>/<slug:act>/": page(EDIT_PARK, act="=assign", **REQUEST),
    "park/people/": page(SEE_PARK),
    "park/people/load/": page(SEE_PARK),
    "park/people/leaders/": page(SEE_PARK),
    "park/people/rules/": page(SEE_PARK),
    "park/people/rules/new/": page(HR),
    "park/people/<int:pk>/": page(SEE_PARK_OF_OTHERS, pk="cadre.pk"),
    "park/people/<int:pk>/assign/": page(EDIT_PARK, pk="cadre.pk"),
    "park/assignments/<int:pk>/release/": page(EDIT_PARK, **HELD),
    "park/assignments/<int:pk>/guide/": page(EDIT_PARK, **HELD),
    "park/assignments/<int:pk>/handover/": page(EDIT_PARK, **HELD),
    "park/handovers/": page(SEE_PARK),
    "park/handovers/<int:pk>/": page(SEE_PARK_OF_OTHERS, **HANDOVER),
    "park/handovers/<int:pk>/<slug:act>/": page(EDIT_PARK, act="=withdraw", **HANDOVER),
    "park/guided/": page(APPROVE_PARK),
    "park/guided/<int:pk>/": page(NOBODY, pk="cadre.pk"),
    "park/photos/visits/<int:pk>/": page(SEE_PARK_OF_OTHERS, pk="visit_photo.pk"),
    "park/photos/checks/<int:pk>/<slug:side>/": page(SEE_PARK_OF_OTHERS, pk="check.pk", side="=before"),
    "park/deeds/": page(SEE_PARK),
    "park/deeds/new/": page(EDIT_PARK),
    "park/deeds/<int:pk>/": page(SEE_PARK_OF_OTHERS, pk="deed.pk"),
    "park/deeds/<int:pk>/edit/": page(EDIT_PARK, pk="deed.pk"),
    "park/deeds/<int:pk>/<slug:act>/": page(EDIT_PARK, pk="deed.pk", act="=verify"),
    "park/groups/": page(SEE_PARK),
    "park/groups/new/": page(EDIT_PARK),
    "park/groups/<int:pk>/seat/": page(EDIT_PARK, pk="member.group_id"),
    "park/groups/<int:pk>/edit/": page(EDIT_PARK, pk="member.group_id"),
    "park/groups/<int:pk>/close/": page(EDIT_PARK, pk="member.group_id"),
    "park/groups/members/": page(SEE_PARK),
    "park/groups/members/<int:pk>/confirm/": page(EDIT_PARK, pk="member.pk"),
    "park/groups/members/<int:pk>/leave/": page(EDIT_PARK, pk="member.pk"),
    "api/v1/projects/$": api(SEE_PARK),
    f"api/v1/projects/{PK}/$": api(SEE_PARK_OF_OTHERS, **PROJECT),
    "api/v1/enterprises/$": api(SEE_PARK),
    f"api/v1/enterprises/{PK}/$": api(SEE_PARK_OF_OTHERS, **ENTERPRISE),
    "api/v1/visits/$": api(SEE_PARK),
    f"api/v1/visits/{PK}/$": api(SEE_PARK_OF_OTHERS, **VISIT),
    "api/v1/handovers/$": api(SEE_PARK),
    f"api/v1/handovers/{PK}/$": api(SEE_PARK_OF_OTHERS, **HANDOVER),
    **{
        f"api/v1/handovers/{PK}/{act}/$": Access(
            EDIT_PARK, HANDOVER, method="post", answer=answer, anonymous=401
        )
        for act, answer in (("accept", 200), ("decline", 422), ("withdraw", 200))
    },
    "api/v1/cadre-loads/$": api(SEE_PARK),
    f"api/v1/cadre-loads/{PK}/$": api(SEE_PARK_OF_OTHERS, pk="cadre.pk"),
    "api/v1/leader-loads/$": api(SEE_PARK),
    f"api/v1/leader-loads/{PK}/$": api(SEE_PARK_OF_OTHERS, pk="leader.pk"),
    "api/v1/leader-notes/$": api(APPROVE_PARK),
    f"api/v1/leader-notes/{PK}/$": api(APPROVE_PARK, pk="leader_note.pk"),
    "api/v1/enterprise-requests/$": api(SEE_PARK),
    f"api/v1/enterprise-requests/{PK}/$": api(SEE_PARK_OF_OTHERS, **REQUEST),
    "api/v1/deeds/$": api(SEE_PARK),
    f"api/v1/deeds/{PK}/$": api(SEE_PARK_OF_OTHERS, pk="deed.pk"),
    "api/v1/leading-groups/$": api(SEE_PARK),
    f"api/v1/leading-groups/{PK}/$": api(SEE_PARK, pk="member.group_id"),
    "api/v1/leading-group-members/$": api(SEE_PARK),
    f"api/v1/leading-group-members/{PK}/$": api(SEE_PARK, pk="member.pk"),
    "api/v1/assignments/$": api(SEE_PARK),
    f"api/v1/assignments/{PK}/$": api(SEE_PARK_OF_OTHERS, **HELD),
}


def things(world: World) -> dict[str, Any]:
    """A project and an enterprise of the unit in the hands of its cadre, a visit and what hangs on it."""
    leader = make_cadre(leadership_level=LeadershipLevel.COUNTY_DEPUTY)
    project = make_project(lead_department=world.unit)
    enterprise = make_enterprise(lead_department=world.unit)
    held = hold(world.cadre, project, leader)
    visit = record_visit(
        enterprise=enterprise,
        on=date(2026, 10, 8),
        visitors=[world.cadre],
        values={"situation": "生产正常"},
        by=None,
        at=moment(TODAY),
    )
    photo, before = (keep_file(upload=photo_upload(), by=None, accept=PHOTOS) for _ in range(2))
    group = found_group(values={"name": "行动领导小组", "founded_on": TODAY}, by=None)
    deed = Deed.objects.create(cadre=world.cadre, title="攻坚", text="征迁一线", nominated_on=TODAY)
    note = LeaderNote.objects.create(
        leader=leader, cadre=world.cadre, year=TODAY.year, quarter=1, text="能担当"
    )
    return {
        "leader": leader,
        "leader_note": note,
        "deed": deed,
        "member": seat_member(group=group, cadre=leader, role="3_member", by=None, on=TODAY),
        "project": project,
        "enterprise": enterprise,
        "held": held,
        "visit": visit,
        "visit_photo": VisitPhoto.objects.create(visit=visit, file=photo),
        "check": BeautyCheck.objects.create(enterprise=enterprise, text="车棚规整", before=before),
        "request": raise_request(enterprise=enterprise, kind="land", text="扩建", by=None, on=TODAY),
        "handover": Handover.objects.create(
            assignment=hold(world.cadre, enterprise, leader), to=leader, offered_on=TODAY
        ),
    }
