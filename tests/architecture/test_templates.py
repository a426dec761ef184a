"""Templates compile, carry nothing inline (the CSP would block it) and name no address outside."""

import re
from pathlib import Path

import pytest
from django.template import engines

from tests.architecture.project import files, name

TEMPLATES = files("*.html", "*.svg", "*.txt", under="templates")
each = pytest.mark.parametrize("path", TEMPLATES, ids=name)

COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.S)
NAMESPACES = ("http://www.w3.org/",)
# Sheets of a document, read by the PDF engine and never by a browser, may compute widths.
DOCUMENTS = ("templates/growth/file/",)
INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/json)[^>]*>", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "style attribute": re.compile(r"\sstyle\s*=", re.I),
    "event attribute": re.compile(r"\son[a-z]+\s*=", re.I),
    "htmx script": re.compile(r"\bhx-on\b|\bhx-on:|hx-(?:vals|headers)=.?js:|\bjavascript:", re.I),
    "unescaped output": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off"),
}


def source(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


@each
def test_compiles(path: Path) -> None:
    engines["django"].from_string(path.read_text())


@each
def test_names_no_address_outside(path: Path) -> None:
    found = re.findall(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}[^\s\"'<>]*", source(path))
    assert [address for address in found if not address.startswith(NAMESPACES)] == []


@each
def test_carries_nothing_inline(path: Path) -> None:
    text = source(path)
    found = {what for what, pattern in INLINE.items() if pattern.search(text)}
    allowed = {"style attribute"} if name(path).startswith(DOCUMENTS) else set()
    assert found - allowed == set()
