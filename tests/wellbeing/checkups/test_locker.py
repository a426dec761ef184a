"""The own locker: kept under the cadre's key, opened by the cadre alone, gone with the key."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.access import Role
from core.crypto import DecryptionError
from core.errors import DomainError
from core.models import AuditEvent
from tests.factories.checkups import PDF, make_report
from tests.factories.people import TODAY, make_account
from tests.factories.wellbeing import viewer_of
from tests.wellbeing.conftest import browser, text_of
from wellbeing.choices.privacy import ConsentPurpose
from wellbeing.models import CheckupReport
from wellbeing.services.checkups.locker import (
    drop_report,
    keep_report,
    kept_reports,
    open_report,
    path_of,
)
from wellbeing.services.consents import withdraw_consent
from wellbeing.services.privacy import erase_cadre, own_data

pytestmark = pytest.mark.django_db
SECRET = PDF + b"\n% ZQSECRET0001"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Path(settings.MEDIA_ROOT)


def test_kept_opened_and_deleted_by_the_cadre(own, folder):
    report, me = make_report(own, name="我的报告.pdf", data=SECRET), viewer_of(own)
    assert [kept.name for kept in kept_reports(by=me)] == ["我的报告.pdf"]
    found = open_report(report=report, by=me, at=timezone.now())
    assert (found.name, found.data) == ("我的报告.pdf", SECRET)
    drop_report(report=report, by=me, at=timezone.now())
    assert not CheckupReport.objects.exists()


def test_nothing_of_it_lies_in_clear(own, folder):
    report = make_report(own, name="我的报告.pdf", data=SECRET)
    stored = (folder / path_of(report)).read_bytes()
    assert b"ZQSECRET" not in stored
    raw = str(CheckupReport.objects.values().get(pk=report.pk))
    assert "我的报告" not in raw
    assert "我的报告" not in " ".join(AuditEvent.objects.values_list("label", flat=True))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CADRE])
def test_no_role_reaches_it(own, role):
    report = make_report(own)
    user = make_account(role)
    assert not CheckupReport.objects.visible_to(viewer_of(user)).exists()
    with pytest.raises(CheckupReport.DoesNotExist):
        open_report(report=report, by=viewer_of(user), at=timezone.now())
    assert browser(user).get(reverse("wellbeing:report", args=[report.pk])).status_code == 404


def test_it_asks_for_the_separate_consent(own):
    upload = SimpleUploadedFile("a.pdf", PDF)
    with pytest.raises(DomainError, match="先在“个人信息”中同意"):
        keep_report(upload=upload, year=2026, by=viewer_of(own), at=timezone.now())
    report = make_report(own)
    withdraw_consent(purpose=ConsentPurpose.HEALTH_LOCKER, by=viewer_of(own), at=timezone.now())
    # What lies there can still be fetched and deleted by its owner.
    assert open_report(report=report, by=viewer_of(own), at=timezone.now()).data == PDF


def test_swapped_bytes_are_found_out_and_noted(own, folder):
    first, second = make_report(own), make_report(own, year=2025)
    a, b = folder / path_of(first), folder / path_of(second)
    b.write_bytes(a.read_bytes())
    with pytest.raises(DecryptionError):
        open_report(report=second, by=viewer_of(own), at=timezone.now())


def test_with_the_key_the_locker_is_gone(own, cadre, folder):
    make_report(own)
    erase_cadre(cadre=cadre, reason="本人申请", by=None, on=TODAY, at=timezone.now())
    assert not CheckupReport.objects.exists()
    assert kept_reports(by=viewer_of(own)) == []


def test_the_page_says_what_it_is_for_and_gives_the_file_as_a_download(own):
    report = make_report(own, name="年度.pdf")
    client = browser(own)
    words = text_of(client.get(reverse("wellbeing:locker")))
    assert "只有您本人能打开" in words
    assert "紧急调阅也不能" in words
    response = client.get(reverse("wellbeing:report", args=[report.pk]))
    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment")


def test_the_copy_of_the_own_data_lists_what_is_kept(own):
    make_report(own, name="年度.pdf")
    data = own_data(viewer=viewer_of(own), at=timezone.now())
    assert [row["文件名"] for row in data["体检报告保管箱"]] == ["年度.pdf"]
