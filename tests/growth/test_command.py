"""`growth_files`: one PDF per cadre, named, listed, failures said by name."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEvent
from people.models import Cadre, Unit
from tests.factories.people import make_cadre


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("growth_files", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_chosen_cadres_get_a_file_named_after_them(cadre: Cadre, unit: Unit, tmp_path: Path) -> None:
    make_cadre("旁示例", unit=unit)
    folder = tmp_path / "new" / "folder"
    out, err = run("--out", str(folder), "--cadre", "A0012", "--as-of", "2026-06-30", "--json")
    report = json.loads(out)
    assert [one["file"] for one in report["made"]] == ["汪晓峰_A0012.pdf"]
    assert (report["failed"], report["edition"], report["as_of"]) == ([], "archive", "2026-06-30")
    assert [path.name for path in folder.iterdir()] == ["汪晓峰_A0012.pdf"]
    assert (folder / "汪晓峰_A0012.pdf").stat().st_size == report["made"][0]["size"]
    assert "[1/1] 汪晓峰" in err
    assert AuditEvent.objects.get().action == "growth.make"


def test_a_unit_means_everyone_below_it_and_twice_means_the_same_bytes(unit: Unit, tmp_path: Path) -> None:
    for number in range(7):  # enough for more than one process
        make_cadre(f"示例{number}", unit=unit)
    make_cadre("外示例")
    reports = [
        json.loads(run("--out", str(tmp_path / n), "--unit", unit.code, "--json")[0]) for n in ("a", "b")
    ]
    assert len(reports[0]["made"]) == 7
    assert reports[0]["made"] == reports[1]["made"]
    assert len(list((tmp_path / "a").iterdir())) == 7


def test_one_bad_name_fails_alone_and_is_named(unit: Unit, tmp_path: Path, capsys) -> None:
    make_cadre("好示例", unit=unit)
    make_cadre("王ཨ", unit=unit, staff_no="X9")
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("growth_files", "--out", str(tmp_path), "--all", stdout=out, stderr=err)
    assert ended.value.code == 1
    assert "已生成 1 份，失败 1 份" in out.getvalue()
    assert "王ཨ（X9）：字体中没有这些字：“ཨ”（U+0F68）" in err.getvalue()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--cadre", "NONE"], "没有工号为 NONE 的干部"),
        (["--unit", "NONE"], "没有代码为 NONE 的机构"),
        (["--all"], "没有符合条件的在职干部"),
    ],
)
def test_what_does_not_exist_is_said(arguments: list[str], message: str, db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=message):
        run("--out", str(tmp_path), *arguments)


def test_what_is_issued_is_listed_and_verifies(cadre: Cadre, tmp_path: Path) -> None:
    arguments = ("--out", str(tmp_path), "--cadre", "A0012", "--as-of", "2026-06-30", "--edition", "leader")
    run(*arguments, "--issue", "--json")
    listed, verified = StringIO(), StringIO()
    call_command("list_growth_files", "--cadre", "A0012", "--json", stdout=listed)
    [row] = json.loads(listed.getvalue())
    assert (row["name"], row["edition"], row["as_of"]) == ("汪晓峰", "leader", "2026-06-30")
    call_command("verify_growth_file", str(tmp_path / "汪晓峰_A0012.pdf"), stdout=verified)
    assert "：有效" in verified.getvalue()
    assert row["number"] in verified.getvalue()
    assert AuditEvent.objects.filter(action="growth.make").count() == 1
    words = StringIO()
    call_command("list_growth_files", "--edition", "archive", stdout=words)
    assert words.getvalue().strip() == "共 0 份"
