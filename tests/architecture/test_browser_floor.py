"""The oldest browser in the offices is Chromium 86 (360安全浏览器 13); newer features are banned."""

import re
from pathlib import Path

import pytest

from tests.architecture.project import files, name

# What has no fallback in Chromium 86, with the version that brought it.
BANNED_CSS = {
    "inset and logical shorthands, 87": r"(?<![\w-])(inset|(margin|padding|border|inset)-(inline|block))\s*:",
    "aspect-ratio, 88": r"(?<![\w-])aspect-ratio\s*:",
    ":is() and :where(), 88": r":(is|where)\(",
    "complex :not(), 88": r":not\([^()]*[\s,>+~][^()]*\)",
    "@layer, 99": r"@layer\b",
    "range media queries, 104": r"@media[^{]*[<>]",
    ":has(), 105": r":has\(",
    "container queries, 105": r"@container\b|(?<![\w-])container(-type|-name)?\s*:",
    "dynamic viewport units, 108": r"\d[dsl]v(h|w|min|max)\b",
    "color-mix() and oklch(), 111": r"\b(color-mix|oklch|oklab|lab|lch)\(",
    "popover, 114": r":popover-open",
    "nesting, 120": r"(?<=[{};\s])&",
    "an import from elsewhere": r"@import|url\(\s*['\"]?(https?:)?//",
}
BANNED_JS = {
    "static blocks, 94": r"\bstatic\s*\{",
    ".at(), 92": r"\.at\(",
    "structuredClone, 98": r"\bstructuredClone\(",
    "findLast, 97": r"\.findLast(Index)?\(",
    "Object.hasOwn, 93": r"\bObject\.hasOwn\(",
    "randomUUID, 92": r"\brandomUUID\(",
    "evaluation of strings": r"\beval\(|\bnew Function\(",
    "an address outside": r"https?://(?!www\.w3\.org/)",
}


def found(path: Path, banned: dict[str, str], comments: str) -> list[str]:
    text = re.sub(comments, "", path.read_text(), flags=re.S)
    return [what for what, pattern in banned.items() if re.search(pattern, text)]


@pytest.mark.parametrize("path", files("*.css", under="static/css"), ids=name)
def test_css(path: Path) -> None:
    assert found(path, BANNED_CSS, r"/\*.*?\*/") == []


@pytest.mark.parametrize("path", files("*.js", under="static/js"), ids=name)
def test_js(path: Path) -> None:
    assert found(path, BANNED_JS, r"/\*.*?\*/|(?<!:)//[^\n]*") == []
