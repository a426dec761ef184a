"""The few SVG pieces our charts are made of: attributes only, never style=, for the strict CSP."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Tokens of the interface (static/css/tokens.css); PDFs print them, so each differs in grey value too.
INK, INK_SOFT, INK_FAINT = "#1c2127", "#545d69", "#868f9c"
LINE, TRACK = "#d5dae0", "#e6e9ed"
RED, BLUE, OK, WARN, BAD = "#9b1c1f", "#1b4f8f", "#2e8b57", "#b87400", "#c9302c"
PURPLE, BROWN, TEAL = "#5f3d8c", "#7a4b12", "#0f6670"

FACES = "cadre-hei, PingFang SC, HarmonyOS Sans SC, Microsoft YaHei UI, Noto Sans CJK SC, sans-serif"
NOMINAL_WIDTH = 860.0  # what label widths are judged by when the page decides the real width


def tag(name: str, content: str = "", **attributes: Any) -> str:
    """One element; underscores in attribute names become hyphens, `content` is already markup."""
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{pairs}>{content}</{name}>" if content else f"<{name}{pairs}/>"


def number(value: object) -> str:
    """Numbers without needless digits, so that equal charts are equal bytes."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def text_width(text: str, size: float) -> float:
    """An estimate: a wide character is one em, any other a little over half."""
    return sum(size if unicodedata.east_asian_width(char) in "WFA" else size * 0.56 for char in text)


def shorten(text: str, size: float, room: float) -> str:
    """The text, or as much of it as fits with an ellipsis; empty when three characters do not fit."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text + "…" if len(text) >= 3 else ""


@dataclass(slots=True)
class Canvas:
    """Collects elements; x runs from 0 to 1 and becomes units (fixed width, for paper) or percent (web)."""

    height: float
    width: float | None = None
    font_size: float = 12
    parts: list[str] = field(default_factory=list)

    @property
    def nominal(self) -> float:
        return self.width or NOMINAL_WIDTH

    def x(self, share: float) -> str:
        return number(share * self.width) if self.width else f"{number(share * 100)}%"

    def rect(self, share: float, width: float, y: float, height: float, **attributes: Any) -> None:
        place: dict[str, Any] = {"x": self.x(share), "width": self.x(width), "y": y, "height": height}
        self.parts.append(tag("rect", **place, **attributes))

    def line(self, share1: float, share2: float, y1: float, y2: float, **attributes: Any) -> None:
        self.parts.append(tag("line", x1=self.x(share1), x2=self.x(share2), y1=y1, y2=y2, **attributes))

    def text(self, share: float, y: float, text: str, *, dx: float = 0, **attributes: Any) -> None:
        """`dx` moves the text by units that do not grow with the page."""
        if self.width:
            place: dict[str, Any] = {"x": share * self.width + dx, "y": y}
        else:
            place = {"x": self.x(share), "dx": dx or None, "y": y}
        attributes.setdefault("fill", INK)
        self.parts.append(tag("text", escape(text), **place, **attributes))

    def diamond(self, share: float, y: float, radius: float, fill: str) -> None:
        """A nested svg carries the percent, because a path cannot."""
        r = radius
        path = tag("path", d=f"M0 {number(-r)}L{number(r)} 0L0 {number(r)}L{number(-r)} 0z", fill=fill)
        if self.width:
            shift = f"translate({number(share * self.width)} {number(y)})"
            self.parts.append(tag("g", path, transform=shift))
        else:
            self.parts.append(tag("svg", path, x=self.x(share), y=y, overflow="visible"))

    def done(self, *, title: str, description: str, css_class: str) -> SafeString:
        """The whole image: a title for the pointer, a sentence for who cannot see it."""
        size: dict[str, Any] = {"width": self.width or "100%", "height": self.height}
        if self.width:
            size["viewBox"] = f"0 0 {number(self.width)} {number(self.height)}"
        heads = tag("title", escape(f"{title}：{description}"))
        body = heads + "".join(self.parts)
        image = tag(
            "svg", body, class_=css_class, xmlns="http://www.w3.org/2000/svg", role="img",
            aria_label=f"{title}：{description}", font_family=FACES, font_size=self.font_size, **size,
        )  # fmt: skip
        return mark_safe(image)  # noqa: S308  every text and attribute above is escaped
