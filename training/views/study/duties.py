"""应开未开: what each circle owes in each period of a year, and the rules behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.web.views import ConfirmPage, FormPage, FramePage, ObjectMixin, Permissions, ViewerMixin
from training.choices import Frequency, GroupKind, StudyKind
from training.forms.study import DayForm
from training.forms.study_setup import FiguresForm, FrequencyForm
from training.models import FrequencyRule, StudyGroup, StudyRule
from training.obligations import LATE, MONTHS, Circle, Obligation, Standing
from training.queries.study import figures_on, zone_clock
from training.services.study import end_frequency, open_figures, open_frequency
from training.views.study.common import Crumbs, PlacesMixin, study_crumbs

YEARS_BACK = 3
FIRST_SHOWN = 8  # duties named one by one above the grid
RULES = (Permission.EDIT_RULES, Permission.EDIT_STUDY)


@dataclass(frozen=True, slots=True)
class Mark:
    """One period in the grid: its light and where it leads."""

    duty: Obligation
    url: str

    @property
    def period(self) -> str:
        return period_words(self.duty)


@dataclass(frozen=True, slots=True)
class Cell:
    """One or more months wide; several marks where the duty is weekly."""

    width: int
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of one circle over the year; `label` is the circle where the section is of one kind."""

    kind: StudyKind
    label: str
    group_id: int | None
    often: str
    reference: str
    cells: tuple[Cell, ...]

    @property
    def late(self) -> int:
        return sum(mark.duty.standing in LATE for cell in self.cells for mark in cell.marks)


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    group_id: int | None
    lines: tuple[Line, ...]

    @property
    def late(self) -> int:
        return sum(line.late for line in self.lines)


def _rank(circle: Circle) -> tuple[int, str]:
    """The zone first, then the kinds of groups in their order."""
    kinds = list(GroupKind)
    return (kinds.index(circle.kind) + 1 if circle.kind else 0, circle.name)


def period_words(duty: Obligation) -> str:
    """1月; 1–2月; 一季度; 10月12日起一周."""
    first, last = duty.span.first, duty.span.last
    if duty.frequency == Frequency.WEEK:
        return f"{first.month}月{first.day}日起一周"
    if duty.frequency == Frequency.YEAR:
        return f"{first.year}年"
    if duty.frequency == Frequency.QUARTER:
        return f"{'一二三四'[first.month // 3]}季度"
    return f"{first.month}月" if first.month == last.month else f"{first.month}–{last.month}月"


def list_url(duty: Obligation) -> str:
    asked = {"kind": duty.kind, "since": f"{duty.span.first:%Y-%m-%d}", "until": f"{duty.span.last:%Y-%m-%d}"}
    if duty.circle.group_id:
        asked["group"] = str(duty.circle.group_id)
    return f"{reverse('training:activities')}?{urlencode(asked)}"


def plan_url(duty: Obligation, on: date) -> str:
    """The form for a new activity, with the kind, the group and a day of the period filled in."""
    day = min(max(on, duty.span.first), duty.span.last)
    asked = {"kind": duty.kind, "day": f"{day:%Y-%m-%d}"}
    if duty.circle.group_id:
        asked["group"] = str(duty.circle.group_id)
    return f"{reverse('training:activity_new')}?{urlencode(asked)}"


class DutiesPage(PlacesMixin):
    title = "应开未开"
    place = "study_duties"
    permission = Permission.VIEW_TRAINING
    template_name = "training/study/duties.html"

    @cached_property
    def year(self) -> int:
        asked = self.request.GET.get("year", "")
        known = range(self.viewer.on.year - YEARS_BACK, self.viewer.on.year + 2)
        return int(asked) if asked.isdecimal() and int(asked) in known else self.viewer.on.year

    @cached_property
    def group(self) -> StudyGroup | None:
        asked = self.request.GET.get("group", "")
        if not asked.isdecimal() or len(asked) > 18:
            return None
        return StudyGroup.objects.visible_to(self.viewer).filter(pk=asked).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ids = [self.group.pk] if self.group else None
        clock = zone_clock(self.viewer, year=self.year, group_ids=ids)
        plans = self.viewer.can(Permission.EDIT_STUDY)
        late = clock.standing(*LATE)
        soon = clock.standing(Standing.SOON, Standing.UNREGISTERED)
        return super().get_context_data(
            sections=self._sections(clock.found, plans),
            months=range(1, 13),
            year=self.year,
            years=range(self.viewer.on.year - YEARS_BACK, self.viewer.on.year + 2),
            groups=StudyGroup.objects.visible_to(self.viewer).order_by("kind", "name"),
            group=self.group,
            late=[self._mark(one, plans) for one in late[:FIRST_SHOWN]],
            soon=[self._mark(one, plans) for one in soon[:FIRST_SHOWN]],
            late_count=len(late),
            late_more=max(0, len(late) - FIRST_SHOWN),
            soon_count=len(soon),
            standings=list(Standing),
            plans=plans,
            may_rule=any(self.viewer.sees_all(one) for one in RULES),
            **kwargs,
        )

    def _sections(self, found: Sequence[Obligation], plans: bool) -> list[Section]:
        """The zone, then each circle with several duties; circles with one kind share a section."""
        by_circle: dict[Circle, list[Obligation]] = {}
        for duty in found:
            by_circle.setdefault(duty.circle, []).append(duty)
        alone: dict[StudyKind, list[Line]] = {}
        sections = []
        for circle in sorted(by_circle, key=_rank):
            lines = self._lines(circle, by_circle[circle], plans)
            if circle.group_id is not None and len(lines) == 1 and self.group is None:
                [line] = lines
                alone.setdefault(line.kind, []).append(replace(line, label=circle.name))
            else:
                sections.append(Section(circle.name, circle.group_id, tuple(lines)))
        shared = [Section(kind.label, None, tuple(lines)) for kind, lines in alone.items()]
        return sections + shared

    def _lines(self, circle: Circle, duties: list[Obligation], plans: bool) -> list[Line]:
        order = list(StudyKind)
        ordered = sorted(duties, key=lambda duty: (order.index(duty.kind), duty.span.first))
        by_kind = groupby(ordered, lambda duty: duty.kind)
        return [self._line(circle, kind, list(of_kind), plans) for kind, of_kind in by_kind]

    def _line(self, circle: Circle, kind: StudyKind, duties: list[Obligation], plans: bool) -> Line:
        last = duties[-1]
        times = f" {last.times} 次" if last.times > 1 else ""
        often = f"{Frequency(last.frequency).label}{times}"
        cells = tuple(self._cells(duties, plans))
        return Line(kind, kind.label, circle.group_id, often, last.reference, cells)

    def _cells(self, duties: list[Obligation], plans: bool) -> list[Cell]:
        cells, month = [], 1
        while month <= 12:
            here = [duty for duty in duties if duty.span.first.month == month]
            wide = [MONTHS[duty.frequency] for duty in here if duty.frequency in MONTHS]
            width = max(wide, default=1)
            cells.append(Cell(width, tuple(self._mark(duty, plans) for duty in here)))
            month += width
        return cells

    def _mark(self, duty: Obligation, plans: bool) -> Mark:
        lacks = duty.standing in (Standing.MISSING, Standing.SOON, Standing.OPEN)
        if lacks and not duty.held and not duty.planned:
            return Mark(duty, plan_url(duty, self.viewer.on) if plans else "")
        return Mark(duty, list_url(duty))


