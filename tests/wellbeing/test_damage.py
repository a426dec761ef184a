"""Ciphertext that was swapped or changed in the database: told as 数据校验失败, on record, never shown.

The sealed talk and the locker have tests of their own; here is what is encrypted under the key file.
"""

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from core.models import AuditEvent
from tests.factories.care import clerk, make_event, make_support, start
from tests.factories.people import make_account, make_cadre
from tests.factories.wellbeing import inspector, make_finding, make_follow_up, make_talk, viewer_of
from tests.wellbeing.conftest import browser, text_of
from wellbeing.models import CareSupport
from wellbeing.services.care.events import take_event

pytestmark = pytest.mark.django_db


def raw(row: Any, column: str) -> str:
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [row.pk])  # noqa: S608
        return str(cursor.fetchone()[0])


def put(row: Any, column: str, token: str) -> None:
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [token, row.pk])  # noqa: S608


def flipped(token: str) -> str:
    place = len(token) // 2 + 8
    return token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]


def case(cadre: Any) -> tuple[Any, Any, str, str, str]:
    by = clerk()
    event = make_event(cadre, detail="因手术住院")
    take_event(event=event, by=viewer_of(by))
    row = start(event, by, reason="术后休养")
    return by, row, "reason", row.event.detail and raw(row.event, "detail"), "care_case"


def support(cadre: Any) -> tuple[Any, Any, str, str, str]:
    helper = make_account()
    row, other = make_support(cadre, helper=helper), make_support(make_cadre())
    return helper, CareSupport.objects.get(pk=row.pk), "situation", raw(other, "situation"), "support"


def finding(cadre: Any) -> tuple[Any, Any, str, str, str]:
    by, unit = inspector(), cadre.appointments.get().unit
    row, other = make_finding(unit, cadre=cadre, by=by), make_finding(unit, by=by)
    return by, row, "problem", raw(other, "problem"), "finding"


def follow_up(cadre: Any) -> tuple[Any, Any, str, str, str]:
    row, other = make_follow_up(make_talk(cadre)), make_follow_up(make_talk(cadre))
    return row.owner, row, "matter", raw(other, "matter"), "followup"


@pytest.mark.parametrize("damage", ["swap", "flip"])
@pytest.mark.parametrize(
    ("make", "action"),
    [
        (case, "data.damaged"),
        (support, "data.damaged"),
        (finding, "data.damaged"),
        (follow_up, "talk.damaged"),
    ],
)
def test_damage_is_told_and_on_record_and_shows_nothing(cadre, make, action, damage):
    user, row, column, elsewhere, page = make(cadre)
    client, address = browser(user), reverse(f"wellbeing:{page}", args=[row.pk])
    assert client.get(address).status_code == 200
    put(row, column, elsewhere if damage == "swap" else flipped(raw(row, column)))
    answer = client.get(address)
    assert answer.status_code == 422
    assert "数据校验失败" in text_of(answer)
    noted = AuditEvent.objects.filter(action__endswith=".damaged")
    assert list(noted.values_list("action", "actor_id", "result")) == [(action, user.pk, "failed")]
