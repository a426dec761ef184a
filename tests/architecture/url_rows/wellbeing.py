from datetime import date
from typing import Any

from core.access import Role
from tests.architecture.url_access import HR, PK, Access, World, api, form, page

TALKERS = frozenset(
    {Role.HR, Role.PARTY, Role.DEPARTMENT_HEAD, Role.VICE_LEADER, Role.TOP_LEADER, Role.DISCIPLINE}
)
PLANNERS = frozenset({Role.HR, Role.PARTY})
NOBODY: frozenset[Role] = frozenset()
CADRE = frozenset({Role.CADRE})
EVERYONE = frozenset(Role)
TOP = frozenset({Role.TOP_LEADER})
APPROVERS = frozenset({Role.VICE_LEADER, Role.DISCIPLINE})
GLASS = TOP | APPROVERS | {Role.AUDITOR, Role.SECADMIN}
JJ = frozenset({Role.DISCIPLINE})
KEEPERS = frozenset({Role.HR, Role.DISCIPLINE})

# A talk belongs to its talker: the pages of one act are nobody's but his.
ROWS: dict[str, Access] = {
    "wellbeing/talks/": page(TALKERS),
    "wellbeing/talks/records/": page(TALKERS),
    "wellbeing/talks/new/": page(TALKERS),
    "wellbeing/talks/open/": page(TALKERS, 302),
    "wellbeing/talks/<int:pk>/": page(PLANNERS, pk="talk.pk"),
    "wellbeing/talks/<int:pk>/cancel/": page(NOBODY, pk="talk.pk"),
    "wellbeing/talks/<int:pk>/superior/": page(NOBODY, pk="talk.pk"),
    "wellbeing/talks/<int:pk>/record/": page(NOBODY, pk="talk.pk"),
    "wellbeing/talks/<int:pk>/record/seers/": page(NOBODY, pk="talk.pk"),
    "wellbeing/talks/<int:pk>/release/": page(NOBODY, pk="talk.pk"),
    "wellbeing/talks/<int:pk>/sign/": page(NOBODY, pk="talk.pk"),
    "wellbeing/talks/<int:pk>/archive/": page(NOBODY, pk="talk.pk"),
    "wellbeing/talks/<int:pk>/correct/": page(NOBODY, pk="talk.pk"),
    "wellbeing/talks/<int:pk>/files/new/": page(NOBODY, pk="talk.pk"),
    "wellbeing/talks/<int:pk>/files/<int:row>/": page(NOBODY, pk="talk.pk", row="talk_file.pk"),
    "wellbeing/talks/<int:pk>/files/<int:row>/remove/": page(NOBODY, pk="talk.pk", row="talk_file.pk"),
    "wellbeing/talks/<int:pk>/followups/new/": page(NOBODY, pk="talk.pk"),
    "wellbeing/talks/mine/": page(CADRE),
    "wellbeing/talks/request/": page(CADRE),
    "wellbeing/talks/slots/": page(TALKERS),
    "wellbeing/talks/slots/new/": page(TALKERS),
    "wellbeing/talks/slots/<int:pk>/book/": form(CADRE, 302, pk="slot.pk"),
    "wellbeing/talks/slots/<int:pk>/withdraw/": page(NOBODY, pk="slot.pk"),
    "wellbeing/talks/duties/mine/": page(TALKERS, 302),
    "wellbeing/talks/duties/<int:pk>/assign/": page(PLANNERS, pk="talk_duty.pk"),
    "wellbeing/talks/duties/<int:pk>/waive/": page(PLANNERS, pk="talk_duty.pk"),
    "wellbeing/talks/coverage/": page(TALKERS),
    "wellbeing/talks/rules/": page(TALKERS),
    "wellbeing/talks/rules/<slug:code>/new/": page(HR, code="=commended"),
    # emergency access: asked for by the top leader, decided by others, watched by two administrators
    "wellbeing/emergency/": page(GLASS),
    "wellbeing/emergency/new/": page(TOP),
    "wellbeing/emergency/<int:pk>/": page(GLASS - TOP, pk="emergency.pk"),
    "wellbeing/emergency/<int:pk>/approve/": page(APPROVERS, pk="emergency.pk"),
    "wellbeing/emergency/<int:pk>/refuse/": page(APPROVERS, pk="emergency.pk"),
    "wellbeing/emergency/<int:pk>/stop/": page(frozenset({Role.SECADMIN}), pk="emergency.pk"),
    "wellbeing/emergency/<int:pk>/review/": page(frozenset({Role.AUDITOR}), pk="emergency.pk"),
    "wellbeing/emergency/<int:pk>/read/": page(NOBODY, pk="emergency.pk"),
    # follow-ups: whoever was handed one needs no other right
    "wellbeing/talks/followups/": page(EVERYONE),
    "wellbeing/talks/followups/<int:pk>/": page(NOBODY, pk="follow_up.pk"),
    "wellbeing/talks/followups/<int:pk>/close/": page(NOBODY, pk="follow_up.pk"),
    "wellbeing/talks/followups/<int:pk>/tell/": page(NOBODY, pk="follow_up.pk"),
    "wellbeing/talks/followups/<int:pk>/owner/": page(NOBODY, pk="follow_up.pk"),
    "wellbeing/privacy/": page(CADRE),
    "wellbeing/privacy/data/": form(CADRE),
    "wellbeing/privacy/consents/<slug:purpose>/give/": page(CADRE, purpose="=health_locker"),
    "wellbeing/privacy/consents/<slug:purpose>/withdraw/": page(CADRE, purpose="=health_locker"),
    "api/v1/talks/$": api(TALKERS | CADRE),
    f"api/v1/talks/{PK}/$": api(PLANNERS, pk="talk.pk"),
    f"api/v1/talks/{PK}/content/$": api(NOBODY, pk="talk.pk"),
    "api/v1/talk-duties/$": api(TALKERS | CADRE),
    f"api/v1/talk-duties/{PK}/$": api(PLANNERS, pk="talk_duty.pk"),
    "api/v1/talk-rules/$": api(TALKERS),
    f"api/v1/talk-rules/{PK}/$": api(TALKERS, pk="talk_rule.pk"),
    "api/v1/follow-ups/$": api(TALKERS | CADRE),
    f"api/v1/follow-ups/{PK}/$": api(NOBODY, pk="follow_up.pk"),
    # inspections: the inspector and the top leader; others only what they were handed
    "wellbeing/inspections/": page(APPROVERS | TOP),
    "wellbeing/inspections/new/": page(JJ),
    "wellbeing/inspections/pick/": page(JJ),
    "wellbeing/inspections/<int:pk>/": page(JJ | TOP, pk="finding.inspection_id"),
    "wellbeing/inspections/<int:pk>/edit/": page(JJ, pk="inspection.pk"),
    "wellbeing/inspections/<int:pk>/check/": page(JJ, pk="inspection.pk"),
    "wellbeing/inspections/<int:pk>/cancel/": page(JJ, pk="inspection.pk"),
    "wellbeing/inspections/<int:pk>/close/": page(JJ, pk="finding.inspection_id"),
    "wellbeing/inspections/<int:pk>/findings/new/": page(JJ, pk="finding.inspection_id"),
    "wellbeing/findings/": page(EVERYONE),
    "wellbeing/findings/<int:pk>/": page(JJ | TOP, pk="finding.pk"),
    "wellbeing/findings/<int:pk>/order/": page(JJ, pk="finding.pk"),
    "wellbeing/findings/<int:pk>/hand-in/": page(NOBODY, pk="finding.pk"),
    "wellbeing/findings/<int:pk>/review/": page(NOBODY, pk="finding.pk"),
    "wellbeing/findings/<int:pk>/outcome/": page(JJ, pk="finding.pk"),
    "wellbeing/findings/<int:pk>/repeat/": page(JJ, pk="finding.pk"),
    "wellbeing/findings/<int:pk>/files/new/": page(JJ, pk="finding.pk"),
    "wellbeing/findings/<int:pk>/files/<int:row>/": page(NOBODY, pk="finding.pk", row="finding.pk"),
    "api/v1/inspections/$": api(APPROVERS | TOP),
    f"api/v1/inspections/{PK}/$": api(JJ | TOP, pk="inspection.pk"),
    "api/v1/findings/$": api(APPROVERS | TOP),
    f"api/v1/findings/{PK}/$": api(JJ | TOP, pk="finding.pk"),
    "wellbeing/keeping/": page(KEEPERS),
    "wellbeing/keeping/<slug:kind>/new/": page(HR, kind="=talk_content"),
    "wellbeing/keeping/holds/new/": page(frozenset({Role.DISCIPLINE})),
    "wellbeing/keeping/holds/<int:pk>/lift/": page(frozenset({Role.DISCIPLINE}), pk="hold.pk"),
}


def things(world: World) -> dict[str, Any]:
    """A talk of two strangers with all that can hang on it."""
    from tests.factories.wellbeing import (
        hold,
        make_duty,
        make_emergency,
        make_finding,
        make_follow_up,
        make_inspection,
        make_slot,
        make_talk,
    )
    from wellbeing.models import TalkRule

    talk = make_talk(world.cadre)
    return {
        "talk": talk,
        "talk_file": talk,
        "slot": make_slot(),
        "talk_duty": make_duty(world.cadre),
        "emergency": make_emergency(talk),
        "finding": make_finding(world.unit),
        "follow_up": make_follow_up(talk),
        "inspection": make_inspection(checked_on=None),
        "talk_rule": TalkRule.objects.first(),
        "hold": hold(world.cadre, on=date(2026, 1, 1)),
    }
