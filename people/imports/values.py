"""Single cells to values: names, numbers, texts, choices. Each reader returns a value or raises BadValue."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from people.choices import Sex
from people.identity import Identity, IdentityError, check_character, read_identity
from people.imports import limits
from people.imports.dates import BadValue
from people.imports.text import clean, one_line, squeeze
from people.imports.workbook import CellValue
from people.names import normalise_name
from people.phones import WAY_OUT, bare_number, is_phone

# What people type to say that there is nothing to say.
_NOTHING = frozenset(
    {"/", "\\", "-", "--", "—", "——", "－", "无", "暂无", "空", "N/A", "NA", "NULL", "NONE", "…"}
)
_SEX_NOTE = re.compile(r"[(（](男|女)[)）]$")
MAX_NAME = 30


def is_blank(value: CellValue) -> bool:
    """Empty, only spaces, or one of the marks for "nothing"."""
    if value is None:
        return True
    return isinstance(value, str) and (not (flat := squeeze(value)) or flat.upper() in _NOTHING)


def as_text(value: CellValue) -> str:
    """What the cell shows, on one line: 1001.0 is 1001, a date is 2026-05-01."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute) else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return one_line(str(value))


def read_text(value: CellValue, *, longest: int) -> str:
    """Free text as written. Refuses what would be cut off."""
    text = as_text(value)
    if len(text) > min(longest, limits.MAX_CELL_TEXT):
        raise BadValue("too_long", f"内容有 {len(text)} 个字，超过 {longest} 个字的上限；请缩短后再导入。")
    return text


def read_name(value: CellValue) -> str:
    """A person's name: no inner spaces, one kind of middle dot, letters and hanzi only."""
    shown = as_text(value)
    name = normalise_name(_SEX_NOTE.sub("", clean(shown)))
    wrong = sorted({char for char in name if not _in_name(char)})
    if wrong:
        message = (
            f"姓名“{shown[:20]}”里有“{''.join(wrong)[:5]}”；姓名只能是文字和间隔号，请把其他内容写到备注。"
        )
        raise BadValue("bad_name", message)
    if len(name) > MAX_NAME:
        raise BadValue("bad_name", f"姓名有 {len(name)} 个字，超过 {MAX_NAME} 个字；请核对是否填错了列。")
    return name


def _in_name(char: str) -> bool:
    return char == "·" or unicodedata.category(char).startswith(("L", "Co"))


def read_staff_no(value: CellValue) -> str:
    text = squeeze(as_text(value)).lstrip("'")
    if len(text) > 32:
        raise BadValue("too_long", f"工号有 {len(text)} 位，超过 32 位；请核对是否填错了列。")
    return text


def read_sex(value: CellValue) -> str:
    text = squeeze(as_text(value)).upper().removesuffix("性")
    found = {"男": Sex.MALE, "女": Sex.FEMALE, "M": Sex.MALE, "F": Sex.FEMALE, "1": Sex.MALE, "2": Sex.FEMALE}
    if text not in found:
        raise BadValue("bad_sex", f"性别“{text[:10]}”无法识别；请填“男”或“女”。")
    return found[text].value


