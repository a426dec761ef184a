"""任务分解表: one query as table, board and timeline, on paper and as a workbook."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property

from core import exports
from core.access import Permission
from core.audit import record
from core.choices import AuditAction
from core.pdf import PdfUnavailable
from core.templatetags.ui import cn_date
from core.web.listing import ListColumn, Sort, without
from core.web.views import ListPage
from park.charts import Bar, timeline
from park.choices import Signal
from park.exports import MOST_ON_PAPER, OFFICE_COLUMNS, Paper, due_words, tasks_pdf
from park.filters.tasks import TaskPageFilter
from park.models import ActionPlan, Task
from park.queries import tasks as queries

VIEWS = (("table", "分解表", "table"), ("board", "看板", "kanban"), ("timeline", "时间轴", "chart-gantt"))
LIGHTS = (
    (Signal.RED, "逾期", "bad"),
    (Signal.YELLOW, "滞后", ""),
    (Signal.BLUE, "临期", ""),
    (Signal.GREEN, "正常", ""),
    (Signal.GREY, "办结和待交办", ""),
)


class KnownCount(Paginator):
    """The rows have been counted already, light by light."""

    known = 0

    @property
    def count(self) -> int:
        return self.known


Drawn = tuple[Any, list[tuple[ListColumn, Any]]]  # a task with what its cells show

# What the page may show beside its own columns, and what its own are called in the workbook.
ALSO_ON_PAGE = ("x_measure", "x_support", "x_problems", "x_next", "x_state")
AS_IN_OFFICE = {
    "no": "x_no",
    "task": "x_name",
    "official": "x_official",
    "department": "x_department",
    "owner": "x_owner",
    "due": "x_due",
    "percent": "x_percent",
    "light": "x_light",
    "reported": "x_report",
}


def _column(key: str, label: str, value: Callable[[Any], Any], cell: str, **look: str) -> ListColumn:
    return ListColumn(key, label, value, template=f"park/tasks/cells/{cell}.html", in_export=False, **look)  # type: ignore[arg-type]


class TaskListPage(ListPage):
    title = "任务分解表"
    permission = Permission.VIEW_PARK
    template_name = "park/tasks/list.html"
    results_template = "park/tasks/results.html"
    model = Task
    filterset_class = TaskPageFilter
    noun = "任务"
    counter = "项"
    main_filters = ("plan", "official", "department", "due")
    acts_template = "park/tasks/acts.html"
    empty_icon = "list-checks"
    empty_hint = "可以导入行动方案或现有的任务分解表，也可以直接分解新任务。"
    export_permission = Permission.VIEW_PARK
    default_sort = "plan"
    sorts = (
        Sort("plan", "方案顺序", ("plan", "position")),
        Sort("due", "完成时限", ("due_on", "position")),
        Sort("percent", "进度", ("percent", "position")),
        Sort("official", "责任领导", ("lead_official__name_pinyin", "position")),
        Sort("department", "责任部门", ("lead_department__display_order", "position")),
        Sort("owner", "责任人", ("owner__name_pinyin", "position")),
        Sort("reported", "最近反馈", ("reported_on", "position")),
    )
    columns = (
        ListColumn("no", "序号", lambda t: t.no, css="no", in_export=False),
        _column("task", "工作任务与举措", str, "task", sort="plan", css="tk-name"),
        _column("official", "责任领导", lambda t: t.lead_official, "required", sort="official", css="nowrap"),
        _column(
            "department", "责任部门", lambda t: t.lead_department, "required", sort="department", css="nowrap"
        ),
        _column("owner", "责任人", lambda t: t.owner, "required", sort="owner", css="nowrap"),
        _column("due", "完成时限", due_words, "due", sort="due", css="num nowrap"),
        _column("percent", "进度", lambda t: t.percent, "percent", sort="percent", css="prog"),
        _column("light", "亮灯", lambda t: t.light, "light", css="lt2"),
        _column(
            "reported", "最近反馈", lambda t: t.reported_on, "reported", sort="reported", css="sub tk-last"
        ),
        *OFFICE_COLUMNS,
    )

    # Columns: the page draws its own, the workbook has the office's

    @property
    def has_columns(self) -> bool:
        return self.kind == "table"

    def get_choosable(self) -> list[ListColumn]:
        return [column for column in self.columns if column.on_page or column.key in ALSO_ON_PAGE]

    def export_columns(self) -> list[ListColumn]:
        if "col" not in self.request.GET or self.request.GET.get("columns") == "all":
            return list(OFFICE_COLUMNS)
        office = {column.key: column for column in OFFICE_COLUMNS}
        return [office[AS_IN_OFFICE.get(column.key, column.key)] for column in self.shown_columns]

    # One query for every view

    def get_queryset(self) -> QuerySet[Any]:
        return queries.task_rows(self.viewer)

    @cached_property
    def unlit(self) -> QuerySet[Any]:
        """The filtered tasks whatever their light: what the sums above the table count."""
        data = without(self.request.GET, "signal")
        rows: QuerySet[Any] = TaskPageFilter(data, queryset=self.get_queryset(), request=self.request).qs
        return rows

    @cached_property
    def sums(self) -> queries.Sums:
        return queries.sums_of(self.unlit)

    @property
    def kind(self) -> str:
        wanted = self.request.GET.get("view", "")
        return wanted if wanted in [key for key, _, _ in VIEWS] else VIEWS[0][0]

    @cached_property
    def page(self) -> Page[Any]:
        if self.kind == "board":  # its cards are read lane by lane
            return KnownCount([], self.page_size).get_page(1)
        light = self.request.GET.get("signal", "")
        counted = light in Signal.values
        shown = {column.key for column in self.shown_columns}
        rows = queries.with_supporters(self.rows, self.viewer.on) if "x_support" in shown else self.rows
        paginator = KnownCount(rows, self.page_size)
        paginator.known = self.sums.by_signal.get(light, 0) if counted else self.sums.total
        return paginator.get_page(self.request.GET.get("page"))

    def decorate(self, rows: list[Any]) -> list[Any]:
        return queries.decorate(rows, self.viewer.on)

    @property
    def plan(self) -> ActionPlan | None:
        """The plan the page is about; None when several are mixed."""
        wanted = self.filterset.form.data.get("plan", "") if self.filterset else ""
        return next((plan for plan in queries.known_plans(self.viewer) if str(plan.pk) == wanted), None)

    def get_title(self) -> str:
        return f"{self.plan.year}年任务分解表" if self.plan else "任务分解表"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            plan=self.plan,
            sums=self.sums,
            lights=[(light, words, css, self.sums.by_signal.get(light, 0)) for light, words, css in LIGHTS],
            chosen_light=self.request.GET.get("signal", ""),
            rule_text=queries.signal_book(self.viewer).terms(self.viewer.on).text,
            views=[(key, label, icon, key == self.kind) for key, label, icon in VIEWS],
            kind=self.kind,
            may_supervise=self.viewer.can(Permission.EDIT_PARK) or self.viewer.can(Permission.APPROVE_PARK),
            **kwargs,
        )
        # The plan is chosen, not removed: without one the newest stands there again.
        context["chips"] = [chip for chip in context["chips"] if not chip.label.startswith("方案")]
        context["span"] = len(context["headings"]) + 1 + bool(self.selectable)
        context.update(self._drawn(context["rows"]))
        return context

    def _drawn(self, rows: list[Drawn]) -> dict[str, Any]:
        """What the chosen view needs beside the rows."""
        if self.kind == "board":
            lanes = queries.board_of(self.rows, self._counted_states())
            queries.light_up((card for lane in lanes for card in lane.cards), self.viewer.on)
            return {"lanes": lanes}
        if self.kind == "timeline":
            return {"chart": timeline([_bar(task) for task, _ in rows if task.due_on], self.viewer.on)}
        return {"groups": self._groups(rows)}

    def _counted_states(self) -> dict[str, int]:
        """Of the light chosen, or of all: what stands at the head of each lane."""
        light = self.request.GET.get("signal", "")
        by_state = self.sums.by_state
        return {
            s: n.get(light, 0) if light in Signal.values else sum(n.values()) for s, n in by_state.items()
        }

    def _groups(self, rows: list[Drawn]) -> list[tuple[str, str, list[Drawn]]]:
        """(heading, sums, tasks) in plan order; one unnamed group when the list is sorted otherwise."""
        sort, _ = self.order
        if sort is None or sort.key != "plan":
            return [("", "", rows)] if rows else []
        groups: list[tuple[str, str, list[Drawn]]] = []
        last: object = ()
        for task, cells in rows:
            if task.measure_id != last:
                head = f"{task.measure.no} {task.measure}".strip() if task.measure else "其他任务"
                groups.append((head, self.sums.words_of(task.measure_id), []))
                last = task.measure_id
            groups[-1][2].append((task, cells))
        return groups

    def export(self, kind: str) -> HttpResponseBase:
        self.rows = queries.with_supporters(self.rows, self.viewer.on)
        return super().export(kind)


def _bar(task: Any) -> Bar:
    step = task.next_step
    steps = ((step.due_on, step.name, False),) if step else ()
    return Bar(task.name, task.starts_on, task.due_on, task.percent, task.signal, task.light, steps)


class TaskPaper(TaskListPage):
    """The filtered list as A3 landscape PDF."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        rows = list(queries.with_supporters(self.rows, self.viewer.on)[: MOST_ON_PAPER + 1])
        if len(rows) > MOST_ON_PAPER or not rows:
            wrong = "没有可以打印的任务。" if not rows else f"超过 {MOST_ON_PAPER} 项，请先筛选再打印。"
            messages.warning(request, wrong)
            return HttpResponseRedirect(reverse("park:tasks"))
        try:
            document = tasks_pdf(self.decorate(rows), self._paper(len(rows)))
        except PdfUnavailable as missing:
            raise Http404(str(missing)) from missing
        record(
            action=AuditAction.EXPORTED,
            by=self.viewer,
            label=f"{self.get_title()}（A3），{len(rows)} 项",
            changes={"条件": ("", request.GET.urlencode())},
        )
        return exports.download(document.data, f"{self.get_title()}.pdf")

    def _paper(self, count: int) -> Paper:
        terms = queries.signal_book(self.viewer).terms(self.viewer.on)
        note = f"截至 {cn_date(self.viewer.on)}，共 {count} 项"
        return Paper(self._heading(), self.viewer.on, self.viewer.name, terms.text, note)

    def _heading(self) -> str:
        return f"{self.plan}任务分解表" if self.plan else self.get_title()
