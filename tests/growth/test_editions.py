"""What no edition may hold beyond the table of security.md 1.6, looked for wherever a PDF can keep words."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from growth.contracts import Edition
from growth.penalties import without_penalties
from growth.queries import snapshot_of
from growth.render import render_file
from growth.snapshot import Snapshot
from people.models import Cadre
from tests.factories.people import TODAY
from tests.growth.whole import CANARIES, whole_cadre


@pytest.fixture
def everything(db: None) -> Cadre:
    return whole_cadre()


def words_of(data: bytes) -> dict[str, str]:
    """By where they stand; blanks are no content: cells wrap and labels are spaced out."""
    document = pypdfium2.PdfDocument(data)
    found = {"text": "".join(page.get_textpage().get_text_range() for page in document)}
    with pikepdf.open(BytesIO(data)) as pdf, pdf.open_outline() as outline:
        found["properties"] = str(dict(pdf.docinfo.items())) + str(pdf.open_metadata())
        found["attachments"] = "".join(a.get_file().read_bytes().decode() for a in pdf.attachments.values())
        found["bookmarks"] = str([item.title for item in _items(outline.root)])
        found["objects"] = "".join(text for each in pdf.objects for text in _strings(each))
    return {place: "".join(text.split()) for place, text in found.items()}


def _items(items: list[pikepdf.OutlineItem]) -> Iterator[pikepdf.OutlineItem]:
    for item in items:
        yield item
        yield from _items(item.children)


def _strings(found: pikepdf.Object) -> Iterator[str]:
    """Annotations, alternative texts, names of files: every string that is not drawn on a page."""
    if isinstance(found, pikepdf.String):
        yield str(found)
    elif isinstance(found, pikepdf.Array):
        for each in found:
            yield from () if getattr(each, "is_indirect", False) else _strings(each)
    elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        for _, each in found.items():
            yield from () if getattr(each, "is_indirect", False) else _strings(each)


def test_the_places_looked_at_do_hold_words(everything: Cadre) -> None:
    """A search that finds nothing because it looks nowhere would pass for ever."""
    found = words_of(render_file(_snapshot(everything, Edition.SELF)).data)
    for place, words in (
        ("text", "金一鸣"), ("properties", "金一鸣"), ("attachments", "金一鸣"), ("bookmarks", "谈心谈话"),
        ("objects", "任职与挂职"),
    ):  # fmt: skip
        assert words in found[place], place


@pytest.mark.parametrize("edition", Edition)
def test_canaries_stand_in_the_editions_of_the_table_alone(everything: Cadre, edition: Edition) -> None:
    found = words_of(render_file(_snapshot(everything, edition)).data)
    told = {canary.kind: _places(canary.words, found) for canary in CANARIES}
    allowed = {canary.kind for canary in CANARIES if edition.value in canary.editions}
    assert {kind: places for kind, places in told.items() if places and kind not in allowed} == {}
    assert [kind for kind in allowed if "text" not in told[kind]] == []


def _snapshot(cadre: Cadre, edition: Edition) -> Snapshot:
    return snapshot_of(cadre, edition=edition, as_of=TODAY)


def _places(words: str, found: dict[str, str]) -> list[str]:
    return [place for place, text in found.items() if words in text]


def test_leaders_read_of_a_decision_until_when_alone(everything: Cadre) -> None:
    section = next(
        s for s in _snapshot(everything, Edition.LEADER).sections if s.key == "wellbeing.decisions"
    )
    assert [row.value for row in section.blocks[0].rows] == ["处于影响期，至2027年5月"]


# The filter of free text on rewards and penalties

HONOURS = (
    "2021年获评纪律检查工作先进个人",
    "2020年被评为批评与自我批评先进集体",
    "应急处理能手",
    "2018年获示例市“问责条例”知识竞赛一等奖",
    "2019年记三等功（示例市公安局）",
    "查处违法案件优秀工作者（示例市纪委）",
    "2017年嘉奖",
    "连续三年年度考核优秀",
)
PENALTIES = (
    "2019年受到党内警告处分",
    "因工作失误，2020年被通报批评",
    "2016年诫勉谈话，期限六个月",
    "2015年，因擅离职守，给予记过处分",
    "2014年被取消先进个人称号",
    "责令作出书面检查",
    "2013年因隐瞒不报受到撤职处理",
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.sampled_from(HONOURS), max_size=6), st.sampled_from(["；", "。", ";", "\n"]))
def test_no_honour_is_ever_hidden(honours: list[str], mark: str) -> None:
    assert without_penalties(mark.join(honours)) == "；".join(honours)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.permutations([*HONOURS, *PENALTIES]), st.sampled_from(["；", "。", ";", "\n"]))
def test_every_penalty_goes_and_every_honour_stays(parts: list[str], mark: str) -> None:
    kept = without_penalties(mark.join(parts))
    assert sorted(kept.split("；")) == sorted(HONOURS)


def test_a_penalty_and_an_honour_in_one_breath() -> None:
    said = "2019年，因擅离职守，受党内警告处分，2021年被评为优秀党务工作者"
    assert without_penalties(said) == "2021年被评为优秀党务工作者"


def test_other_words_stay_as_they_are() -> None:
    assert without_penalties("曾任村第一书记，群众反映好。") == "曾任村第一书记，群众反映好"