def read_id(value: CellValue, *, on: date) -> Identity:
    """A resident number of 18 characters; one of 15 digits is brought to its 18-character form."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**15:
        raise _id_as_number()
    text = squeeze(as_text(value)).strip("'`‘’\"").upper()
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", text):
        raise _id_as_number()
    text = re.sub(r"[×Хх✕╳]$", "X", text)
    if re.fullmatch(r"\d{15}", text):
        text = _upgraded(text)
    try:
        return read_identity(text, on=on)
    except IdentityError as error:
        raise BadValue(error.code, error.message) from error


def _id_as_number() -> BadValue:
    message = "身份证号被存成了数字，末尾几位已经丢失；请把这一列设为“文本”格式后重新录入完整号码。"
    return BadValue("id_as_number", message)


def _upgraded(old: str) -> str:
    """The 18-character form of a first-generation number: the century and the check character added."""
    first = f"{old[:6]}19{old[6:]}"
    return first + check_character(first)


def read_phone(value: CellValue) -> str:
    """One or more numbers; a mobile without spaces, a landline as written."""
    text = unicodedata.normalize("NFKC", as_text(value))
    text = re.sub(r"(?:\+|\b00)?86[\s-]*(?=1[3-9]\d{9}(?!\d))", "", text)
    numbers = [
        _one_phone(part) for part in re.split(r"[、,;/]|\s{2,}|\s(?=1[3-9]\d{9})", text) if part.strip()
    ]
    return "、".join(numbers)


def _one_phone(part: str) -> str:
    shown = re.sub(r"[\s']", "", part)
    bare = bare_number(shown)
    if is_phone(shown):
        return bare if bare.startswith("1") else shown
    message = f"联系电话“{_masked(shown)}”（{len(bare)} 位）格式不对；{WAY_OUT}"
    raise BadValue("phone_format", message)


def _masked(text: str) -> str:
    return text if len(text) < 7 else f"{text[:3]}…{text[-2:]}"


_HANZI_NUMBERS = {c: str(n) for n, c in enumerate("零一二三四五六七八九十")} | {"两": "2", "半": "0.5"}
_AMOUNT = re.compile(
    r"(?:每人|人均|共计|共|计|约|合)*([-−]?\d+(?:\.\d+)?)个?(学时|课时|小时|H|学分|天|日|人天)?$"
)
_STEP = Decimal("0.25")
MAX_AMOUNT = Decimal(999)


def read_hours(value: CellValue) -> Decimal:
    return _read_amount(value, "学时", ("学时", "课时", "小时", "H", "学分"))


def read_days(value: CellValue) -> Decimal:
    return _read_amount(value, "天数", ("天", "日", "人天"))


def _read_amount(value: CellValue, what: str, units: tuple[str, ...]) -> Decimal:
    """An exact amount in quarter steps between 0 and 999."""
    shown = as_text(value)[:30]
    flat = squeeze(shown).upper()
    flat = _HANZI_NUMBERS.get(flat[:1], flat[:1]) + flat[1:] if len(flat) <= 3 else flat
    match = _AMOUNT.match(flat)
    if match is None or (match.group(2) and match.group(2) not in units):
        raise BadValue(f"bad_{_CODES[what]}", f"{what}“{shown}”不是数；请只填数字，如 8 或 4.5。")
    amount = _decimal(match.group(1).replace("−", "-"), what, shown)
    if amount < 0:
        raise BadValue(f"bad_{_CODES[what]}", f"{what}“{shown}”是负数；请填 0 以上的数。")
    if amount > MAX_AMOUNT:
        raise BadValue(f"bad_{_CODES[what]}", f"{what}“{shown}”超过 {MAX_AMOUNT}；请核对是否填错了列。")
    if amount % _STEP:
        raise BadValue(f"bad_{_CODES[what]}", f"{what}“{shown}”应以 0.25 为最小单位；请改为 0.25 的倍数。")
    return amount


_CODES = {"学时": "hours", "天数": "days"}


def _decimal(text: str, what: str, shown: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise BadValue(f"bad_{_CODES[what]}", f"{what}“{shown}”不是数；请只填数字。") from None


def read_choice(value: CellValue, words: Mapping[str, str], *, what: str, code: str, options: str) -> str:
    """The choice that a word stands for: the word itself, else the first known word that it contains."""
    shown = as_text(value)[:30]
    flat = squeeze(shown).upper()
    if flat in words:
        return words[flat]
    inside = [word for word in words if len(word) > 1 and word in flat and not flat.startswith("非")]
    if inside:
        return words[min(inside, key=lambda word: (flat.index(word), -len(word)))]
    close = get_close_matches(flat, list(words), n=1, cutoff=0.6)
    hint = f"是否应为“{close[0]}”？" if close else ""
    raise BadValue(code, f"{what}“{shown}”不在可选范围内。{hint}可填：{options}。")
