"""更正申请 as the office sees them: old and new side by side, the way to the record, the decision."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from core.access import Permission
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import FormPage, ListPage, ObjectMixin
from growth.contracts import editor_of
from growth.filters import CorrectionFilter, ReadingFilter
from growth.forms import DecisionForm
from growth.models import CorrectionRequest, CorrectionState, GrowthReading
from growth.services import apply_correction, refuse_correction
from growth.views.files import ANY_EDITION


class CorrectionList(ListPage):
    title = "更正申请"
    permission = Permission.EDIT_CADRE
    model = CorrectionRequest
    filterset_class = CorrectionFilter
    noun = "更正申请"
    acts_template = "growth/corrections_acts.html"
    export_permission = Permission.EDIT_CADRE
    main_filters = ("state",)
    empty_icon = "clipboard-check"
    empty_hint = "干部在“核对我的档案”里对某一条有异议时，会在这里列出。"
    default_sort = "-asked"
    sorts = (Sort("asked", "提出时间", ("asked_at",)), Sort("name", "姓名拼音", ("cadre__name_pinyin",)))
    views = (
        SavedView("待处理", f"state={CorrectionState.OPEN}"),
        SavedView("全部", ""),
    )
    columns = (
        ListColumn(
            "name",
            "姓名",
            lambda r: r.cadre.name,
            sort="name",
            link=lambda r: reverse("growth:correction", args=[r.uid]),
        ),
        ListColumn("label", "类别", lambda r: r.label),
        ListColumn("state", "状态", lambda r: r.get_state_display()),
        ListColumn(
            "asked", "提出时间", lambda r: r.asked_at, sort="asked", template="growth/cells/moment.html"
        ),
        ListColumn("by", "处理人", lambda r: r.decided_by.name if r.decided_by else ""),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().select_related("cadre", "decided_by")
        return rows.exclude(cadre=self.viewer.cadre_id)  # the own ones are decided by colleagues


class CorrectionPage(ObjectMixin, FormPage):
    model = CorrectionRequest
    lookup = "uid"
    permission = Permission.EDIT_CADRE
    form_class = DecisionForm
    template_name = "growth/correction.html"
    success_message = "已处理，并通知了本人。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().select_related("cadre", "proof", "decided_by")
        return rows.exclude(cadre=self.viewer.cadre_id)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        decided = self.may(self.permission) and self.object.state != CorrectionState.OPEN
        if decided and request.method == "POST":
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_title(self) -> str:
        return f"{self.object.cadre.name}申请更正“{self.object.label}”"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [
            ("首页", reverse("home")),
            ("更正申请", reverse("growth:corrections")),
            (self.get_title(), ""),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        editor = editor_of(self.object.key, self.object.cadre_id)
        return super().get_context_data(object=self.object, editor=editor, **kwargs)

    def act(self, form: DecisionForm) -> None:
        decide = apply_correction if form.cleaned_data["verdict"] == "apply" else refuse_correction
        decide(request=self.object, by=self.viewer, at=timezone.now(), answer=form.cleaned_data["answer"])

    def get_success_url(self) -> str:
        return reverse("growth:corrections")


class ReadingList(ListPage):
    """Who read which file: all for those who keep the files, the own one for everyone."""

    permission = ANY_EDITION
    model = GrowthReading
    filterset_class = ReadingFilter
    noun = "查阅记录"
    empty_icon = "eye"
    empty_hint = "每次翻阅、下载成长档案都会记在这里。"
    default_sort = "-at"
    sorts = (Sort("at", "时间", ("at",)),)
    export_permission = Permission.MAKE_GROWTH
    columns = (
        ListColumn("at", "时间", lambda r: r.at, sort="at", template="growth/cells/moment.html"),
        ListColumn("reader", "查阅人", lambda r: r.reader_name, css="nowrap"),
        ListColumn("cadre", "档案", lambda r: r.file.cadre.name, css="nowrap"),
        ListColumn("edition", "版本", lambda r: r.file.get_edition_display(), css="nowrap"),
        ListColumn("way", "方式", lambda r: r.get_way_display(), css="nowrap"),
        ListColumn("pages", "页数", lambda r: r.pages, css="num right"),
        ListColumn("purpose", "事由", lambda r: r.purpose or "—"),
        ListColumn("number", "查阅号", lambda r: r.pk, css="num right"),
    )

    def get_title(self) -> str:
        return "查阅记录" if self.viewer.paths(Permission.MAKE_GROWTH) else "谁看过我的档案"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("file__cadre")
