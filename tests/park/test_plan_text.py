"""The importer's reading of plans: against hand labels, and against generated outlines."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from park.plan_text import PlanReading, read_plan
from park.plan_text.deadlines import find_deadlines, find_recurrence
from park.plan_text.flat import flatten
from park.plan_text.lists import find_enterprises, find_projects
from park.plan_text.numerals import spelt, value_of
from park.plan_text.quantities import find_quantities

PLANS = Path(__file__).parent / "plans"
NAMES = sorted(path.stem for path in PLANS.glob("*.txt"))
ENOUGH = 0.95


def text_of(name: str) -> str:
    return (PLANS / f"{name}.txt").read_text()


def labels_of(name: str) -> dict:
    return json.loads((PLANS / f"{name}.json").read_text())


def items_found(name: str) -> list[dict]:
    return read_plan(text_of(name), year=2024).as_dict(name)["items"]


@dataclass
class Score:
    """Precision and recall of what was found against what a person labelled, as multisets."""

    precision: float
    recall: float

    @classmethod
    def of(cls, found: list, expected: list) -> "Score":
        left = list(expected)
        hits = 0
        for each in found:
            if each in left:
                left.remove(each)
                hits += 1
        return cls(hits / max(1, len(found)), hits / max(1, len(expected)))


def figures_of(items: list[dict]) -> list:
    return [(item["no"], q["value"], q["unit"], q["baseline"]) for item in items for q in item["indicators"]]


def labelled_figures(items: list[dict]) -> list:
    """Value, unit and value before; the later labels also say direction and deadline."""
    return [(item["no"], *figure[:3]) for item in items for figure in item["quantities"]]


def names_of(items: list[dict], key: str) -> list:
    return [(item["no"], name) for item in items for name in item[key]]


@pytest.mark.parametrize("name", NAMES)
def test_the_title_is_that_of_the_document(name: str) -> None:
    assert read_plan(text_of(name), year=2024).title == labels_of(name)["title"]


@pytest.mark.parametrize("name", NAMES)
def test_items_figures_and_names_agree_with_the_labels(name: str) -> None:
    found, labels = items_found(name), labels_of(name)["items"]
    clauses = [(i["no"], i["kind"], i["text"], i["recurrence"]) for i in found]
    labelled = [(i["no"], i["kind"], i["text"], i["recurrence"]) for i in labels]
    scores = {
        "items": Score.of(clauses, labelled),
        "figures": Score.of(figures_of(found), labelled_figures(labels)),
        "projects": Score.of(names_of(found, "projects"), names_of(labels, "projects")),
        "enterprises": Score.of(names_of(found, "enterprises"), names_of(labels, "enterprises")),
    }
    poor = {
        what: score
        for what, score in scores.items()
        if min(score.precision, score.recall) < ENOUGH and any(labels_with(labels, what))
    }
    assert poor == {}


WITH_DIRECTION = (
    "investment-table-2025",
    "minutes-2026",
    "party-2025",
    "report-2025",
    "soe-2026",
    "town-2026",
    "web-2024",
)


@pytest.mark.parametrize("name", WITH_DIRECTION)
def test_direction_and_deadline_of_the_figures_agree_with_the_labels(name: str) -> None:
    found = [
        (item["no"], q["value"], q["unit"], q["baseline"], q["comparison"], q["deadline"])
        for item in items_found(name)
        for q in item["indicators"]
    ]
    score = Score.of(found, [(i["no"], *q) for i in labels_of(name)["items"] for q in i["quantities"]])
    assert min(score.precision, score.recall) >= ENOUGH


def labels_with(labels: list[dict], what: str) -> list:
    return (
        labels if what == "items" else [i for i in labels if i["quantities" if what == "figures" else what]]
    )


def test_all_plans_together_reach_the_mark() -> None:
    found = [(name, *each) for name in NAMES for each in figures_of(items_found(name))]
    labelled = [(name, *each) for name in NAMES for each in labelled_figures(labels_of(name)["items"])]
    score = Score.of(found, labelled)
    assert score.precision >= ENOUGH
    assert score.recall >= ENOUGH


@pytest.mark.parametrize("name", NAMES)
def test_each_source_span_is_the_items_own_words(name: str) -> None:
    text = text_of(name)
    assert [text[slice(*item["source"])] for item in items_found(name)] == [
        item["text"] for item in items_found(name)
    ]


def test_the_plan_of_the_product_has_eight_measures_and_three_requirements() -> None:
    kinds = [item["kind"] for item in items_found("action-plan-2024")]
    assert {kind: kinds.count(kind) for kind in ("goal", "measure", "action", "requirement")} == {
        "goal": 2,
        "measure": 8,
        "action": 8,
        "requirement": 3,
    }


def test_the_json_has_exactly_the_agreed_keys() -> None:
    printed = read_plan(text_of("action-plan-2024"), year=2024).as_dict("plan.txt")
    keys = {"no", "level", "kind", "text", "source", "indicators", "projects", "enterprises", "recurrence"}
    assert set(printed) == {"file", "title", "items"}
    assert {frozenset(item) for item in printed["items"]} == {frozenset(keys)}
    figures = [figure for item in printed["items"] for figure in item["indicators"]]
    assert {frozenset(figure) for figure in figures} == {
        frozenset({"name", "value", "baseline", "unit", "comparison", "deadline"})
    }


# -- one clause at a time --


def figures(clause: str) -> list[tuple]:
    flat = flatten(clause)
    found = find_quantities(flat, 0, len(flat), year=2024)
    return [(q.value, q.unit, q.comparison, q.baseline) for q in found]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("盘活处置闲置低效用地300亩", [(300, "亩", "equal", None)]),
        ("将用地规模由2.67平方公里提升到4.5平方公里左右", [("4.5", "平方公里", "about", "2.67")]),
        ("用地规模由2.67提升到4.5平方公里", [("4.5", "平方公里", "equal", "2.67")]),
        ("谋划专项债项目不少于5个", [(5, "个", "at_least", None)]),
        ("每两月开展一期学习型组织活动", [(1, "期", "equal", None)]),
        ("整改覆盖率达到１００％", [(100, "%", "equal", None)]),
        ("干部谈心谈话全覆盖", [(100, "%", "equal", None)]),
        ("力争产值翻一番", [(2, "倍", "multiply", None)]),
        ("税收年均增长12%以上", [(12, "%", "increase_by", None)]),
        ("能耗下降3.5%", [("3.5", "%", "decrease_by", None)]),
        ("完成固定资产投资10亿元", [(10, "亿元", "equal", None)]),
        ("引进10亿元以上项目2个", [(2, "个", "equal", None)]),
        ("年轻干部占比由目前的22%提高到35%以上", [(35, "%", "at_least", 22)]),
        ("新签约项目45个，其中10亿元以上5个", [(45, "个", "equal", None), (5, "个", "equal", None)]),
        ("审批时限由10个工作日压缩至5个工作日以内", [(5, "个工作日", "at_most", 10)]),
        ("培育规上企业10余家", [(10, "家", "at_least", None)]),
        ("供应工业用地1,200亩", [(1200, "亩", "equal", None)]),
        ("培训不少于两次", [(2, "次", "at_least", None)]),
        ("建成率达到百分之九十", [(90, "%", "equal", None)]),
        ("孵化器四期、电子信息产业园二期开工建设", []),
        ("落实三会一课，坚持一区四园，实施四大工程", []),
        ("2025年3月15日前报送", []),
        ("截至2023年底，已引进企业312家", []),
        ("依据国办发〔2017〕7号文件、G205国道", []),
        ("抓好三个方面工作，处理好五个环节", []),
        ("机关会议压减五分之一", [(20, "%", "decrease_by", None)]),
        ("三分之二以上的村达标", [("66.67", "%", "at_least", None)]),
        ("千分之三的让利", []),
        ("总量突破百亿元大关", [(100, "亿元", "at_least", None)]),
        ("打造百亿级产业集群", []),
        ("收入超50万元的村达到12个", [(12, "个", "equal", None)]),
        ("聘请顾问不超过10名", [(10, "名", "at_most", None)]),
        ("每月至少召开1次调度会", [(1, "次", "at_least", None)]),
        ("举办培训班两期、推介会三场", [(2, "期", "equal", None), (3, "场", "equal", None)]),
        ("利率下降20个基点", [(20, "个基点", "decrease_by", None)]),
        ("兑付奖补1800万余元", [(1800, "万元", "at_least", None)]),
        ("交付厂房15万㎡", [(15, "万平方米", "equal", None)]),
        ("开办时间由1天压缩至半天以内", [("0.5", "天", "at_most", 1)]),
        ("对连续2个季度排名末位的约谈", []),
        ("用电量突破6.8亿千瓦时", [("6.8", "亿千瓦时", "at_least", None)]),
        ("统筹资金1.2亿元以上支持产业发展", [("1.2", "亿元", "at_least", None)]),
    ],
)
def test_figures_of_a_clause(clause: str, expected: list[tuple]) -> None:
    numbers = [
        (Decimal(value), unit, comparison, None if baseline is None else Decimal(baseline))
        for value, unit, comparison, baseline in expected
    ]
    assert figures(clause) == numbers


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("2023年盘活", date(2023, 12, 31)),
        ("12月底前完成", date(2024, 12, 31)),
        ("9月30日前报送", date(2024, 9, 30)),
        ("三季度末竣工", date(2024, 9, 30)),
        ("上半年完成", date(2024, 6, 30)),
        ("年内建成", date(2024, 12, 31)),
        ("“十四五”期间实施", date(2025, 12, 31)),
        ("到2026年底建成", date(2026, 12, 31)),
        ("2023—2025年实施", date(2025, 12, 31)),
        ("2024年2月底前", date(2024, 2, 29)),
    ],
)
def test_deadlines(words: str, on: date) -> None:
    flat = flatten(words)
    assert [found.on for found in find_deadlines(flat, 0, len(flat), year=2024)] == [on]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("每两月开展一期", "two_monthly"),
        ("每2个月调度", "two_monthly"),
        ("每季度召开", "quarterly"),
        ("每月不少于2次", "monthly"),
        ("每周一调度", "weekly"),
        ("常态化开展企业走访", "standing"),
        ("定期走访，每半年评比", "half_yearly"),
    ],
)
def test_recurrence(words: str, code: str) -> None:
    found = find_recurrence(words, 0, len(words))
    assert found is not None
    assert found.code == code


def test_figures_that_share_a_verb_have_their_own_names() -> None:
    clause = flatten("项目履约率、开工率分别达到90%、65%")
    assert [q.name for q in find_quantities(clause, 0, len(clause), year=2024)] == ["项目履约率", "开工率"]


@pytest.mark.parametrize(
    ("words", "name", "comparison"),
    [
        ("征迁签约37户", "征迁签约", "equal"),
        ("征迁约37户", "征迁", "about"),
        ("围绕招商引资、公文写作等主题举办专题培训班6期", "专题培训班", "equal"),
    ],
)
def test_the_name_of_a_figure(words: str, name: str, comparison: str) -> None:
    (found,) = find_quantities(flatten(words), 0, len(words), year=2024)
    assert (found.name, found.comparison) == (name, comparison)


TABLE = (
    "招商工作方案\n一、目标任务\n主要指标如下：\n"
    "序号\t指标名称\t单位\t2024年完成\t2025年目标\n"
    "1\t到位资金\t亿元\t60\t≥85\n"
    "2\t签约项目\t个\t31\t40以上\n"
    "合计\t\t\t91\t125\n"
    "二、重点工作\n1.开展招商。\n2.建设园区。\n"
)


def test_a_table_gives_aims_with_their_units_and_what_was_before() -> None:
    item = read_plan(TABLE, year=2025).items[0]
    assert [
        (q.name, q.value, q.unit, q.comparison, q.baseline, q.deadline and q.deadline.on)
        for q in item.quantities
    ] == [
        ("到位资金", 85, "亿元", "at_least", 60, date(2025, 12, 31)),
        ("签约项目", 40, "个", "at_least", 31, date(2025, 12, 31)),
    ]
    assert all(TABLE[q.start : q.end].lstrip("≥").startswith(str(q.value)) for q in item.quantities)


TASKS = (
    "2025年开发区重点工作及责任清单\n一、项目建设\n"
    "序 号\t重点工作\t责任领导\t责任单位\t完成时限\n"
    "1\t服务跟着项目走：1.推行“直通车”；2.落实项目管家。\t甲某\t招商部、安商部\t全年\n"
    "2\t盘活僵尸企业10家，盘活土地400亩。\t乙某\t改革办\t9月底前\n"
    "二、作风建设\n（一）转变作风。每季度通报一次。\n"
)


def test_of_a_table_of_tasks_the_cell_with_the_task_is_the_clause() -> None:
    items = read_plan(TASKS, year=2025).items
    assert [(item.no, item.level, item.kind, item.text) for item in items] == [
        ("一、", 1, "measure", "项目建设"),
        ("1", 2, "action", "服务跟着项目走：1.推行“直通车”；2.落实项目管家。"),
        ("2", 2, "action", "盘活僵尸企业10家，盘活土地400亩。"),
        ("二、", 1, "measure", "作风建设"),
        ("（一）", 2, "action", "转变作风。每季度通报一次。"),
    ]
    assert [(q.name, q.value, q.unit) for q in items[2].quantities] == [
        ("盘活僵尸企业", 10, "家"),
        ("盘活土地", 400, "亩"),
    ]


def test_the_aims_of_a_preface_are_a_goal_where_they_are_figures() -> None:
    text = (
        "某开发区2026年工作要点\n总体要求是：提质增效，主要预期目标是：生产总值增长6.5%，利用外资1.2亿美元。\n"
        "目标是让群众满意，这是工作的出发点。\n一、项目\n1.新开工10个。\n2.竣工5个。\n"
    )
    first, *rest = read_plan(text, year=2026).items
    assert (first.kind, first.no, first.text) == (
        "goal",
        "",
        "主要预期目标是：生产总值增长6.5%，利用外资1.2亿美元。",
    )
    assert [(q.name, q.value, q.unit) for q in first.quantities] == [
        ("生产总值", Decimal("6.5"), "%"),
        ("利用外资", Decimal("1.2"), "亿美元"),
    ]
    assert [item.no for item in rest] == ["一、", "1.", "2."]


def test_names_are_counted_where_no_word_closes_their_list() -> None:
    clause = flatten("加快推进甲智造园、乙产业园、丙基地三个项目建设，全程服务丁中心、戊厂等重点项目。")
    assert find_projects(clause, 0, len(clause)) == ["丁中心", "戊厂", "甲智造园", "乙产业园", "丙基地"]


def test_projects_and_enterprises_of_lists() -> None:
    clause = flatten("加快完成甲智造园、乙产业园二期等项目建设，创成丙药业、丁电器等一批“美丽厂区”企业。")
    assert find_projects(clause, 0, len(clause)) == ["甲智造园", "乙产业园二期"]
    assert find_enterprises(clause, 0, len(clause)) == ["丙药业", "丁电器"]


def test_a_plan_without_line_breaks_is_read_alike() -> None:
    text = text_of("investment-2025")
    joined = "".join(line.strip() for line in text.splitlines()[1:-2])
    kinds = [(item.kind, item.no) for item in read_plan(joined, year=2025).items if item.kind != "heading"]
    assert kinds == [(item["kind"], item["no"]) for item in items_found("investment-2025")]


# -- properties --

words = st.text(alphabet="园区企业项目服务建设推进完善提升加快发展工作", min_size=6, max_size=30)


@st.composite
def outlines(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]]]:
    """A plan of chapters, measures and actions, and its clauses as (number, words) in order."""
    separator = draw(st.sampled_from(["\n", "\n　　", "\n\n"]))
    styles = draw(
        st.sampled_from([("{}、", "（{}）", "{}."), ("{}、", "({})", "{}．"), ("{}、", "（{}）", "{}、")])
    )
    lines, expected = ["关于某项工作的实施方案"], []
    for chapter in range(1, draw(st.integers(1, 3)) + 1):
        for number, sentence in _clauses(draw, styles, chapter):
            lines.append(f"{number}{sentence}")
            expected.append((number, sentence))
    return separator.join(lines), expected


def _clauses(draw: st.DrawFn, styles: tuple[str, ...], chapter: int) -> list[tuple[str, str]]:
    found = [(styles[0].format(spelt(chapter)), draw(words))]
    for part in range(1, draw(st.integers(0, 3)) + 1):
        found.append((styles[1].format(spelt(part)), draw(words) + "。"))
        found += [(styles[2].format(n), draw(words) + "。") for n in range(1, draw(st.integers(0, 3)) + 1)]
    return found


# Drawing an outline is many small draws: on a machine under load that alone looks slow.
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(outlines())
def test_every_generated_clause_is_found_with_its_words(outline: tuple[str, list[tuple[str, str]]]) -> None:
    text, expected = outline
    reading = read_plan(text, year=2024)
    if len(expected) > 1:
        assert [(item.no, item.text) for item in reading.items] == expected


@settings(max_examples=150)
@given(st.text(alphabet="一二三、（）().1234567890①是年月底前亩%。；\n 园区由到每第条——“”", max_size=120))
def test_any_text_is_read_into_spans_in_order(text: str) -> None:
    reading: PlanReading = read_plan(text, year=2024)
    spans = [(item.start, item.end) for item in reading.items]
    assert spans == sorted(spans)
    assert all(text[item.start : item.end] == item.text and item.text for item in reading.items)
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))


NUMBERS = (
    *(f"{n}、" for n in "一二三四"),
    *(f"（{n}）" for n in "一二三四"),
    *(f"{n}." for n in range(1, 5)),
    *(f"（{n}）" for n in range(1, 5)),
    *"①②③④",
    *(f"{n}." for n in "abc"),
    *(f"{n}是" for n in "一二三四"),
    *(f"第{n}条 " for n in "一二三四"),
    "——",
)
sentences = st.builds(
    lambda number, words, stop: f"{number}{words}{stop}",
    st.sampled_from(NUMBERS),
    words,
    st.sampled_from(["。", "；", "，", "\n", "：", "。\r\n", "\t", ""]),
)


@settings(max_examples=150)
@given(st.lists(sentences, max_size=25))
def test_any_mixture_of_numbers_is_read_into_spans_that_do_not_overlap(parts: list[str]) -> None:
    """Every word from the first clause on belongs to one item, to one heading, or to a number."""
    text = "".join(parts)
    items = read_plan(text, year=2024).items
    assert all(text[item.start : item.end] == item.text for item in items)
    ends = [0, *(item.end for item in items)]
    assert all(end <= item.start for end, item in zip(ends, items, strict=False))


SHAPES = {
    "clauses": lambda n: "（一）推进园区建设，完成投资3亿元。" * (n // 17),
    "one clause": lambda n: "一、任务\n1." + "推动园区提升，完成投资3亿元，" * (n // 15),
    "numbers": lambda n: "1.2.3.4、" * (n // 8),
    "contents": lambda n: "一、总体要求......1\n" * (n // 13),
    "names": lambda n: "完成" + "甲乙、" * (n // 3) + "等项目",
    "roads": lambda n: "东路、西桥" * (n // 5),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_time_grows_with_the_length(shape: str) -> None:
    """A text sixteen times as long takes far less than the square of that (256 times)."""

    def seconds(length: int) -> float:
        text = SHAPES[shape](length)
        begun = process_time()
        read_plan(text, year=2024)
        return process_time() - begun

    short = max(min(seconds(2_000) for _ in range(3)), 0.001)
    assert min(seconds(32_000) for _ in range(2)) < 100 * short


def test_a_text_of_a_megabyte_is_read() -> None:
    text = text_of("town-2026")
    text *= 1_000_000 // len(text.encode()) + 1
    assert len(read_plan(text, year=2026).items) > 5_000


@pytest.mark.parametrize(
    "text", ["", "\n\n", "　　", "一、", "一、总体要求\n二、工作任务\n三、工作要求", "随便一句话"]
)
def test_what_says_nothing_has_no_items(text: str) -> None:
    assert [item for item in read_plan(text, year=2024).items if item.kind != "heading"] == []


@given(st.text(max_size=80))
def test_flattening_moves_nothing(text: str) -> None:
    assert len(flatten(text)) == len(text)


@given(st.integers(1, 99))
def test_spelt_numbers_are_read_back(value: int) -> None:
    assert value_of(spelt(value)) == value
