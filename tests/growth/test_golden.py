"""Five golden growth files: the words to the letter, the pages to the eye.

After a change that is meant, make them anew with `GOLDEN=write` and look at what changed before committing:
    GOLDEN=write .venv/bin/python -m pytest tests/growth/test_golden.py
"""

import os
import re
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from growth.contracts import Edition
from growth.queries import snapshot_of
from growth.render import render_file
from growth.snapshot import Snapshot
from tests.factories.training import default_rules
from tests.growth.golden_lives import noon
from tests.growth.golden_records import AS_OF, GOLDEN

FOLDER = Path(__file__).parent / "golden"
WRITE = os.environ.get("GOLDEN") == "write"
THUMB = (105, 149)  # pixels of a page: layout shows, the grain of a face does not
TOLERANCE = 4.0  # mean difference of grey levels; a shifted line is above 8
COLOPHON = re.compile(r"数据摘要\s.*?[A-Z2-7]{4}(-[A-Z2-7]{4}){2}", re.DOTALL)  # to the code beside it
DIGESTS = re.compile(r"[0-9a-f]{64}|[A-Z2-7]{4}(-[A-Z2-7]{4}){2}")


@pytest.fixture(scope="module")
def rendered() -> dict[str, tuple[Snapshot, bytes]]:
    return {}


@pytest.fixture
def golden(name: str, db: None, rendered, tmp_path: Path, monkeypatch) -> tuple[Snapshot, bytes]:
    """Each file is rendered once for all that is asked of it."""
    if name not in rendered:
        monkeypatch.setattr(
            "django.utils.timezone.now", lambda: noon(AS_OF)
        )  # when rows say they were entered
        default_rules()
        snapshot = snapshot_of(GOLDEN[name](), edition=Edition.LEADER, as_of=AS_OF)
        rendered[name] = snapshot, render_file(snapshot).data
    return rendered[name]


def text_of(data: bytes, folder: Path) -> str:
    """What differs with the keys of a database is blanked; the rest is compared to the letter."""
    path = folder / "file.pdf"
    path.write_bytes(data)
    command = ["pdftotext", "-layout", "-enc", "UTF-8", str(path), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode(errors="replace")
    text = COLOPHON.sub("数据摘要*", text)  # digests are of different widths and break the line elsewhere
    lines = (re.sub(r"\s+", " ", line).strip() for line in DIGESTS.sub("*", text).splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def thumbs_of(data: bytes) -> Iterator[Image.Image]:
    for page in pypdfium2.PdfDocument(BytesIO(data)):
        yield page.render(scale=0.5).to_pil().convert("L").resize(THUMB, Image.Resampling.LANCZOS)


def strip(pages: list[Image.Image]) -> Image.Image:
    whole = Image.new("L", (THUMB[0] * len(pages), THUMB[1]), 255)
    for place, page in enumerate(pages):
        whole.paste(page, (place * THUMB[0], 0))
    return whole


@pytest.mark.parametrize("name", GOLDEN)
def test_words(name: str, golden, tmp_path: Path) -> None:
    text, kept = text_of(golden[1], tmp_path), FOLDER / f"{name}.txt"
    if WRITE:
        FOLDER.mkdir(exist_ok=True)
        kept.write_text(text)
    assert text == kept.read_text()


@pytest.mark.parametrize("name", GOLDEN)
def test_pages(name: str, golden) -> None:
    pages, kept = list(thumbs_of(golden[1])), FOLDER / f"{name}.png"
    if WRITE:
        strip(pages).save(kept, optimize=True)
    with Image.open(kept) as image:
        assert image.size == (THUMB[0] * len(pages), THUMB[1]), "the number of pages changed"
        for number, page in enumerate(pages):
            left = number * THUMB[0]
            before = image.crop((left, 0, left + THUMB[0], THUMB[1]))
            difference = ImageStat.Stat(ImageChops.difference(page, before)).mean[0]
            assert difference < TOLERANCE, f"page {number + 1} of {name} looks different"


@pytest.mark.parametrize("name", GOLDEN)
def test_every_number_of_the_file_stands_in_its_appendix(name: str, golden, tmp_path: Path) -> None:
    snapshot, data = golden
    numbers = [row.number for row in snapshot.evidence]
    assert [row.label for row in snapshot.evidence if not row.text] == []
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(part in numbers for row in snapshot.evidence for part in row.parts)
