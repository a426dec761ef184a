"""Places of privacy in the navigation, consents to renew, what the own copy holds about talks."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from core.access import Permission, Viewer
from core.web.menu import MenuItem, register
from people.contracts import Duty, Link, duties, how_many_wait
from wellbeing.choices.privacy import ConsentPurpose
from wellbeing.choices.talks import TalkState
from wellbeing.models import Consent, Talk, TalkDuty
from wellbeing.purposes import consent_version
from wellbeing.queries.labels import content_label
from wellbeing.queries.privacy import readings_of
from wellbeing.queries.talks import follow_up_list, talk_list
from wellbeing.services.door import open_talk
from wellbeing.services.followups import read_follow_up
from wellbeing.services.privacy import register_own_data

register(
    MenuItem(
        "干部", 8, "个人信息", "fingerprint-pattern", "wellbeing:privacy", Permission.OWN_TALK, audience="own"
    )
)
register(
    MenuItem(
        "管理",
        72,
        "保存期限",
        "archive",
        "wellbeing:keeping",
        (Permission.EDIT_RULES, Permission.EDIT_DISCIPLINE),
        audience="staff",
    )
)


def _outdated(viewer: Viewer) -> QuerySet[Consent]:
    """Given to an earlier text; who never agreed is not pressed."""
    mine = Consent.objects.visible_to(viewer).in_force()
    outdated = Q(pk__in=())
    for purpose in ConsentPurpose:
        outdated |= Q(purpose=purpose, text_version__lt=consent_version(purpose))
    return mine.filter(outdated)


@duties.register("wellbeing.consents", order=29, permission=Permission.OWN_TALK, waits=_outdated)
def consents_to_renew(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "wellbeing.consents")
    if count:
        yield Duty(
            key="wellbeing.consents",
            title=f"{count} 项单独同意的告知书有更新，请确认",
            due_on=None,
            link=Link("wellbeing:privacy"),
            cadre_id=viewer.cadre_id,
            count=count,
            reason="没有重新同意的，不再按这一项办理。",
        )


@register_own_data("talks", "谈心谈话")
def own_talks(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    """Metadata, and the summary where one was released; each opening is in the audit log."""
    for talk in talk_list(viewer).filter(cadre_id=viewer.cadre_id or 0).exclude(state=TalkState.CANCELLED):
        yield {
            "日期": talk.held_on,
            "谈话人": str(talk.talker),
            "类型": talk.get_kind_display(),
            "状态": talk.get_state_display(),
            **_summary(talk, viewer, at),
        }


def _summary(talk: Talk, viewer: Viewer, at: datetime) -> dict[str, str]:
    if talk.released_at is None or talk.erased_at is not None:
        return {}
    opened = open_talk(viewer=viewer, talk=talk, at=at)
    return {content_label(name): text for name, text in opened.texts.items()}


@register_own_data("follow_ups", "跟进事项")
def own_follow_ups(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    for row in follow_up_list(viewer).filter(cadre_id=viewer.cadre_id or 0):
        texts = read_follow_up(viewer=viewer, row=row)
        yield {
            "类别": row.get_category_display(),
            "时限": row.due_on,
            "状态": row.get_state_display(),
            "事项": texts["matter"],
            "办理结果": texts["result"],
        }


@register_own_data("requests", "本人申请的谈话")
def own_requests(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    for duty in TalkDuty.objects.visible_to(viewer).filter(cadre_id=viewer.cadre_id or 0):
        yield {"申请日期": duty.occasion_on, "状态": duty.get_state_display()}


@register_own_data("consents", "单独同意")
def own_consents(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    for row in Consent.objects.visible_to(viewer):
        yield {
            "用途": row.get_purpose_display(),
            "版本": row.text_version,
            "同意时间": row.given_at,
            "撤回时间": row.withdrawn_at,
        }


@register_own_data("readings", "查阅记录")
def own_readings(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    assert viewer.cadre_id is not None
    for row in readings_of(viewer.cadre_id, viewer=viewer, at=at):
        yield {"时间": row.at, "查阅人": row.reader, "身份": row.roles, "内容": row.what, "缘由": row.reason}
