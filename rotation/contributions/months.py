"""What rotation puts on the calendar: the days on which secondments end. Plans and proposals never."""

from collections.abc import Iterator
from datetime import date

from core.access import Permission, Viewer
from core.asking import asked
from people.choices import CalendarKind
from people.contracts import Entry, Link, calendar_entries
from rotation.models import Secondment
from rotation.secondment_states import LIVE

SEES = Permission.VIEW_SECONDMENT
NAMES = ("pk", "cadre_id", "cadre__name", "planned_end_on")


@calendar_entries.register("rotation.secondments", order=40, permission=SEES)
def secondments_ending(*, viewer: Viewer, first: date, last: date) -> Iterator[Entry]:
    rows = Secondment.objects.visible_to(viewer).filter(state__in=LIVE, planned_end_on__range=(first, last))
    for pk, cadre_id, name, day in (yield from asked(rows.values_list(*NAMES))):
        own = cadre_id == viewer.cadre_id
        link = Link("rotation:my_secondments") if own else Link("rotation:secondment", (pk,))
        title = "挂职期满" if own else f"{name}挂职期满"
        yield Entry(CalendarKind.AWAY, title, day, link=link, own=own)
