"""Programmes, classes that are under way, enrolment, leave, certificates, journeys."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from core.access import Role
from core.files import DOCUMENTS, keep_file
from core.models import StoredFile
from tests.architecture.url_access import (
    EVERYONE,
    HR,
    PK,
    SEE_TRAINING,
    SEE_TRAINING_OF_OTHERS,
    Access,
    World,
    api,
    page,
)
from tests.factories.documents import blank_pdf
from tests.factories.enrolment import NOW
from tests.factories.people import TODAY
from tests.factories.slots import make_slot
from tests.factories.training import make_class
from training.choices import ClassKind, ClassState, LeaveReason
from training.models import (
    Certificate,
    ClassFile,
    LeaveRequest,
    Participation,
    Programme,
    StudyVisit,
    VisitLesson,
)

ME = frozenset({Role.CADRE})
NOMINATES = HR | {Role.DEPARTMENT_HEAD}
LIVE, PERSON = "live.pk", "live_part.pk"


def act(allowed: frozenset[Role], forbidden: frozenset[Role], **parameters: str) -> Access:
    """A POST to which an empty body is refused in words; readers who may not act are told so."""
    return Access(allowed, parameters, "post", answer=422, anonymous=401, forbidden=forbidden)


ROWS: dict[str, Access] = {
    "training/programmes/": page(SEE_TRAINING),
    "training/programmes/new/": page(HR),
    "training/programmes/<int:pk>/": page(SEE_TRAINING, pk="programme.pk"),
    "training/programmes/<int:pk>/edit/": page(HR, pk="programme.pk"),
    "training/programmes/<int:pk>/delete/": page(HR, pk="programme.pk"),
    "training/classes/plan/": page(HR),
    "training/classes/<int:pk>/plan/": page(HR, pk=LIVE),
    "training/classes/<int:pk>/copy/": page(HR, pk=LIVE),
    "training/classes/<int:pk>/move/<slug:move>/": page(HR, pk=LIVE, move="=close"),
    "training/classes/<int:pk>/cancel/": page(HR, pk=LIVE),
    "training/classes/<int:pk>/quotas/": page(HR, pk=LIVE),
    "training/classes/<int:pk>/approvals/": page(HR, pk=LIVE),
    "training/classes/<int:pk>/nominate/": page(NOMINATES, pk=LIVE),
    "training/classes/<int:pk>/assess/": page(HR, pk=LIVE),
    "training/classes/<int:pk>/certificates/": page(HR, pk="participation.training_class_id"),
    "training/classes/<int:pk>/certificates.pdf": page(HR, pk="participation.training_class_id"),
    "training/classes/<int:pk>/files/new/": page(HR, pk=LIVE),
    "training/classes/<int:pk>/files/<int:row>/": page(SEE_TRAINING, pk=LIVE, row="class_file.pk"),
    "training/classes/<int:pk>/files/<int:row>/remove/": page(HR, pk=LIVE, row="class_file.pk"),
    "training/classes/<int:pk>/visit/": page(HR, pk="journey.pk"),
    "training/classes/<int:pk>/visit/report/": page(HR, pk="journey.pk"),
    "training/classes/<int:pk>/visit/report/file/": page(SEE_TRAINING, pk="journey.pk"),
    "training/classes/<int:pk>/visit/lessons/": page(HR, pk="journey.pk"),
    "training/classes/<int:pk>/visit/lessons/<int:row>/": page(HR, pk="journey.pk", row="lesson.pk"),
    "training/participations/<int:pk>/": page(SEE_TRAINING_OF_OTHERS, pk=PERSON),
    "training/participations/<int:pk>/leave/": page(HR, pk=PERSON),
    "training/participations/<int:pk>/act/<slug:act>/": page(NOMINATES, pk=PERSON, act="=withdraw"),
    "training/enrol/": page(ME),
    "training/enrol/<int:pk>/": page(ME, pk=LIVE),
    "training/enrol/<int:pk>/withdraw/": page(ME, pk="own_part.pk"),
    "training/leaves/": page(HR),
    "training/leaves/<int:pk>/": page(HR, pk="leave.pk"),
    "training/leaves/<int:pk>/withdraw/": page(ME, pk="own_leave.pk"),
    "training/certificates/": page(SEE_TRAINING),
    "training/certificates/verify/": page(EVERYONE),
    "training/certificates/<uuid:uid>/": page(SEE_TRAINING_OF_OTHERS, uid="certificate.uid"),
    "training/certificates/<uuid:uid>/withdraw/": page(HR, uid="certificate.uid"),
    f"api/v1/classes/{PK}/apply/$": act(ME, SEE_TRAINING - ME, pk=LIVE),
    "api/v1/programmes/$": api(SEE_TRAINING),
    f"api/v1/programmes/{PK}/$": api(SEE_TRAINING, pk="programme.pk"),
    "api/v1/certificates/$": api(SEE_TRAINING),
    f"api/v1/certificates/{PK}/$": api(SEE_TRAINING_OF_OTHERS, pk="certificate.pk"),
    f"api/v1/participations/{PK}/approve/$": act(HR, SEE_TRAINING - HR, pk=PERSON),
    f"api/v1/participations/{PK}/reject/$": act(HR, SEE_TRAINING - HR, pk=PERSON),
    f"api/v1/participations/{PK}/withdraw/$": act(HR, SEE_TRAINING - HR - ME, pk=PERSON),
}


def _kept(name: str) -> StoredFile:
    return keep_file(upload=SimpleUploadedFile(name, blank_pdf()), by=None, accept=DOCUMENTS)


def things(world: World) -> dict[str, Any]:
    live = make_class(starts_on=TODAY + timedelta(days=14), state=ClassState.ENROLLING)
    slot = make_slot(NOW + timedelta(days=14), of=live)
    parts = {
        name: Participation.objects.create(
            training_class=live, cadre=cadre, hours=0, days=0, state="confirmed"
        )
        for name, cadre in (("live_part", world.cadre), ("own_part", world.own))
    }
    leaves = {
        name: LeaveRequest.objects.create(
            participation=part, slot=slot, reason=LeaveReason.DUTY, requested_at=NOW
        )
        for name, part in (("leave", parts["live_part"]), ("own_leave", parts["own_part"]))
    }
    journey = make_class(starts_on=TODAY, kind=ClassKind.STUDY_VISIT)
    file, report = (
        keep_file(upload=SimpleUploadedFile("通知.pdf", blank_pdf()), by=None, accept=DOCUMENTS)
        for _ in range(2)
    )
    visit = StudyVisit.objects.create(training_class=journey, report=report, report_at=NOW)
    return {
        "live": live,
        "journey": journey,
        "lesson": VisitLesson.objects.create(visit=visit, title="一窗通办"),
        "programme": Programme.objects.create(name="示例项目", year=2026, kind=ClassKind.TOPICAL),
        "class_file": ClassFile.objects.create(
            training_class=live, title="通知", file=file, added_at=NOW, added_by="周敏"
        ),
        "certificate": Certificate.objects.create(
            participation=world.participation,
            number="培证〔2026〕第0001号",
            code="ABCDEFGHJKMN",
            holder=world.cadre.name,
            class_name=world.participation.training_class.name,
            starts_on=TODAY,
            ends_on=TODAY,
            hours=Decimal(8),
            issued_on=TODAY,
            issued_by="周敏",
        ),
        **parts,
        **leaves,
    }
