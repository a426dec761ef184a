"""任职年限 as of a day, one person a line; for who wants it in another tool or by a timer."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from people.choices import CadreStatus
from people.models import Cadre
from people.spans import months_in_words
from rotation.choices.tenure import TenureState
from rotation.queries.tenure import standing, tenures
from rotation.tenure import Tenure

HEAD = ("姓名", "岗位", "任现岗起", "已任", "年限", "到限日期")
NOT_OK = tuple(state for state in TenureState if state != TenureState.OK)


class Command(BaseCommand):
    help = "列出某一天的任职年限（默认只列临近和超过的），每人一行，制表符分隔；--json 给出同样内容的数组"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="DATE", help="以哪一天为准（默认今天），如 2026-12-31")
        parser.add_argument("--all", action="store_true", help="列出所有在职并有任职的干部")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        on = _day(options["on"])
        active = Cadre.objects.filter(status=CadreStatus.ACTIVE)
        found = (
            tenures(list(active.order_by().values_list("pk", flat=True)), on)
            if options["all"]
            else standing(active, on, NOT_OK)
        )
        names = dict(active.filter(pk__in=list(found)).values_list("pk", "name"))
        lines = list(_lines(found, names))
        if options["json"]:
            rows = [dict(zip(HEAD, line, strict=True)) for line in lines]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for line in (HEAD, *lines):
            self.stdout.write("\t".join(line))


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError as error:
        raise CommandError("日期请写成 2026-12-31 这样。") from error


def _lines(found: dict[int, Tenure], names: dict[int, str]) -> Iterator[tuple[str, ...]]:
    """Who has been longest comes first."""
    for pk, tenure in sorted(found.items(), key=lambda item: (item[1].since, item[0])):
        if pk in names:
            yield (
                names[pk],
                f"{tenure.stint.place}{tenure.stint.title}",
                tenure.since.isoformat(),
                months_in_words(tenure.months),
                str(tenure.status.label),
                tenure.due_on.isoformat() if tenure.due_on else "",
            )
