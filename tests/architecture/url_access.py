"""Who gets which answer at which URL: one row for each, so a new URL without a row fails.

A row names the roles that are let in; every other role gets `denied`, nobody logged in gets `anonymous`.
A value that begins with "=" stands for itself.
Each of training, park, wellbeing and rotation has its rows in `url_rows/<app>.py`, with its own things.
`ME` stands for a cadre asking for a colleague's record, unless the row says `own=True`. The values of a
URL's parameters are names in the `World` below. Rights on rows inside a page are tested in the apps.
"""

from dataclasses import dataclass, field

from core.access import Role
from core.models import AuditEvent, Job, Notification
from growth.models import CorrectionRequest, GrowthFile
from people.models import Appointment, Cadre, Honour, ImportBatch, Post, RoleGrant, Unit, User
from training.models import Participation

EVERYONE = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()
HR = frozenset({Role.HR})
SEE_COLLEAGUES = HR | {Role.PARTY, Role.DEPARTMENT_HEAD, Role.VICE_LEADER, Role.TOP_LEADER, Role.DISCIPLINE}
SEE_CADRES = SEE_COLLEAGUES | {Role.CADRE}  # a cadre: the own record
SEE_UNITS = EVERYONE - {Role.AUDITOR}
SYSADMIN, SECADMIN, AUDITOR = (frozenset({role}) for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR))
SEE_GRANTS = SYSADMIN | SECADMIN | AUDITOR | {Role.TOP_LEADER}
OPEN_UNITS = SEE_UNITS - {Role.CADRE}
SEE_TRAINING_OF_OTHERS = SEE_COLLEAGUES - {Role.DISCIPLINE}
SEE_TRAINING = SEE_TRAINING_OF_OTHERS | {Role.CADRE}
READ_RESUMES = SEE_COLLEAGUES - {Role.PARTY, Role.DISCIPLINE}
READ_LEADER_FILES = HR | {Role.VICE_LEADER, Role.TOP_LEADER}
PK = "(?P<pk>[0-9]{1,18})"
UID = "(?P<uid>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"


@dataclass(frozen=True)
class Access:
    allowed: frozenset[Role]
    parameters: dict[str, str] = field(default_factory=dict)
    method: str = "get"
    answer: int = 200
    denied: int = 404
    anonymous: int = 302
    forbidden: frozenset[Role] = NOBODY  # may read what the act is about, and is told 403


@dataclass
class World:
    """The rows that URL parameters refer to, by attribute path: `cadre.pk`."""

    unit: Unit
    cadre: Cadre
    own: Cadre
    user: User
    post: Post
    appointment: Appointment
    job: Job
    notification: Notification
    honour: Honour
    grant: RoleGrant
    event: AuditEvent
    batch: ImportBatch
    participation: Participation
    growth_file: GrowthFile
    correction: CorrectionRequest


def page(allowed: frozenset[Role], answer: int = 200, **parameters: str) -> Access:
    return Access(allowed, parameters, answer=answer)


def form(allowed: frozenset[Role], answer: int = 200, **parameters: str) -> Access:
    """A URL that only takes a POST; `answer` is what an empty form gets."""
    return Access(allowed, parameters, method="post", answer=answer)


def api(allowed: frozenset[Role], **parameters: str) -> Access:
    return Access(allowed, parameters, anonymous=401)


def api_post(allowed: frozenset[Role], answer: int = 200, denied: int = 404, anonymous: int = 401) -> Access:
    return Access(allowed, method="post", answer=answer, denied=denied, anonymous=anonymous)


def public(answer: int = 200) -> Access:
    return Access(EVERYONE, answer=answer, anonymous=answer)


