"""决策室: the candidates side by side, each one's growth file beside them, and the leaders' opinions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.web.views import ConfirmPage, DetailPage, FormPage, FramePage
from growth.models import GrowthFile
from rotation.choices.plans import PlanState
from rotation.forms.room import OpenCaseForm
from rotation.models import Case, CaseFile, ReadingGrant, RotationPlan
from rotation.queries.room.cases import Table, open_plans_of, table_of
from rotation.queries.room.comparison import Comparison
from rotation.queries.room.frozen import comparison_shown
from rotation.services.room.cases import open_case
from rotation.services.room.files import order_files
from rotation.views.room.shared import (
    EDITS,
    CaseHandlerMixin,
    CaseMixin,
    Crumbs,
    PlanHandlerMixin,
    crumbs,
    handled,
    room_url,
)

ZOOMS = (("1", "整页"), ("2", "放大"), ("3", "再放大"))
STEPS = (
    ("提出", ()),
    ("预审", (PlanState.DRAFT, PlanState.PRECHECK)),
    ("酝酿签批", (PlanState.OPINIONS, PlanState.MEETING)),
    ("会议决定", (PlanState.DECIDED,)),
    ("公示任职", (PlanState.NOTICE, PlanState.EFFECTIVE, PlanState.HANDOVER, PlanState.CLOSED)),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The growth file on show: one page of it as an image, or why there is none."""

    shown: CaseFile | None
    file: GrowthFile | None
    number: int = 1
    zoom: str = "1"

    @property
    def pages(self) -> int:
        return self.file.pages if self.file else 0


class RoomPage(CaseMixin, DetailPage):
    template_name = "rotation/room/room.html"

    def get_queryset(self) -> QuerySet[Any]:
        """With what the viewer may do in the case, and until when and what for they may read its files."""
        grants = ReadingGrant.objects.visible_to(self.viewer).live(self.viewer)
        latest = grants.filter(case=OuterRef("pk")).order_by("-ends_on")
        rows: Any = super().get_queryset()
        found: QuerySet[Any] = rows.annotate(
            handled=handled(self.viewer, "plan"),
            granted_until=Subquery(latest.values("ends_on")[:1]),
            granted_for=Subquery(latest.values("purpose")[:1]),
        )
        return found

    def get_title(self) -> str:
        return str(self.object.title)

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.object.number, ""))

    def get_template_names(self) -> list[str]:
        return ["rotation/room/sheet.html" if self.request.htmx else self.template_name]  # type: ignore[attr-defined]

    @cached_property
    def comparison(self) -> Comparison:
        return comparison_shown(self.object, on=self.viewer.on)

    @cached_property
    def files(self) -> list[CaseFile]:
        """`readable`: whether the viewer may open it."""
        rows = CaseFile.objects.visible_to(self.viewer).filter(case=self.object)
        readable = Exists(GrowthFile.objects.visible_to(self.viewer).filter(pk=OuterRef("file")))
        rows = rows.annotate(readable=readable).select_related("file", "cadre")
        return list(rows.order_by("cadre__name_stroke_key", "cadre"))

    @cached_property
    def sheet(self) -> Sheet:
        wanted = self.request.GET.get("who", "")
        shown = next((row for row in self.files if str(row.cadre_id) == wanted), None)
        shown = shown or (self.files[0] if self.files else None)
        if shown is None or not shown.readable:  # type: ignore[attr-defined]
            return Sheet(shown, None)
        zoom = self.request.GET.get("zoom", "1")
        number = self.request.GET.get("page", "1")
        page = min(max(int(number), 1), shown.file.pages) if number.isascii() and number.isdigit() else 1
        return Sheet(shown, shown.file, page, zoom if zoom in dict(ZOOMS) else "1")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        beside = {
            "sheet": self.sheet,
            "files": self.files,
            "zooms": ZOOMS,
            "handles": self.object.handled,
        }
        if self.request.htmx:  # type: ignore[attr-defined]
            return super().get_context_data(**beside, **kwargs)
        return super().get_context_data(**beside, **self._whole(), **kwargs)

    def _whole(self) -> dict[str, Any]:
        """What a turned page does not need: comparing asks every app."""
        only = self.request.GET.get("diff") == "1"
        return {
            "comparison": self.comparison.only_different() if only else self.comparison,
            "only_different": only,
            "table": self.table,
            "steps": steps_of(self.object.plan),
            "may_take": bool(self.files) and all(row.readable for row in self.files),  # type: ignore[attr-defined]
        }

    @cached_property
    def table(self) -> Table:
        return table_of(self.object, self.viewer)


def steps_of(plan: RotationPlan) -> list[tuple[int, str, str]]:
    """(number, words, state) as parts/steps.html draws them."""
    now = next((n for n, (_, states) in enumerate(STEPS) if plan.state in states), 0)
    return [
        (n + 1, words, "done" if n < now else "now" if n == now else "") for n, (words, _) in enumerate(STEPS)
    ]


class NewCase(FramePage):
    """Which plan the case is about; with one plan there is nothing to choose."""

    title = "提出议题"
    permission = EDITS
    template_name = "rotation/room/plans.html"

    @cached_property
    def plans(self) -> list[RotationPlan]:
        return list(open_plans_of(self.viewer)[:50])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if len(self.plans) == 1:
            return HttpResponseRedirect(reverse("rotation:case_open", args=[self.plans[0].pk]))
        return super().get(request, *args, **kwargs)

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(plans=self.plans, **kwargs)


class OpenCase(PlanHandlerMixin, FormPage):
    title = "提出议题"
    form_class = OpenCaseForm
    submit_label = "提出议题"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"plan": self.object, "on": self.viewer.on}

    def act(self, form: OpenCaseForm) -> Case:
        return open_case(plan=self.object, by=self.viewer, at=timezone.now(), **form.values())

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.object.title, ""), (self.title, ""))

    def get_success_url(self) -> str:
        return room_url(self.result) if hasattr(self, "result") else reverse("rotation:cases")


class PrepareFiles(CaseHandlerMixin, ConfirmPage):
    title = "准备上会档案"
    submit_label = "开始准备"
    dangerous = False
    success_message = "已经开始准备，完成后在这里可以翻阅。"

    def get_consequence(self) -> str:
        return (
            "为每名人选生成截至今天的领导版成长档案，放入本议题；已经放入的会换成新的。会议决定以后不能再换。"
        )

    def act(self, form: Any) -> None:
        order_files(case=self.object, by=self.viewer)

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return self.case_crumbs(self.title)

    def get_success_url(self) -> str:
        return room_url(self.object)
