"""Compare everything that can be found with its rows and put right what differs: `rebuild_search`."""

from typing import Any

from django.core.management.base import BaseCommand

from core.search import keeping
from core.search.keeping import Drift


class Command(BaseCommand):
    help = "核对并补齐全局搜索的检索内容。"

    def handle(self, *args: Any, **options: Any) -> None:
        whole = keeping.rebuild(say=self._say)
        keeping.refresh_tables()
        self._say("合计", whole)

    def _say(self, label: str, drift: Drift) -> None:
        counts = f"新增 {drift.added}，更新 {drift.changed}，清除 {drift.removed}"
        self.stdout.write(f"{label}：核对 {drift.checked} 条，{counts}")