# Routes as Django prints them, without the leading slash.
TABLE: dict[str, Access] = {
    "": page(EVERYONE),
    "home/<str:key>/": page(SEE_TRAINING, key="=training.units"),
    "calendar/": page(SEE_CADRES),
    "healthz": public(),
    "still-here/": form(EVERYONE, 204),
    "manifest.webmanifest": public(),
    "sw.js": public(),
    "menu/<slug:key>/": page(EVERYONE, key="=study"),
    "login/": Access(EVERYONE, answer=302, anonymous=200),
    "logout/": form(EVERYONE, 302),
    "password/": page(EVERYONE),
    # people
    "help/": page(EVERYONE),
    "help/pictures/<str:name>": page(EVERYONE, name="=home.png"),
    "help/<str:slug>/": page(EVERYONE, slug="=学时"),
    "search/": page(EVERYONE),
    "search/suggest/": page(EVERYONE),
    # saved views belong to whoever keeps them; without an address to come from there is no form
    "views/new/": page(NOBODY),
    "views/<int:pk>/edit/": page(NOBODY, pk="cadre.pk"),
    "views/<int:pk>/delete/": page(NOBODY, pk="cadre.pk"),
    "views/<int:pk>/first/": form(NOBODY, pk="cadre.pk"),
    "bulk/": page(EVERYONE),
    "bulk/new/": form(NOBODY),
    "bulk/<uuid:uid>/": page(NOBODY, uid="job.uid"),
    "bulk/<uuid:uid>/apply/": form(NOBODY, uid="job.uid"),
    "bulk/<uuid:uid>/undo/": form(NOBODY, uid="job.uid"),
    "cadres/": page(SEE_CADRES),
    "cadres/incomplete/": page(HR, 302),
    "cadres/new/": page(HR),
    "cadres/<int:pk>/": page(SEE_COLLEAGUES, pk="cadre.pk"),
    "cadres/<int:pk>/next/": page(SEE_COLLEAGUES, 302, pk="cadre.pk"),
    "cadres/<int:pk>/previous/": page(SEE_COLLEAGUES, 302, pk="cadre.pk"),
    "cadres/<int:pk>/timeline/": page(READ_RESUMES, pk="cadre.pk"),
    "cadres/<int:pk>/form.lrmx": page(HR, pk="cadre.pk"),
    "cadres/<int:pk>/photo/": page(NOBODY, pk="cadre.pk"),  # there is none
    "cadres/<int:pk>/reveal/<slug:field>/": form(HR, 302, pk="cadre.pk", field="=phone"),
    "cadres/<int:pk>/edit/": page(HR, pk="cadre.pk"),
    "cadres/<int:pk>/photo/edit/": page(HR, pk="cadre.pk"),
    "cadres/<int:pk>/resume/": page(HR, pk="cadre.pk"),
    "cadres/<int:pk>/posts/new/": page(HR, pk="cadre.pk"),
    "cadres/<int:pk>/posts/<int:row>/": page(HR, pk="cadre.pk", row="appointment.pk"),
    "cadres/<int:pk>/posts/<int:row>/remove/": page(HR, pk="cadre.pk", row="appointment.pk"),
    "cadres/<int:pk>/<slug:kind>/new/": page(HR, pk="cadre.pk", kind="=honour"),
    "cadres/<int:pk>/<slug:kind>/<int:row>/": page(HR, pk="cadre.pk", kind="=honour", row="honour.pk"),
    "cadres/<int:pk>/<slug:kind>/<int:row>/remove/": page(HR, pk="cadre.pk", kind="=honour", row="honour.pk"),
    "units/": page(OPEN_UNITS),
    "units/new/": page(HR),
    "units/<int:pk>/": page(OPEN_UNITS, pk="unit.pk"),
    "units/<int:pk>/edit/": page(HR, pk="unit.pk"),
    "units/<int:pk>/close/": page(HR, pk="unit.pk"),
    "units/<int:pk>/posts/new/": page(HR, pk="unit.pk"),
    "units/<int:pk>/posts/<int:post>/": page(HR, pk="unit.pk", post="post.pk"),
    # imports: a batch and its file belong to the one who brought it
    "imports/": page(HR),
    "start/": page(HR),
    "imports/new/": page(HR),
    "imports/templates/<slug:kind>.xlsx": page(HR, kind="=roster"),
    "imports/check/<uuid:token>/": page(HR, 302, token="batch.uid"),
    "imports/check/<uuid:token>/apply/": form(HR, 302, token="batch.uid"),
    "imports/check/<uuid:token>/workbook/": page(HR, 302, token="batch.uid"),
    "imports/<uuid:uid>/": page(NOBODY, uid="batch.uid"),
    "imports/<uuid:uid>/undo/": page(NOBODY, uid="batch.uid"),
    # accounts and the audit log
    "accounts/": page(SEE_GRANTS),
    "accounts/new/": page(SYSADMIN),
    "accounts/<int:pk>/": page(SEE_GRANTS, pk="user.pk"),
    "accounts/<int:pk>/reset/": page(SYSADMIN, pk="user.pk"),
    "accounts/<int:pk>/switch/": page(SYSADMIN, pk="user.pk"),
    "accounts/<int:pk>/grants/new/": page(SECADMIN, pk="user.pk"),
    "accounts/<int:pk>/grants/<int:grant>/": page(SECADMIN, pk="user.pk", grant="grant.pk"),
    "kinship/": page(HR),
    "kinship/find/": form(HR, 302),
    "kinship/new/": page(HR),
    "statistics/": page(SEE_COLLEAGUES),
    "statistics/people/": page(SEE_COLLEAGUES),
    "statistics/report.pdf": page(SEE_COLLEAGUES),
    "statistics/report.docx": page(SEE_COLLEAGUES),
    "reminders/": page(HR),
    "reminders/new/": page(HR),
    "audit/": page(AUDITOR),
    "audit/verify/": form(AUDITOR, 302),
    "audit/<int:pk>/": page(AUDITOR, pk="event.pk"),
    # growth files: each edition for its own readers
    "growth/": page(READ_LEADER_FILES | {Role.CADRE}),
    "growth/make/": page(HR),
    "growth/make/<int:pk>/": page(HR, pk="cadre.pk"),
    "growth/approval/<int:pk>.pdf": page(HR, pk="cadre.pk"),
    "growth/approval/<int:pk>.docx": page(HR, pk="cadre.pk"),
    "growth/mine/": page(frozenset({Role.CADRE})),
    "growth/mine/correct/": page(NOBODY),  # which line is in the query
    "growth/readings/": page(READ_LEADER_FILES | {Role.CADRE}),
    "growth/corrections/": page(HR),
    "growth/corrections/<uuid:uid>/": page(HR, uid="correction.uid"),
    "growth/corrections/<uuid:uid>/withdraw/": page(NOBODY, uid="correction.uid"),
    "growth/corrections/<uuid:uid>/proof/": page(NOBODY, uid="correction.uid"),  # there is none
    # a blank page holds no data to compare
    "growth/<int:pk>/compare/": page(HR, 422, pk="growth_file.pk"),
    "growth/verify/": page(READ_LEADER_FILES | {Role.CADRE}),
    "growth/<int:pk>/": page(HR, pk="growth_file.pk"),
    "growth/<int:pk>/pages/<int:number>.png": page(HR, pk="growth_file.pk", number="=1"),
    "growth/<int:pk>/download/": page(HR, pk="growth_file.pk"),
    # jobs: each person's own, so somebody else's does not exist
    "jobs/": page(EVERYONE),
    "jobs/<uuid:uid>/": page(NOBODY, uid="job.uid"),
    "jobs/<uuid:uid>/status/": page(NOBODY, uid="job.uid"),
    "jobs/<uuid:uid>/cancel/": form(NOBODY, uid="job.uid"),
    "jobs/<uuid:uid>/retry/": form(NOBODY, uid="job.uid"),
    "jobs/<uuid:uid>/resume/": form(NOBODY, uid="job.uid"),
    "jobs/<uuid:uid>/download/": page(NOBODY, uid="job.uid"),
    # notifications: each person's own, whatever the role; channels are the system administrator's
    "notifications/": page(EVERYONE),
    "notifications/read/": form(EVERYONE, 302),
    "notifications/settings/": page(EVERYONE),
    "notifications/<int:pk>/": page(NOBODY, pk="notification.pk"),
    "notifications/channels/": page(SYSADMIN),
    "notifications/channels/<slug:kind>/": page(SYSADMIN, kind="=wecom"),
    "notifications/channels/<slug:kind>/test/": form(NOBODY, kind="=wecom"),  # there is none
    # the API
    "api/v1/schema/": api(EVERYONE),
    "api/v1/docs/": page(EVERYONE),
    "api/v1/search/": api(EVERYONE),
    "api/v1/statistics/": api(SEE_COLLEAGUES),
    "api/v1/saved-views/$": api(EVERYONE),
    f"api/v1/saved-views/{PK}/$": api(NOBODY, pk="cadre.pk"),
    "api/v1/auth/login/": api_post(EVERYONE, 400, anonymous=400),
    "api/v1/auth/logout/": api_post(NOBODY, denied=401),  # ends a token, not a session
    "api/v1/cadres/$": api(SEE_CADRES),
    f"api/v1/cadres/{PK}/$": api(SEE_COLLEAGUES, pk="cadre.pk"),
    f"api/v1/cadres/{PK}/family/$": api(HR, pk="cadre.pk"),
    "api/v1/units/$": api(EVERYONE),
    f"api/v1/units/{PK}/$": api(SEE_UNITS, pk="unit.pk"),
    "api/v1/posts/$": api(EVERYONE),
    f"api/v1/posts/{PK}/$": api(SEE_UNITS, pk="post.pk"),
    "api/v1/appointments/$": api(SEE_CADRES),
    f"api/v1/appointments/{PK}/$": api(SEE_COLLEAGUES, pk="appointment.pk"),
    "api/v1/growth-files/$": api(READ_LEADER_FILES | {Role.CADRE}),
    "api/v1/growth-files/verify/$": api(READ_LEADER_FILES | {Role.CADRE}),
    "api/v1/growth-files/completeness/(?P<cadre>[0-9]{1,18})/$": api(READ_RESUMES, cadre="cadre.pk"),
    f"api/v1/growth-files/{PK}/$": api(HR, pk="growth_file.pk"),
    f"api/v1/growth-files/{PK}/download/$": api(HR, pk="growth_file.pk"),
    f"api/v1/growth-files/{PK}/changes/$": Access(HR, {"pk": "growth_file.pk"}, answer=422, anonymous=401),
    "api/v1/corrections/$": api(HR | {Role.CADRE}),
    f"api/v1/corrections/{UID}/$": api(HR, uid="correction.uid"),
    "api/v1/growth-readings/$": api(READ_LEADER_FILES | {Role.CADRE}),
    f"api/v1/growth-readings/{PK}/$": api(NOBODY, pk="growth_file.pk"),  # no such reading
    "api/v1/jobs/$": api(EVERYONE),
    f"api/v1/jobs/{UID}/$": api(NOBODY, uid="job.uid"),
    f"api/v1/jobs/{UID}/cancel/$": Access(NOBODY, {"uid": "job.uid"}, method="post", anonymous=401),
    "api/v1/notifications/$": api(EVERYONE),
    "api/v1/notifications/read-all/$": api_post(EVERYONE),
    f"api/v1/notifications/{PK}/$": api(NOBODY, pk="notification.pk"),
    f"api/v1/notifications/{PK}/read/$": Access(
        NOBODY, {"pk": "notification.pk"}, method="post", anonymous=401
    ),
    f"api/v1/jobs/{UID}/download/$": api(NOBODY, uid="job.uid"),
}
