import random

import pytest

from people.names import initials_of, name_keys, normalise_name, pinyin_of, split_name, stroke_key

# domain.md 8
BY_SURNAME_STROKES = [
    "丁薛",
    "于会文",
    "王宁",
    "王凯",
    "王小洪",
    "文静",
    "田富",
    "田大利",
    "李一鸣",
    "李大鸣",
    "林涛",
    "欧阳少东",
]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("王 宁", "王宁"),
        ("王\u3000宁 ", "王宁"),
        ("王\u200b宁\ufeff", "王宁"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽 ‧ 买买提", "阿依古丽·买买提"),
        ("\ufa5b", "\u8005"),  # a compatibility ideograph is canonically the character it stands for
        ("𬱖㛃䶮", "𬱖㛃䶮"),
        ("Ａ", "Ａ"),  # NFKC would have made it a plain A
    ],
)
def test_a_name_is_stored_in_one_form(written: str, stored: str) -> None:
    assert normalise_name(written) == stored


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("莫大明", "mo da ming"),
        ("单志远", "shan zhi yuan"),
        ("仇英", "qiu ying"),
        ("解放", "xie fang"),
        ("查良", "zha liang"),
        ("曾国华", "zeng guo hua"),
        ("盖文", "ge wen"),
        ("区大同", "ou da tong"),
        ("朴永", "piao yong"),
        ("翟天", "zhai tian"),
        ("缪斯", "miao si"),
        ("任重", "ren zhong"),
        ("华罗", "hua luo"),
        ("尉迟恭", "yu chi gong"),
        ("尉文", "wei wen"),
        ("万俟明", "mo qi ming"),
        ("万明", "wan ming"),
        ("长孙安", "zhang sun an"),
        ("单于明", "chan yu ming"),
        ("单于", "shan yu"),  # two characters are a surname and a given name
        ("欧阳少东", "ou yang shao dong"),
        ("吕布", "lv bu"),
        ("闾丘明", "lv qiu ming"),
        ("䶮㛃𬱖", "yan jie di"),
        ("阿依古丽·买买提", "a yi gu li mai mai ti"),
        ("李 Mary", "li mary"),
        ("", ""),
    ],
)
def test_pinyin_with_the_readings_of_surnames(name: str, pinyin: str) -> None:
    assert pinyin_of(name) == pinyin


def test_initials_are_the_first_letters_of_the_syllables() -> None:
    assert [initials_of(name) for name in ("莫大明", "单志远", "欧阳少东", "阿依古丽·买买提")] == [
        "mdm",
        "szy",
        "oysd",
        "ayglmmt",
    ]


def test_order_by_surname_strokes() -> None:
    names = random.Random(3).sample(BY_SURNAME_STROKES, len(BY_SURNAME_STROKES))
    assert sorted(names, key=stroke_key) == BY_SURNAME_STROKES


def test_a_given_name_of_one_character_comes_first() -> None:
    assert sorted(["高大富", "高富"], key=stroke_key) == ["高富", "高大富"]


def test_same_number_of_strokes_is_ordered_by_their_forms() -> None:
    assert sorted("方卞文毛牛王", key=stroke_key) == list("王牛毛卞文方")


def test_unknown_characters_come_last_and_keys_are_digits() -> None:
    assert sorted(["𬱖文", "䶮文", "籲文", "丁文"], key=stroke_key) == ["丁文", "籲文", "䶮文", "𬱖文"]
    assert stroke_key("阿依古丽·买Mary").isdigit()


def test_a_correction_of_the_table() -> None:
    assert sorted(["达", "成", "列", "灰", "戊"], key=stroke_key) == ["戊", "灰", "达", "列", "成"]


def test_keys_fit_their_columns() -> None:
    keys = name_keys("阿依古丽·" + "买" * 55)
    assert (len(keys.pinyin) <= 160, len(keys.initials), len(keys.strokes)) == (True, 30, 200)


def test_split_name() -> None:
    assert [split_name(name) for name in ("欧阳少东", "欧阳", "王宁", "阿·依", "王", "")] == [
        ("欧阳", "少东"),
        ("欧", "阳"),
        ("王", "宁"),
        ("", "阿·依"),
        ("王", ""),
        ("", ""),
    ]
