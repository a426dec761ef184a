"""Small drawn portraits in the frame of the 任免审批表; nobody's face."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from people.choices import Sex
from people.services.photos import JPEG_QUALITY, PHOTO_SIZE

BACKGROUNDS = ("#cfe3f6", "#e9eef4", "#d7e8df", "#f3e3dc", "#dcd8ee")
SKINS = ("#f2d3b8", "#ecc6a5", "#e6bb98")
HAIRS = ("#2b2623", "#3a302b", "#1f1d1d")
GREY_HAIR = "#8d8a87"
SUITS = ("#26374d", "#35414f", "#4a2f33", "#2f4a45", "#4d4a57")
Box = tuple[int, int, int, int]


def draw_portrait(random: Random, *, sex: str, age: int) -> bytes:
    """A JPEG of a head and shoulders."""
    image = Image.new("RGB", PHOTO_SIZE, random.choice(BACKGROUNDS))
    pen = ImageDraw.Draw(image)
    hair = GREY_HAIR if age >= 54 else random.choice(HAIRS)
    skin = random.choice(SKINS)
    if sex == Sex.FEMALE:
        pen.rounded_rectangle((110, 120, 303, 400), 95, fill=hair)
    _body(pen, random.choice(SUITS), skin)
    pen.ellipse((128, 130, 285, 345), fill=skin)
    _hair(pen, hair, sex)
    output = BytesIO()
    image.save(output, "JPEG", quality=JPEG_QUALITY)
    return output.getvalue()


def _body(pen: ImageDraw.ImageDraw, suit: str, skin: str) -> None:
    pen.rounded_rectangle((170, 310, 243, 430), 30, fill=skin)
    pen.rounded_rectangle((30, 410, 383, 640), 110, fill=suit)
    pen.polygon(((160, 408), (206, 500), (253, 408)), fill="#f7f7f5")


def _hair(pen: ImageDraw.ImageDraw, hair: str, sex: str) -> None:
    if sex == Sex.FEMALE:
        pen.pieslice((120, 112, 293, 300), 180, 360, fill=hair)
    else:
        pen.chord((124, 112, 289, 290), 190, 350, fill=hair)
