"""QR codes as inline SVG: the same drawing on the screen in a room, on paper and in a PDF."""

from io import BytesIO

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str, *, title: str, border: int = 2) -> SafeString:
    """Error level M, as wide as its place; `title` is read out and kept as the text for the picture."""
    output = BytesIO()
    segno.make(text, error="m", micro=False).save(
        output,
        kind="svg",
        xmldecl=False,
        svgns=True,
        nl=False,
        omitsize=True,
        border=border,
        title=title,
        svgclass="qr",
        lineclass=None,
    )
    return mark_safe(output.getvalue().decode())  # noqa: S308 - drawn by the library; it escapes the title
