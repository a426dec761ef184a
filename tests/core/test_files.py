"""Uploads: what is taken and what is refused, what lies on the disk, what goes out again."""

import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image
from pytest_django.fixtures import Settings

from core.access import Role
from core.errors import DomainError
from core.files import DOCUMENTS, PHOTOS, documents, drop_file, file_response, keep_file, photos, read_file
from core.files.sweep import sweep
from core.models import StoredFile
from tests.factories.people import make_viewer

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(datetime(2026, 3, 5, 12))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", data)
    file._name = name  # as it came over the wire, before Django takes the path off
    return file


def keep(name: str, data: bytes, accept=PHOTOS | DOCUMENTS) -> StoredFile:
    return keep_file(upload=upload(name, data), by=None, accept=accept, at=NOON)


def refused(name: str, data: bytes, accept=PHOTOS | DOCUMENTS) -> str:
    with pytest.raises(DomainError) as refusal:
        keep(name, data, accept)
    assert not StoredFile.objects.exists()
    return refusal.value.code


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options) -> bytes:
    output = BytesIO()
    Image.new(mode, size, options.pop("color", None)).save(output, kind, **options)
    return output.getvalue()


def package(*names: str) -> bytes:
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as made:
        for name in ("[Content_Types].xml", *names):
            made.writestr(name, "<x/>")
    return output.getvalue()


DOCX = package("word/document.xml")
SOUND = {
    "总结.pdf": b"%PDF-1.7\n%%EOF",
    "总结.docx": DOCX,
    "名单.xlsx": package("xl/workbook.xml"),
    "汇报.pptx": package("ppt/presentation.xml"),
    "旧.doc": OLE + "WordDocument".encode("utf-16-le"),
    "旧.xls": OLE + "Workbook".encode("utf-16-le"),
    "说明.txt": "学习".encode(),
    "说明二.TXT": "学习".encode("gbk"),
}


@pytest.mark.parametrize("name", SOUND)
def test_documents_come_back_as_they_were(name: str) -> None:
    stored = keep(name, SOUND[name], DOCUMENTS)
    assert (stored.name, read_file(stored), stored.size) == (name, SOUND[name], len(SOUND[name]))
    assert stored.content_type == documents.CONTENT_TYPES[Path(name).suffix.lower()]


def test_who_and_when_are_kept() -> None:
    by = make_viewer(Role.HR)
    stored = keep_file(upload=upload("a.txt", b"a"), by=by, accept=DOCUMENTS, at=NOON)
    stored.refresh_from_db()
    assert (stored.kept_by_id, stored.kept_at) == (by.user_id, NOON)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", DOCX, "wrong_content"),
        ("a.docx", SOUND["名单.xlsx"], "wrong_content"),
        ("a.docx", b"%PDF-1.7", "wrong_content"),
        ("a.docx", DOCX[:-30], "wrong_content"),
        ("a.doc", SOUND["旧.xls"], "wrong_content"),
        ("a.txt", b"a\x00b", "wrong_content"),
        ("a.txt", b"\xff\xfe\xff", "wrong_content"),
        ("a.docx", OLE, "password"),
        ("a.docx", package("word/document.xml", "word/vbaProject.bin"), "macro"),
        ("a.docx", b"", "empty"),
        ("a.jpg", b"", "empty"),
        ("a.jpg", b"<svg onload=alert(1)>", "not_a_photo"),
        ("a.jpg", b"%PDF-1.7", "not_a_photo"),
        ("a.png", picture("GIF"), "not_a_photo"),
        ("a.jpg", picture()[:200], "not_a_photo"),
        ("a.jpg", b"\x00\x00\x00\x18ftypheic" + bytes(50), "heic"),
        ("a.HEIC", b"\x00\x00\x00\x18ftypheic" + bytes(50), "heic"),
        ("a.svg", b"<svg/>", "wrong_type"),
        ("a.exe", b"MZ", "wrong_type"),
        ("无扩展名", b"a", "wrong_type"),
        ("a.php.jpg", picture(), "wrong_type"),
        (".htaccess", b"a", "wrong_type"),
    ],
)
def test_refused(name: str, data: bytes, code: str, folder: Path) -> None:
    assert refused(name, data) == code
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_only_what_is_asked_for_is_taken() -> None:
    assert refused("a.pdf", SOUND["总结.pdf"], PHOTOS) == "wrong_type"
    assert refused("a.jpg", picture(), DOCUMENTS) == "wrong_type"


@pytest.mark.parametrize(("name", "most"), [("a.pdf", documents.MAX_BYTES), ("a.jpg", photos.MAX_BYTES)])
def test_too_big_is_refused_before_it_is_read(name: str, most: int) -> None:
    unread = SimpleNamespace(name=name, size=most + 1)
    with pytest.raises(DomainError, match="超过"):
        keep_file(upload=unread, by=None, accept=PHOTOS | DOCUMENTS)


def test_a_refusal_stands_at_the_field() -> None:
    with pytest.raises(DomainError) as refusal:
        keep_file(upload=upload("a.exe", b"x"), by=None, accept=DOCUMENTS, field="minutes")
    assert refusal.value.field == "minutes"


# -- photos --------------------------------------------------------------------------------------


