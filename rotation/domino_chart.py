"""Chains and cycles of moves as an image: posts as boxes, people as the arrows between them."""

from collections.abc import Collection, Mapping, Sequence

from django.utils.safestring import SafeString

from core.charts.svg import BAD, INK, INK_SOFT, LINE, OK, WARN, Canvas, shorten
from rotation.dominoes import Chain

BOX, GAP, HIGH, ROW = 132.0, 86.0, 46.0, 96.0
LEFT, TOP = 10.0, 22.0
FILLS = {"red": BAD, "yellow": WARN, "green": OK}
SIGNS = {"red": "◆", "yellow": "▲", "green": "●"}


def domino_chart(
    chains: Sequence[Chain], *, colours: Mapping[int, str], emptied: Collection[int] = ()
) -> SafeString | str:
    """`colours`: move id → red, yellow or green; `emptied`: posts that nobody holds afterwards."""
    if not chains:
        return ""
    most = max(len(_boxes(chain)) for chain in chains)
    width = 2 * LEFT + most * BOX + (most - 1) * GAP
    canvas = Canvas(height=TOP + ROW * len(chains), width=width, font_size=12)
    for place, chain in enumerate(chains):
        _draw(canvas, chain, TOP + ROW * place, colours, emptied)
    return canvas.done(title="接续关系", description=sentence(chains), css_class="chart chart-domino")


def sentence(chains: Sequence[Chain]) -> str:
    return "；".join(
        f"{'循环' if chain.is_cycle else '链条'}："
        + "，".join(f"{link.name}由{link.from_text}到{link.to_text}" for link in chain.links)
        for chain in chains
    )


def _boxes(chain: Chain) -> list[tuple[int | None, str]]:
    """Posts from left to right; a cycle comes back to the first."""
    first = chain.links[0]
    boxes = [(first.from_post, first.from_text)]
    boxes += [(link.to_post, link.to_text) for link in chain.links]
    return boxes[:-1] if chain.is_cycle else boxes


def _draw(
    canvas: Canvas, chain: Chain, y: float, colours: Mapping[int, str], emptied: Collection[int]
) -> None:
    boxes = _boxes(chain)
    for place, (post_id, text) in enumerate(boxes):
        _box(canvas, _left(place), y, text, post_id in emptied)
    for place, link in enumerate(chain.links):
        colour = colours.get(link.move_id, "")
        if chain.is_cycle and place == len(chain.links) - 1:
            _back(canvas, y, len(boxes), link.name, colour)
        else:
            _arrow(canvas, _left(place) + BOX, _left(place + 1), y + HIGH / 2, link.name, colour)


def _left(place: int) -> float:
    return LEFT + place * (BOX + GAP)


def _box(canvas: Canvas, x: float, y: float, text: str, is_empty: bool) -> None:
    look = {"fill": "#ffffff", "stroke": BAD if is_empty else LINE, "rx": 5}
    if is_empty:
        look |= {"stroke_dasharray": "5 3", "stroke_width": 1.6}
    width = canvas.nominal
    canvas.rect(x / width, BOX / width, y, HIGH, **look)
    first, second = _two_lines(text)
    middle = (x + BOX / 2) / width
    canvas.text(middle, y + (19 if second else 28), first, text_anchor="middle", fill=INK)
    if second:
        canvas.text(middle, y + 36, second, text_anchor="middle", fill=INK)
    if is_empty:
        canvas.text(middle, y + HIGH + 15, "调整后空缺", text_anchor="middle", fill=BAD, font_size=11)


def _two_lines(text: str) -> tuple[str, str]:
    if len(text) <= 10:
        return text, ""
    cut = max(len(text) - 10, min(10, (len(text) + 1) // 2))
    return text[:cut][-10:] if cut > 10 else text[:cut], shorten(text[cut:], 12, BOX - 8)


def _arrow(canvas: Canvas, start: float, end: float, y: float, name: str, colour: str) -> None:
    width, ink = canvas.nominal, FILLS.get(colour, INK_SOFT)
    canvas.line((start + 4) / width, (end - 4) / width, y, y, stroke=ink, stroke_width=1.6)
    _head(canvas, end - 4, y, ink)
    words = f"{SIGNS.get(colour, '')} {name}".strip()
    canvas.text((start + end) / 2 / width, y - 7, words, text_anchor="middle", fill=INK)


def _head(canvas: Canvas, x: float, y: float, ink: str) -> None:
    width = canvas.nominal
    for shift in (-4.0, 4.0):
        canvas.line((x - 6) / width, x / width, y + shift, y, stroke=ink, stroke_width=1.6)


def _back(canvas: Canvas, y: float, boxes: int, name: str, colour: str) -> None:
    """From the last box under the others to the first."""
    width, ink = canvas.nominal, FILLS.get(colour, INK_SOFT)
    low = y + HIGH + 22
    last, first = _left(boxes - 1) + BOX / 2, _left(0) + BOX / 2
    canvas.line(last / width, last / width, y + HIGH + 2, low, stroke=ink, stroke_width=1.6)
    canvas.line(first / width, last / width, low, low, stroke=ink, stroke_width=1.6)
    canvas.line(first / width, first / width, y + HIGH + 4, low, stroke=ink, stroke_width=1.6)
    for shift in (-4.0, 4.0):
        canvas.line(
            (first + shift) / width, first / width, y + HIGH + 10, y + HIGH + 4, stroke=ink, stroke_width=1.6
        )
    words = f"{SIGNS.get(colour, '')} {name}".strip()
    canvas.text((first + last) / 2 / width, low - 6, words, text_anchor="middle", fill=INK)