class ZoneRule(ViewerMixin):
    """A rule counts in the whole zone: whoever looks after a part of it does not change it."""

    permission: ClassVar = RULES

    def may(self, permission: Permissions) -> bool:
        return super().may(permission) and any(self.viewer.sees_all(one) for one in RULES)

    def get_crumbs(self) -> Crumbs:
        rules = ("频次规则", reverse("training:frequencies"))
        here = self.get_title()  # type: ignore[attr-defined]
        return study_crumbs(("应开未开", reverse("training:study_duties")), rules, (here, ""))

    def get_success_url(self) -> str:
        return reverse("training:frequencies")


class FrequenciesPage(FramePage):
    title = "频次规则"
    permission: ClassVar = (Permission.VIEW_TRAINING, Permission.EDIT_RULES)
    template_name = "training/study/frequencies.html"

    def get_crumbs(self) -> Crumbs:
        return study_crumbs(("应开未开", reverse("training:study_duties")), (self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = list(FrequencyRule.objects.visible_to(self.viewer))
        order = list(StudyKind)
        rules.sort(
            key=lambda rule: (order.index(StudyKind(rule.kind)), rule.group_kind, -rule.starts_on.toordinal())
        )
        figures = StudyRule.objects.visible_to(self.viewer).order_by("-starts_on")
        return super().get_context_data(
            rules=[(rule, self._state(rule)) for rule in rules],
            figures=[(rule, self._state(rule)) for rule in figures],
            may_change=any(self.viewer.sees_all(one) for one in RULES),
            **kwargs,
        )

    def _state(self, rule: Any) -> str:
        on = self.viewer.on
        return "now" if rule.holds(on) else "later" if rule.starts_on > on else "past"


class NewFrequency(ZoneRule, FormPage):
    title = "启用新频次"
    submit_label = "启用"
    form_class = FrequencyForm
    success_message = "已启用，原规则到前一天为止。"

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET
        names = ("kind", "group_kind", "frequency", "times")
        return {name: asked[name] for name in names if asked.get(name)}

    def act(self, form: FrequencyForm) -> FrequencyRule:
        values = dict(form.cleaned_data)
        kind, group_kind = values.pop("kind"), values.pop("group_kind")
        return open_frequency(kind=kind, group_kind=group_kind, values=values, by=self.viewer)


class EndFrequency(ZoneRule, ObjectMixin, ConfirmPage):
    title = "停止频次规则"
    submit_label = "停止规则"
    form_class = DayForm
    model = FrequencyRule
    success_message = "已登记停止日期。"

    def get_question(self) -> str:
        return f"停止“{self.object}”？"

    def get_consequence(self) -> str:
        return "最后一天以后不再提示应开未开；以前的情况照旧。"

    def get_initial(self) -> dict[str, Any]:
        return {"on": self.viewer.on}

    def act(self, form: DayForm) -> None:
        rule = get_object_or_404(FrequencyRule.objects.visible_to(self.viewer), pk=self.object.pk)
        end_frequency(rule=rule, values=form.cleaned_data, by=self.viewer)


class NewFigures(ZoneRule, FormPage):
    title = "调整学习活动口径"
    submit_label = "启用新口径"
    form_class = FiguresForm
    success_message = "已启用新口径。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "current": figures_on(self.viewer.on)}

    def act(self, form: FiguresForm) -> StudyRule:
        return open_figures(values=form.cleaned_data, by=self.viewer)
