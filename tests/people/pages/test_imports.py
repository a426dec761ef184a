import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from pytest_django.fixtures import Settings

from core.access import Role
from people.models import Cadre, ImportBatch, Unit


@pytest.fixture(autouse=True)
def _own_media(settings: Settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def roster(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    book = Workbook()
    book.active.append(["工号", "姓名", "部门", "职务", "出生年月"])
    for row in rows:
        book.active.append(row)
    target = BytesIO()
    book.save(target)
    return SimpleUploadedFile("花名册.xlsx", target.getvalue())


GOOD = ("T001", "王示例", "党政办公室", "副主任", "1985.03")
WRONG = ("T002", "李示例", "党政办公室", "科员", "1991.13")


def check(client: Client, *rows: tuple[str, ...]) -> str:
    answer = client.post("/imports/new/", {"kind": "roster", "file": roster(*rows)})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_check_import_and_undo(hr: Client, office: Unit) -> None:
    url = check(hr, GOOD)
    page = hr.get(url).content.decode()
    assert "1 行都可以导入，暂未写入任何数据" in page
    assert not Cadre.objects.exists()
    done = hr.post(f"{url}apply/", follow=True)
    assert "已导入：新增 1，修改 0。" in done.content.decode()
    assert Cadre.objects.get().name == "王示例"
    batch = ImportBatch.objects.get()
    assert "新增的 1 行会删除" in hr.get(f"/imports/{batch.uid}/undo/").content.decode()
    hr.post(f"/imports/{batch.uid}/undo/")
    assert not Cadre.objects.exists()
    assert "撤销" in hr.get(f"/imports/{batch.uid}/").content.decode()


def test_faults_are_shown_all_at_once_and_nothing_is_written(hr: Client, office: Unit) -> None:
    url = check(hr, GOOD, WRONG)
    page = hr.get(url).content.decode()
    assert "2 行中有 1 行需要修改，暂未写入任何数据" in page
    assert 'class="num">E3<' in page
    assert f'action="{url}apply/"' in page
    assert "导入 1 行" not in page
    hr.post(f"{url}apply/")
    assert not Cadre.objects.exists()
    book = load_workbook(BytesIO(hr.get(f"{url}workbook/").content))
    assert book.worksheets[0]["E3"].comment is not None


def test_an_unknown_unit_is_offered_as_new_never_made_in_silence(hr: Client, office: Unit) -> None:
    url = check(hr, GOOD, ("T003", "赵示例", "没有的局", "科员", "1990.01"))
    assert 'href="?create_units=1"' in hr.get(url).content.decode()
    page = hr.get(f"{url}?create_units=1").content.decode()
    assert re.search("导入时会新增机构：[^<]*没有的局", page)
    assert 'name="create_units"' in page
    hr.post(f"{url}apply/", {"create_units": "1"})
    assert Unit.objects.filter(name="没有的局").exists()
    assert Cadre.objects.count() == 2


def test_a_file_that_is_none_is_refused_in_one_sentence(hr: Client) -> None:
    file = SimpleUploadedFile("花名册.xlsx", b"not a workbook")
    url = hr.post("/imports/new/", {"kind": "roster", "file": file})["Location"]
    assert "这个文件不能导入" in hr.get(url).content.decode()


def test_the_form_asks_for_a_file(hr: Client) -> None:
    answer = hr.post("/imports/new/", {"kind": "roster"})
    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors


def test_an_upload_belongs_to_the_one_who_brought_it(hr: Client, log_in, office: Unit) -> None:
    url = check(hr, GOOD)
    assert log_in(Role.HR).get(url)["Location"] == "/imports/new/"
    assert hr.get(f"/imports/check/{uuid4()}/")["Location"] == "/imports/new/"


def test_an_upload_is_stored_encrypted(hr: Client, office: Unit, tmp_path) -> None:
    check(hr, GOOD)
    [path] = (tmp_path / "uploads").iterdir()
    assert b"PK" not in path.read_bytes()[:200]
    assert path.stat().st_mode & 0o777 == 0o600
