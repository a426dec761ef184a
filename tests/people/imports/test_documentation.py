import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOURCES = [
    *(ROOT / "people/imports").glob("*.py"),
    *(ROOT / "training/imports").glob("*.py"),
    ROOT / "people/lrmx.py",
]
CODE = re.compile(
    r'(?:code="|(?:fault|warn)\([^,()]+,\s*"|BadValue\(\s*"|IdentityError\(")([a-z][a-z_0-9]+)"'
)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_code_is_documented(source):
    documented = set(re.findall(r"`([a-z_0-9]+)`", (ROOT / "docs/import.md").read_text("utf-8")))
    used = set(CODE.findall(source.read_text("utf-8")))
    assert used <= documented
