"""The exchange file of the 干部任免审批表 (.lrmx): flat XML, root Person, all text (domain.md 3.2).

`read_lrmx` takes what the many writers of this format produce (BOM, GBK, dates in several styles, empty
tags in three ways); `write_lrmx` writes what the official editor expects. Unknown tags are kept with their
place and come back: `read_lrmx(write_lrmx(form)) == form`.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from xml.etree.ElementTree import Element, tostring
from xml.parsers import expat
from xml.sax.saxutils import escape

from defusedxml import ElementTree as SafeTree
from defusedxml.common import DefusedXmlException

from people.imports.faults import FileRefused

MAX_BYTES = 5 << 20
MAX_PHOTO_BYTES = 3 << 20
MAX_DEPTH = 64
MAX_ELEMENTS = 20_000
VERSION = "3.2.1.16"

_FAMILY = "JiaTingChengYuan"
_PHOTO = "ZhaoPian"
_MULTILINE = frozenset({"JianLi", "JiangChengQingKuang", "NianDuKaoHeJieGuo", "RenMianLiYou"})


def _tag(name: str) -> str:
    """A text field that is the tag `name`."""
    result: str = field(default="", metadata={"tag": name})
    return result


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """One Item of 家庭主要成员及重要社会关系; the birth date as written, mostly yyyyMM."""

    relation: str = _tag("ChengWei")
    name: str = _tag("XingMing")
    born: str = _tag("ChuShengRiQi")
    political_status: str = _tag("ZhengZhiMianMao")
    workplace: str = _tag("GongZuoDanWeiJiZhiWu")

    @property
    def is_empty(self) -> bool:
        """Editors fill the list up with empty items."""
        return not any(getattr(self, entry.name) for entry in fields(self))


@dataclass(frozen=True, slots=True)
class OtherTag:
    """A tag this product does not know: its XML as it came, and the known tag it stood behind."""

    tag: str
    xml: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class AppointmentForm:
    """All 36 tags in the order of the file. Texts are as written, without outer space."""

    name: str = _tag("XingMing")
    sex: str = _tag("XingBie")
    birth_month: str = _tag("ChuShengNianYue")
    ethnicity: str = _tag("MinZu")
    native_place: str = _tag("JiGuan")
    birthplace: str = _tag("ChuShengDi")
    party_joined: str = _tag("RuDangShiJian")
    work_started: str = _tag("CanJiaGongZuoShiJian")
    retirement_month: str = _tag("DaoLingNianYue")
    health: str = _tag("JianKangZhuangKuang")
    professional_title: str = _tag("ZhuanYeJiShuZhiWu")
    specialty: str = _tag("ShuXiZhuanYeYouHeZhuanChang")
    full_time_level: str = _tag("QuanRiZhiJiaoYu_XueLi")
    full_time_degree: str = _tag("QuanRiZhiJiaoYu_XueWei")
    full_time_level_school: str = _tag("QuanRiZhiJiaoYu_XueLi_BiYeYuanXiaoXi")
    full_time_degree_school: str = _tag("QuanRiZhiJiaoYu_XueWei_BiYeYuanXiaoXi")
    in_service_level: str = _tag("ZaiZhiJiaoYu_XueLi")
    in_service_degree: str = _tag("ZaiZhiJiaoYu_XueWei")
    in_service_level_school: str = _tag("ZaiZhiJiaoYu_XueLi_BiYeYuanXiaoXi")
    in_service_degree_school: str = _tag("ZaiZhiJiaoYu_XueWei_BiYeYuanXiaoXi")
    current_post: str = _tag("XianRenZhiWu")
    proposed_post: str = _tag("NiRenZhiWu")
    removed_post: str = _tag("NiMianZhiWu")
    resume: str = _tag("JianLi")
    rewards: str = _tag("JiangChengQingKuang")
    appraisals: str = _tag("NianDuKaoHeJieGuo")
    reason: str = _tag("RenMianLiYou")
    family: tuple[FamilyLine, ...] = field(default=(), metadata={"tag": _FAMILY})
    submitting_unit: str = _tag("ChengBaoDanWei")
    age_counted_on: str = _tag("JiSuanNianLingShiJian")
    filled_on: str = _tag("TianBiaoShiJian")
    filled_by: str = _tag("TianBiaoRen")
    id_number: str = _tag("ShenFenZheng")
    photo: bytes = field(default=b"", metadata={"tag": _PHOTO}, repr=False)
    version: str = _tag("Version")
    pre_reform_age_limit: str = _tag("GaiGeQianRenZhiNianLingJieXian")
    others: tuple[OtherTag, ...] = ()


def tag_of(field_name: str) -> str:
    """The XML tag of a field of AppointmentForm."""
    return _FIELD_TAGS[field_name]


_FIELD_TAGS: dict[str, str] = {
    entry.name: entry.metadata["tag"] for entry in fields(AppointmentForm) if "tag" in entry.metadata
}
_TAG_FIELDS = {tag: name for name, tag in _FIELD_TAGS.items()}
_ITEM_TAGS = {entry.metadata["tag"]: entry.name for entry in fields(FamilyLine)}
TAGS = tuple(_FIELD_TAGS.values())


# ---- reading ----------------------------------------------------------------------------------------


def read_lrmx(data: bytes) -> AppointmentForm:
    """The form in the file; raises FileRefused with one Chinese sentence."""
    if len(data) > MAX_BYTES:
        raise FileRefused("文件超过 5 MB 的上限；请缩小照片后重新保存。", code="too_big")
    text = _clean(_decode(data))
    _measure(text)
    try:
        root = SafeTree.fromstring(text, forbid_dtd=True)
    except (DefusedXmlException, SafeTree.ParseError, ValueError) as error:
        raise _damaged() from error
    if _local(root.tag) != "Person":
        message = "这个文件不是干部任免审批表（.lrmx）；请用任免审批表编辑器另存后再导入。"
        raise FileRefused(message, code="not_lrmx")
    return _form(root)


def _damaged() -> FileRefused:
    message = "文件已损坏或不是干部任免审批表（.lrmx）；请用任免审批表编辑器打开并另存后再导入。"
    return FileRefused(message, code="damaged_file")


def _decode(data: bytes) -> str:
    """By byte order mark, then by what the file declares, then by trying."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _try(data, "utf-16")
    declared = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w-]+)", data[:200])
    gb = declared is not None and declared.group(1).lower().startswith(b"gb")
    return _try(data, "gb18030", "utf-8-sig") if gb else _try(data, "utf-8-sig", "gb18030")


