"""Genuine, latest, untouched: what the check says of a file, and what it refuses to say."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pikepdf
import pytest
from django.core.management import call_command
from django.test import Client

from core.access import Role
from growth.contracts import Edition
from growth.diff import differences
from growth.models import GrowthFile, GrowthReading
from growth.proof import code_of, read_code, sm3
from growth.services import make_growth_file, read_growth_file
from growth.signing import seal_of
from growth.verification import Status, changes_between, data_of, embedded_data, verify_bytes, verify_code
from people.models import Cadre, Honour, Unit
from tests.factories.people import TODAY, make_account, make_viewer
from tests.growth.conftest import AS_OF


@pytest.fixture(autouse=True)
def _data_dir(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = settings.DATA_DIR.__class__(tmp_path)


@pytest.fixture
def officer(unit: Unit):
    return make_viewer(Role.HR, unit=unit)


@pytest.fixture
def file(cadre: Cadre, officer) -> GrowthFile:
    return make_growth_file(cadre=cadre, edition=Edition.LEADER, as_of=AS_OF, by=officer)


def test_a_file_just_read_is_genuine_and_says_who_sealed_it(file: GrowthFile, officer) -> None:
    answer = verify_bytes(read_growth_file(file=file, by=officer), by=officer)
    assert (answer.status, answer.file) == (Status.VALID, file)
    assert answer.seal is not None
    assert answer.seal.good
    assert answer.seal.signer == "示例经济开发区组织人事部门"


def test_one_flipped_byte_is_found_wherever_it_is(file: GrowthFile, officer) -> None:
    data = read_growth_file(file=file, by=officer)
    for place in range(20, len(data), len(data) // 12):
        broken = bytearray(data)
        broken[place] ^= 1
        assert verify_bytes(bytes(broken), by=officer).status != Status.VALID, place


def test_a_page_added_after_the_seal_is_found(file: GrowthFile, officer, tmp_path: Path) -> None:
    source = tmp_path / "read.pdf"
    source.write_bytes(read_growth_file(file=file, by=officer))
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        pdf.pages.append(pdf.pages[0])
        pdf.save(source)
    assert verify_bytes(source.read_bytes(), by=officer).status == Status.TAMPERED


def test_a_seal_of_another_office_is_foreign(file: GrowthFile, officer, settings, tmp_path: Path) -> None:
    data = read_growth_file(file=file, by=officer)
    (tmp_path / "signing").rename(tmp_path / "theirs")
    assert verify_bytes(data, by=officer).status == Status.FOREIGN


@pytest.mark.parametrize(
    ("data", "words"), [(b"hello", "不是 PDF"), (b"%PDF-1.7 nothing", "已损坏"), (b"", "不是 PDF")]
)
def test_what_is_no_growth_file_gets_a_sentence(db: None, officer, data: bytes, words: str) -> None:
    answer = verify_bytes(data, by=officer)
    assert answer.status == Status.TAMPERED
    assert words in answer.detail


def test_a_newer_file_supersedes_and_the_changes_are_named(cadre: Cadre, file: GrowthFile, officer) -> None:
    data = read_growth_file(file=file, by=officer)
    honour = Honour.objects.get(cadre=cadre)
    Honour.objects.filter(pk=honour.pk).update(title="改过的荣誉")
    newer = make_growth_file(
        cadre=cadre, edition=Edition.LEADER, as_of=AS_OF, by=officer, at=file.made_at + timedelta(days=1)
    )
    answer = verify_bytes(data, by=officer)
    assert (answer.status, answer.newest) == (Status.SUPERSEDED, newer)
    changed = [(c.kind, c.before, c.after) for c in changes_between(file, newer) if "荣誉" in c.after]
    assert len(changed) == 1
    kind, before, after = changed[0]
    assert kind == "changed"
    assert honour.title in before
    assert "改过的荣誉" in after


def test_equal_data_has_no_differences(file: GrowthFile) -> None:
    assert differences(data_of(file), data_of(file)) == []


def test_whoever_may_not_read_the_file_learns_nothing_by_its_code(file: GrowthFile, cadre: Cadre) -> None:
    outsider = make_viewer(Role.DEPARTMENT_HEAD)
    found = verify_code(file.code, by=outsider)
    assert (found.status, found.file) == (Status.UNKNOWN, None)
    assert verify_code("AAAA-BBBB-CCCC", by=outsider).status == Status.UNKNOWN


def test_the_code_is_read_however_it_was_typed(file: GrowthFile, officer) -> None:
    typed = file.code.lower().replace("-", " ").replace("o", "0")
    assert verify_code(typed, by=officer).file == file
    assert read_code("k7qd 2m5a-xr3t") == "K7QD-2M5A-XR3T"
    assert code_of("00" * 32) == "AAAA-AAAA-AAAA"


def test_digests_are_of_the_embedded_data(file: GrowthFile, officer) -> None:
    content = embedded_data(read_growth_file(file=file, by=officer))
    assert content is not None
    assert json.loads(content)["identity"]["name"] == "汪晓峰"
    assert file.data_sm3 == sm3(content)
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905 例1


def test_a_reading_is_marked_with_the_reader_and_counted_once_an_hour(file: GrowthFile, officer) -> None:
    first = read_growth_file(file=file, by=officer)
    second = read_growth_file(file=file, by=officer)
    assert first != second  # another reading, another mark
    assert GrowthReading.objects.filter(file=file, way="download").count() == 2
    assert seal_of(first) is not None


def test_the_command_says_the_same(file: GrowthFile, officer, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    data = read_growth_file(file=file, by=officer)
    good.write_bytes(data)
    bad.write_bytes(data[:-200] + b"x" * 200)
    output = StringIO()
    call_command("verify_growth_file", good, stdout=output)
    assert "有效" in output.getvalue()
    with pytest.raises(SystemExit):
        call_command("verify_growth_file", bad, "--json", stdout=(said := StringIO()))
    assert json.loads(said.getvalue())[0]["status"] == "tampered"


def test_the_page_takes_a_code_from_the_address_and_a_file_from_the_form(
    file: GrowthFile, officer, client: Client, tmp_path: Path
) -> None:
    client.force_login(make_account(Role.HR))
    assert "有效" in client.get(f"/growth/verify/?code={file.code}").content.decode()
    path = tmp_path / "read.pdf"
    path.write_bytes(read_growth_file(file=file, by=officer))
    with path.open("rb") as upload:
        answer = client.post("/growth/verify/", {"file": upload, "code": ""})
    assert file.number in answer.content.decode()
    assert client.post("/growth/verify/", {}).status_code == 422


def test_today_is_the_day_of_the_comparison(file: GrowthFile, officer) -> None:
    assert officer.on == TODAY
