"""Documents: the content has to be what the ending says. Nothing of them is ever opened on the server."""

import zipfile
from io import BytesIO
from typing import Final

from core.errors import DomainError

_OFFICE = "application/vnd.openxmlformats-officedocument"
CONTENT_TYPES: Final = {
    ".pdf": "application/pdf",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".txt": "text/plain",
}
WANTED = " PDF、Word、Excel、PPT（.pptx）或 TXT 文件（30 MB 以内）"
MAX_BYTES = 30 << 20
MAX_UNPACKED = 300 << 20
MAX_PARTS = 10_000
_MAIN_FOLDERS = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = {".doc": ("WordDocument",), ".xls": ("Workbook", "Book")}


def check_size(size: int) -> None:
    if size == 0:
        raise DomainError("这个文件是空的，请重新选择。", code="empty")
    if size > MAX_BYTES:
        raise DomainError("文件超过 30 MB，请压缩图片或拆分后再上传。", code="too_big")


def check(data: bytes, suffix: str) -> None:
    check_size(len(data))
    if suffix in _MAIN_FOLDERS:
        _check_package(data, suffix)
    elif suffix in _STREAMS:
        _check_ole(data, suffix)
    elif not (_is_pdf(data) if suffix == ".pdf" else _is_text(data)):
        raise _mismatch(suffix)


def _mismatch(suffix: str) -> DomainError:
    message = f"文件内容与扩展名 {suffix} 不符，请用原来的软件另存为 {suffix} 后再上传。"
    return DomainError(message, code="wrong_content")


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]


def _is_text(data: bytes) -> bool:
    if b"\x00" in data:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _check_ole(data: bytes, suffix: str) -> None:
    """Word and Excel before 2007: one container, told apart by the names of its streams."""
    names = [name.encode("utf-16-le") for name in _STREAMS[suffix]]
    if not data.startswith(_OLE) or not any(name in data for name in names):
        raise _mismatch(suffix)


def _check_package(data: bytes, suffix: str) -> None:
    if data.startswith(_OLE):
        raise DomainError("文件设有打开密码，请取消密码、另存后再上传。", code="password")
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise _mismatch(suffix) from error
    _check_unpacked(parts)
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names or not any(n.startswith(_MAIN_FOLDERS[suffix]) for n in names):
        raise _mismatch(suffix)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise DomainError("文件含有宏，请另存为不带宏的格式后再上传。", code="macro")


def _check_unpacked(parts: list[zipfile.ZipInfo]) -> None:
    """By the sizes that the parts claim: the server never unpacks them, whoever downloads them will."""
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise DomainError("文件解压后过大，不能上传，请拆分后再试。", code="too_big")
