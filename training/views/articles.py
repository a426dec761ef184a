"""引学文章: the list, reading and confirming, and who has not read."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.files import file_response
from core.keys import key_of
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin
from people.models import Unit
from training.access import EDITS_ARTICLES
from training.filters.articles import ArticleFilter
from training.forms.articles import ArticleForm
from training.forms.parts import ReasonForm, TickForm
from training.models import Article, Reading
from training.queries.articles import progress_of, readers_of, to_read, unread_of, with_read_mark
from training.queries.audience import staff_reach
from training.services import articles as services
from training.views.acts import ActView

MOST_UNREAD = 300
Crumbs = Sequence[tuple[str, str]]


def article_url(article: Article) -> str:
    return reverse("training:article", args=[article.pk])


def article_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("引学文章", reverse("training:articles")), *more]


class ArticleListPage(ListPage):
    title = "引学文章"
    permission = Permission.VIEW_TRAINING
    model = Article
    filterset_class = ArticleFilter
    noun = "文章"
    counter = "篇"
    main_filters = ("category", "duty")
    acts_template = "training/articles/list_acts.html"
    empty_icon = "newspaper"
    empty_hint = "发布后，干部在手机上阅读并确认；列为必读的到期前会提醒。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "-date"
    sorts = (
        Sort("date", "发布日期", ("published_on",)),
        Sort("due", "阅读期限", ("due_on",)),
        Sort("title", "标题", ("title",)),
    )
    columns = (
        ListColumn("title", "标题", str, sort="title", link=article_url, width=40),
        ListColumn("category", "类别", lambda a: a.get_category_display(), css="nowrap"),
        ListColumn("theme", "专题", lambda a: a.get_theme_display(), css="nowrap", on_page=False, width=18),
        ListColumn("source", "来源", lambda a: a.source, width=20),
        ListColumn(
            "date",
            "发布",
            lambda a: a.published_on,
            sort="date",
            css="num nowrap",
            template="training/articles/cells/date.html",
        ),
        ListColumn(
            "due",
            "阅读期限",
            lambda a: a.due_on,
            sort="due",
            css="nowrap",
            template="training/articles/cells/due.html",
        ),
        ListColumn("audience", "对象", lambda a: a.audience_words, width=20),
        ListColumn("read", "已读", lambda a: a.progress.words, css="num right", width=10),
        ListColumn(
            "mine",
            "本人",
            lambda a: "已读" if a.is_read else "",
            template="training/articles/cells/mine.html",
            css="nowrap",
            in_export=False,
        ),
    )

    @property
    def views(self) -> Sequence[SavedView]:  # type: ignore[override]
        found = [SavedView("全部", ""), SavedView("必读", "duty=must")]
        if self.viewer.on_own_record(Permission.SIGN_UP):
            found.append(SavedView("待我阅读", "duty=mine"))
        return found

    def get_queryset(self) -> QuerySet[Any]:
        rows = Article.objects.visible_to(self.viewer).select_related("unit", "group").defer("text")
        return with_read_mark(rows, self.viewer.cadre_id)

    def decorate(self, rows: list[Any]) -> list[Any]:
        progress = progress_of(rows)
        for row in rows:
            row.progress = progress[row.pk]
            row.is_late = row.is_must_read and row.due_on < self.viewer.on
        return rows


class ArticlePage(DetailPage):
    permission = Permission.VIEW_TRAINING
    model = Article
    template_name = "training/articles/article.html"

    def get_queryset(self) -> QuerySet[Any]:
        return Article.objects.visible_to(self.viewer).select_related("unit", "group", "file")

    def get_crumbs(self) -> Crumbs:
        return article_crumbs((self.object.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = self.viewer.on_own_record(Permission.SIGN_UP)
        mine = Reading.objects.visible_to(self.viewer).filter(article=self.object, cadre=self.viewer.cadre_id)
        return super().get_context_data(
            progress=progress_of([self.object])[self.object.pk],
            reading=mine.first() if own else None,
            may_confirm=own and self.object.withdrawn_at is None,
            is_due=own and to_read(self.viewer).filter(pk=self.object.pk).exists(),
            may_edit=self.may(EDITS_ARTICLES),
            may_see_readers=bool(self.viewer.paths(Permission.VIEW_TRAINING)),
            quizzes=self.object.quizzes.filter(closed_on__isnull=True),
            **kwargs,
        )


class ArticleFile(ObjectMixin):
    """The attachment, for whoever may see the article."""

    permission = Permission.VIEW_TRAINING
    model = Article

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.file is None:
            raise Http404
        return file_response(self.object.file)


class ConfirmReading(ActView):
    permission = Permission.SIGN_UP
    model = Article

    def act(self) -> str:
        if not self.viewer.on_own_record(Permission.SIGN_UP):
            raise Http404
        services.confirm_reading(article=self.object, by=self.viewer, at=timezone.now())
        return "已确认阅读。"

    def get_success_url(self) -> str:
        return article_url(self.object)


class NewArticle(FormPage):
    permission: ClassVar = EDITS_ARTICLES
    title = "发布文章"
    submit_label = "发布文章"
    form_class = ArticleForm
    success_message = "已发布。"

    def get_crumbs(self) -> Crumbs:
        return article_crumbs((self.title, ""))

    def act(self, form: ArticleForm) -> Article:
        return services.publish_article(
            values=form.values(),
            upload=_upload(form),
            by=self.viewer,
            on=self.viewer.on,
            at=timezone.now(),
        )

    def get_success_url(self) -> str:
        return article_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:articles")


class ArticleAct(ObjectMixin):
    permission: ClassVar[Any] = EDITS_ARTICLES
    model = Article

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return article_crumbs((self.object.title, article_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return article_url(self.object)


class EditArticle(ArticleAct, FormPage):
    title = "修改文章"
    form_class = ArticleForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def act(self, form: ArticleForm) -> None:
        services.change_article(
            article=self.object,
            values=form.values(),
            upload=_upload(form),
            by=self.viewer,
            on=self.viewer.on,
            at=timezone.now(),
        )


class WithdrawArticle(ArticleAct, ConfirmPage):
    title = "撤下文章"
    form_class = ReasonForm
    submit_label = "撤下文章"
    keep_label = "保留文章"
    success_message = "已撤下，可以随时恢复。"

    def get_question(self) -> str:
        return f"撤下“{self.object}”？"

    def get_consequence(self) -> str:
        return "撤下后不再要求阅读，干部看不到这篇文章；已确认的阅读和学时保留。可以随时恢复。"

    def act(self, form: ReasonForm) -> None:
        reason = form.cleaned_data["reason"]
        services.withdraw_article(article=self.object, reason=reason, by=self.viewer, at=timezone.now())


class RestoreArticle(ArticleAct, ActView):
    def act(self) -> str:
        services.restore_article(article=self.object, by=self.viewer)
        return "已恢复。"


class ReadersPage(ArticleAct, FormPage):
    """Who has not read it: to be registered as paper readers, or reminded. The list is what may be seen."""

    permission: ClassVar[Any] = Permission.VIEW_TRAINING
    title = "阅读情况"
    template_name = "training/articles/readers.html"
    form_class = TickForm
    submit_label = "登记为已纸质阅读"

    @cached_property
    def unread(self) -> QuerySet[Any]:
        within = unread_of(self.object).filter(pk__in=staff_reach(self.viewer).values("pk"))
        if self.unit:
            within = within.in_unit(self.unit.path or "?", self.viewer.on)
        placed: QuerySet[Any] = within.with_position(self.viewer.on)
        return placed.order_by("unit_order", "display_order", "name_pinyin")

    @cached_property
    def unit(self) -> Unit | None:
        wanted = self.request.GET.get("unit", "")
        units = Unit.objects.visible_to(self.viewer)
        return units.filter(pk=key_of(wanted)).first()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._staff_only()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._staff_only()
        if not self.may(EDITS_ARTICLES):
            raise Http404
        return super().post(request, *args, **kwargs)

    def _staff_only(self) -> None:
        if not self.viewer.paths(Permission.VIEW_TRAINING):
            raise Http404

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": self.unread}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        readings = readers_of(self.object).filter(
            pk__in=Reading.objects.visible_to(self.viewer).filter(article=self.object).values("pk")
        )
        people = list(self.unread[: MOST_UNREAD + 1])
        return super().get_context_data(
            object=self.object,
            progress=progress_of([self.object])[self.object.pk],
            not_read=people[:MOST_UNREAD],
            too_many=len(people) > MOST_UNREAD,
            readings=list(readings[:MOST_UNREAD]),
            units=Unit.objects.visible_to(self.viewer).open().order_by("path"),
            unit=self.unit,
            may_edit=self.may(EDITS_ARTICLES),
            ticked=set(self.request.POST.getlist("chosen")),
            **kwargs,
        )

    def act(self, form: TickForm) -> list[Reading]:
        return services.register_paper_readings(
            article=self.object, cadres=list(form.cleaned_data["chosen"]), by=self.viewer, at=timezone.now()
        )

    def get_success_message(self) -> str:
        return f"已登记 {len(self.result)} 人。"

    def get_success_url(self) -> str:
        return reverse("training:article_readers", args=[self.object.pk])


class RemindUnread(ArticleAct, ActView):
    def act(self) -> str:
        keys = staff_reach(self.viewer).values_list("pk", flat=True)
        told = services.remind_unread(article=self.object, within=keys, by=self.viewer, on=self.viewer.on)
        return f"已提醒 {told} 人。" if told else "没有需要提醒的人：未读的人今天都已提醒过，或还没有账号。"

    def get_success_url(self) -> str:
        return reverse("training:article_readers", args=[self.object.pk])


class CancelReading(ArticleAct, ConfirmPage):
    title = "取消阅读记录"
    form_class = ReasonForm
    submit_label = "取消阅读记录"
    keep_label = "保留"
    success_message = "已取消，相应学时已冲销。"

    @cached_property
    def reading(self) -> Reading:
        rows = Reading.objects.visible_to(self.viewer).filter(article=self.object)
        rows = rows.exclude(cadre=self.viewer.cadre_id).select_related("cadre", "article")
        return get_object_or_404(rows, pk=self.kwargs["row"])

    def get_question(self) -> str:
        return f"取消 {self.reading.cadre.name} 的阅读记录？"

    def get_consequence(self) -> str:
        return "因此计入的学时会冲销；登记有误时使用。操作会记入审计日志。"

    def act(self, form: ReasonForm) -> None:
        services.cancel_reading(
            reading=self.reading, reason=form.cleaned_data["reason"], by=self.viewer, at=timezone.now()
        )

    def get_success_url(self) -> str:
        return reverse("training:article_readers", args=[self.object.pk])


def _upload(form: ArticleForm) -> UploadedFile | None:
    found: UploadedFile | None = form.cleaned_data.get("upload")
    return found or None
