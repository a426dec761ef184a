"""A whole file, from rows to pages and back to text."""

import re
import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from core.pdf import MissingGlyphs
from growth.contracts import Edition
from growth.queries import snapshot_of, snapshots_of
from growth.render import render_file
from people.models import Cadre, Unit
from tests.factories.people import make_appointment, make_cadre
from tests.growth.conftest import AS_OF, add_records


def text_of(data: bytes, tmp_path: Path) -> str:
    file = tmp_path / "read.pdf"
    file.write_bytes(data)
    command = ["pdftotext", "-layout", str(file), "-"]
    text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return re.sub(r"[^\S\f]", "", text)  # cells wrap and labels are spaced out: neither is content


def made(cadre: Cadre, edition: Edition, as_of: date = AS_OF) -> bytes:
    return render_file(snapshot_of(cadre, edition=edition, as_of=as_of)).data


def test_the_archive_edition_says_what_the_records_say(photo: Cadre, tmp_path: Path) -> None:
    text = text_of(made(photo, Edition.ARCHIVE), tmp_path)
    for expected in (
        "干部成长档案", "归档版", "内部资料", "CZ-A0012-20260630-归", "2026年6月30日",
        "汪晓峰", "经济发展局副局长", "1990.08", "（35岁）", "一级主任科员", "示例大学行政管理专业",
        "2014.07—2020.01", "（其间：2016.09—2019.06示例工业大学在职研究生学习",
        "2024年", "称职", "招商引资先进个人", "示开组〔2020〕3号", "3年8个月", "示例县兴隆镇人民政府",
        "任现职", "2年10个月", "李家属", "示例小学教师", "13900001234",
        "本档案为工作辅助材料，不替代干部人事档案",
    ):  # fmt: skip
        assert expected in text, expected


def test_bookmarks_language_page_numbers_and_title(cadre: Cadre, tmp_path: Path) -> None:
    data = made(cadre, Edition.ARCHIVE)
    reader = PdfReader(BytesIO(data))
    top = [entry["/Title"] for entry in reader.outline if not isinstance(entry, list)]
    assert top[:5] == ["封面", "一页纸综述", "一、基本情况", "二、简历", "三、教育培训"]
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    assert reader.metadata.title == "汪晓峰同志成长档案"
    pages = text_of(data, tmp_path).rstrip("\f").split("\f")
    assert [page.endswith(f"—{n}—") for n, page in enumerate(pages, 1)] == [False] + [True] * (len(pages) - 1)


def test_each_edition_leaves_out_what_its_reader_may_not_know(cadre: Cadre, tmp_path: Path) -> None:
    texts = {edition: text_of(made(cadre, edition), tmp_path) for edition in Edition}
    masked, whole = "9999************" + cadre.id_number[-2:], cadre.id_number
    private = ("李家属", "13900001234", "示例市示例路8号", masked)
    assert all(word in texts[Edition.SELF] for word in private)
    assert all(word in texts[Edition.ARCHIVE] for word in private)
    assert not any(word in texts[Edition.LEADER] for word in (*private, "身份证", "联系电话", "家庭"))
    assert not any(whole in text for text in texts.values())


def test_same_data_same_bytes_other_data_other_digest(photo: Cadre) -> None:
    first = snapshot_of(photo, edition=Edition.ARCHIVE, as_of=AS_OF)
    again = snapshot_of(photo, edition=Edition.ARCHIVE, as_of=AS_OF)
    assert first.digest == again.digest
    assert render_file(first).data == render_file(again).data
    photo.specialty = "公文写作"
    photo.save()
    assert snapshot_of(photo, edition=Edition.ARCHIVE, as_of=AS_OF).digest != first.digest


def test_the_file_of_an_earlier_day_knows_nothing_later(cadre: Cadre, tmp_path: Path) -> None:
    text = text_of(made(cadre, Edition.ARCHIVE, date(2021, 5, 31)), tmp_path)
    assert "招商服务局综合科科长" in text
    assert "经济发展局" not in text
    assert "先进个人" not in text
    assert "2024年" not in text
    assert "2021年3月至今" in text
    assert "2021年8月" not in text


def test_a_character_without_glyph_fails_the_file_by_name(cadre: Cadre) -> None:
    cadre.specialty = "ཨ"
    cadre.save()
    with pytest.raises(MissingGlyphs, match="“ཨ”"):
        made(cadre, Edition.ARCHIVE)


def test_markup_in_a_field_is_text(cadre: Cadre, tmp_path: Path) -> None:
    cadre.specialty = "<img src=file:///etc/passwd>"
    cadre.save()
    assert "<imgsrc=file:///etc" in text_of(made(cadre, Edition.ARCHIVE), tmp_path)


def test_a_cadre_with_next_to_nothing_still_gets_a_file(db: None, tmp_path: Path) -> None:
    text = text_of(made(make_cadre("空示例"), Edition.ARCHIVE), tmp_path)
    assert "尚未登记简历。" in text
    assert "尚未登记年度考核结果。" in text


def test_queries_do_not_grow_with_cadres(unit: Unit) -> None:
    cadres = [make_cadre(unit=unit) for _ in range(3)]
    for one in cadres:
        add_records(one)
        make_appointment(one, unit=unit, title="科长")
    counts = []
    for chosen in (cadres[:1], cadres):
        with CaptureQueriesContext(connection) as captured:
            list(snapshots_of([one.pk for one in chosen], edition=Edition.ARCHIVE, as_of=AS_OF))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 40  # a few for each section, and for who entered what
