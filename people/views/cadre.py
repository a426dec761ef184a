"""The page of one cadre: who it is, what has happened, and the tabs that other apps add."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from core.access import Permission, Viewer
from core.audit import record
from core.charts import Lane, Mark, Span, Tone, lanes
from core.choices import AuditAction
from core.exports import download
from core.templatetags.ui import cn_month
from core.web.views import DetailPage, ObjectMixin
from people.choices import AppointmentKind, EducationMode, HonourKind
from people.contracts import (
    Contribution,
    Occasion,
    Panel,
    PanelSource,
    cadre_acts,
    cadre_cards,
    cadre_lanes,
    cadre_tabs,
    occasions_of,
)
from people.identity import mask_identity, mask_phone
from people.imports.lrmx_export import form_of
from people.lrmx import write_lrmx
from people.models import AppointmentForm, Cadre
from people.queries import HAS_RESUME, completeness_of, neighbour_of
from people.services.photos import read_photo
from people.services.records import resume_lines
from people.spans import in_years_and_months

# Rights that differ from one cadre to the next, asked together with the row itself.
RIGHTS = {
    "may_edit": Permission.EDIT_CADRE,
    "may_resume": Permission.VIEW_RESUME,
    "may_family": Permission.VIEW_FAMILY,
}
SENSITIVE = {
    "id_number": ("身份证号", mask_identity),
    "phone": ("联系电话", mask_phone),
    "address": ("住址", lambda text: "*" * min(len(text), 6)),
}
FIRST_YEARS = 9  # how far back the lanes reach, at least as far as the present post


def right_to(permission: Permission) -> str:
    """The name under which a cadre carries the right to an act or tab that another app adds to the page."""
    return f"may_{permission.name.lower()}"


def cadres_for(viewer: Viewer) -> QuerySet[Cadre]:
    """Visible cadres with the position of the day and what the viewer may do with each."""
    parts: list[Contribution[Any]] = [*cadre_acts.all(), *cadre_tabs.all()]
    added = {right_to(part.permission): part.permission for part in parts if part.permission}
    rights = {
        name: Exists(Cadre.objects.visible_to(viewer, permission).filter(pk=OuterRef("pk")))
        for name, permission in (RIGHTS | added).items()
    }
    seen = Cadre.objects.visible_to(viewer).with_position(viewer.on)
    return seen.annotate(has_resume=HAS_RESUME, **rights)


@dataclass(frozen=True, slots=True)
class Tab:
    """`needs` names one of RIGHTS; `locked` shows that opening it leaves a trace."""

    key: str
    title: str
    template: str
    needs: str = ""
    locked: bool = False


TABS = (
    Tab("track", "成长轨迹", "people/tabs/track.html"),
    Tab("basic", "基本情况", "people/tabs/basic.html"),
    Tab("resume", "简历", "people/tabs/resume.html", needs="may_resume"),
    Tab("posts", "任职挂职", "people/tabs/posts.html"),
    Tab("merit", "荣誉考核", "people/tabs/merit.html", needs="may_resume"),
    Tab("family", "家庭成员", "people/tabs/family.html", needs="may_family", locked=True),
)


class CadrePage(DetailPage):
    permission = Permission.VIEW_CADRE
    model = Cadre
    template_name = "people/cadre.html"

    def get_queryset(self) -> QuerySet[Cadre]:
        return cadres_for(self.viewer).prefetch_related("education")

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [("首页", reverse("home")), ("干部名册", reverse("people:cadres")), (self.object.name, "")]

    # Tabs

    def open_tabs(self) -> list[Tab]:
        return [tab for tab in TABS if not tab.needs or getattr(self.object, tab.needs)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.request.GET.get("tab", "track")
        return super().get_context_data(
            cadre=self.object,
            on=self.viewer.on,
            age=self.object.age(self.viewer.on),
            in_post=in_years_and_months(self.object.post_since, self.viewer.on),
            years_in_post=_years(self.object.post_since, self.viewer.on),
            schooling=self._schooling(),
            head_acts=self._head_acts(),
            phone=mask_phone(self.object.phone) if self.object.may_family else "",
            tabs=self._tab_heads(),
            tab=wanted,
            **self._tab_context(wanted),
            **kwargs,
        )

    def _head_acts(self) -> list[str]:
        return [act.template for act in cadre_acts.all() if self._opens(act)]

    def _added_tabs(self) -> list[Contribution[PanelSource]]:
        return [tab for tab in cadre_tabs.all() if self._opens(tab)]

    def _opens(self, part: Contribution[Any]) -> bool:
        """A right on the own record alone opens nothing on another's, nor the other way round."""
        return part.permission is None or bool(getattr(self.object, right_to(part.permission)))

    def _schooling(self) -> str:
        """The highest education known: 在职 is the later one."""
        known = sorted(self.object.education.all(), key=lambda row: row.mode == EducationMode.FULL_TIME)
        return next(("、".join(filter(None, [row.level, row.degree])) for row in known), "")

    def _tab_heads(self) -> list[tuple[str, str, bool]]:
        """(key, title, locked) in order: what other apps add stands before what leaves a trace."""
        own = [(tab.key, tab.title, tab.locked) for tab in self.open_tabs()]
        added = [(tab.key, tab.label, False) for tab in self._added_tabs()]
        return sorted(own + added, key=lambda head: head[2])

    def _tab_context(self, wanted: str) -> dict[str, Any]:
        own = {tab.key: tab for tab in self.open_tabs()}
        if tab := own.get(wanted):
            fill = getattr(self, f"fill_{tab.key}")
            return {"tab_template": tab.template, **fill()}
        for contribution in self._added_tabs():
            if contribution.key == wanted:
                panel = contribution.source(cadre=self.object, viewer=self.viewer)
                if panel is not None:
                    return {"panel": panel}
        raise Http404

    def fill_track(self) -> dict[str, Any]:
        return {
            "chart": self._lanes(),
            "cards": self._cards(),
            "completeness": completeness_of(self.object) if self.object.may_edit else None,
        }

    def fill_basic(self) -> dict[str, Any]:
        return {
            "education": list(self.object.education.all()),
            "pending": pending_of(self.object, self.viewer) if self.object.may_resume else [],
            "basics": basics_of(self.object),
            "private": self._private(),
        }

    def _private(self) -> list[tuple[str, str, str]]:
        """(field, label, masked text) of what is there and may be asked for."""
        if not self.object.may_family:
            return []
        found = [(name, label, mask(getattr(self.object, name))) for name, (label, mask) in SENSITIVE.items()]
        return [row for row in found if row[2]]

    def fill_resume(self) -> dict[str, Any]:
        return {"lines": resume_lines(self.object)}

    def fill_posts(self) -> dict[str, Any]:
        return {"appointments": self.object.appointments.select_related("unit", "post")}

    def fill_merit(self) -> dict[str, Any]:
        return {"honours": self.object.honours.all(), "appraisals": self.object.appraisals.all()}

    def fill_family(self) -> dict[str, Any]:
        record(
            action=AuditAction.CADRE_READ,
            by=self.viewer,
            subject=self.object,
            label=f"{self.object}·家庭成员",
        )
        return {"family": self.object.family.all()}

    # Growth lanes

    def _cards(self) -> list[Panel]:
        panels = (
            c.source(cadre=self.object, viewer=self.viewer) for c in cadre_cards.for_viewer(self.viewer)
        )
        return [panel for panel in panels if panel]

    def _lanes(self) -> Any:
        on, cadre = self.viewer.on, self.object
        held = list(cadre.appointments.select_related("unit"))
        first = min([on.year - FIRST_YEARS + 1, *(a.starts_on.year for a in held if a.holds(on))])
        posts = [a for a in held if a.kind == AppointmentKind.POST]
        away = [a for a in held if a.kind != AppointmentKind.POST]
        rows = [Lane("岗位", spans=tuple(_span(a, on) for a in posts))]
        if away:
            rows.append(Lane("挂职", spans=tuple(_span(a, on) for a in away)))
        contributed = (c.source(cadre=cadre, viewer=self.viewer) for c in cadre_lanes.for_viewer(self.viewer))
        rows += [lane for lane in contributed if lane]
        if cadre.may_resume:
            rows.append(Lane("荣誉", marks=_marks(cadre)))
        return lanes(rows, title=f"{cadre.name}的成长轨迹", first_year=first, today=on)


