"""成长档案: the files that were made, one file page by page, and its bytes."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core import exports
from core.access import Permission
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import DetailPage, ListPage, ObjectMixin
from growth.contracts import Edition
from growth.diff import Difference
from growth.filters import GrowthFileFilter
from growth.forms import PurposeForm
from growth.models import EDITION_PERMISSIONS, GrowthFile
from growth.preview import page_png, sheet_of, width_of
from growth.services import needs_purpose, preview_growth_file, purpose_stated, read_growth_file
from growth.verification import changes_between, changes_since

ANY_EDITION = tuple(EDITION_PERMISSIONS.values())


def file_url(file: GrowthFile) -> str:
    return reverse("growth:file", args=[file.pk])


def crumbs(*more: tuple[str, str]) -> Sequence[tuple[str, str]]:
    return [("首页", reverse("home")), ("成长档案", reverse("growth:files")), *more]


class FileList(ListPage):
    title = "成长档案"
    permission = ANY_EDITION
    model = GrowthFile
    filterset_class = GrowthFileFilter
    noun = "成长档案"
    counter = "份"
    main_filters = ("unit", "edition")
    acts_template = "growth/list_acts.html"
    empty_icon = "file-badge"
    empty_hint = "在干部页面点“生成成长档案”，或按部门批量生成；领导凭议题的阅档授权查阅。"
    default_sort = "-made"
    sorts = (
        Sort("made", "生成时间", ("made_at",)),
        Sort("name", "姓名拼音", ("cadre__name_pinyin",)),
        Sort("as_of", "数据截至", ("as_of",)),
    )
    views = (SavedView("全部", ""), *(SavedView(e.label, f"edition={e.value}") for e in Edition))
    columns = (
        ListColumn("name", "姓名", lambda f: f.cadre.name, sort="name", link=file_url, css="nowrap"),
        ListColumn("edition", "版本", lambda f: f.get_edition_display(), css="nowrap"),
        ListColumn("number", "档案编号", lambda f: f.number, css="num nowrap"),
        ListColumn("as_of", "数据截至", lambda f: f.as_of, sort="as_of", template="growth/cells/day.html"),
        ListColumn("pages", "页数", lambda f: f.pages, css="num right"),
        ListColumn("made", "生成时间", lambda f: f.made_at, sort="made", template="growth/cells/moment.html"),
        ListColumn("by", "生成人", lambda f: f.made_by.name if f.made_by else "系统", css="nowrap"),
        ListColumn(
            "acts", "操作", lambda f: "", template="growth/cells/acts.html", in_export=False, css="right"
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("cadre", "made_by")

    @property
    def may_make_many(self) -> bool:
        """A cadre makes the own file on the own page; only staff make many."""
        return bool(self.viewer.paths(Permission.MAKE_GROWTH))


class FileMixin(ObjectMixin):
    model = GrowthFile
    permission = ANY_EDITION

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("cadre", "made_by")


class FilePage(FileMixin, DetailPage):
    """One file, one page at a time as an image; every opening is a reading on record.

    Whoever does not keep the files gives a reason for the archive edition first.
    """

    template_name = "growth/file.html"

    def get_title(self) -> str:
        return f"{self.object.cadre.name}·{self.object.get_edition_display()}"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return crumbs((self.get_title(), ""))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.may(self.permission) and needs_purpose(self.object, self.viewer):
            if request.method == "POST":
                return self._open(request)
            if not purpose_stated(self.object, self.viewer, timezone.now()):
                return self.render_to_response(self.get_context_data(form=PurposeForm()))
        return super().dispatch(request, *args, **kwargs)

    def _open(self, request: HttpRequest) -> HttpResponse:
        form = PurposeForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        purpose = form.cleaned_data["purpose"]
        preview_growth_file(file=self.object, page=1, by=self.viewer, at=timezone.now(), purpose=purpose)
        return HttpResponseRedirect(file_url(self.object))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        newer = GrowthFile.objects.visible_to(self.viewer).filter(
            cadre=self.object.cadre, edition=self.object.edition, made_at__gt=self.object.made_at
        )
        return super().get_context_data(
            sheet=sheet_of(self.object, self.request.GET),
            newest=newer.order_by("-made_at").first(),
            keeps_files=bool(self.viewer.paths(Permission.MAKE_GROWTH)),
            **kwargs,
        )


class ComparePage(FileMixin, DetailPage):
    """What differs between this file and another of the same edition, or the data of today."""

    template_name = "growth/compare.html"

    def get_title(self) -> str:
        return f"{self.object.cadre.name}成长档案的变化"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return crumbs((self.object.number, file_url(self.object)), ("变化", ""))

    @cached_property
    def others(self) -> list[GrowthFile]:
        files = GrowthFile.objects.visible_to(self.viewer).exclude(pk=self.object.pk)
        return list(files.filter(cadre=self.object.cadre_id, edition=self.object.edition)[:20])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.request.GET.get("with", "")
        other = next((file for file in self.others if str(file.pk) == wanted), None)
        return super().get_context_data(
            other=other, others=self.others, changes=self._changes(other), **kwargs
        )

    def _changes(self, other: GrowthFile | None) -> Sequence[Difference]:
        if other is None:
            return changes_since(self.object, on=self.viewer.on, by=self.viewer)
        older, newer = sorted((self.object, other), key=lambda file: file.made_at)
        return changes_between(older, newer)


class PageImage(FileMixin):
    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        data = preview_growth_file(file=self.object, page=number, by=self.viewer)
        width = width_of(request.GET.get("zoom", ""))
        return HttpResponse(page_png(data, number, width), content_type="image/png")


class Download(FileMixin):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        data = read_growth_file(file=self.object, by=self.viewer)
        return exports.download(data, self.object.filename)
