"""Say at start-up what would make documents slow or impossible."""

from collections.abc import Sequence
from ctypes.util import find_library
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register

from core.pdf.fonts import DEBIAN_DIRS, own_dir, pack_dir


@register
def check_pdf_libraries(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    return [*_libraries(), *_fonts()]


def _libraries() -> list[CheckMessage]:
    if find_library("pango-1.0") is None:
        return [
            Warning(
                "没有找到排版库 Pango，暂时不能生成 PDF。",
                hint="apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
                id="core.W001",
            )
        ]
    if find_library("harfbuzz-subset") is None:
        # WeasyPrint then cuts fonts in Python: fourteen times the time, twice the memory.
        return [
            Warning(
                "没有找到 libharfbuzz-subset，生成 PDF 会慢十几倍。",
                hint="apt-get install libharfbuzz-subset0",
                id="core.W002",
            )
        ]
    return []


def _fonts() -> list[CheckMessage]:
    folders = (own_dir(), pack_dir(), DEBIAN_DIRS[0])
    if any(folder.is_dir() and any(folder.iterdir()) for folder in folders):
        return []
    return [
        Warning(
            "没有找到中文字体，成长档案等文件无法生成。",
            hint="apt-get install fonts-noto-cjk fonts-lxgw-wenkai",
            id="core.W003",
        )
    ]
