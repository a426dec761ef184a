"""Names as they are stored, found and ordered (domain.md 8).

The keys are stored columns, so SQLite and PostgreSQL order alike whatever their collation is.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import distribution
from pathlib import Path

MIDDLE_DOT = "·"
_MIDDLE_DOTS = re.compile("[•・．‧∙⋅･]")
# Joiners and the byte order mark come along when a name is copied from a page or a PDF.
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]|\\s")

# Readings as a surname. pypinyin knows the everyday reading; people of that name know better.
_SURNAME_READINGS = {
    "卜": "bu",
    "乜": "nie",
    "万": "wan",
    "干": "gan",
    "么": "yao",
    "仇": "qiu",
    "区": "ou",
    "尹": "yin",
    "车": "che",
    "尤": "you",
    "令": "ling",
    "石": "shi",
    "乐": "yue",
    "句": "gou",
    "召": "shao",
    "宁": "ning",
    "员": "yun",
    "朴": "piao",
    "过": "guo",
    "曲": "qu",
    "任": "ren",
    "会": "gui",
    "华": "hua",
    "牟": "mou",
    "纪": "ji",
    "佴": "nai",
    "余": "yu",
    "谷": "gu",
    "应": "ying",
    "沈": "shen",
    "妫": "gui",
    "折": "she",
    "单": "shan",
    "郇": "xun",
    "炅": "gui",
    "参": "shen",
    "种": "chong",
    "秘": "bi",
    "相": "xiang",
    "查": "zha",
    "柏": "bai",
    "洗": "xian",
    "冼": "xian",
    "贲": "ben",
    "能": "nai",
    "都": "du",
    "哈": "ha",
    "费": "fei",
    "郗": "xi",
    "莘": "shen",
    "盖": "ge",
    "尉": "wei",
    "隗": "wei",
    "晟": "cheng",
    "钭": "tou",
    "缪": "miao",
    "黑": "he",
    "强": "qiang",
    "葛": "ge",
    "覃": "qin",
    "阚": "kan",
    "曾": "zeng",
    "鲜": "xian",
    "谌": "chen",
    "解": "xie",
    "褚": "chu",
    "翟": "zhai",
    "臧": "zang",
    "撒": "sa",
    "燕": "yan",
    "薄": "bo",
    "繁": "po",
    "祭": "zhai",
    "瞿": "qu",
}
_COMPOUND_SURNAMES = {
    "万俟": "mo qi",
    "上官": "shang guan",
    "东方": "dong fang",
    "东郭": "dong guo",
    "乐正": "yue zheng",
    "亓官": "qi guan",
    "令狐": "ling hu",
    "公孙": "gong sun",
    "公冶": "gong ye",
    "公西": "gong xi",
    "仲孙": "zhong sun",
    "单于": "chan yu",
    "司徒": "si tu",
    "司寇": "si kou",
    "司空": "si kong",
    "司马": "si ma",
    "呼延": "hu yan",
    "百里": "bai li",
    "长孙": "zhang sun",
    "申屠": "shen tu",
    "太史": "tai shi",
    "太叔": "tai shu",
    "夏侯": "xia hou",
    "夹谷": "jia gu",
    "宇文": "yu wen",
    "宗政": "zong zheng",
    "宰父": "zai fu",
    "尉迟": "yu chi",
    "左丘": "zuo qiu",
    "慕容": "mu rong",
    "拓跋": "tuo ba",
    "拓拔": "tuo ba",
    "梁丘": "liang qiu",
    "欧阳": "ou yang",
    "淳于": "chun yu",
    "漆雕": "qi diao",
    "澹台": "tan tai",
    "濮阳": "pu yang",
    "独孤": "du gu",
    "皇甫": "huang fu",
    "端木": "duan mu",
    "第五": "di wu",
    "羊舌": "yang she",
    "诸葛": "zhu ge",
    "赫连": "he lian",
    "轩辕": "xuan yuan",
    "钟离": "zhong li",
    "闻人": "wen ren",
    "闾丘": "lü qiu",
    "南宫": "nan gong",
    "颛孙": "zhuan sun",
    "鲜于": "xian yu",
    "西门": "xi men",
    "谷梁": "gu liang",
    "贺兰": "he lan",
}

_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_STROKE_TABLE = ("cn-sort", "cn_sort/res/all_word.json")
# The table counts 达 with five strokes; with six it follows this character.
_MISPLACED = {"达": "灰"}
_AFTER_ALL_KNOWN = 42_000
_EMPTY_PLACE = "00000"


@dataclass(frozen=True, slots=True)
class NameKeys:
    pinyin: str
    initials: str
    strokes: str


def name_keys(name: str) -> NameKeys:
    """What is stored beside a name, cut to the length of the columns."""
    syllables = _syllables(normalise_name(name))
    pinyin, initials = " ".join(syllables), "".join(syllable[0] for syllable in syllables)
    return NameKeys(pinyin[:160], initials[:30], stroke_key(name)[:200])


def normalise_name(text: str) -> str:
    """NFC (never NFKC, which would change rare characters), no spaces, · as the only middle dot."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return _MIDDLE_DOTS.sub(MIDDLE_DOT, visible)


