"""The ledger files with which the invented participations were taken in."""

from people.choices import ImportKind
from people.demo.context import DemoContext
from people.demo.registry import register
from people.demo.trail import Dated, file_trail
from training.models import Participation


@register(order=907)
def trail_of_participations(context: DemoContext) -> None:
    parts = Participation.objects.select_related("training_class").order_by("pk")
    rows: list[Dated] = [(part, part.training_class.ends_on) for part in parts]
    file_trail(context, ImportKind.LEDGER, "培训台账", rows, clerk="hr")
