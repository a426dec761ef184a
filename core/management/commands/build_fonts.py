"""Build the small font pack: `manage.py build_fonts`. Optional; documents get smaller and faster."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.pdf.fonts import pack_dir
from core.pdf.pack import available_faces, build_pack


class Command(BaseCommand):
    help = "用系统中的 Noto CJK 与霞鹜文楷字体制作精简字库，PDF 更小、生成更快（可选，约一分钟）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-missing", action="store_true", help="已有完整字库时什么也不做")

    def handle(self, *args: Any, if_missing: bool, **options: Any) -> None:
        if not available_faces():
            raise CommandError("没有找到 Noto CJK 字体，请先安装：apt-get install fonts-noto-cjk")
        if if_missing and all((pack_dir() / face.filename).exists() for face in available_faces()):
            return
        for face, size in build_pack(pack_dir()):
            self.stdout.write(f"{face.filename}　{size / 1_048_576:.1f} MB")
        self.stdout.write(f"字库已存入 {pack_dir()}，重启服务后使用。")