PENDING = {
    "proposed_post": "拟任职务",
    "removed_post": "拟免职务",
    "reason": "任免理由",
    "submitting_unit": "呈报单位",
}


def pending_of(cadre: Cadre, viewer: Viewer) -> list[tuple[str, str]]:
    """What the last 任免审批表 read for the cadre says of the pending appointment."""
    form = AppointmentForm.objects.visible_to(viewer).filter(cadre=cadre).first()
    if form is None:
        return []
    return [(label, getattr(form, name)) for name, label in PENDING.items() if getattr(form, name)]


def basics_of(cadre: Cadre) -> list[tuple[str, str]]:
    """(label, words) of what the head of the page does not say."""
    joined = cn_month(cadre.party_joined_on) or cadre.party_note
    return [
        ("曾用名", cadre.former_name or "无"),
        ("性别", cadre.get_sex_display()),
        ("民族", cadre.ethnicity),
        ("籍贯", cadre.native_place),
        ("出生地", cadre.birthplace),
        ("入党时间", joined or "无"),
        ("健康状况", cadre.get_health_display()),
        ("专业技术职务", cadre.professional_title or "无"),
        ("熟悉专业有何专长", cadre.specialty or "无"),
        ("领导职务层次", cadre.get_leadership_level_display() or "非领导职务"),
        ("任现职级时间", cn_month(cadre.rank_since)),
        ("到龄年月", cn_month(cadre.retirement_month)),
    ]


def _span(appointment: Any, on: date) -> Span:
    away = appointment.kind != AppointmentKind.POST
    tone = Tone.AWAY if away else Tone.CURRENT if appointment.holds(on) else Tone.PAST
    return Span(appointment.starts_on, appointment.ends_on, f"{appointment.place} {appointment.title}", tone)


