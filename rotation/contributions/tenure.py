"""Tenure: a place in the menu, the tab of a cadre, what is due, the figure of the home page."""

from collections.abc import Iterator
from functools import partial

from django.core.cache import cache
from django.db.models import QuerySet

from core.access import Permission, Viewer
from core.asking import Steps, once
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from people.contracts import (
    Duty,
    Figure,
    Link,
    Panel,
    cadre_tabs,
    duties,
    home_figures,
    how_many_wait,
    waiting,
)
from people.models import Cadre
from rotation.choices.tenure import ExtensionState, TenureState
from rotation.models import TenureExtension
from rotation.queries.tenure import candidates, standing_steps, terms_in_force
from rotation.services.tenure import EXTENSION_KIND
from rotation.tenure import Tenure
from rotation.wording import may_extend, standing_of

SEES, EDITS = Permission.VIEW_ROTATION, Permission.EDIT_ROTATION
LATE = (TenureState.OVER, TenureState.HARD)
RULES_KEPT = 300  # seconds


def extensions_waiting(viewer: Viewer) -> QuerySet[TenureExtension]:
    """Asked for by others, about others."""
    rows = TenureExtension.objects.visible_to(viewer, Permission.DECIDE_ROTATION)
    waiting = rows.filter(state=ExtensionState.REQUESTED).exclude(cadre_id=viewer.cadre_id or 0)
    return waiting.exclude(requested_by_id=viewer.user_id)


register(MenuItem("内强素质·锻炼", 61, "任职年限", "hourglass", "rotation:tenure", SEES, audience="staff"))
register_kind(EXTENSION_KIND, "延长任职审批", "calendar-clock")


def near_their_limit(viewer: Viewer) -> QuerySet[Cadre]:
    """Of whom it may be true, by rules that are at most some minutes old: who that is, is then reckoned."""
    key = f"rotation.terms:{viewer.on}"
    rules = cache.get_or_set(key, lambda: terms_in_force(viewer.on), RULES_KEPT) or ()
    return candidates(Cadre.objects.visible_to(viewer, SEES), viewer.on, rules, by_warning=False)


def _late(viewer: Viewer) -> Steps[dict[int, Tenure]]:
    """Those over the limit in the viewer's units; the duty and the figure ask once."""
    rows = Cadre.objects.visible_to(viewer, SEES)
    steps = partial(standing_steps, rows, viewer.on, LATE)
    return (yield from once(viewer, "rotation.late", steps))


@home_figures.register("rotation.late", order=50, permission=SEES)
def late_figure(*, viewer: Viewer) -> Iterator[Figure]:
    if viewer.paths(SEES):
        near = yield from waiting(viewer, "rotation.late")
        count = len((yield from _late(viewer))) if near else 0
        yield Figure("超过任职年限", count, "人", Link("rotation:tenure"), "state=late", "按任职年限规则")


@duties.register("rotation.late", order=50, permission=SEES, waits=near_their_limit)
def over_tenure(*, viewer: Viewer) -> Iterator[Duty]:
    count = len((yield from _late(viewer))) if viewer.paths(EDITS) else 0
    if count:
        yield Duty(
            key="rotation.late",
            title=f"{count} 名干部超过任职年限",
            due_on=None,
            link=Link("rotation:tenure_late"),
            count=count,
            reason="纳入轮岗方案，或申请延长任职。",
        )


@duties.register(
    "rotation.extensions", order=51, permission=Permission.DECIDE_ROTATION, waits=extensions_waiting
)
def extensions_to_decide(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "rotation.extensions")
    if count:
        yield Duty(
            key="rotation.extensions",
            title=f"{count} 份延长任职申请待审批",
            due_on=None,
            link=Link("rotation:tenure_extensions"),
            count=count,
            reason="同意后在期限内不再提示超过年限。",
        )


@cadre_tabs.register("tenure", order=60, permission=Permission.VIEW_CADRE, label="任职年限")
def tenure_tab(*, cadre: Cadre, viewer: Viewer) -> Panel | None:
    """The own standing is no secret to the person."""
    seen = viewer.cadre_id == cadre.pk or Cadre.objects.visible_to(viewer, SEES).filter(pk=cadre.pk).exists()
    context = standing_of(cadre, viewer.on) if seen else {}
    context |= {"seen": seen, "cadre": cadre, "may_extend": seen and may_extend(viewer, cadre.pk)}
    return Panel("tenure", "任职年限", "rotation/panels/tenure.html", context)
