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
        make_follow_up,
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
        "follow_up": make_follow_up(talk),
        "talk_rule": TalkRule.objects.first(),
        "hold": hold(world.cadre, on=date(2026, 1, 1)),
    }
