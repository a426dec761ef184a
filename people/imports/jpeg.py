"""A JPEG freed of everything but the picture, without encoding it again.

The photo of a 任免审批表 should come back in the export as it came in; encoding anew would change it each
time. Camera data, comments and whatever follows the picture are dropped; a picture that is turned or too
large is left to the photo service, which encodes.
"""

from io import BytesIO

from PIL import Image

MAX_BYTES = 512 << 10
MAX_SIDE = 2_000
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_KEPT = {0xC4, 0xDB, 0xDD, 0xE0, _SOS, *(m for m in range(0xC0, 0xD0) if m not in (0xC4, 0xC8, 0xCC))}
_ORIENTATION = 0x0112


def plain_jpeg(data: bytes) -> bytes | None:
    """The same picture in fewer segments; None when it has to be encoded."""
    if len(data) > MAX_BYTES or not data.startswith(b"\xff\xd8") or not _is_upright(data):
        return None
    try:
        return _segments(data)
    except IndexError:
        return None


def _is_upright(data: bytes) -> bool:
    """Whether it opens, is of a reasonable size and needs no turning."""
    try:
        with Image.open(BytesIO(data), formats=["JPEG"]) as image:
            image.load()
            upright = image.getexif().get(_ORIENTATION, 1) == 1
            return upright and image.mode in ("RGB", "L") and max(image.size) <= MAX_SIDE
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def _segments(data: bytes) -> bytes | None:
    kept = bytearray(data[:2])
    position = 2
    while data[position] == 0xFF:
        marker = data[position + 1]
        if marker == _EOI:
            return bytes(kept) + b"\xff\xd9"
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == _SOS:
            end = _end_of_scan(data, end)
        if marker in _KEPT:
            kept += data[position:end]
        position = end
    return None


def _end_of_scan(data: bytes, position: int) -> int:
    """The next marker that is neither a stuffed byte nor a restart."""
    while True:
        position = data.find(b"\xff", position)
        if position < 0:
            raise IndexError("no end of picture")
        following = data[position + 1]
        if following != 0x00 and not 0xD0 <= following <= 0xD7:
            return position
        position += 2