def pinyin_of(name: str) -> str:
    """Full pinyin in syllables, such as "mo da ming"; ü is v, as it is typed."""
    return name_keys(name).pinyin


def initials_of(name: str) -> str:
    return name_keys(name).initials


def stroke_key(name: str) -> str:
    """Text that sorts 按姓氏笔画: five digits a character, strokes counted first, then their forms.

    A given name of one character leaves the place before it empty, so 王宁 precedes 王小洪.
    Characters without a known stroke order come after all others.
    """
    surname, given = split_name(normalise_name(name))
    places = [*map(_stroke_place, surname)]
    if len(given) == 1:
        places.append(_EMPTY_PLACE)
    return "".join([*places, *map(_stroke_place, given)])


def split_name(name: str) -> tuple[str, str]:
    """Surname and given name; a name with a middle dot has no surname to split off."""
    if MIDDLE_DOT in name or not _HAN.match(name):
        return "", name
    length = 2 if name[:2] in _COMPOUND_SURNAMES and len(name) > 2 else 1
    return name[:length], name[length:]


def _syllables(name: str) -> list[str]:
    surname, given = split_name(name)
    return [*_clean(_surname_syllables(surname)), *_clean(_everyday_reading(given))]


def _surname_syllables(surname: str) -> list[str]:
    if surname in _COMPOUND_SURNAMES:
        return _COMPOUND_SURNAMES[surname].split()
    return [_SURNAME_READINGS[surname]] if surname in _SURNAME_READINGS else _everyday_reading(surname)


def _everyday_reading(characters: str) -> list[str]:
    # Its dictionaries take half a second to load; most processes never ask for a reading.
    from pypinyin import lazy_pinyin

    syllables: list[str] = lazy_pinyin(characters)
    return syllables


def _clean(syllables: Iterable[str]) -> list[str]:
    """Lower-case letters and digits only: what a person types into a search field."""
    letters = ("".join(filter(str.isalnum, part)).lower().replace("ü", "v") for part in syllables)
    return [part for part in letters if part]


def _stroke_place(character: str) -> str:
    known = _stroke_places().get(character)
    return f"{known or _AFTER_ALL_KNOWN + ord(character) // 5:05d}"


@lru_cache(maxsize=1)
def _stroke_places() -> dict[str, int]:
    """Place of each character in the order of GB 13000.1 (笔画序), doubled to leave room for corrections.

    Read as a file: importing the package would bring its dependencies and reset logging.
    """
    package, file = _STROKE_TABLE
    table = json.loads(Path(str(distribution(package).locate_file(file))).read_bytes())["all_word"]
    places = {entry["chinese"]: 2 * entry["stroke_increment_level"] for entry in table}
    for character, before in _MISPLACED.items():
        places[character] = places[before] + 1
    return places
