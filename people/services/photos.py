"""Photos of cadres: checked, turned upright, cut to size, re-encoded, kept encrypted outside the database."""

import hashlib
from io import BytesIO

from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from core import vault
from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from people.models import Cadre

PHOTO_SIZE = (413, 579)  # 35 × 49 mm at 300 dpi, the frame of the 任免审批表
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
JPEG_QUALITY = 88


@transaction.atomic
def set_photo(*, cadre: Cadre, data: bytes, by: Viewer | None) -> None:
    """Stores the picture; whatever else the file carried (EXIF, trailing data) is gone."""
    jpeg = normalised_photo(data)
    earlier = cadre.photo_path
    store_photo(cadre, jpeg)
    cadre.save(update_fields=["photo_path", "photo_digest", "updated_at"])
    if earlier and earlier != cadre.photo_path:
        transaction.on_commit(lambda: vault.remove(earlier))
    record(action=AuditAction.CADRE_UPDATED, by=by, subject=cadre, label=f"{cadre.name}·照片")


def store_photo(cadre: Cadre, jpeg: bytes) -> None:
    """Writes the encrypted file and sets the fields; the caller saves the record.

    Each picture has its own file, so that an import can be taken back to the picture before it.
    """
    cadre.photo_digest = hashlib.sha256(jpeg).hexdigest()
    cadre.photo_path = f"photos/{cadre.uid.hex[:2]}/{cadre.uid.hex}-{cadre.photo_digest[:12]}.bin"
    vault.write(cadre.photo_path, jpeg, context=_context(cadre))


def read_photo(cadre: Cadre) -> bytes | None:
    """JPEG bytes, or None when there is no photo (or its file was lost)."""
    if not cadre.photo_path or not vault.exists(cadre.photo_path):
        return None
    return vault.read(cadre.photo_path, context=_context(cadre))


def normalised_photo(data: bytes) -> bytes:
    """A JPEG of PHOTO_SIZE from a JPEG or PNG; anything else is refused before it is decoded."""
    if len(data) > MAX_BYTES:
        raise DomainError("照片超过 10 MB，请压缩后再上传。", field="photo", code="too_big")
    try:
        with Image.open(BytesIO(data), formats=["JPEG", "PNG"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise DomainError("照片像素过大，请裁剪到 4000 万像素以内。", field="photo", code="too_big")
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise DomainError(
            "照片应为 JPG 或 PNG 图片，请重新选择。", field="photo", code="not_a_photo"
        ) from error
    output = BytesIO()
    fitted = ImageOps.fit(upright, PHOTO_SIZE)
    fitted.info.clear()  # Pillow would write a comment of the old file into the new one
    fitted.save(output, "JPEG", quality=JPEG_QUALITY)
    return output.getvalue()


def _context(cadre: Cadre) -> str:
    return f"photo:{cadre.uid}"
