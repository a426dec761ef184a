"""What of the talks that are owed may be changed on many rows at once."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from core.access import Permission, Viewer
from core.bulk import BulkField, register_bulk_edit
from core.errors import DomainError
from people.models import User
from wellbeing.choices.triggers import UNMET_STATES
from wellbeing.forms.talks import UserField
from wellbeing.models import TalkDuty
from wellbeing.queries.people import talk_holders
from wellbeing.queries.talks import duty_list
from wellbeing.services.duties import assign_duty

PLANS = Permission.PLAN_TALK


def _talker_field(viewer: Viewer) -> forms.Field:
    field = UserField(label="应谈人", empty_label="请选择")
    field.queryset = talk_holders(on=viewer.on)
    return field


def _others(viewer: Viewer) -> QuerySet[Any]:
    """As on the list: nobody plans the talks about themselves."""
    return duty_list(viewer).exclude(cadre_id=viewer.cadre_id or 0)


def _assign(duty: TalkDuty, key: Any, by: Viewer) -> None:
    talker = User.objects.filter(pk=key).first() if key else None
    if talker is None:
        message = "原来没有应谈人，不能退回；请打开这项应谈另行指定。"
        raise DomainError(message, field="talker", code="no_talker")
    assign_duty(duty=duty, talker=talker, by=by)


def _name(key: Any) -> str:
    return str(User.objects.filter(pk=key).first() or "") if key else "待指定"


register_bulk_edit(
    BulkField(
        list_key="wellbeing:duties",
        key="talker",
        label="应谈人",
        order=10,
        permission=PLANS,
        form_field=_talker_field,
        store=lambda user: user.pk,
        shown=_name,
        current=lambda duty: duty.talker_id,
        rows=_others,
        editable=lambda viewer: _others(viewer).filter(state__in=UNMET_STATES),
        service=_assign,
        hint="只改没有谈的；须有开展谈话的权限，不能是谈话对象本人。",
    )
)
