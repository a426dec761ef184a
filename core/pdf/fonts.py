"""Which fonts a document may use: a private fontconfig that keeps the host's other fonts out.

Style sheets and charts name four roles (`cadre-song`, `cadre-hei`, `cadre-kai`, `cadre-fang`) and the title
role `cadre-title`; the configuration says which face fills a role. The office's own licensed faces come
first, then the built pack, then the faces that Debian packages.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings

DEBIAN_DIRS = (Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/truetype/lxgw-wenkai"))

SONG = ("Cadre Pack Song", "Noto Serif CJK SC")
HEI = ("Cadre Pack Hei", "Noto Sans CJK SC")
ROLES: dict[str, tuple[str, ...]] = {
    "cadre-song": SONG,
    "cadre-hei": HEI,
    "cadre-kai": ("楷体_GB2312", "KaiTi_GB2312", "Cadre Pack Kai", "LXGW WenKai", *SONG),
    "cadre-fang": ("仿宋_GB2312", "FangSong_GB2312", "FandolFang", "FandolFang R", *SONG),
    "cadre-title": ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", *SONG),
}


def own_dir() -> Path:
    """Where an office puts the licensed faces it has the right to use, or a face with a rare character."""
    return settings.FONT_DIR / "own"


def pack_dir() -> Path:
    return settings.FONT_DIR / "pack"


def font_dirs() -> tuple[Path, ...]:
    return (own_dir(), pack_dir(), *DEBIAN_DIRS)


def fonts_conf() -> str:
    """The text of the private fontconfig file."""
    dirs = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in font_dirs())
    aliases = "".join(
        f'<alias binding="same"><family>{role}</family><prefer>'
        + "".join(f"<family>{escape(name)}</family>" for name in names)
        + "</prefer></alias>"
        for role, names in ROLES.items()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"{dirs}<cachedir>{escape(str(settings.FONT_DIR / 'cache'))}</cachedir>{aliases}"
        "<config><rescan><int>0</int></rescan></config></fontconfig>\n"
    )


def use_private_fontconfig() -> Path:
    """Point fontconfig at our own file; must run before WeasyPrint is imported."""
    own_dir().mkdir(parents=True, exist_ok=True)
    path: Path = settings.FONT_DIR / "fonts.conf"
    text = fonts_conf()
    if not path.is_file() or path.read_text() != text:
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(text)
        fresh.replace(path)
    os.environ["FONTCONFIG_FILE"] = str(path)
    return path


@cache
def characters_of(role: str) -> frozenset[int]:
    """Code points of the first installed face of a role; empty when none is installed."""
    face = face_of(role)
    return _code_points(*face) if face else frozenset()


def face_of(role: str) -> tuple[Path, int] | None:
    """File and index of the first installed face of a role."""
    faces = _installed_faces()
    return next((faces[family] for family in ROLES[role] if family in faces), None)


def covers(role: str, text: str) -> bool:
    """Whether the role's own face has every character, so that no word mixes two faces."""
    return all(ord(char) in characters_of(role) for char in text)


@cache
def _installed_faces() -> dict[str, tuple[Path, int]]:
    """Family name to file and index, for every regular face in our folders; the first folder wins."""
    faces: dict[str, tuple[Path, int]] = {}
    for folder in font_dirs():
        for path in sorted(folder.glob("*")):
            if path.suffix.lower() in {".ttf", ".otf", ".ttc"}:
                for index, families in enumerate(_families(path)):
                    for family in families:
                        faces.setdefault(family, (path, index))
    return faces


def _families(path: Path) -> list[set[str]]:
    """The family names of each face in a file (a collection holds several)."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        with path.open("rb") as file:
            if path.suffix.lower() == ".ttc":
                return [_names(font) for font in TTCollection(file, lazy=True).fonts]
            return [_names(TTFont(file, lazy=True))]
    except (TTLibError, OSError):
        return []  # a damaged file in the office's folder must not stop every document


def _names(font: Any) -> set[str]:
    return {str(record) for record in font["name"].names if record.nameID in {1, 16}}


@cache
def _code_points(path: Path, index: int) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with path.open("rb") as file:
        return frozenset(TTFont(file, fontNumber=index, lazy=True).getBestCmap())
