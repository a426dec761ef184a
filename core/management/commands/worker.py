"""`manage.py worker`: do the background jobs until told to stop."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.jobs.worker import BEAT, Worker


class Command(BaseCommand):
    help = "执行后台任务和定时任务；Ctrl-C 或 SIGTERM 后有序退出，未做完的任务由下一个进程接着做。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", action="store_true", help="做完正在等待的任务就退出")
        parser.add_argument("--interval", type=float, default=1.0, help="没有任务时隔几秒再看（默认 1）")
        parser.add_argument("--beat", type=float, default=BEAT, help="心跳间隔秒数（默认 10）")
        parser.add_argument("--silence", type=float, default=60.0, help="多少秒无心跳视为中断（默认 60）")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(
            batch=options["batch"],
            interval=options["interval"],
            beat=options["beat"],
            silence=timedelta(seconds=options["silence"]),
        )
        worker.configure_signals()
        worker.serve()
