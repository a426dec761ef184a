from dataclasses import replace
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
PARTY = frozenset({Role.PARTY})
REPORTERS = PARTY | {Role.HR, Role.DEPARTMENT_HEAD}
CARE_APPROVERS = frozenset({Role.VICE_LEADER, Role.TOP_LEADER})
ORGANISERS = PLANNERS
COVERAGE = frozenset({Role.HR, Role.PARTY, Role.DEPARTMENT_HEAD, Role.VICE_LEADER, Role.TOP_LEADER})
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
    "wellbeing/talks/<int:pk>/hand-over/": page(NOBODY, pk="talk.pk"),
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
    "api/v1/talk-slots/$": api(TALKERS | CADRE),
    f"api/v1/talk-slots/{PK}/$": api(CADRE, pk="slot.pk"),
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
    # care: handlers what they handle, approvers what waits for them, a cadre the own page
    "wellbeing/care/": page(PARTY),
    "wellbeing/care/bulk/": form(PARTY, 302),
    "wellbeing/care/start/": page(NOBODY),
    "wellbeing/care/events/": page(REPORTERS),
    "wellbeing/care/events/new/": page(REPORTERS),
    "wellbeing/care/events/<int:pk>/": page(PARTY, pk="care_event.pk"),
    "wellbeing/care/events/<int:pk>/take/": form(PARTY, 302, pk="care_event.pk"),
    "wellbeing/care/events/<int:pk>/settle/": page(PARTY, pk="care_event.pk"),
    "wellbeing/care/events/<int:pk>/start/": page(PARTY, pk="care_event.pk"),
    "wellbeing/care/cases/": page(PARTY | CARE_APPROVERS),
    "wellbeing/care/cases/sheet.pdf": page(PARTY, 302),
    "wellbeing/care/cases/approve/": form(CARE_APPROVERS, 302),
    "wellbeing/care/cases/give/": form(PARTY, 302),
    "wellbeing/care/cases/<int:pk>/": page(PARTY | CARE_APPROVERS, pk="care_case.pk"),
    "wellbeing/care/cases/<int:pk>/approve/": page(CARE_APPROVERS, pk="care_case.pk"),
    "wellbeing/care/cases/<int:pk>/return/": page(CARE_APPROVERS, pk="care_case.pk"),
    "wellbeing/care/cases/<int:pk>/resubmit/": page(NOBODY, pk="care_case.pk"),
    "wellbeing/care/cases/<int:pk>/withdraw/": page(NOBODY, pk="care_case.pk"),
    "wellbeing/care/cases/<int:pk>/take-over/": page(PARTY, pk="care_case.pk"),
    "wellbeing/care/cases/<int:pk>/give/": page(NOBODY, pk="care_case.pk"),
    "wellbeing/care/cases/<int:pk>/receipt/": page(NOBODY, pk="care_case.pk"),
    "wellbeing/care/cases/<int:pk>/receipt/file/": page(NOBODY, pk="care_case.pk"),
    "wellbeing/care/rules/": page(REPORTERS | CARE_APPROVERS | CADRE),
    "wellbeing/care/rules/<slug:kind>/new/": page(HR, kind="=birthday"),
    "wellbeing/care/festivals/new/": page(HR),
    "wellbeing/care/festivals/<int:pk>/": page(HR, pk="festival.pk"),
    "wellbeing/care/budgets/": page(HR | PARTY | CARE_APPROVERS),
    "wellbeing/care/budgets/<slug:fund>/": page(HR, fund="=union"),
    "wellbeing/care/totals/": page(HR | PARTY | CARE_APPROVERS),
    "wellbeing/care/supports/": page(EVERYONE),
    "wellbeing/care/supports/new/": page(PARTY),
    "wellbeing/care/supports/<int:pk>/": page(PARTY, pk="support.pk"),
    "wellbeing/care/supports/<int:pk>/visit/": page(NOBODY, pk="support.pk"),
    "wellbeing/care/supports/<int:pk>/end/": page(PARTY, pk="support.pk"),
    "wellbeing/care/mine/": page(CADRE),
    "wellbeing/care/mine/report/": page(CADRE),
    "wellbeing/care/mine/<int:pk>/sign/": form(NOBODY, pk="care_case.pk"),
    "wellbeing/activities/": page(PARTY | CADRE),
    "wellbeing/activities/new/": page(PARTY),
    "wellbeing/activities/times/": page(PARTY),
    "wellbeing/activities/<int:pk>/": page(PARTY | CADRE, pk="activity.pk"),
    "wellbeing/activities/<int:pk>/edit/": page(PARTY, pk="activity.pk"),
    "wellbeing/activities/<int:pk>/publish/": page(NOBODY, pk="activity.pk"),
    "wellbeing/activities/<int:pk>/cancel/": page(PARTY, pk="activity.pk"),
    "wellbeing/activities/<int:pk>/finish/": page(PARTY, pk="activity.pk"),
    "wellbeing/activities/<int:pk>/attendance/": form(PARTY, 302, pk="activity.pk"),
    "wellbeing/activities/<int:pk>/sign-up/": form(CADRE, 302, pk="activity.pk"),
    "wellbeing/activities/<int:pk>/leave/": form(CADRE, 302, pk="activity.pk"),
    "api/v1/care-cases/$": api(PARTY | CARE_APPROVERS | CADRE),
    f"api/v1/care-cases/{PK}/$": api(PARTY | CARE_APPROVERS, pk="care_case.pk"),
    "api/v1/care-events/$": api(REPORTERS | CADRE),
    f"api/v1/care-events/{PK}/$": api(PARTY, pk="care_event.pk"),
    "api/v1/care-rules/$": api(REPORTERS | CARE_APPROVERS | CADRE),
    f"api/v1/care-rules/{PK}/$": api(REPORTERS | CARE_APPROVERS | CADRE, pk="care_rule.pk"),
    "api/v1/care-supports/$": api(REPORTERS | CARE_APPROVERS | CADRE),
    f"api/v1/care-supports/{PK}/$": api(PARTY, pk="support.pk"),
    "api/v1/activities/$": api(PARTY | CADRE),
    f"api/v1/activities/{PK}/$": api(PARTY | CADRE, pk="activity.pk"),
    "wellbeing/findings/paper/": page(JJ),
    "wellbeing/findings/<int:pk>/deliver/": page(JJ, pk="decided.pk"),
    # decisions: the person alone; the one here is about a stranger
    "wellbeing/decisions/mine/": page(CADRE),
    "wellbeing/decisions/mine/<int:pk>/": page(NOBODY, pk="notice.pk"),
    "wellbeing/decisions/mine/<int:pk>/sign/": page(NOBODY, pk="notice.pk"),
    "wellbeing/decisions/mine/<int:pk>/state/": page(NOBODY, pk="notice.pk"),
    # checkups: HR and party arrange them, leaders see figures, the locker is its owner's alone
    "wellbeing/checkups/": page(ORGANISERS),
    "wellbeing/checkups/new/": page(ORGANISERS),
    "wellbeing/checkups/<int:pk>/": page(ORGANISERS, pk="checkup.pk"),
    "wellbeing/checkups/<int:pk>/edit/": page(ORGANISERS, pk="checkup.pk"),
    "wellbeing/checkups/<int:pk>/publish/": page(ORGANISERS, pk="checkup_draft.pk"),
    "wellbeing/checkups/<int:pk>/start/": page(ORGANISERS, pk="checkup_published.pk"),
    "wellbeing/checkups/<int:pk>/end/": page(ORGANISERS, pk="checkup.pk"),
    "wellbeing/checkups/<int:pk>/drop/": page(ORGANISERS, pk="checkup_draft.pk"),
    "wellbeing/checkups/<int:pk>/people/new/": page(ORGANISERS, pk="checkup.pk"),
    "wellbeing/checkups/<int:pk>/results/": page(ORGANISERS, 302, pk="checkup.pk"),
    "wellbeing/checkups/<int:pk>/remove/": page(ORGANISERS, 302, pk="checkup.pk"),
    "wellbeing/checkups/<int:pk>/defer/": page(ORGANISERS, 302, pk="checkup.pk"),
    "wellbeing/checkups/<int:pk>/resume/": form(ORGANISERS, 302, pk="checkup.pk"),
    "wellbeing/checkups/<int:pk>/book/": page(ORGANISERS, 302, pk="checkup.pk"),
    "wellbeing/checkups/<int:pk>/assign/": form(ORGANISERS, 302, pk="checkup.pk"),
    "wellbeing/checkups/<int:pk>/remind/": form(ORGANISERS, 302, pk="checkup.pk"),
    "wellbeing/checkups/<int:pk>/slots/": page(ORGANISERS, pk="checkup.pk"),
    "wellbeing/checkups/<int:pk>/slots/new/": page(ORGANISERS, pk="checkup.pk"),
    "wellbeing/checkups/slots/<int:pk>/edit/": page(ORGANISERS, pk="checkup_slot.pk"),
    "wellbeing/checkups/slots/<int:pk>/drop/": page(ORGANISERS, pk="checkup_slot.pk"),
    "wellbeing/checkups/rules/": page(ORGANISERS),
    "wellbeing/checkups/rules/new/": page(HR),
    "wellbeing/checkups/rules/<int:pk>/next/": page(HR, pk="checkup_rule.pk"),
    "wellbeing/checkups/coverage/": page(COVERAGE),
    "wellbeing/checkups/mine/": page(CADRE),
    "wellbeing/checkups/mine/<int:pk>/book/<int:slot>/": form(
        NOBODY, pk="checkup_line.pk", slot="checkup_slot.pk"
    ),
    "wellbeing/checkups/mine/<int:pk>/cancel/": page(NOBODY, pk="checkup_line.pk"),
    "wellbeing/checkups/locker/": page(CADRE),
    "wellbeing/checkups/locker/new/": page(CADRE),
    "wellbeing/checkups/locker/<int:pk>/": page(NOBODY, pk="report.pk"),
    "wellbeing/checkups/locker/<int:pk>/drop/": page(NOBODY, pk="report.pk"),
    "api/v1/checkups/$": api(ORGANISERS | CADRE),
    f"api/v1/checkups/{PK}/$": api(ORGANISERS | CADRE, pk="checkup.pk"),
    "api/v1/checkup-slots/$": api(ORGANISERS | CADRE),
    f"api/v1/checkup-slots/{PK}/$": api(ORGANISERS | CADRE, pk="checkup_slot.pk"),
    "api/v1/checkup-people/$": api(ORGANISERS | CADRE),
    f"api/v1/checkup-people/{PK}/$": api(ORGANISERS, pk="checkup_line.pk"),
    f"api/v1/checkup-people/{PK}/booking/$": replace(
        api(ORGANISERS, pk="checkup_line.pk"), method="post", answer=400
    ),
    f"api/v1/checkup-people/{PK}/result/$": replace(
        api(ORGANISERS, pk="checkup_line.pk"), method="post", answer=400, forbidden=CADRE
    ),
    "api/v1/checkup-rules/$": api(ORGANISERS | CADRE),
    f"api/v1/checkup-rules/{PK}/$": api(ORGANISERS | CADRE, pk="checkup_rule.pk"),
    "wellbeing/keeping/": page(KEEPERS),
    "wellbeing/keeping/<slug:kind>/new/": page(HR, kind="=talk_content"),
    "wellbeing/holds/new/": page(frozenset({Role.DISCIPLINE})),
    "wellbeing/holds/<int:pk>/lift/": page(frozenset({Role.DISCIPLINE}), pk="hold.pk"),
}


def things(world: World) -> dict[str, Any]:
    """A talk of two strangers with all that can hang on it."""
    from tests.factories.care import care_things
    from tests.factories.checkups import checkup_things
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
        **care_things(world.cadre),
        **checkup_things(world.cadre, world.unit),
        "hold": hold(world.cadre, on=date(2026, 1, 1)),
    }
