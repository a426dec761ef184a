"""Every number resolves in the appendix and back; one record has one number; the words decide a verdict."""

import re
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from core.audit import record
from growth import contracts
from growth.contracts import (
    Column,
    Edition,
    Fact,
    Figure,
    Row,
    Section,
    Source,
    Summary,
    Table,
    source_of,
)
from growth.evidence import Known, Trail, Verdict, cited, evidence_of
from growth.models import LineVerdict
from growth.queries import snapshot_of
from growth.render import render_file, render_html
from growth.trails import trails_of
from growth.wording import PIECE, pieces
from people.models import Cadre, Honour, ImportBatch, ImportChange
from tests.factories.people import make_account
from tests.growth.conftest import AS_OF

COLUMNS = (Column("内容", 1),)


def section(*rows: Row, summary: Summary = Summary(), key: str = "one") -> Section:  # noqa: B008 - frozen
    return Section(key, "章", 1, (Table(COLUMNS, rows),), summary)


def line(key: str, text: str) -> Row:
    return Row((text,), Source("记录", key))


def test_numbers_follow_the_reading_order_and_a_record_has_one() -> None:
    first, second = line("a:1", "甲"), line("a:2", "乙")
    total = Source("汇总", "sum:all", text="共二项", parts=(second.source, first.source))
    found = evidence_of(
        [section(first, second, first, summary=Summary(figures=(Figure("项", "2", source=total),)))], Known()
    )
    assert [(e.number, e.key, e.text, e.parts) for e in found] == [
        (1, "sum:all", "共二项", (2, 3)),
        (2, "a:2", "乙", ()),
        (3, "a:1", "甲", ()),
    ]


@given(st.lists(st.lists(st.integers(0, 6), max_size=6), min_size=1, max_size=4))
def test_numbers_are_one_to_n_whatever_is_cited(keys: list[list[int]]) -> None:
    sections = [section(*(line(f"a:{key}", f"第{key}条") for key in rows)) for rows in keys]
    found = evidence_of(sections, Known())
    assert [e.number for e in found] == list(range(1, len(found) + 1))
    assert {e.key for e in found} == {f"a:{key}" for rows in keys for key in rows}


def test_a_key_that_names_no_kind_is_refused() -> None:
    """Row 12 of two tables would be one number, and prove the wrong thing."""
    with pytest.raises(ValueError, match="参训记录 12"):
        Source("参训记录", "12")


def test_a_verdict_holds_for_the_words_that_were_confirmed() -> None:
    [one] = cited([section(line("a:1", "甲"))])
    known = Known({"a:1": Trail("张三", date(2026, 1, 2))}, {("a:1", one.digest): Verdict.CONFIRMED})
    assert [e.verdict for e in evidence_of([section(line("a:1", "甲"))], known)] == [Verdict.CONFIRMED]
    assert [e.verdict for e in evidence_of([section(line("a:1", "甲，改过"))], known)] == [Verdict.NONE]


def test_a_sum_is_confirmed_by_its_parts_and_falls_with_one_of_them() -> None:
    rows = [line("a:1", "甲"), line("a:2", "乙")]
    total = Source("汇总", "sum:all", text="共二项", parts=tuple(row.source for row in rows if row.source))
    sections = [section(*rows, summary=Summary(figures=(Figure("项", "2", source=total),)))]
    said = {one.source.key: (one.source.key, one.digest) for one in cited(sections)}

    def verdict(**verdicts: Verdict) -> Verdict:
        known = Known(verdicts={said[f"a:{key[1:]}"]: value for key, value in verdicts.items()})
        return evidence_of(sections, known)[0].verdict

    yes, no = Verdict.CONFIRMED, Verdict.DISPUTED
    assert [verdict(r1=yes), verdict(r1=yes, r2=yes), verdict(r1=yes, r2=no)] == [Verdict.NONE, yes, no]


def test_bare_numbers_are_read_with_the_title_of_their_column() -> None:
    table = Table(
        (Column("班　次", 1), Column("学时", 1), Column("时　间", 1)),
        (Row(("甲班", "8", "2026.03"), Source("记", "a:1")),),
    )
    assert [one.text for one in cited([Section("one", "章", 1, (table,))])] == ["甲班　学时8　2026.03"]


def test_a_record_that_says_itself_who_entered_it(cadre: Cadre, monkeypatch) -> None:
    """As for hour entries, which are posted in bulk; the audit log says more where it has an event."""
    monkeypatch.setattr(
        contracts, "_recorders", {"people.honour": contracts.RecorderFields("awarding_body", "awarded_on")}
    )
    honour = Honour.objects.get(cadre=cadre)
    key = f"people.honour:{honour.pk}"
    assert trails_of([key]) == {key: Trail("示例市委", honour.awarded_on)}
    record(action="cadre.update", by=make_account(name="经办甲"), subject=honour)
    assert trails_of([key])[key].recorder == "经办甲"


