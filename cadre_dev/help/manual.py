"""docs/操作手册.md and docs/手册/*.md as pages with headings one can link to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zlib import crc32

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

DOCS: Path = settings.BASE_DIR / "docs"
MAIN = "操作手册"
PARTS = "手册"
PICTURES = "images"


@dataclass(frozen=True, slots=True)
class Heading:
    """`anchor` is the fragment of the page; `text` what stands under the heading, in plain words."""

    level: int
    title: str
    anchor: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    slug: str
    title: str
    html: SafeString
    headings: tuple[Heading, ...]

    @property
    def url(self) -> str:
        return reverse("help_part", args=[self.slug])


def slugs() -> list[str]:
    """The main manual first, then the parts by name."""
    return [MAIN, *sorted(path.stem for path in (DOCS / PARTS).glob("*.md"))]


def part(slug: str) -> Part | None:
    """None for a part that does not exist; a slug never becomes a path."""
    if slug not in slugs():
        return None
    file = DOCS / f"{MAIN}.md" if slug == MAIN else DOCS / PARTS / f"{slug}.md"
    return _part(slug, file.read_text("utf-8"))


def parts() -> Iterator[Part]:
    yield from (found for slug in slugs() if (found := part(slug)))


def picture(name: str) -> Path | None:
    """A picture of the manual, by its name alone."""
    file = DOCS / PICTURES / name
    return file if file.name == name and file.suffix == ".png" and file.is_file() else None


def anchor_of(title: str) -> str:
    """As repositories make it: letters, digits and Chinese kept, spaces to hyphens, the rest dropped."""
    kept = "".join(sign for sign in title.lower() if sign.isalnum() or sign in " -_")
    return kept.strip().replace(" ", "-")


@lru_cache(maxsize=64)
def _part(slug: str, text: str) -> Part:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text)
    headings = tuple(_headings(tokens))
    for token in _walk(tokens):
        _mend(token)
    html = mark_safe(reader.renderer.render(tokens, reader.options, {}))  # noqa: S308 - raw HTML is off
    return Part(slug, next((h.title for h in headings), slug), html, headings)


def _headings(tokens: list[Token]) -> Iterator[Heading]:
    """Each heading with the words up to the next one; gives it its anchor on the way."""
    starts = [place for place, token in enumerate(tokens) if token.type == "heading_open"]
    for place, following in zip(starts, [*starts[1:], len(tokens)], strict=True):
        title = _plain(tokens[place + 1])
        tokens[place].attrSet("id", anchor_of(title))
        words = " ".join(_plain(token) for token in tokens[place + 3 : following] if token.type == "inline")
        yield Heading(int(tokens[place].tag[1]), title, anchor_of(title), words)


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [] if child.type in ("text", "code_inline"))


def _walk(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or [])


def _mend(token: Token) -> None:
    """Links between the files become links between the pages; pictures come from the product itself."""
    if token.type == "link_open":
        token.attrSet("href", _page_of(str(token.attrGet("href"))))
    elif token.type == "image":
        name = unquote(str(token.attrGet("src"))).rpartition("/")[2]
        token.attrSet("src", reverse("help_picture", args=[name]))
        token.attrSet("loading", "lazy")
    elif token.type == "table_open":
        token.attrSet("class", "tbl tbl-c")


def _page_of(href: str) -> str:
    path, _, fragment = unquote(href).partition("#")
    slug = path.rpartition("/")[2].removesuffix(".md")
    if not path or slug not in slugs():
        return href if not path else unquote(href)
    page = reverse("help_part", args=[slug])
    return f"{page}#{fragment}" if fragment else page


def documents() -> Iterator[Mapping[str, Any]]:
    """Every heading as a text to be found: number, title, link, body, detail."""
    for found in parts():
        for heading in found.headings:
            yield {
                "number": crc32(f"{found.slug}#{heading.anchor}".encode()) & 0x7FFFFFFF,
                "title": heading.title,
                "link": f"{found.url}#{heading.anchor}",
                "body": heading.text[:2000],
                "detail": found.title,
            }
