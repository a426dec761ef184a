"""The institution's list: who went, who needs a recheck, and not one word more."""

import pytest

from core.access import Role
from core.models import AuditEvent
from people.imports.service import apply, dry_run, undo
from people.models import ImportBatch
from tests.factories.checkups import line_of, make_campaign, organiser
from tests.factories.people import TODAY, make_account, make_cadre, make_unit
from tests.factories.wellbeing import viewer_of
from tests.people.imports.books import xlsx

pytestmark = pytest.mark.django_db
HEAD = ["序号", "姓名", "工号", "是否已检", "是否需复查"]


def book(*rows, head=HEAD) -> bytes:
    return xlsx([head, *rows])


def read(data, by=None, write=False):
    run = apply if write else dry_run
    return run("checkups", data, "名单.xlsx", by=viewer_of(by or organiser()), on=TODAY)


def test_done_and_recheck_are_read_once_and_taken_back(cadre, office):
    other = make_cadre("李二", unit=office)
    campaign = make_campaign()
    data = book([1, cadre.name, cadre.staff_no, "是", "是"], [2, other.name, other.staff_no, "未检", "否"])
    assert read(data).counts == {"new": 0, "changed": 2, "unchanged": 0, "refused": 0}
    report = read(data, write=True)
    line = line_of(campaign, cadre)
    assert (line.state, line.recheck_needed) == ("done", True)
    assert line_of(campaign, other).state == "missed"
    assert read(data, write=True).counts["changed"] == 0
    undo(ImportBatch.objects.get(pk=report.batch), by=viewer_of(organiser()))
    assert {line_of(campaign, who).state for who in (cadre, other)} == {"open"}


@pytest.mark.parametrize("column", ["体检结论", "血压", "备注", "诊断", "医生建议"])
def test_any_other_column_refuses_the_file_and_says_why(cadre, column):
    campaign = make_campaign()
    secret = "血压偏高"
    data = book([1, cadre.name, cadre.staff_no, "是", "否", secret], head=[*HEAD, column])
    for write in (False, True):
        report = read(data, write=write)
        assert "体检结论不得导入" in report.faults[0].message
        assert secret not in str([fault.as_dict() for fault in report.faults])
    assert line_of(campaign, cadre).state == "open"
    assert not ImportBatch.objects.exists()


def test_a_finding_in_a_known_column_is_refused_and_not_repeated(cadre):
    make_campaign()
    report = read(book([1, cadre.name, cadre.staff_no, "结节三级", "否"]))
    assert "只能填“是”或“否”" in report.faults[0].message
    assert "结节" not in str([fault.as_dict() for fault in report.faults])


def test_every_fault_is_told_at_its_cell(cadre, office):
    make_campaign()
    stranger = make_cadre("后来", unit=office)
    data = book(
        [1, "查无此人", "", "是", "否"],
        [2, cadre.name, cadre.staff_no, "", "否"],
        [3, stranger.name, stranger.staff_no, "是", ""],
        [4, cadre.name, cadre.staff_no, "否", "是"],
    )
    report = read(data)
    assert {fault.code for fault in report.faults} == {
        "unknown_person",
        "missing_result",
        "not_listed",
        "recheck_without",
    }
    assert read(data, write=True).batch is None


def test_nobody_imports_the_own_line_or_one_out_of_scope(cadre, office, zone):
    make_campaign()
    data = book([1, cadre.name, cadre.staff_no, "是", "否"])
    assert read(data, by=make_account(Role.HR, cadre=cadre)).faults[0].code == "own_record"
    elsewhere = make_unit("投资促进局", parent=zone)
    assert read(data, by=make_account(Role.HR, unit=elsewhere)).faults[0].code == "out_of_scope"


def test_with_several_running_the_file_has_to_say_which(cadre):
    make_campaign()
    make_campaign(title="第二次", year=2031)
    assert read(book([1, cadre.name, cadre.staff_no, "是", "否"])).faults[0].code == "which_campaign"
    data = book(["第二次", cadre.name, cadre.staff_no, "是"], head=["体检批次", "姓名", "工号", "是否已检"])
    assert read(data).counts["changed"] == 1


def test_the_log_holds_how_many_and_not_whom(cadre):
    make_campaign()
    read(book([1, cadre.name, cadre.staff_no, "是", "是"]), write=True)
    labels = " ".join(AuditEvent.objects.values_list("label", flat=True))
    assert "导入结果 1 人" in labels
    assert cadre.name not in labels.split("导入结果")[1]
