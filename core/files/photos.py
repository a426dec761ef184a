"""Photos: looked at before they are decoded, turned upright, cut to size, encoded anew without EXIF."""

import struct
import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import DomainError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
NOT_READ = frozenset({".heic", ".heif", ".avif"})
CONTENT_TYPE = "image/jpeg"
WANTED = " JPG、PNG 或 WebP 照片（20 MB 以内）"
MAX_BYTES = 20 << 20
MAX_PIXELS = 60_000_000  # a telephone of 2026 makes 50 million
LONGEST_SIDE = 2400
JPEG_QUALITY = 88
# What Pillow raises for broken pictures, by experience and by its plugins' sources.
_BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, IndexError, struct.error)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heif", b"mif1", b"msf1", b"avif")


def check_size(size: int) -> None:
    if size == 0:
        raise DomainError("这张照片是空文件，请重新选择。", code="empty")
    if size > MAX_BYTES:
        raise DomainError("照片超过 20 MB，请压缩后再上传。", code="too_big")


def as_jpeg(data: bytes) -> bytes:
    """The picture alone as JPEG; whatever else the file carried is gone."""
    check_size(len(data))
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        message = "苹果手机的 HEIC 照片不能上传，请在手机“设置-相机-格式”选“兼容性最佳”，或转成 JPG 后再传。"
        raise DomainError(message, code="heic")
    try:
        upright = _decoded(data)
    except _BROKEN as error:
        message = "照片的内容不是 JPG、PNG 或 WebP 图片，或文件已损坏，请重新选择。"
        raise DomainError(message, code="not_a_photo") from error
    output = BytesIO()
    upright.save(output, "JPEG", quality=JPEG_QUALITY)
    return output.getvalue()


def _decoded(data: bytes) -> Image.Image:
    _refuse_bomb(_webp_pixels(data))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
        try:
            image = Image.open(BytesIO(data), formats=["JPEG", "PNG", "WEBP"])
        except Image.DecompressionBombError:
            _refuse_bomb(MAX_PIXELS + 1)
            raise
    with image:
        _refuse_bomb(image.width * image.height)
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG decodes at a smaller scale, in less memory
        small = ImageOps.exif_transpose(_fitting(image))
    return _on_white(small)


def _refuse_bomb(pixels: int) -> None:
    if pixels > MAX_PIXELS:
        raise DomainError("照片像素过大，请缩小到 6000 万像素以内再上传。", code="too_big")


def _webp_pixels(data: bytes) -> int:
    """From the header: Pillow's decoder reserves the whole canvas when it opens the file."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return 0
    kind = data[12:16]
    if kind == b"VP8X":
        return (1 + int.from_bytes(data[24:27], "little")) * (1 + int.from_bytes(data[27:30], "little"))
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (1 + (bits & 0x3FFF)) * (1 + (bits >> 14 & 0x3FFF))
    width, height = struct.unpack_from("<HH", data, 26)
    return int(width & 0x3FFF) * int(height & 0x3FFF)


def _fitting(image: Image.Image) -> Image.Image:
    image.load()
    if image.mode == "P":  # a palette cannot be scaled
        image = image.convert("RGBA")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """RGB in a new image: no comment or profile of the old one goes along."""
    canvas = Image.new("RGB", image.size, "white")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        canvas.paste(image, mask=image.getchannel("A"))
    else:
        canvas.paste(image.convert("RGB"))
    return canvas
