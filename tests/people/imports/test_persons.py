import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.imports.persons import KnownPeople, Person, read_people

NAMES = [
    ("陆昇", "党政办公室"), ("向静", "党政办公室"), ("解旌", "招商发展局"), ("王伟", "党政办公室"),
    ("王伟", "招商发展局"), ("张三丰", "招商发展局"), ("张三", "招商发展局"),
    ("阿依古丽·买买提", "招商发展局"),
]  # fmt: skip
KNOWN = KnownPeople.of(Person(n, name, f"JK{n:03d}", unit) for n, (name, unit) in enumerate(NAMES))


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("陆昇 向静 解旌", [0, 1, 2]),
        ("陆昇、向静，解旌,张三;张三丰/陆  昇"[:-5], [0, 1, 2, 6, 5]),
        ("陆  昇、向 静", [0, 1]),
        ("陆 昇 向静", [0, 1]),
        ("陆昇\n向静\n", [0, 1]),
        ("1.陆昇 2.向静", [0, 1]),
        ("陆昇向静", [0, 1]),
        ("陆昇（组长）、向静(副组长)。", [0, 1]),
        ("王伟(JK004)、陆昇", [4, 0]),
        ("王伟（招商发展局）", [4]),
        ("党政办公室：王伟、陆昇；招商发展局：王伟", [3, 0, 4]),
        ("JK000、jk001", [0, 1]),
        ("陆昇 JK000 向静 JK001", [0, 1]),
        ("张三丰 张三", [5, 6]),
        ("阿依古丽•买买提", [7]),
    ],
)
def test_people_of_a_cell(written, found):
    people, faults = read_people(written, KNOWN)
    assert (faults, [person.pk for person in people]) == ([], found)


@pytest.mark.parametrize(
    ("written", "code", "words"),
    [
        ("陆升", "unknown_person", "是否应为“陆昇”"),
        ("李 四", "unknown_person", "“李四”"),
        ("王伟", "ambiguous_name", "JK003 党政办公室、JK004 招商发展局"),
        ("陆昇、陆昇", "duplicate_person", "写了两次"),
        ("陆昇等3人", "incomplete_list", "等3人"),
        ("全体机关干部", "unknown_person", "逐个写出姓名"),
        ("王伟(JK000)", "name_mismatch", "JK000 是陆昇"),
    ],
)
def test_what_cannot_be_told_apart_is_said(written, code, words):
    _, faults = read_people(written, KNOWN)
    assert [fault.code for fault in faults] == [code]
    assert words in faults[0].message


def test_every_fault_of_a_cell_is_told_and_the_rest_is_read():
    people, faults = read_people("陆昇、李四、王五、向静", KNOWN)
    assert ([person.pk for person in people], [fault.code for fault in faults]) == (
        [0, 1],
        ["unknown_person"] * 2,
    )


@given(st.lists(st.sampled_from([0, 1, 2, 5, 6, 7]), unique=True), st.sampled_from("、，,; \n"))
def test_any_list_of_known_names_reads_back(chosen, separator):
    people, faults = read_people(separator.join(NAMES[n][0] for n in chosen), KNOWN)
    assert ([person.pk for person in people], faults) == (chosen, [])
