"""The text of a plan's file: .txt in the usual encodings, .docx with its automatic numbers written out.

A .docx is read from its own XML parts: two or three are needed, each bounded and without entities, and what
Word numbers by itself stands in no paragraph, so the numbers are reckoned here from the numbering part.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePath
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from core.errors import DomainError
from core.files import documents
from park.plan_text.numerals import spelt
from park.plan_text.tables import FEWEST_CELLS, is_of_figures
from park.plan_text.task_tables import head_of_tasks

SUFFIXES: Final = (".txt", ".docx")
MAX_BYTES: Final = 5 << 20
MAX_PART: Final = 30 << 20
MAX_CHARACTERS: Final = 200_000

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What was moved away or deleted, and the second drawing of a text box for older programs.
_UNPRINTED: Final = (
    f"{_W}moveFrom",
    f"{_W}del",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)
_HAN_FORMATS: Final = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "chineseLegalSimplified",
        "ideographDigital",
        "ideographTraditional",
        "japaneseCounting",
        "taiwaneseCountingThousand",
    }
)


def read_plan_file(data: bytes, filename: str) -> str:
    """The text with \\n between lines; DomainError when it cannot be read."""
    suffix = PurePath(filename).suffix.lower()
    if suffix not in SUFFIXES:
        message = "只能读取 .txt 和 .docx 文件；.doc 和 .wps 请先另存为 .docx，或直接粘贴文字。"
        raise DomainError(message, field="file", code="wrong_type")
    if len(data) > MAX_BYTES:
        raise DomainError("文件超过 5 MB；请删去图片后再导入，或直接粘贴文字。", field="file", code="too_big")
    return checked_text(_from_docx(data) if suffix == ".docx" else _from_text(data))


def checked_text(text: str) -> str:
    """Line ends as one sign; refuses what is empty or no plan by its length."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if not text.strip():
        raise DomainError("文件里没有文字；扫描件请先识别成文字。", field="file", code="empty")
    if len(text) > MAX_CHARACTERS:
        message = f"文字超过 {MAX_CHARACTERS // 10_000} 万字，不像一份方案；请只留方案正文。"
        raise DomainError(message, field="file", code="too_long")
    return text


def _from_text(data: bytes) -> str:
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = "认不出文件的文字编码；请用记事本另存为 UTF-8，或直接粘贴文字。"
    raise DomainError(message, field="file", code="bad_encoding")


def _from_docx(data: bytes) -> str:
    documents.check(data, ".docx")
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            body = _part(package, "word/document.xml")
            numbering = _Numbering.read(
                _part(package, "word/numbering.xml"), _part(package, "word/styles.xml")
            )
    except (zipfile.BadZipFile, ParseError, DefusedXmlException, OSError, ValueError, KeyError) as error:
        raise _damaged() from error
    if body is None:
        raise _damaged()
    return "\n".join(_lines(body, numbering))


def _damaged() -> DomainError:
    message = "Word 文件已损坏，无法读取；请在 Word 或 WPS 中另存为 .docx 后再试，或直接粘贴文字。"
    return DomainError(message, field="file", code="damaged")


def _part(package: zipfile.ZipFile, name: str) -> Element | None:
    if name not in package.namelist():
        return None
    with package.open(name) as stream:
        content = stream.read(MAX_PART + 1)
    if len(content) > MAX_PART:
        raise ValueError("part too large")
    root: Element = fromstring(content, forbid_dtd=True)
    return root


def _lines(body: Element, numbering: "_Numbering") -> Iterator[str]:
    """Paragraphs, and tables: one of figures or tasks row by row with tabs, any other cell by cell."""
    for node in body:
        if node.tag == f"{_W}p":
            yield _paragraph(node, numbering)
        elif node.tag == f"{_W}tbl":
            yield from _table(node, numbering)
        elif node.tag not in _UNPRINTED:
            yield from _lines(node, numbering)


