from datetime import date

import pytest

from core.audit import verify
from core.errors import DomainError
from core.models import AuditEvent
from people.choices import HonourKind
from people.imports import service
from people.models import Appointment, Cadre, Education, Honour, ImportBatch, Unit
from people.services.cadres import update_cadre
from tests.factories.people import make_cadre, make_viewer
from tests.people.imports.books import id_number, xlsx

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
HEADING = ["姓名", "工号", "身份证号", "部门", "职务", "任现职时间", "学历", "电话"]
ZHANG = ["张三", "A1", id_number("19800512", 1), "办公室", "主任", "2020.01", "大学", "13900000001"]


def apply(*rows):
    report = service.apply("roster", xlsx([HEADING, *rows]), "名册.xlsx", by=None, on=TODAY)
    assert not report.faults
    return ImportBatch.objects.get(pk=report.batch)


def everything():
    """All that rosters write, as plain values."""
    models = (Cadre, Appointment, Education, Unit)
    return {
        m: list(
            m.objects.order_by("pk").values_list(
                *(f.attname for f in m._meta.concrete_fields if f.name != "updated_at")
            )
        )
        for m in models
    }


def refusal(batch):
    before = everything()
    with pytest.raises(DomainError) as refused:
        service.undo(batch, by=None)
    assert everything() == before
    return refused.value


def test_a_first_import_goes_without_a_trace():
    batch = apply(ZHANG)
    service.undo(batch, by=None)
    batch.refresh_from_db()
    assert (Cadre.objects.count(), Unit.objects.count(), bool(batch.undone_at)) == (0, 0, True)


def test_changes_go_back_to_what_was_before():
    apply(ZHANG)
    before = everything()
    phone = str(Cadre.objects.get().phone)
    batch = apply(["张叁", "A1", ZHANG[2], "办公室", "书记", "2024.06", "研究生", "13900000002"])
    assert everything() != before
    service.undo(batch, by=None)
    after = everything()
    sealed = [f.attname for f in Cadre._meta.concrete_fields if f.name != "updated_at"].index("phone")
    assert [row[:sealed] + row[sealed + 1 :] for row in after[Cadre]] == [
        r[:sealed] + r[sealed + 1 :] for r in before[Cadre]
    ]
    assert {m: rows for m, rows in after.items() if m is not Cadre} == {
        m: r for m, r in before.items() if m is not Cadre
    }
    assert Cadre.objects.get().phone == phone


def test_a_row_that_someone_else_changed_keeps_the_batch():
    batch = apply(ZHANG)
    update_cadre(cadre=Cadre.objects.get(), values={"native_place": "安徽示例"}, by=make_viewer())
    refused = refusal(batch)
    assert (refused.code, "“张三”的籍贯已被修改" in refused.message) == ("touched", True)


def test_a_row_that_others_hang_on_keeps_the_batch():
    batch = apply(ZHANG)
    Honour.objects.create(cadre=Cadre.objects.get(), kind=HonourKind.AWARD, title="先进", awarded_on=TODAY)
    assert "名下已有后来登记的奖励荣誉" in refusal(batch).message


def test_a_later_batch_on_the_same_rows_must_go_first():
    first = apply(ZHANG)
    second = apply([*ZHANG[:-1], "13900000002"])
    assert refusal(first).code == "touched"
    service.undo(second, by=None)
    service.undo(first, by=None)
    assert Cadre.objects.count() == 0


def test_a_row_that_is_gone_keeps_the_batch():
    batch = apply(ZHANG)
    Appointment.objects.all().delete()
    assert "已被删除" in refusal(batch).message


def test_a_batch_goes_back_once():
    batch = apply(ZHANG)
    service.undo(batch, by=None)
    assert refusal(batch).code == "already_undone"


def test_what_happened_stands_in_the_audit_log():
    make_cadre()
    batch = apply(ZHANG)
    service.undo(batch, by=make_viewer())
    actions = list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))
    assert actions == [
        "unit.create", "unit.create", "cadre.create", "appointment.create", "import.apply", "import.undo",
    ]  # fmt: skip
    created = AuditEvent.objects.get(action="cadre.create")
    assert (created.changes["id_number"], created.changes["name"]) == ("已修改", [None, "张三"])
    assert verify() == []


def test_the_kept_values_are_not_readable_in_the_database():
    batch = apply(ZHANG)
    kept = batch.changes.filter(model_label="people.cadre").values_list("after", flat=True)
    assert ZHANG[2] not in str(list(kept))
    assert ZHANG[2] in batch.changes.get(model_label="people.cadre").after
