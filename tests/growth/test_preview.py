"""The preview: where each link of a sheet leads, and that looking at a file is one reading."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils.timezone import localdate as today
from PIL import Image

from core.access import Role
from core.models import AuditEvent
from core.pdf import PdfResult
from growth.contracts import Edition
from growth.models import GrowthFile, GrowthReading
from growth.preview import FIT_WIDTH, ZOOMS, sheet_of, width_of
from growth.queries import snapshot_of
from growth.services import store_file
from tests.factories.documents import blank_pdf
from tests.factories.people import make_account, make_cadre, make_unit, make_viewer


@pytest.fixture
def file(db: None, settings, tmp_path) -> GrowthFile:
    settings.MEDIA_ROOT = tmp_path
    cadre = make_cadre("王一", unit=make_unit())
    snapshot = snapshot_of(cadre, edition=Edition.LEADER, as_of=today())
    return store_file(
        cadre=cadre, snapshot=snapshot, result=PdfResult(blank_pdf(3), 3), by=make_viewer(Role.HR)
    )


def sheet(**query: str):
    return sheet_of(GrowthFile(pages=3), query)


@pytest.mark.parametrize(
    ("query", "number", "zoom"),
    [
        ({}, 1, "fit"),
        ({"page": "2", "zoom": "150"}, 2, "150"),
        ({"page": "9"}, 3, "fit"),
        ({"page": "-1", "zoom": "9999"}, 1, "fit"),
        ({"page": "²", "zoom": ""}, 1, "fit"),
        ({"page": "9" * 5000}, 1, "fit"),
    ],
)
def test_whatever_is_asked_for_is_a_page_of_the_file(query, number, zoom) -> None:
    assert (sheet(**query).number, sheet(**query).zoom) == (number, zoom)


def test_links_turn_pages_and_keep_the_zoom_and_the_host_page() -> None:
    found = sheet_of(GrowthFile(pages=3), {"page": "2", "zoom": "75"}, keep={"candidate": "7"})
    assert found.previous == "?candidate=7&page=1&zoom=75&thumbs=0"
    assert found.next == "?candidate=7&page=3&zoom=75&thumbs=0"
    assert [step.current for step in found.pages] == [False, True, False]
    assert [step.label for step in found.zooms] == ["适合宽度", "50%", "75%", "100%", "150%", "200%"]
    assert "thumbs=1" in found.thumbs_query
    assert (sheet(page="1").previous, sheet(page="3").next) == ("", "")


def test_zooming_goes_step_by_step_to_its_ends() -> None:
    assert ["zoom=100" in sheet().smaller, "zoom=150" in sheet().larger] == [True, True]
    assert ["zoom=75" in sheet(zoom="100").smaller, "zoom=150" in sheet(zoom="100").larger] == [True, True]
    assert (sheet(zoom="50").smaller, sheet(zoom="200").larger) == ("", "")


def test_a_width_is_one_of_few() -> None:
    assert {width_of(zoom) for zoom in (*ZOOMS, "fit", "thumb", "99999", "")} == {
        *ZOOMS.values(),
        FIT_WIDTH,
        110,
    }


def test_the_image_has_the_size_of_the_zoom(client, file: GrowthFile) -> None:
    client.force_login(make_account(Role.HR))
    for zoom, width in (("50", 397), ("200", 1588), ("thumb", 110), ("nonsense", FIT_WIDTH)):
        answer = client.get(reverse("growth:page", args=[file.pk, 2]), {"zoom": zoom})
        assert Image.open(BytesIO(answer.content)).width == pytest.approx(width, abs=1)


def test_an_opening_is_one_reading_however_many_pages_are_turned(client, file: GrowthFile) -> None:
    client.force_login(make_account(Role.HR))
    for number in (1, 2, 3, 2):
        client.get(reverse("growth:page", args=[file.pk, number]), {"zoom": "100"})
    assert AuditEvent.objects.filter(action="growth.read").count() == 1
    assert list(GrowthReading.objects.values_list("way", "pages")) == [("pages", 4)]


def test_the_page_works_by_query_string_alone(client, file: GrowthFile) -> None:
    client.force_login(make_account(Role.HR))
    text = client.get(reverse("growth:file", args=[file.pk]), {"page": 2, "zoom": "150", "thumbs": 1})
    body = text.content.decode()
    assert f'src="{reverse("growth:page", args=[file.pk, 2])}?zoom=150" width="1191"' in body
    assert body.count("?zoom=thumb") == 3
    assert 'data-key="ArrowRight"' in body
