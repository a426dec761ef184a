from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from core import audit
from core.access import Role
from core.audit import Change, Entry
from core.choices import AuditAction
from core.context import RequestContext, within
from core.models import AuditEvent
from people.models import Cadre
from tests.factories.people import make_account, make_cadre, make_viewer

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)


def test_event_holds_who_what_where_and_why():
    cadre, viewer = make_cadre("王示例"), make_viewer(Role.HR)
    with within(RequestContext(request_id="r1", ip="10.0.0.7")):
        event = audit.record(
            action=AuditAction.CADRE_UPDATED, by=viewer, subject=cadre, reason="年度核对", at=NOON
        )
    event.refresh_from_db()
    assert (event.seq, event.at, event.result) == (1, NOON, "ok")
    assert (event.actor_id, event.actor_name, event.roles) == (viewer.user_id, viewer.name, "HR")
    assert (event.object_type, event.object_id, event.label) == ("people.cadre", str(cadre.pk), str(cadre))
    assert (event.request_id, event.ip, event.reason) == ("r1", "10.0.0.7", "年度核对")


def test_account_or_the_system_may_act():
    user = make_account(name="张用户")
    by_user = audit.record(action="login.ok", by=user)
    by_system = audit.record(action="keys.rotate", by=None)
    assert (by_user.actor_id, by_user.actor_name) == (user.pk, "张用户")
    assert (by_system.actor_id, by_system.actor_name, by_system.ip) == (None, "系统", "")


def test_sensitive_values_are_named_but_never_kept():
    cadre = make_cadre(phone="13900001111")
    event = audit.record(
        action=AuditAction.CADRE_UPDATED,
        by=None,
        subject=cadre,
        changes={
            "phone": (cadre.phone, "13900002222"),
            "no_such_field": ("秘密", "秘密"),
            "sex": ("", "F"),
            "work_started_on": (None, date(2001, 7, 1)),
            "display_order": (1, Decimal("2.50")),
        },
    )
    event.refresh_from_db()
    assert event.changes == {
        "phone": "已修改",
        "no_such_field": "已修改",
        "sex": ["", "F"],
        "work_started_on": [None, "2001-07-01"],
        "display_order": ["1", "2.50"],
    }
    assert set(audit.readable_changes(event)) == {
        Change("联系电话", "", "已修改", masked=True),
        Change("no_such_field", "", "已修改", masked=True),
        Change("性别", "", "女"),
        Change("参加工作时间", "", "2001-07-01"),
        Change("排序", "1", "2.50"),
    }


def test_object_type_without_a_subject_masks_just_the_same():
    event = audit.record(
        action="import.apply", by=None, object_type="people.cadre", changes={"phone": ("1", "2")}
    )
    free = audit.record(
        action="import.apply", by=None, object_type="roster", changes={"rows": (0, [True, None, "x"])}
    )
    assert event.changes == {"phone": "已修改"}
    assert free.changes == {"rows": ["0", "是、、x"]}


def test_text_that_no_database_takes_is_cleaned_and_cut():
    event = audit.record(action="export", by=None, label="王\x00\ud800" + "长" * 300, reason="因" * 501)
    event.refresh_from_db()
    assert event.label == "王?" + "长" * 197 + "…"
    assert len(event.reason) == 500
    assert audit.verify() == []


def test_many_events_take_numbers_in_order():
    audit.record(action="export", by=None)
    events = audit.record_many(Entry(action="cadre.create", by=None, label=f"第{n}人") for n in range(1200))
    assert [e.seq for e in events] == list(range(2, 1202))
    assert AuditEvent.objects.get(seq=1201).label == "第1199人"
    assert audit.record_many([]) == []
    assert audit.verify() == []


def test_writing_costs_the_same_for_one_and_for_three(django_assert_num_queries):
    # savepoint, head, insert, release; on PostgreSQL also the lock
    expected = 5 if connection.vendor == "postgresql" else 4
    for count in (1, 3):
        with django_assert_num_queries(expected):
            audit.record_many(Entry(action="export", by=None) for _ in range(count))


def test_event_goes_with_the_change_it_tells_about():
    with transaction.atomic():
        audit.record(action="cadre.create", by=None)
        transaction.set_rollback(True)
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditevent SET label = 'x'",
        "UPDATE core_auditevent SET seq = seq + 10",
        "DELETE FROM core_auditevent",
        "DELETE FROM core_auditevent WHERE seq = 1",
    ],
)
def test_database_refuses_to_change_the_log(statement):
    audit.record(action="export", by=None)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as c:
        c.execute(statement)
    assert audit.verify() == []


def test_database_refuses_to_replace_or_truncate():
    event = audit.record(action="export", by=None)
    if connection.vendor == "postgresql":
        statement, error = "TRUNCATE core_auditevent", "append-only"
    else:
        statement, error = "INSERT OR REPLACE INTO core_auditevent SELECT * FROM core_auditevent", "append"
    with pytest.raises(IntegrityError, match=error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        event.delete()


def test_only_the_auditor_reads_the_log_others_their_log_ins():
    reader = make_viewer(Role.SYSADMIN)
    audit.record(action="login.ok", by=reader)
    audit.record(action="export", by=reader)
    audit.record(action="login.ok", by=None)
    assert AuditEvent.objects.visible_to(make_viewer(Role.AUDITOR)).count() == 3
    assert [e.action for e in AuditEvent.objects.visible_to(reader)] == ["login.ok"]
    assert AuditEvent.objects.visible_to(make_viewer(Role.SECADMIN)).count() == 0


def test_action_labels():
    assert audit.label("import.undo") == "撤销导入"
    assert audit.label("long.gone") == "long.gone"
    assert Cadre._meta.label_lower == "people.cadre"
