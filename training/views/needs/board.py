"""The matrix of themes and departments, its reasons, and the programme founded on them."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core import exports
from core.access import Permission
from core.audit import record
from core.choices import AuditAction
from core.web.views import FormPage
from people.models import Unit
from training.choices import ClassKind, Theme
from training.forms.needs import FoundProgrammeForm
from training.models import TrainingNeed
from training.queries.needs import Board, Cell, board
from training.services import needs as services
from training.views.acts import StaffOnly
from training.views.needs.filed import NeedListPage
from training.views.needs.shared import Crumbs, need_crumbs, place_of, unit_words

MONTHS = (3, 6, 12)
MONTH_DAYS = 30
HOTTEST = 3


class BoardMixin(StaffOnly):
    """The months asked for, and what speaks for training in them."""

    @cached_property
    def months(self) -> int:
        wanted = self.request.GET.get("months", "")
        return int(wanted) if wanted in {str(number) for number in MONTHS} else MONTHS[-1]

    @property
    def since(self) -> date:
        return self.viewer.on - timedelta(days=self.months * MONTH_DAYS)

    @cached_property
    def board(self) -> Board:
        return board(self.viewer, since=self.since, until=self.viewer.on)


class NeedsBoard(BoardMixin):
    """Counts lead to their reasons. Whoever answers for nobody else finds the own needs here."""

    title = "培训需求"
    template_name = "training/needs/board.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.viewer.paths(Permission.VIEW_TRAINING):
            return super().dispatch(request, *args, **kwargs)
        return NeedListPage.as_view()(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.GET.get("export") == "xlsx":
            return self._export()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        top = max((cell.score for row in self.board.rows for cell in row.cells), default=0)
        rows = [(row, [(cell, _heat(cell, top)) for cell in row.cells]) for row in self.board.rows]
        return super().get_context_data(
            board=self.board,
            rows=[pair for pair in rows if pair[0].count or any(cell.hidden for cell, _ in pair[1])],
            months=self.months,
            month_choices=MONTHS,
            may_file=bool(self.viewer.paths(Permission.NOMINATE)),
            may_found=self.viewer.can(Permission.EDIT_TRAINING),
            may_wish=self.viewer.on_own_record(Permission.SIGN_UP),
            **kwargs,
        )

    def _export(self) -> HttpResponse:
        """Every reason that is shown, one a line."""
        lines = [(cell, reason) for row in self.board.rows for cell in row.cells for reason in cell.reasons]
        columns = [
            exports.Column("theme", "专题", width=20, value=lambda line: Theme(line[0].theme).label),
            exports.Column("unit", "部门", width=24, value=lambda line: unit_words(line[0].unit)),
            exports.Column("kind", "依据", width=14, value=lambda line: line[1].kind_words),
            exports.Column("words", "事由", width=50, value=lambda line: line[1].words),
            exports.Column("count", "次数", value=lambda line: line[1].count),
            exports.Column("score", "强度", value=lambda line: line[1].score),
        ]
        record(action=AuditAction.EXPORTED, by=self.viewer, label=f"培训需求，{len(lines)} 条")
        note = exports.source_note(source=self.title, by=self.viewer.name, at=timezone.now())
        return exports.download(exports.xlsx_bytes(self.title, columns, lines, note=note), "培训需求.xlsx")


def _heat(cell: Cell, top: Any) -> int:
    """0 to 3: how strong the cell is against the strongest."""
    return int(-(-cell.score * HOTTEST // top)) if top else 0


class ReasonsPage(BoardMixin):
    """One cell, or a whole theme: every reason, and the filed needs behind it."""

    template_name = "training/needs/reasons.html"

    @cached_property
    def theme(self) -> Theme:
        wanted = self.request.GET.get("theme", "")
        if wanted not in Theme.values:
            raise Http404
        return Theme(wanted)

    @cached_property
    def cells(self) -> list[Cell]:
        wanted = self.request.GET.get("unit", "")
        row = next((row for row in self.board.rows if row.theme == self.theme), None)
        cells = row.cells if row else []
        if not wanted:
            return cells
        return [cell for cell in cells if str(cell.unit.pk if cell.unit else 0) == wanted]

    def get_title(self) -> str:
        unit = self.cells[0].unit if self.request.GET.get("unit") and self.cells else None
        return f"{self.theme.label}：{unit_words(unit)}" if unit else str(self.theme.label)

    def get_crumbs(self) -> Crumbs:
        return need_crumbs((self.get_title(), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            theme=self.theme,
            unit=self.request.GET.get("unit", ""),
            months=self.months,
            cells=[
                (cell, unit_words(cell.unit), [(reason, place_of(reason)) for reason in cell.reasons])
                for cell in self.cells
                if cell.reasons
            ],
            hidden=any(cell.hidden for cell in self.cells),
            may_found=self.viewer.can(Permission.EDIT_TRAINING),
            **kwargs,
        )


class FoundProgramme(BoardMixin, FormPage):
    """据此立项: the form comes with the theme, the reasons and the filed needs of the cell it comes from."""

    permission: ClassVar = Permission.EDIT_TRAINING
    title = "据此立项"
    submit_label = "立项"
    form_class = FoundProgrammeForm
    success_message = "已立项，可以接着安排班次；办班满 60 天后可以看需求的前后对照。"

    def get_crumbs(self) -> Crumbs:
        return need_crumbs((self.title, ""))

    @cached_property
    def theme(self) -> Theme:
        wanted = self.request.GET.get("theme", "")
        return Theme(wanted) if wanted in Theme.values else Theme.OTHER

    @cached_property
    def unit(self) -> Unit | None:
        wanted = self.request.GET.get("unit", "")
        return self.board.departments.unit(int(wanted)) if wanted.isdecimal() else None

    @cached_property
    def needs(self) -> QuerySet[TrainingNeed]:
        rows = TrainingNeed.objects.visible_to(self.viewer).open()
        if self.request.GET.get("theme"):
            rows = rows.filter(theme=self.theme)
        if self.unit:
            rows = rows.filter(unit__path__startswith=self.unit.path or "?")
        return rows.select_related("unit")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "needs": self.needs}

    def get_initial(self) -> dict[str, Any]:
        on = self.viewer.on
        return {
            "name": f"{on.year}年{self.theme.label}专题培训",
            "year": on.year,
            "kind": ClassKind.TOPICAL,
            "theme": self.theme,
            "audience": unit_words(self.unit) if self.unit else "",
            "purpose": self._reasons(),
            "needs": [need.pk for need in self.needs],
        }

    def _reasons(self) -> str:
        key = self.unit.pk if self.unit else None
        row = next((row for row in self.board.rows if row.theme == self.theme), None)
        cells = row.cells if row else []
        chosen = [cell for cell in cells if self.unit is None or (cell.unit.pk if cell.unit else None) == key]
        reasons = [reason for cell in chosen for reason in cell.reasons]
        lines = [f"{reason.kind_words}：{reason.words}（{reason.count} 次）" for reason in reasons]
        return "据以下需求设立：\n" + "\n".join(lines) if lines else ""

    def act(self, form: FoundProgrammeForm) -> Any:
        return services.found_programme(
            values=form.values(), needs=list(form.cleaned_data["needs"]), by=self.viewer
        )

    def get_success_url(self) -> str:
        return reverse("training:programme", args=[self.result.pk])

    def get_cancel_url(self) -> str:
        return reverse("training:needs")
