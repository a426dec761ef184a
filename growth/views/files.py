"""成长档案: the files that were made, one file page by page, and its bytes."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from core import exports
from core.access import Permission
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import DetailPage, ListPage, ObjectMixin
from growth.contracts import Edition
from growth.filters import GrowthFileFilter
from growth.models import EDITION_PERMISSIONS, GrowthFile
from growth.preview import page_png
from growth.services import preview_growth_file, read_growth_file

ANY_EDITION = tuple(EDITION_PERMISSIONS.values())
PAGE_WIDTH = 1000  # pixels: sharp on an office screen, about 90 KB


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
    empty_hint = "在干部页面点“生成成长档案”，或在这里按部门批量生成。"
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
        ListColumn("acts", "", lambda f: "", template="growth/cells/acts.html", in_export=False, css="right"),
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
    """One file, one page at a time as an image; every opening is in the audit log."""

    template_name = "growth/file.html"

    def get_title(self) -> str:
        return f"{self.object.cadre.name}·{self.object.get_edition_display()}"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return crumbs((self.get_title(), ""))

    @cached_property
    def number(self) -> int:
        wanted = self.request.GET.get("page", "1")
        return min(max(int(wanted), 1), self.object.pages) if wanted.isascii() and wanted.isdigit() else 1

    def get_template_names(self) -> list[str]:
        return ["growth/sheet.html" if self.request.htmx else self.template_name]  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        newer = GrowthFile.objects.visible_to(self.viewer).filter(
            cadre=self.object.cadre, edition=self.object.edition, made_at__gt=self.object.made_at
        )
        return super().get_context_data(
            number=self.number,
            numbers=range(1, self.object.pages + 1),
            newest=newer.order_by("-made_at").first(),
            **kwargs,
        )


class PageImage(FileMixin):
    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        data = preview_growth_file(file=self.object, page=number, by=self.viewer)
        return HttpResponse(page_png(data, number, PAGE_WIDTH), content_type="image/png")


class Download(FileMixin):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        data = read_growth_file(file=self.object, by=self.viewer)
        return exports.download(data, self.object.filename)
