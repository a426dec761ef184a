import json

import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from people.models import Cadre, ImportBatch
from tests.people.imports.books import xlsx

pytestmark = pytest.mark.django_db

GOOD = xlsx([["姓名", "工号", "部门"], ["张三", "A1", "办公室"]], sheet="名册")
BAD = xlsx([["姓名", "工号", "性别"], ["张三", "A1", "不详"]], sheet="名册")
OTHER = xlsx([["培训班名称", "培训时间", "参训人员"], ["党建班", "2026.6.1", "张三"]])


@pytest.fixture
def run(tmp_path, capsys):
    """Runs a command on a file of the given content; gives (exit status, what it printed)."""

    def running(command, content, *options):
        path = tmp_path / "名册.xlsx"
        path.write_bytes(content)
        status = 0
        try:
            call_command(command, str(path), *options)
        except SystemExit as end:
            status = end.code
        return status, capsys.readouterr().out

    return running


def test_the_shape_of_the_json(run, tmp_path):
    status, printed = run("import_roster", GOOD, "--json")
    found = json.loads(printed)
    assert status == 0
    assert {key: found[key] for key in ("file", "kind", "applied", "rows", "faults", "batch")} == {
        "file": str(tmp_path / "名册.xlsx"),
        "kind": "roster",
        "applied": False,
        "rows": {"new": 1, "changed": 0, "unchanged": 0, "refused": 0},
        "faults": [],
        "batch": None,
    }
    assert Cadre.objects.count() == 0


def test_apply_names_its_batch(run):
    status, printed = run("import_roster", GOOD, "--apply", "--json")
    assert (status, json.loads(printed)["batch"]) == (0, ImportBatch.objects.get().pk)


def test_the_details_of_the_json_name_every_row_and_every_change(run):
    run("import_roster", GOOD, "--apply")
    again = xlsx([["姓名", "工号", "电话"], ["张三", "A1", "13900000001"], ["李四", "A2", None]])
    _, printed = run("import_roster", again, "--json")
    details = json.loads(printed)["details"]
    assert [(row["row"], row["label"], row["outcome"]) for row in details] == [
        (2, "张三", "changed"),
        (3, "李四", "new"),
    ]
    assert details[0]["changes"] == [{"field": "联系电话", "old": "", "new": "139****0001"}]


def test_a_refused_row_ends_with_1_and_writes_nothing(run):
    status, printed = run("import_roster", BAD, "--apply", "--json")
    found = json.loads(printed)
    assert (status, found["applied"], found["rows"]["refused"]) == (1, False, 1)
    assert found["faults"] == [
        {
            "sheet": "名册",
            "cell": "C2",
            "column": "性别",
            "code": "bad_sex",
            "message": "性别“不详”无法识别；请填“男”或“女”。",
        }
    ]
    assert Cadre.objects.count() == 0


def test_a_refused_file_ends_with_2_and_says_which_kind_it_is(run):
    status, printed = run("import_roster", OTHER, "--json")
    fault = json.loads(printed)["faults"][0]
    assert (status, fault["code"]) == (2, "no_header")
    assert "请按“培训台账”导入" in fault["message"]


def test_several_files_are_a_list_and_the_worst_decides(run, tmp_path):
    (tmp_path / "坏.xlsx").write_bytes(BAD)
    status, printed = run(
        "import_roster", GOOD, str(tmp_path / "坏.xlsx"), str(tmp_path / "无.xlsx"), "--json"
    )
    assert status == 2
    assert [report["faults"][0]["code"] if report["faults"] else "" for report in json.loads(printed)] == [
        "", "bad_sex", "no_file",
    ]  # fmt: skip


def test_for_people_it_says_what_would_happen(run):
    _, printed = run("import_roster", GOOD)
    assert "新增 1，修改 0，无变化 0，退回 0（仅核对，未写入；加 --apply 写入）" in printed
    assert "将新增机构：示例经济开发区、办公室" in printed


def test_the_answer_is_written_where_asked(run, tmp_path):
    run("import_roster", BAD, "--answer", str(tmp_path / "答复"))
    book = openpyxl.load_workbook(tmp_path / "答复" / "名册-核对结果.xlsx")
    assert book["名册"]["C2"].comment.text == "性别“不详”无法识别；请填“男”或“女”。"


def test_undo(run, capsys):
    run("import_roster", GOOD, "--apply")
    batch = ImportBatch.objects.get()
    call_command("undo_import", str(batch.pk))
    assert (Cadre.objects.count(), "已撤销" in capsys.readouterr().out) == (0, True)
    with pytest.raises(CommandError, match="已经撤销过"):
        call_command("undo_import", str(batch.pk))
    with pytest.raises(CommandError, match="没有编号"):
        call_command("undo_import", "99")
