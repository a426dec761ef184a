"""What growth adds: sections of the file, a place in the menu, and its parts of the cadre's page."""

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from core import search
from core.access import Permission, Viewer
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from growth.completeness import state_of_file
from growth.contracts import Editor, register_editor
from growth.contributions import checks
from growth.models import EDITION_PERMISSIONS, GrowthFile
from growth.sections import basic, merit, posts, resume
from people.contracts import (
    FirstStep,
    Link,
    Panel,
    cadre_acts,
    cadre_cards,
    cadre_tabs,
    first_steps,
    home_panels,
    roster_bulk,
)
from people.models import Cadre

__all__ = ["basic", "checks", "merit", "posts", "resume"]

LATEST = 3

RECORDS = {
    "honour": "honour",
    "annualappraisal": "appraisal",
    "education": "education",
    "familymember": "family",
}
LATEST_AT_HOME = 6

EDITIONS = tuple(EDITION_PERMISSIONS.values())
register(MenuItem("干部", 20, "成长档案", "file-badge", "growth:files", EDITIONS))
register_kind("growth.correction", "档案更正", "clipboard-check")
search.register(
    search.Source(
        key="growth.file",
        label="成长档案",
        icon="file-badge",
        order=70,
        model=GrowthFile,
        url_name="growth:file",
        title=("cadre__name", "edition"),
        codes=("number", "code"),
        detail=("number", "as_of"),
        permission=EDITIONS,
        list_url="growth:files",
        apart=True,
    )
)


def _record_page(kind: str) -> Editor:
    return lambda pk, cadre: reverse("people:record_edit", args=[cadre, kind, pk])


for model, kind in RECORDS.items():
    register_editor(f"people.{model}")(_record_page(kind))


@register_editor("people.appointment")
def appointment_page(pk: int, cadre: int) -> str:
    return reverse("people:appointment_edit", args=[cadre, pk])


@register_editor("people.resumeentry")
def resume_page(pk: int, cadre: int) -> str:
    return reverse("people:resume_edit", args=[cadre])


@register_editor("people.contact")  # phone and address: a line of their own, kept with the cadre
@register_editor("people.cadre")
def cadre_page(pk: int, cadre: int) -> str:
    return reverse("people:cadre_edit", args=[pk])


@cadre_tabs.register("growth", order=90, label="成长档案")
def files_tab(*, cadre: Cadre, viewer: Viewer) -> Panel | None:
    files = _files_of(cadre, viewer)
    may_export = bool(viewer.paths(Permission.EXPORT_CADRE)) and cadre.pk != viewer.cadre_id
    context: dict[str, object] = {
        "files": files,
        "may_export": may_export,
        "may_judge": viewer.can(Permission.VIEW_RESUME),
        # Asked only where the tab is open: the heads of all tabs are on every page of the cadre.
        "file": SimpleLazyObject(lambda: state_of_file(cadre, on=viewer.on)),
    }
    return Panel("growth", "成长档案", "growth/panels/tab.html", context, len(files))


@cadre_cards.register("growth", order=90)
def files_card(*, cadre: Cadre, viewer: Viewer) -> Panel | None:
    files = _files_of(cadre, viewer)[:LATEST]
    return Panel("growth", "成长档案", "growth/panels/card.html", {"files": files}) if files else None


@home_panels.register(
    "growth.latest",
    order=50,
    permission=Permission.VIEW_GROWTH_LEADER,
    label="最近的成长档案",
    later=lambda viewer: True,
)
def latest_files(*, viewer: Viewer) -> Panel | None:
    """What a leader opens most: the files made last that the viewer may read."""
    files = list(GrowthFile.objects.visible_to(viewer).select_related("cadre", "made_by")[:LATEST_AT_HOME])
    return Panel("growth", "最近的成长档案", "growth/panels/home.html", {"files": files}) if files else None


@cadre_acts.register(
    "growth.make", order=90, permission=Permission.MAKE_GROWTH, template="growth/panels/make.html"
)
def make_button() -> None:
    """生成成长档案 on the cadre's page."""


@first_steps.register("growth.file", order=70, permission=Permission.MAKE_GROWTH)
def make_the_first_file(*, viewer: Viewer) -> FirstStep:
    return FirstStep(
        title="打印第一份成长档案",
        why="在干部名册里打开一名干部，点“生成成长档案”；也可以勾选多人一次生成，下载后打印。",
        link=Link("people:cadres"),
        act="去名册",
        help="成长档案",
        done=GrowthFile.objects.all(),
    )


@roster_bulk.register(
    "growth.make", order=10, permission=Permission.MAKE_GROWTH, template="growth/panels/make_many.html"
)
def make_many_button() -> None:
    """生成成长档案 for the people chosen in the roster."""


def _files_of(cadre: Cadre, viewer: Viewer) -> list[GrowthFile]:
    """Tab and card show the same: asked once for a page."""
    rows = GrowthFile.objects.visible_to(viewer).filter(cadre=cadre).select_related("made_by")
    return viewer.remember(f"growth.files:{cadre.pk}", lambda: list(rows))
