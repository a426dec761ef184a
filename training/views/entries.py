"""Entries of a contest: handing in, changing, looking at the files, scoring."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.files import file_response
from core.web.views import ConfirmPage, DetailPage, FormPage, ObjectMixin
from people.models import Cadre
from training.choices import ContestState
from training.forms.contests import EntryForm, ScoreForm
from training.models import Contest, ContestEntry, ContestJudge, ContestScore, EntryFile
from training.queries.contests import judging_of
from training.services import contests as services
from training.services import judging
from training.views.acts import ActView
from training.views.contests import contest_crumbs, contest_url

Crumbs = Sequence[tuple[str, str]]


def entry_url(entry: ContestEntry) -> str:
    return reverse("training:entry", args=[entry.pk])


class EnterContest(ObjectMixin, FormPage):
    """The own entry, from the phone as well."""

    permission: ClassVar = Permission.SIGN_UP
    model = Contest
    title = "提交作品"
    submit_label = "提交作品"
    form_class = EntryForm
    success_message = "已提交；截止前可以修改或撤回。"

    def get_crumbs(self) -> Crumbs:
        return contest_crumbs((self.object.title, contest_url(self.object)), (self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        if not self.viewer.on_own_record(Permission.SIGN_UP):
            raise Http404
        return super().get_form_kwargs()

    def who(self, form: EntryForm) -> Cadre:
        own = Cadre.objects.visible_to(self.viewer, Permission.SIGN_UP)
        return get_object_or_404(own, pk=self.viewer.cadre_id)

    def act(self, form: EntryForm) -> ContestEntry:
        return services.enter_contest(
            contest=self.object,
            cadre=self.who(form),
            values=form.values(),
            uploads=form.cleaned_data["files"],
            by=self.viewer,
            at=timezone.now(),
        )

    def get_success_url(self) -> str:
        return entry_url(self.result)

    def get_cancel_url(self) -> str:
        return contest_url(self.object)


class EnterForSomebody(EnterContest):
    """Staff hand in what came on paper or by mail; never their own."""

    permission: ClassVar = Permission.EDIT_TRAINING
    title = "代交作品"
    success_message = "已登记作品。"

    def get_form_kwargs(self) -> dict[str, Any]:
        reach = Cadre.objects.visible_to(self.viewer, Permission.EDIT_TRAINING)
        others = reach.exclude(pk=self.viewer.cadre_id) if self.viewer.cadre_id else reach
        return {**FormPage.get_form_kwargs(self), "within": others}

    def who(self, form: EntryForm) -> Cadre:
        cadre: Cadre = form.cleaned_data["who"]
        return cadre


class EntryPage(DetailPage):
    model = ContestEntry
    template_name = "training/contests/entry.html"

    def get_queryset(self) -> Any:
        return ContestEntry.objects.visible_to(self.viewer).select_related("contest", "cadre", "unit")

    def get_crumbs(self) -> Crumbs:
        contest = self.object.contest
        return contest_crumbs((contest.title, contest_url(contest)), (self.object.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry, contest = self.object, self.object.contest
        judge = judging_of(contest, self.viewer)
        scores = ContestScore.objects.visible_to(self.viewer).filter(entry=entry)
        own = entry.cadre_id == self.viewer.cadre_id
        return super().get_context_data(
            contest=contest,
            files=list(entry.files.select_related("file")),
            scores=list(scores.select_related("judge__user")),
            own=own,
            may_change=may_change(self),
            may_score=judge is not None and contest.state == ContestState.JUDGING and not own,
            ranked=contest.state == ContestState.PUBLISHED
            or (self.viewer.can(Permission.EDIT_TRAINING) and contest.state == ContestState.CLOSED),
            **kwargs,
        )


def may_change(view: "ObjectMixin") -> bool:
    """The entrant, or staff for others, until the call ends."""
    entry, viewer = view.object, view.viewer
    if entry.contest.state != ContestState.OPEN or entry.withdrawn_at:
        return False
    if entry.cadre_id == viewer.cadre_id:
        return bool(viewer.on_own_record(Permission.SIGN_UP))
    return ContestEntry.objects.visible_to(viewer, Permission.EDIT_TRAINING).filter(pk=entry.pk).exists()


class EntryAct(ObjectMixin):
    """Changes to an entry: whoever may not make them does not find the page."""

    permission: ClassVar = (Permission.SIGN_UP, Permission.EDIT_TRAINING)
    model = ContestEntry

    def get_queryset(self) -> Any:
        return ContestEntry.objects.visible_to(self.viewer).select_related("contest", "cadre")

    @cached_property
    def object(self) -> Any:
        found = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        self.__dict__["object"] = found
        if not may_change(self):
            raise Http404
        return found

    def get_crumbs(self) -> Crumbs:
        contest = self.object.contest
        here = self.get_title()  # type: ignore[attr-defined]
        return contest_crumbs(
            (contest.title, contest_url(contest)), (self.object.title, entry_url(self.object)), (here, "")
        )

    def get_success_url(self) -> str:
        return entry_url(self.object)


class EditEntry(EntryAct, FormPage):
    title = "修改作品"
    form_class = EntryForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def act(self, form: EntryForm) -> None:
        services.change_entry(
            entry=self.object,
            values=form.values(),
            uploads=form.cleaned_data["files"],
            by=self.viewer,
            at=timezone.now(),
        )


class WithdrawEntry(EntryAct, ConfirmPage):
    title = "撤回作品"
    submit_label = "撤回作品"
    keep_label = "保留作品"
    success_message = "已撤回；截止前可以重新提交。"

    def get_question(self) -> str:
        return f"撤回《{self.object}》？"

    def get_consequence(self) -> str:
        return "撤回后不参加评分；作品截止前可以重新提交。"

    def act(self, form: Any) -> None:
        services.withdraw_entry(entry=self.object, by=self.viewer, at=timezone.now())

    def get_cancel_url(self) -> str:
        return entry_url(self.object)

    def get_success_url(self) -> str:
        return contest_url(self.object.contest)


class RemoveFile(EntryAct, ActView):
    def act(self) -> str:
        rows = EntryFile.objects.visible_to(self.viewer).filter(entry=self.object)
        kept = get_object_or_404(
            rows.select_related("entry__contest", "entry__cadre", "file"), pk=self.kwargs["row"]
        )
        services.remove_entry_file(kept=kept, by=self.viewer, at=timezone.now())
        return "已删除文件。"


class EntryDownload(ObjectMixin):
    """A file of an entry, for whoever may see the entry."""

    model = EntryFile
    lookup = "row"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = EntryFile.objects.visible_to(self.viewer).filter(entry=self.kwargs["pk"])
        return file_response(get_object_or_404(rows.select_related("file"), pk=self.kwargs["row"]).file)


class ScoreEntry(ObjectMixin, FormPage):
    """The judge's own score; who does not judge here does not find the page."""

    model = ContestEntry
    title = "评分"
    submit_label = "保存评分"
    template_name = "training/contests/score.html"
    form_class = ScoreForm

    def get_queryset(self) -> Any:
        rows = ContestEntry.objects.visible_to(self.viewer).exclude(cadre=self.viewer.cadre_id)
        judged = ContestJudge.objects.visible_to(self.viewer).filter(user=self.viewer.user_id)
        return rows.filter(contest__in=judged.values("contest")).select_related("contest", "cadre", "unit")

    @cached_property
    def judge(self) -> ContestJudge:
        found = judging_of(self.object.contest, self.viewer)
        if found is None:
            raise Http404
        return found

    def get_crumbs(self) -> Crumbs:
        contest = self.object.contest
        return contest_crumbs((contest.title, contest_url(contest)), (f"评分：{self.object.title}", ""))

    def get_initial(self) -> dict[str, Any]:
        given = (
            ContestScore.objects.visible_to(self.viewer).filter(entry=self.object, judge=self.judge).first()
        )
        return {"points": given.points, "comment": given.comment} if given else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        files = list(self.object.files.select_related("file"))
        return super().get_context_data(object=self.object, files=files, **kwargs)

    def act(self, form: ScoreForm) -> ContestScore:
        return judging.score_entry(
            entry=self.object,
            judge=self.judge,
            points=form.cleaned_data["points"],
            comment=form.cleaned_data["comment"],
            by=self.viewer,
            at=timezone.now(),
        )

    def get_success_message(self) -> str:
        return f"已为《{self.object}》评 {self.result.points} 分，评定之前可以修改。"

    def get_success_url(self) -> str:
        return contest_url(self.object.contest)
