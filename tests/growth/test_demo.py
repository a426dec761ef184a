from datetime import date

import pytest

from core.pdf import PdfUnavailable
from growth.models import GrowthFile
from growth.services import making
from people.demo.seeding import seed

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 2)


def test_demo_data_has_growth_files() -> None:
    context = seed(size=20, seed=1, on=ON, say=lambda message: None)
    files = GrowthFile.objects.order_by("pk")
    assert [file.edition for file in files] == ["leader", "self"]
    assert [file.cadre.account.username for file in files] == ["dh", "cadre"]
    assert context.counts["growthfile"] == 2
    assert all(file.pages >= 2 for file in files)


def test_without_layout_libraries_everything_else_is_seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*args: object, **options: object) -> None:
        raise PdfUnavailable("libpango")

    monkeypatch.setattr(making, "render_file", unavailable)
    said: list[str] = []
    context = seed(size=20, seed=1, on=ON, say=said.append)
    assert [message for message in said if message.startswith("跳过成长档案：本机缺少排版所需的系统库")]
    assert context.counts["cadre"] >= 20  # secondees from elsewhere come on top
    assert not GrowthFile.objects.exists()
