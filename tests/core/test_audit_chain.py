import json
import os
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core import audit, audit_guard
from core.audit import Entry, anchors
from core.models import AuditEvent

pytestmark = pytest.mark.django_db
SIZE = 8


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def chain():
    audit.record_many(Entry(action="cadre.update", by=None, label=f"第{n}人") for n in range(1, SIZE + 1))


@pytest.fixture
def unguarded(chain):
    """Someone who owns the database took the triggers away."""
    audit_guard.remove(connection)


def run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out)
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue()
    return 0, out.getvalue()


def problems() -> list[str]:
    """Without the ones about the triggers, which these tests remove."""
    return [p for p in audit.verify() if "触发器" not in p]


def test_whole_chain_verifies_and_leaves_an_anchor(chain):
    code, text = run()
    assert code == 0
    assert text.startswith(f"审计日志共 {SIZE} 条，完整无误；")
    last = AuditEvent.objects.first()
    assert anchors.read(anchors.default_path()) == {SIZE: last.mac}
    assert oct(anchors.default_path().stat().st_mode & 0o777) == "0o600"


def test_empty_log_is_whole():
    assert run()[0] == 0
    assert audit.verify() == []


def test_json(chain):
    code, text = run("--json")
    mac = AuditEvent.objects.first().mac
    expected = {"ok": True, "count": SIZE, "head": {"seq": SIZE, "mac": mac}, "problems": []}
    assert (code, json.loads(text)) == (0, expected)


FIELDS = {
    "at": "2001-01-01 00:00:00+00:00",
    "actor_id": 7,
    "actor_name": "别人",
    "roles": "HR",
    "ip": "10.0.0.1",
    "request_id": "x",
    "action": "export",
    "object_type": "x",
    "object_id": "9",
    "label": "别人",
    "result": "failed",
    "reason": "x",
    "changes": '{"a": ["1", "2"]}',
    "prev": "1" * 64,
    "mac": "1" * 64,
}


def test_every_column_but_the_number_is_tried_below():
    assert {*FIELDS, "seq"} == {field.attname for field in AuditEvent._meta.concrete_fields}


@pytest.mark.parametrize("column", FIELDS)
def test_an_edit_of_any_column_is_found(unguarded, column):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE core_auditevent SET {column} = %s WHERE seq = 4", [FIELDS[column]])
    assert "第 4 条的内容被改动过。" in problems()


def test_a_deleted_event_is_named(unguarded):
    AuditEvent.objects.filter(seq=3).delete()
    assert problems() == ["缺少第 3 条。"]
    AuditEvent.objects.filter(seq__in=[4, 5]).delete()
    assert problems() == ["缺少第 3–5 条。"]


def test_deletion_covered_by_renumbering_is_found(unguarded):
    AuditEvent.objects.filter(seq=3).delete()
    for seq in range(4, SIZE + 1):
        AuditEvent.objects.filter(seq=seq).update(seq=seq - 1)
    assert problems()[:2] == ["第 3 条与上一条不相接。", "第 3 条的内容被改动过。"]


def test_swapped_events_are_found(unguarded):
    for old, new in ((2, 99), (5, 2), (99, 5)):
        AuditEvent.objects.filter(seq=old).update(seq=new)
    assert "第 2 条的内容被改动过。" in problems()
    assert "第 5 条的内容被改动过。" in problems()


def test_a_forged_event_with_an_old_date_is_found(unguarded):
    forged = AuditEvent.objects.get(seq=SIZE)
    forged.seq, forged.prev, forged.at = SIZE + 1, forged.mac, timezone.now() - timezone.timedelta(days=9)
    forged.save(force_insert=True)
    assert problems() == [f"第 {SIZE + 1} 条的内容被改动过。"]


def test_a_cut_tail_shows_against_the_anchor(unguarded):
    anchors.write(anchors.default_path(), SIZE, AuditEvent.objects.get(seq=SIZE).mac)
    AuditEvent.objects.filter(seq__gt=SIZE - 2).delete()
    assert problems() == [f"日志末尾缺少第 {SIZE - 1}–{SIZE} 条：锚点文件记录过第 {SIZE} 条。"]
    code, text = run()
    assert code == 1
    assert "日志末尾缺少" in text
    assert len(anchors.read(anchors.default_path())) == 1


def test_a_rewritten_log_shows_against_the_anchor(unguarded, data_dir):
    copy = data_dir / "elsewhere.jsonl"
    anchors.write(copy, 5, AuditEvent.objects.get(seq=5).mac)
    AuditEvent.objects.all().delete()
    audit.record_many(Entry(action="cadre.update", by=None, label="换了") for _ in range(SIZE))
    audit_guard.install(connection)
    assert run() == (0, run()[1])
    code, text = run("--anchor", str(copy))
    assert code == 1
    assert "第 5 条与锚点文件不符" in text


def test_a_damaged_anchor_file_is_a_problem_of_its_own(chain):
    anchors.default_path().write_text("x")
    assert audit.verify() == [f"锚点文件 {anchors.default_path()} 无法读取或内容已损坏（JSONDecodeError）。"]


def test_removed_triggers_are_reported(unguarded):
    code, text = run("--json")
    assert code == 1
    assert all("触发器 audit_no_" in p for p in json.loads(text)["problems"])


@pytest.mark.parametrize("content", ["", "x", '{"seq": 1}', "[1]"])
def test_anchor_file_that_is_missing_or_damaged_is_said(chain, data_dir, content):
    path = data_dir / "a.jsonl"
    if content:
        path.write_text(content)
    with pytest.raises(CommandError, match="锚点文件"):
        call_command("verify_audit", "--anchor", str(path))


def test_an_anchor_is_written_after_commit_at_most_once_an_hour(django_capture_on_commit_callbacks):
    path = anchors.default_path()
    with django_capture_on_commit_callbacks(execute=True):
        first = audit.record(action="export", by=None)
        audit.record(action="export", by=None)
    assert anchors.read(path) == {1: first.mac}
    os.utime(path, (time.time() - 3601,) * 2)
    with django_capture_on_commit_callbacks(execute=True):
        third = audit.record(action="export", by=None)
    assert anchors.read(path) == {1: first.mac, 3: third.mac}


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seq=st.integers(1, SIZE),
    place=st.integers(0, 63),
    digit=st.sampled_from("0123456789abcdef"),
    column=st.sampled_from(["prev", "mac"]),
)
def test_any_changed_digit_of_a_hash_is_found(unguarded, seq, place, digit, column):
    whole = getattr(AuditEvent.objects.get(seq=seq), column)
    changed = whole[:place] + digit + whole[place + 1 :]
    AuditEvent.objects.filter(seq=seq).update(**{column: changed})
    assert bool(problems()) == (changed != whole)
    AuditEvent.objects.filter(seq=seq).update(**{column: whole})
    assert problems() == []