def test_who_entered_a_record_comes_from_the_import_else_from_the_audit_log(cadre: Cadre) -> None:
    officer = make_account(username="officer", name="经办甲")
    honour = Honour.objects.get(cadre=cadre)
    record(action="cadre.update", by=officer, subject=honour)
    appraisal = cadre.appraisals.first()
    batch = ImportBatch.objects.create(
        kind="roster", file_name="花名册.xlsx", applied_at="2026-03-01T09:00:00+08:00", applied_by=officer
    )
    ImportChange.objects.create(
        batch=batch, model_label="people.annualappraisal", object_id=appraisal.pk, action="create"
    )
    found = {e.key: e for e in snapshot_of(cadre, edition=Edition.ARCHIVE, as_of=AS_OF).evidence}
    assert found[source_of(honour, "").key].trail.recorder == "经办甲"
    of_appraisal = found[source_of(appraisal, "").key].trail
    assert of_appraisal == Trail("经办甲", date(2026, 3, 1), "《花名册.xlsx》")


def test_each_number_leads_to_its_row_and_back(cadre: Cadre) -> None:
    snapshot = snapshot_of(cadre, edition=Edition.ARCHIVE, as_of=AS_OF)
    html = render_html(snapshot)
    numbers = {str(e.number) for e in snapshot.evidence}
    assert set(re.findall(r'href="#e(\d+)"', html)) == numbers
    assert set(re.findall(r'id="e(\d+)"', html)) == numbers
    assert set(re.findall(r'href="#r(\d+)"', html)) == numbers
    anchors = re.findall(r'id="r(\d+)"', html)
    assert sorted(anchors, key=int) == sorted(numbers, key=int)  # each exactly once


def test_links_in_the_pdf_resolve_both_ways(cadre: Cadre) -> None:
    snapshot = snapshot_of(cadre, edition=Edition.LEADER, as_of=AS_OF)
    reader = PdfReader(BytesIO(render_file(snapshot).data))
    wanted = [
        str(target)
        for page in reader.pages
        for annotation in page.get("/Annots", [])
        for target in [annotation.get_object().get("/Dest")]
    ]
    known = set(reader.named_destinations)
    assert {name for name in wanted if name not in known} == set()
    assert {f"e{e.number}" for e in snapshot.evidence} <= set(wanted)


def test_unconfirmed_lines_are_marked_and_confirmed_ones_are_not(cadre: Cadre) -> None:
    honour = Honour.objects.get(cadre=cadre)
    before = snapshot_of(cadre, edition=Edition.SELF, as_of=AS_OF)
    row = next(e for e in before.evidence if e.key == source_of(honour, "").key)
    lines = {item.source.key: item for item in cited(before.sections)}
    LineVerdict.objects.create(
        cadre=cadre,
        key=row.key,
        line_digest=lines[row.key].digest,
        verdict=Verdict.CONFIRMED,
        at="2026-06-01T09:00:00+08:00",
    )
    html = render_html(snapshot_of(cadre, edition=Edition.SELF, as_of=AS_OF))
    assert f'href="#e{row.number}">{row.number}</a>' in html
    # A sum stands as confirmed when all its parts do.
    others = [e.number for e in before.evidence if e.key != row.key and e.parts != (row.number,)]
    assert all(f'href="#e{number}">{number}*</a>' in html for number in others)


def test_a_form_and_facts_can_be_evidence_too() -> None:
    facts = Summary(facts=(Fact("民族", "汉族", Source("基本信息", "c:1")),))
    assert [(c.source.key, c.text) for c in cited([section(summary=facts)])] == [("c:1", "汉族")]


@pytest.mark.parametrize("edition", Edition.values)
def test_every_figure_of_the_person_sections_has_evidence(cadre: Cadre, edition: str) -> None:
    snapshot = snapshot_of(cadre, edition=Edition(edition), as_of=AS_OF)
    written = [s for s in snapshot.sections if s.key in {"merit", "posts", "training"}]
    figures = [figure for section in written for figure in section.summary.figures]
    assert figures
    # Of nothing there is no proof: a zero has no number.
    assert [f.label for f in figures if f.source is None and f.value != "0"] == []


@given(st.text(alphabet="长。\n", max_size=3000))
def test_a_long_text_is_cut_without_losing_a_character(text: str) -> None:
    found = pieces(text)
    assert "".join(piece for piece, _ in found) == text.replace("\n", "")
    assert all(len(piece) <= PIECE for piece, _ in found)