def _table(table: Element, numbering: "_Numbering") -> Iterator[str]:
    rows = [[[*_lines(cell, numbering)] for cell in row.iter(f"{_W}tc")] for row in table.findall(f"{_W}tr")]
    words = [[_one_line(cell) for cell in row] for row in rows]
    kept = is_of_figures(words) or head_of_tasks(words) is not None
    if kept and max(len(row) for row in words) >= FEWEST_CELLS:
        yield from ("\t".join(row) for row in words)
        return
    for row in rows:
        for cell in row:
            yield from cell


def _one_line(cell: list[str]) -> str:
    """A cell's words without its breaks: a break or a tab would end the row or the cell."""
    return "".join(part.strip() for line in cell for part in re.split(r"[\n\t]", line))


def _paragraph(paragraph: Element, numbering: "_Numbering") -> str:
    text = "".join(_runs(paragraph))
    number = numbering.next_of(paragraph) if text.strip() else ""
    return f"{number}{text}"


def _runs(node: Element) -> Iterator[str]:
    for child in node:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield "\t" if child.get(f"{_W}val") is None else ""
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag not in _UNPRINTED:
            yield from _runs(child)


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str
    start: int


@dataclass
class _Numbering:
    """Word's lists: numId → list, list and level → how its number looks, and how far each has counted."""

    lists: dict[str, str] = field(default_factory=dict)
    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    @classmethod
    def read(cls, numbering: Element | None, styles: Element | None) -> "_Numbering":
        found = cls()
        if numbering is None:
            return found
        for abstract in numbering.iter(f"{_W}abstractNum"):
            key = abstract.get(f"{_W}abstractNumId", "")
            for level in abstract.iter(f"{_W}lvl"):
                place = int(level.get(f"{_W}ilvl", "0"))
                start = int(_value(level, "start") or 1)
                found.levels[key, place] = _Level(_value(level, "numFmt"), _value(level, "lvlText"), start)
        for number in numbering.iter(f"{_W}num"):
            found.lists[number.get(f"{_W}numId", "")] = _value(number, "abstractNumId")
        for style in styles.iter(f"{_W}style") if styles is not None else ():
            if given := _given(style):
                found.styles[style.get(f"{_W}styleId", "")] = given
        return found

    def next_of(self, paragraph: Element) -> str:
        """The number that Word would print before this paragraph."""
        given = _given(paragraph)
        if given is None:
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            given = self.styles.get(style.get(f"{_W}val", "")) if style is not None else None
        if given is None or given[0] not in self.lists:
            return ""
        key, place = self.lists[given[0]], given[1]
        level = self.levels.get((key, place))
        if level is None:
            return ""
        self.counts[key, place] = self.counts.get((key, place), level.start - 1) + 1
        for below in [one for one in self.counts if one[0] == key and one[1] > place]:
            del self.counts[below]
        return self._printed(key, level)

    def _printed(self, key: str, level: _Level) -> str:
        if level.format == "bullet":
            return "• "
        text = level.text
        for place in range(9):
            shown = self.levels.get((key, place))
            if f"%{place + 1}" in text and shown is not None:
                count = self.counts.get((key, place), shown.start)
                text = text.replace(f"%{place + 1}", _formatted(count, shown.format))
        return text


def _value(node: Element, name: str) -> str:
    child = node.find(f"{_W}{name}")
    return "" if child is None else child.get(f"{_W}val", "")


def _given(node: Element) -> tuple[str, int] | None:
    numbered: Any = node.find(f"{_W}pPr/{_W}numPr")
    if numbered is None or not _value(numbered, "numId"):
        return None
    return _value(numbered, "numId"), int(_value(numbered, "ilvl") or 0)


def _formatted(count: int, style: str) -> str:
    if style in _HAN_FORMATS and 0 < count < 100:
        return spelt(count)
    if style.startswith("decimalEnclosedCircle") and 0 < count <= 20:
        return chr(ord("①") + count - 1)
    return str(count)
