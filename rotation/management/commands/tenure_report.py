"""任职年限 as of a day, one person a line; for who wants it in another tool or by a timer."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
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
    help = "列出某一天的任职年限（默认只列临近和超过的），每人一行，制表符分隔"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="以哪一天为准（YYYY-MM-DD，默认今天）")
        parser.add_argument("--all", action="store_true", help="列出所有在职并有任职的干部")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or timezone.localdate()
        active = Cadre.objects.filter(status=CadreStatus.ACTIVE)
        found = (
            tenures(list(active.order_by().values_list("pk", flat=True)), on)
            if options["all"]
            else standing(active, on, NOT_OK)
        )
        names = dict(active.filter(pk__in=list(found)).values_list("pk", "name"))
        self.stdout.write("\t".join(HEAD))
        for line in _lines(found, names):
            self.stdout.write("\t".join(line))


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