def _marks(cadre: Cadre) -> tuple[Mark, ...]:
    honours = cadre.honours.exclude(kind=HonourKind.DEED)
    return tuple(Mark(honour.awarded_on, honour.title) for honour in honours)


def _years(since: date | None, on: date) -> int:
    return 0 if since is None else on.year - since.year - ((on.month, on.day) < (since.month, since.day))


@dataclass(frozen=True, slots=True)
class Stream:
    """Events that are looked at together; an app joins one by the icon of its occasions."""

    title: str
    icons: tuple[str, ...]
    colour: str = ""


STREAMS = {
    "study": Stream("学习", ("graduation-cap", "school", "book-open"), "k-yw"),
    "post": Stream("任职", ("briefcase",), "k-zz"),
    "away": Stream("挂职借调", ("map-pin", "arrow-left-right"), "k-wc"),
    "merit": Stream("荣誉", ("award", "trophy", "medal"), "k-bp"),
}


class TimelinePart(ObjectMixin):
    """The dated events of a cadre, year by year; loaded into the page after its head is there.

    A page of its own where there is no JavaScript.
    """

    permission: ClassVar = Permission.VIEW_RESUME
    model = Cadre

    def get_queryset(self) -> QuerySet[Cadre]:
        return Cadre.objects.visible_to(self.viewer, Permission.VIEW_RESUME)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = occasions_of([self.object.pk], since=date(1950, 1, 1), until=self.viewer.on)
        events = [event for event in found if event.title]  # one without a title is not for reading
        wanted = request.GET.get("of", "")
        icons = STREAMS[wanted].icons if wanted in STREAMS else ()
        shown = [event for event in events if not icons or event.icon in icons]
        there = {event.icon for event in events}
        context = {
            "years": _by_year(shown),
            "cadre": self.object,
            "of": wanted,
            "streams": [(key, s.title) for key, s in STREAMS.items() if there.intersection(s.icons)],
        }
        inside = request.htmx  # type: ignore[attr-defined]
        return render(request, "people/timeline.html" if inside else "people/timeline_page.html", context)


def _by_year(events: list[Occasion]) -> list[tuple[int, list[tuple[Occasion, str]]]]:
    """Events with the colour class of their stream, year by year."""
    colours = {icon: stream.colour for stream in STREAMS.values() for icon in stream.icons}
    years: dict[int, list[tuple[Occasion, str]]] = {}
    for event in events:
        years.setdefault(event.happened_on.year, []).append((event, colours.get(event.icon, "")))
    return list(years.items())


class RevealField(ObjectMixin):
    """One sensitive value in full, for those who may; asking leaves an audit event."""

    permission: ClassVar = Permission.VIEW_FAMILY
    model = Cadre
    http_method_names = ("post",)

    def get_queryset(self) -> QuerySet[Cadre]:
        return Cadre.objects.visible_to(self.viewer, Permission.VIEW_FAMILY)

    def post(self, request: HttpRequest, pk: int, field: str) -> HttpResponseBase:
        if field not in SENSITIVE:
            raise Http404
        label = SENSITIVE[field][0]
        record(
            action=AuditAction.CADRE_READ, by=self.viewer, subject=self.object, label=f"{self.object}·{label}"
        )
        value = getattr(self.object, field)
        if not request.htmx:  # type: ignore[attr-defined]
            messages.info(request, f"{label}：{value}")
            return HttpResponseRedirect(reverse("people:cadre", args=[pk]))
        return HttpResponse(value, content_type="text/plain; charset=utf-8")


class PhotoView(ObjectMixin):
    permission: ClassVar = Permission.VIEW_CADRE
    model = Cadre

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        data = read_photo(self.object)
        if data is None:
            raise Http404
        return HttpResponse(data, content_type="image/jpeg")


class ExportForm(ObjectMixin):
    """The record as .lrmx, full identity number included: staff who may export, never the own record."""

    permission: ClassVar = Permission.EXPORT_CADRE
    model = Cadre

    def get_queryset(self) -> QuerySet[Cadre]:
        return Cadre.objects.visible_to(self.viewer, Permission.EXPORT_CADRE)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        data = write_lrmx(form_of(self.object, on=self.viewer.on))
        label = f"{self.object.name}·任免审批表"
        record(action=AuditAction.EXPORTED, by=self.viewer, subject=self.object, label=label)
        return download(data, f"{self.object.name}.lrmx")


class NeighbourView(ObjectMixin):
    """上一人、下一人 in the order of the roster, among those the viewer sees."""

    permission: ClassVar = Permission.VIEW_CADRE
    model = Cadre
    step: int = 1

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        found = neighbour_of(self.object, self.get_queryset(), self.step)
        if found is None:
            messages.info(request, "已经是名册里的最后一人。" if self.step > 0 else "已经是名册里的第一人。")
        tab = request.GET.get("tab", "")
        target = reverse("people:cadre", args=[(found or self.object).pk])
        return HttpResponseRedirect(f"{target}?tab={tab}" if tab.isidentifier() else target)