def _try(data: bytes, *encodings: str) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("无法识别文件的文字编码；请用任免审批表编辑器另存后再导入。", code="bad_encoding")


_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCES = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|(\d{1,7}));")


def _without_control(reference: re.Match[str]) -> str:
    """Nothing for a numeric reference to a control character, which no XML may hold; else as it is."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return "" if code < 32 and code not in (9, 10, 13) else reference[0]


def _clean(text: str) -> str:
    """Without the declaration (already obeyed) and the control characters that no XML may hold."""
    text = re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL)
    return _CONTROLS.sub("", _REFERENCES.sub(_without_control, re.sub(r"[\x0b\x0c]", "\n", text))).strip()


def _measure(text: str) -> None:
    """Refuses document types, deep nesting and floods of elements before a tree is built."""
    parser = expat.ParserCreate("utf-8")
    depth = count = 0

    def start(*_: object) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise FileRefused("文件的层次或条目过多，不像任免审批表，不予读取。", code="too_deep")

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    def dtd(*_: object) -> None:
        message = "文件含有 DTD 或实体声明，可能被人为构造，不予读取；请用任免审批表编辑器重新保存。"
        raise FileRefused(message, code="dtd")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = dtd
    try:
        parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        raise _damaged() from error


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _text(element: Element) -> str:
    """Inner text; line breaks as \\n, nothing around it."""
    return "".join(element.itertext()).replace("\r\n", "\n").replace("\r", "\n").strip()


def _form(root: Element) -> AppointmentForm:
    values: dict[str, object] = {}
    others: list[OtherTag] = []
    after = ""
    for child in root:
        tag = _local(child.tag)
        name = _TAG_FIELDS.get(tag)
        if name is None or name in values:
            child.tail = None
            others.append(OtherTag(tag, tostring(child, encoding="unicode"), after))
        else:
            values[name] = _value(tag, child)
            after = tag
    return AppointmentForm(**values, others=tuple(others))  # type: ignore[arg-type]


def _value(tag: str, element: Element) -> object:
    if tag == _FAMILY:
        lines = (_family_line(item) for item in element if _local(item.tag) == "Item")
        return tuple(line for line in lines if not line.is_empty)
    if tag == _PHOTO:
        return _photo(_text(element))
    text = _text(element)
    return text if tag in _MULTILINE else re.sub(r"\s*\n\s*", "", text)


def _family_line(item: Element) -> FamilyLine:
    values = {_ITEM_TAGS[tag]: _one_line(child) for child in item if (tag := _local(child.tag)) in _ITEM_TAGS}
    return FamilyLine(**values)


def _one_line(element: Element) -> str:
    return re.sub(r"\s*\n\s*", "", _text(element))


def _photo(text: str) -> bytes:
    packed = re.sub(r"\s+", "", text)
    if len(packed) > MAX_PHOTO_BYTES * 4 // 3 + 4:
        raise FileRefused("表中的照片超过 3 MB；请压缩照片后重新保存。", code="photo_too_big")
    try:
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise FileRefused("表中的照片数据已损坏；请重新插入照片后再导入。", code="bad_photo") from error


# ---- writing ----------------------------------------------------------------------------------------


def write_lrmx(form: AppointmentForm) -> bytes:
    """UTF-8 with CRLF, one tag a line, every tag present, unknown tags where they stood."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<Person>"]
    lines += _others(form.others, "")
    for name, tag in _FIELD_TAGS.items():
        lines += _lines(tag, getattr(form, name))
        lines += _others(form.others, tag)
    return "\r\n".join([*lines, "</Person>"]).encode("utf-8")


def _others(others: Iterable[OtherTag], after: str) -> Iterator[str]:
    return (f"  {other.xml}" for other in others if other.after == after)


def _lines(tag: str, value: str | bytes | tuple[FamilyLine, ...]) -> list[str]:
    if isinstance(value, bytes):
        return [_element(tag, base64.b64encode(value).decode("ascii"), 2)]
    if isinstance(value, str):
        return [_element(tag, value, 2)]
    items = [line for member in value for line in _item(member)]
    return [f"  <{tag}>", *items, f"  </{tag}>"] if items else [f"  <{tag} />"]


def _item(member: FamilyLine) -> list[str]:
    inner = [_element(tag, getattr(member, name), 6) for tag, name in _ITEM_TAGS.items()]
    return ["    <Item>", *inner, "    </Item>"]


def _element(tag: str, text: str, indent: int) -> str:
    """Line breaks inside a text are CRLF as in the rest of the file."""
    space = " " * indent
    if not text:
        return f"{space}<{tag} />"
    inner = escape(_CONTROLS.sub("", text)).replace("\n", "\r\n")
    return f"{space}<{tag}>{inner}</{tag}>"
