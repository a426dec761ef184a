"""培训需求: the matrix of themes and departments with its reasons, filed needs, weights, before and after."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core import exports
from core.access import Permission
from core.audit import record
from core.choices import AuditAction
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import DetailPage, FormPage, FramePage, ListPage, ObjectMixin
from people.choices import NeedKind
from people.models import Unit
from training.choices import ClassKind, NeedOrigin, Theme
from training.filters.needs import NeedFilter
from training.forms.needs import CloseNeedForm, FoundProgrammeForm, NeedForm, WeightForm
from training.models import NeedReading, NeedWeight, TrainingClass, TrainingNeed
from training.queries.needs import FEWEST, Board, Cell, Reason, board, comparisons
from training.services import needs as services
from training.views.acts import StaffOnly

Crumbs = Sequence[tuple[str, str]]
MONTHS = (3, 6, 12)
MONTH_DAYS = 30
HOTTEST = 3


def need_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("培训需求", reverse("training:needs")), *more]


def need_url(need: TrainingNeed) -> str:
    return reverse("training:need", args=[need.pk])


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
            exports.Column("unit", "部门", width=24, value=lambda line: _unit_words(line[0].unit)),
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


def _place(reason: Reason) -> str:
    return reverse(reason.link.url_name, args=reason.link.args) if reason.link else ""


def _unit_words(unit: Unit | None) -> str:
    return unit.short_name or unit.name if unit else "全区"


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
        return f"{self.theme.label}：{_unit_words(unit)}" if unit else str(self.theme.label)

    def get_crumbs(self) -> Crumbs:
        return need_crumbs((self.get_title(), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            theme=self.theme,
            unit=self.request.GET.get("unit", ""),
            months=self.months,
            cells=[
                (cell, _unit_words(cell.unit), [(reason, _place(reason)) for reason in cell.reasons])
                for cell in self.cells
                if cell.reasons
            ],
            hidden=any(cell.hidden for cell in self.cells),
            may_found=self.viewer.can(Permission.EDIT_TRAINING),
            **kwargs,
        )


class NeedListPage(ListPage):
    title = "需求清单"
    permission = Permission.VIEW_TRAINING
    model = TrainingNeed
    filterset_class = NeedFilter
    noun = "需求"
    counter = "项需求"
    main_filters = ("theme", "unit", "state")
    acts_template = "training/needs/list_acts.html"
    empty_icon = "lightbulb"
    empty_hint = "部门可以填报需要的培训，干部也可以提出本人想学的内容。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "-filed"
    sorts = (
        Sort("filed", "填报日期", ("filed_on",)),
        Sort("theme", "专题", ("theme", "filed_on")),
        Sort("people", "人数", ("people",)),
        Sort("wanted", "希望时间", ("wanted_by",)),
    )
    columns = (
        ListColumn("topic", "具体内容", lambda n: n.topic, link=need_url, width=36),
        ListColumn("theme", "专题", lambda n: n.get_theme_display(), sort="theme", css="nowrap"),
        ListColumn("unit", "部门", lambda n: str(n.unit), width=24),
        ListColumn("origin", "来源", lambda n: n.get_origin_display(), css="nowrap"),
        ListColumn("who", "提出人", lambda n: n.cadre.name if n.cadre else n.filed_by_name, css="nowrap"),
        ListColumn("people", "人数", lambda n: n.people, sort="people", css="num right", width=8),
        ListColumn(
            "filed",
            "填报",
            lambda n: n.filed_on,
            sort="filed",
            css="num nowrap",
            template="training/articles/cells/date.html",
        ),
        ListColumn(
            "wanted",
            "希望时间",
            lambda n: n.wanted_by,
            sort="wanted",
            css="num nowrap",
            template="training/articles/cells/date.html",
        ),
        ListColumn(
            "state",
            "状态",
            lambda n: state_of(n)[1],
            css="nowrap",
            template="training/contests/cells/state.html",
        ),
    )
    views = (
        SavedView("全部", ""),
        SavedView("未办结", "state=open"),
        SavedView("已立项", "state=founded"),
    )

    def get_crumbs(self) -> Crumbs:
        return need_crumbs((self.title, ""))

    def get_queryset(self) -> QuerySet[Any]:
        rows = TrainingNeed.objects.visible_to(self.viewer).select_related("unit", "cadre")
        return rows.annotate(founded=Count("programmes"))

    def decorate(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.light = state_of(row)
        return rows


def state_of(need: Any) -> tuple[str, str]:
    if need.closed_on:
        return "grey", "已办结"
    return ("green", "已立项") if need.founded else ("blue", "未办结")


class NeedPage(DetailPage):
    permission: ClassVar = Permission.VIEW_TRAINING
    model = TrainingNeed
    template_name = "training/needs/need.html"

    def get_queryset(self) -> QuerySet[Any]:
        rows = TrainingNeed.objects.visible_to(self.viewer).select_related("unit", "cadre")
        return rows.annotate(founded=Count("programmes"))

    def get_title(self) -> str:
        return str(self.object.topic)

    def get_crumbs(self) -> Crumbs:
        return need_crumbs(("需求清单", reverse("training:need_list")), (self.object.topic, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            light=state_of(self.object),
            programmes=list(self.object.programmes.all()),
            may_change=self.object.closed_on is None and may_change(self),
            may_found=self.viewer.can(Permission.EDIT_TRAINING) and self.object.closed_on is None,
            **kwargs,
        )


def may_change(view: ObjectMixin) -> bool:
    need, viewer = view.object, view.viewer
    if need.cadre_id and need.cadre_id == viewer.cadre_id:
        return True
    return any((need.unit.path or "").startswith(path) for path in viewer.paths(Permission.NOMINATE))


class NewNeed(FormPage):
    permission: ClassVar = Permission.NOMINATE
    title = "填报部门需求"
    submit_label = "填报"
    form_class = NeedForm
    success_message = "已填报，会计入需求排序。"

    def get_crumbs(self) -> Crumbs:
        return need_crumbs((self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def act(self, form: NeedForm) -> TrainingNeed:
        values = dict(form.cleaned_data)
        return services.file_need(unit=values.pop("unit"), values=values, by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return need_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:needs")


class NewWish(FormPage):
    permission: ClassVar = Permission.SIGN_UP
    title = "提出培训需求"
    submit_label = "提出"
    form_class = NeedForm
    success_message = "已提出，本部门和组织人事部门会看到。"

    def get_crumbs(self) -> Crumbs:
        return need_crumbs((self.title, ""))

    def act(self, form: NeedForm) -> TrainingNeed:
        return services.wish_need(values=form.cleaned_data, by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return need_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:need_list")


class NeedAct(ObjectMixin):
    permission: ClassVar = (Permission.NOMINATE, Permission.SIGN_UP)
    model = TrainingNeed

    def get_queryset(self) -> QuerySet[Any]:
        return TrainingNeed.objects.visible_to(self.viewer).select_related("unit", "cadre")

    @cached_property
    def object(self) -> Any:
        found = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        self.__dict__["object"] = found
        if not may_change(self):
            raise Http404
        return found

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return need_crumbs((self.object.topic, need_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return need_url(self.object)


class EditNeed(NeedAct, FormPage):
    title = "修改需求"
    form_class = NeedForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        by_unit = self.object.origin == NeedOrigin.UNIT
        extra = {"viewer": self.viewer} if by_unit else {}
        return {**super().get_form_kwargs(), "row": self.object, **extra}

    def act(self, form: NeedForm) -> None:
        services.change_need(need=self.object, values=form.cleaned_data, by=self.viewer)


class CloseNeed(NeedAct, FormPage):
    title = "办结需求"
    submit_label = "办结"
    form_class = CloseNeedForm
    success_message = "已办结，不再计入排序。"

    def act(self, form: CloseNeedForm) -> None:
        reason = form.cleaned_data["reason"]
        services.close_need(need=self.object, reason=reason, by=self.viewer, on=self.viewer.on)


class FoundProgramme(BoardMixin, FormPage):
    """据此立项: the form comes with the theme, the reasons and the filed needs of the cell it comes from."""

    permission: ClassVar = Permission.EDIT_TRAINING
    title = "据此立项"
    submit_label = "立项"
    form_class = FoundProgrammeForm
    success_message = "已立项；办班后满 60 天可以看需求的前后对照。"

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
            "audience": _unit_words(self.unit) if self.unit else "",
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
        return reverse("training:need_list") + "?state=founded"

    def get_cancel_url(self) -> str:
        return reverse("training:needs")


class WeightsPage(FramePage):
    permission: ClassVar = Permission.VIEW_TRAINING
    title = "需求权重"
    template_name = "training/needs/weights.html"

    def get_crumbs(self) -> Crumbs:
        return need_crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = self.viewer.on
        versions: dict[str, list[tuple[NeedWeight, str]]] = {kind: [] for kind in NeedKind.values}
        for row in NeedWeight.objects.visible_to(self.viewer).order_by("-starts_on"):
            state = "now" if row.holds(on) else "later" if row.starts_on > on else "past"
            versions.setdefault(row.kind, []).append((row, state))
        return super().get_context_data(
            kinds=[(kind, versions[kind]) for kind in NeedKind],
            may_change=self.viewer.can(Permission.EDIT_RULES),
            **kwargs,
        )


class NewWeight(FormPage):
    permission: ClassVar = Permission.EDIT_RULES
    submit_label = "启用"
    form_class = WeightForm
    success_message = "已启用新权重。"

    @cached_property
    def kind(self) -> NeedKind:
        if self.kwargs["kind"] not in NeedKind.values:
            raise Http404
        return NeedKind(self.kwargs["kind"])

    def get_title(self) -> str:
        return f"调整权重：{self.kind.label}"

    def get_crumbs(self) -> Crumbs:
        return need_crumbs(("需求权重", reverse("training:need_weights")), (self.get_title(), ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = NeedWeight.objects.visible_to(self.viewer).filter(kind=self.kind)
        return {**super().get_form_kwargs(), "row": rows.order_by("-starts_on").first()}

    def act(self, form: WeightForm) -> NeedWeight:
        return services.open_weight_version(kind=self.kind, values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("training:need_weights")


class EffectListPage(StaffOnly, ListPage):
    """Classes whose figures were read, the latest first."""

    title = "办班前后对照"
    model = TrainingClass
    noun = "对照"
    counter = "个班次"
    empty_icon = "scale"
    empty_hint = "有专题的班次开班时读取一次需求强度，结束满 60 天再读一次，自动列在这里。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "-ends"
    sorts = (Sort("ends", "结束日期", ("ends_on",)), Sort("name", "名称", ("name",)))
    columns = (
        ListColumn(
            "name",
            "班次",
            str,
            sort="name",
            link=lambda c: reverse("training:need_effect", args=[c.pk]),
            width=36,
        ),
        ListColumn("theme", "专题", lambda c: c.get_theme_display(), css="nowrap"),
        ListColumn(
            "ends",
            "结束日期",
            lambda c: c.ends_on,
            sort="ends",
            css="num nowrap",
            template="training/articles/cells/date.html",
        ),
        ListColumn("people", "参训", lambda c: c.comparison[0], css="num right", width=8),
        ListColumn("before", "办班前", lambda c: c.comparison[1], css="num right"),
        ListColumn("after", "办班后", lambda c: c.comparison[2], css="num right"),
    )

    def get_crumbs(self) -> Crumbs:
        return need_crumbs((self.title, ""))

    def get_queryset(self) -> QuerySet[Any]:
        readings = NeedReading.objects.visible_to(self.viewer).values("training_class")
        return TrainingClass.objects.visible_to(self.viewer).filter(pk__in=readings)

    def decorate(self, rows: list[Any]) -> list[Any]:
        readings = NeedReading.objects.visible_to(self.viewer).filter(training_class__in=rows, unit=None)
        found: dict[int, dict[str, NeedReading]] = {}
        for reading in readings:
            found.setdefault(reading.training_class_id, {})[reading.moment] = reading
        for row in rows:
            row.comparison = _figures(found.get(row.pk, {}))
        return rows


def _figures(both: dict[str, NeedReading]) -> tuple[Any, str, str]:
    people = max((reading.people for reading in both.values()), default=0)
    if people < FEWEST:
        return "不足 5 人", "不显示", "不显示"
    words = [f"{both[key].score.normalize():f}" if key in both else "未到期" for key in ("before", "after")]
    return people, words[0], words[1]


class EffectPage(StaffOnly, DetailPage):
    """The same figure before and after, by department; no claim that one made the other."""

    model = TrainingClass
    template_name = "training/needs/effect.html"

    def get_title(self) -> str:
        return f"前后对照：{self.object}"

    def get_crumbs(self) -> Crumbs:
        return need_crumbs(("办班前后对照", reverse("training:need_effects")), (str(self.object), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = comparisons(self.object, self.viewer)
        rows = [(_unit_words(one.unit) if one.unit else "全部学员", one) for one in found]
        return super().get_context_data(rows=rows, **kwargs)