def opened(stored: StoredFile) -> Image.Image:
    image = Image.open(BytesIO(read_file(stored)))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photos_become_jpeg(kind: str) -> None:
    stored = keep(f"现场.{kind.lower()}", picture(kind), PHOTOS)
    assert (stored.name, stored.content_type, stored.is_photo) == ("现场.jpg", "image/jpeg", True)
    assert (opened(stored).format, opened(stored).size) == ("JPEG", (40, 30))


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16"])
def test_any_mode_of_png(mode: str) -> None:
    assert opened(keep("a.png", picture("PNG", mode=mode))).mode == "RGB"


def test_cmyk() -> None:
    assert opened(keep("a.jpg", picture(mode="CMYK"))).mode == "RGB"


def test_transparent_becomes_white() -> None:
    clear = picture("PNG", mode="RGBA", color=(0, 0, 0, 0))
    assert opened(keep("a.png", clear)).getpixel((3, 3)) == (255, 255, 255)


def test_what_a_photo_carries_does_not_stay() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lying on its side
    exif[0x010E] = "secret place"
    data = picture(exif=exif, comment=b"secret comment") + b"<script>secret tail</script>"
    stored = keep("a.jpg", data)
    assert b"secret" not in read_file(stored)
    assert (dict(opened(stored).getexif()), opened(stored).size) == ({}, (30, 40))


def test_the_longest_side_has_a_limit() -> None:
    assert opened(keep("a.jpg", picture(size=(4800, 1200)))).size == (2400, 600)
    assert opened(keep("a.png", picture("PNG", size=(1200, 4800)))).size == (600, 2400)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_bombs_are_refused_by_their_header(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = picture(kind, size=(300, 300))
    monkeypatch.setattr(photos, "MAX_PIXELS", 300 * 300 - 1)
    monkeypatch.setattr(Image.Image, "load", None)
    assert refused(f"a.{kind.lower()}", data) == "too_big"


@pytest.mark.parametrize(
    "options", [{}, {"lossless": True}, {"exif": b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00"}]
)
def test_the_size_of_a_webp_is_in_its_header(options: dict) -> None:
    assert photos._webp_pixels(picture("WEBP", size=(123, 45), **options)) == 123 * 45


def test_a_giant_png() -> None:
    """Pillow itself raises from 179 million pixels on."""
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (30000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    assert refused("a.png", head + b"\x3e\x4f\x5c\x7d" + bytes(30)) in ("too_big", "not_a_photo")


# -- on the disk and out again --------------------------------------------------------------------


def test_the_disk_holds_neither_name_nor_content(folder: Path) -> None:
    stored = keep("张三的诊断.txt", "诊断结论".encode())
    (path,) = [path for path in folder.rglob("*") if path.is_file()]
    assert path.relative_to(folder).as_posix() == f"files/{stored.uid.hex[:2]}/{stored.uid.hex}.bin"
    assert "诊断".encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_moved_to_another_row_does_not_open(folder: Path) -> None:
    mine, other = keep("a.txt", b"mine"), keep("b.txt", b"other")
    paths = {stored: folder / f"files/{stored.uid.hex[:2]}/{stored.uid.hex}.bin" for stored in (mine, other)}
    paths[mine].write_bytes(paths[other].read_bytes())
    with pytest.raises(DomainError, match="数据校验失败"):
        read_file(mine)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/总结.txt", "总结.txt"),
        (r"C:\文档\总结.txt", "总结.txt"),
        ("a\x00b.txt", "a_b.txt"),
        ("CON.txt", "_CON.txt"),
        ("a\u202egpj.txt", "a_gpj.txt"),
        ("方案.v2.txt", "方案.v2.txt"),
        ("长" * 300 + ".txt", "长" * 196 + ".txt"),
    ],
)
def test_names(given: str, kept: str) -> None:
    assert keep(given, b"a").name == kept


def test_a_document_is_saved_under_its_chinese_name() -> None:
    response = file_response(keep("年度总结.txt", b"text"))
    assert response.content == b"text"
    expected = "attachment; filename*=utf-8''%E5%B9%B4%E5%BA%A6%E6%80%BB%E7%BB%93.txt"
    assert response["Content-Disposition"] == expected
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_photo_is_shown() -> None:
    response = file_response(keep("现场.png", picture("PNG")))
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert response["Content-Type"] == "image/jpeg"


def test_a_lost_file_is_said_in_words() -> None:
    stored = keep("总结.txt", b"a")
    sweep_all(stored)
    with pytest.raises(DomainError, match="「总结.txt」已不在"):
        read_file(stored)


def sweep_all(stored: StoredFile) -> None:
    StoredFile.objects.filter(pk=stored.pk).delete()
    assert sweep(at=timezone.now() + timedelta(days=2)) == 1


def test_the_sweep_leaves_what_has_a_row_or_is_fresh(folder: Path) -> None:
    kept, fresh = keep("a.txt", b"a"), keep("b.txt", b"b")
    StoredFile.objects.filter(pk=fresh.pk).delete()
    (folder / "files" / "ab").mkdir(exist_ok=True)
    (folder / "files" / "ab" / "draft.123.tmp").write_bytes(b"half")
    assert sweep(at=timezone.now()) == 0
    assert sweep(at=timezone.now() + timedelta(days=2)) == 2
    assert read_file(kept) == b"a"


def test_dropped_only_when_the_change_stands(django_capture_on_commit_callbacks) -> None:
    stored = keep("a.txt", b"a")
    with transaction.atomic():
        drop_file(StoredFile.objects.get())
        transaction.set_rollback(True)
    assert read_file(StoredFile.objects.get()) == b"a"
    with django_capture_on_commit_callbacks(execute=True):
        drop_file(StoredFile.objects.get())
    with pytest.raises(DomainError):
        read_file(stored)
