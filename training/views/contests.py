"""比拼: the list, one contest with its entries, and what the office does with it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin
from training.choices import ContestState
from training.filters.contests import ContestFilter
from training.forms.contests import ContestForm, JudgeForm, PublishForm
from training.forms.parts import ReasonForm
from training.models import Contest, ContestEntry, ContestJudge
from training.queries.contests import contest_list, entries_for, judging_of, points_by
from training.services import contests as services
from training.services import judging
from training.views.acts import ActView

Crumbs = Sequence[tuple[str, str]]
LIGHTS = {
    ContestState.OPEN: "blue",
    ContestState.JUDGING: "yellow",
    ContestState.CLOSED: "yellow",
    ContestState.PUBLISHED: "green",
    ContestState.CANCELLED: "grey",
}
STEPS = (ContestState.OPEN, ContestState.JUDGING, ContestState.CLOSED, ContestState.PUBLISHED)


def contest_url(contest: Contest) -> str:
    return reverse("training:contest", args=[contest.pk])


def contest_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("比拼", reverse("training:contests")), *more]


def light_of(contest: Contest) -> tuple[str, str]:
    return LIGHTS[ContestState(contest.state)], contest.get_state_display()


class ContestListPage(ListPage):
    title = "比拼"
    permission = Permission.VIEW_TRAINING
    model = Contest
    filterset_class = ContestFilter
    noun = "比拼"
    counter = "次比拼"
    main_filters = ("kind", "state")
    acts_template = "training/contests/list_acts.html"
    empty_icon = "trophy"
    empty_hint = "发起信息写作、演讲或微党课比拼，征集作品，评委打分，公布后写入干部荣誉。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "-until"
    sorts = (
        Sort("until", "作品截止", ("entries_until",)),
        Sort("title", "名称", ("title",)),
        Sort("entered", "作品数", ("entered",)),
    )
    columns = (
        ListColumn("title", "名称", str, sort="title", link=contest_url, width=36),
        ListColumn("kind", "类别", lambda c: c.get_kind_display(), css="nowrap"),
        ListColumn(
            "until",
            "作品截止",
            lambda c: c.entries_until,
            sort="until",
            css="num nowrap",
            template="training/articles/cells/date.html",
        ),
        ListColumn(
            "judging",
            "评分截止",
            lambda c: c.judging_until,
            css="num nowrap",
            template="training/articles/cells/date.html",
        ),
        ListColumn("entered", "作品", lambda c: c.entered, sort="entered", css="num right", width=8),
        ListColumn(
            "state",
            "状态",
            lambda c: c.get_state_display(),
            css="nowrap",
            template="training/contests/cells/state.html",
        ),
    )
    views = (
        SavedView("全部", ""),
        SavedView("征集作品", "state=open&sort=until"),
        SavedView("评分中", "state=judging"),
        SavedView("已公布", "state=published"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return contest_list(self.viewer)

    def decorate(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.light = light_of(row)
        return rows


class ContestPage(DetailPage):
    """For the entrants, the judges and the office: each sees what is theirs to see."""

    model = Contest
    template_name = "training/contests/contest.html"

    def get_crumbs(self) -> Crumbs:
        return contest_crumbs((self.object.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contest, viewer = self.object, self.viewer
        entries = list(entries_for(contest, viewer))
        judge = judging_of(contest, viewer)
        given = points_by(judge) if judge else {}
        for entry in entries:
            entry.mine = entry.cadre_id == viewer.cadre_id
            entry.given = given.get(entry.pk)
        staff = viewer.can(Permission.EDIT_TRAINING)
        return super().get_context_data(
            light=light_of(contest),
            steps=self._steps(),
            entries=entries,
            judge=judge,
            judges=list(contest.judges.select_related("user")) if staff else [],
            others=contest.entries.filter(withdrawn_at__isnull=True).count() - len(entries),
            left=sum(entry.given is None and not entry.mine for entry in entries) if judge else 0,
            may_edit=staff,
            may_enter=self._may_enter(entries),
            ranked=contest.state == ContestState.PUBLISHED
            or (staff and contest.state == ContestState.CLOSED),
            **kwargs,
        )

    def _may_enter(self, entries: Sequence[ContestEntry]) -> bool:
        takes = self.object.state == ContestState.OPEN and self.object.entries_until >= self.viewer.on
        entered = any(entry.cadre_id == self.viewer.cadre_id for entry in entries)
        return takes and not entered and self.viewer.on_own_record(Permission.SIGN_UP)

    def _steps(self) -> list[tuple[int, str, str]]:
        if self.object.state == ContestState.CANCELLED:
            return []
        here = STEPS.index(ContestState(self.object.state))
        last = len(STEPS) - 1
        return [
            (
                number + 1,
                state.label,
                "done" if number < here or here == last else "now" if number == here else "",
            )
            for number, state in enumerate(STEPS)
        ]


def _step(number: int, here: int) -> str:
    """The last step is done as soon as it is reached."""
    if number < here or here == len(STEPS) - 1:
        return "done"
    return "now" if number == here else ""


class ContestAct(ObjectMixin):
    permission: ClassVar = Permission.EDIT_TRAINING
    model = Contest

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return contest_crumbs((self.object.title, contest_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return contest_url(self.object)


class NewContest(FormPage):
    permission: ClassVar = Permission.EDIT_TRAINING
    title = "发起比拼"
    submit_label = "发起比拼"
    form_class = ContestForm
    success_message = "已发起，接着可以添加评委。"

    def get_crumbs(self) -> Crumbs:
        return contest_crumbs((self.title, ""))

    def act(self, form: ContestForm) -> Contest:
        return services.create_contest(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return contest_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:contests")


class EditContest(ContestAct, FormPage):
    title = "修改比拼"
    form_class = ContestForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def act(self, form: ContestForm) -> None:
        services.change_contest(contest=self.object, values=form.cleaned_data, by=self.viewer)


class JudgesPage(ContestAct, FormPage):
    title = "评委"
    template_name = "training/contests/judges.html"
    form_class = JudgeForm
    submit_label = "添加评委"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        judges = list(self.object.judges.select_related("user"))
        missing = {judge.pk: count for judge, count in judging.missing_scores(self.object).items()}
        for judge in judges:
            judge.left = missing.get(judge.pk, 0)
        return super().get_context_data(object=self.object, judges=judges, **kwargs)

    def act(self, form: JudgeForm) -> ContestJudge:
        data = form.cleaned_data
        return services.set_judge(
            contest=self.object, user=data["who"], weight=data["weight"], by=self.viewer
        )

    def get_success_message(self) -> str:
        return f"评委 {self.result.user.name} 已保存。"

    def get_success_url(self) -> str:
        return reverse("training:contest_judges", args=[self.object.pk])

    def get_cancel_url(self) -> str:
        return contest_url(self.object)


class RemoveJudge(ContestAct, ActView):
    @cached_property
    def judge(self) -> ContestJudge:
        rows = ContestJudge.objects.visible_to(self.viewer).filter(contest=self.object)
        return get_object_or_404(rows.select_related("user", "contest"), pk=self.kwargs["row"])

    def act(self) -> str:
        name = self.judge.user.name
        services.remove_judge(judge=self.judge, by=self.viewer)
        return f"已移除评委 {name}。"

    def get_success_url(self) -> str:
        return reverse("training:contest_judges", args=[self.object.pk])


class RemindJudges(ContestAct, ActView):
    def act(self) -> str:
        told = judging.remind_judges(contest=self.object, by=self.viewer, on=self.viewer.on)
        return f"已提醒 {told} 位评委。" if told else "评委都已评完，或今天已经提醒过。"


class StartJudging(ContestAct, ConfirmPage):
    title = "开始评分"
    submit_label = "截止征集，开始评分"
    dangerous = False
    success_message = "已开始评分，并通知评委。"

    def get_question(self) -> str:
        return f"“{self.object}”开始评分？"

    def get_consequence(self) -> str:
        return "开始后不再接收和修改作品，评委会收到通知。评定之前，评委之间互相看不到分数。"

    def act(self, form: Any) -> None:
        judging.start_judging(contest=self.object, by=self.viewer, on=self.viewer.on)


class CloseJudging(ContestAct, ConfirmPage):
    title = "评定名次"
    submit_label = "评定名次"
    dangerous = False
    success_message = "已评定名次，核对后可以公布。"

    def get_question(self) -> str:
        return f"按评委打分评定“{self.object}”的名次？"

    def get_consequence(self) -> str:
        return "所有评委评完全部作品后才能评定；同分并列。评定后还可以退回评分，公布前参赛人看不到结果。"

    def act(self, form: Any) -> None:
        judging.close_judging(contest=self.object, by=self.viewer, on=self.viewer.on)


class ReopenJudging(ContestAct, ConfirmPage):
    title = "退回评分"
    form_class = ReasonForm
    submit_label = "退回评分"
    success_message = "已退回评分。"

    def get_question(self) -> str:
        return f"“{self.object}”退回评分？"

    def get_consequence(self) -> str:
        return "名次和奖项清除，评委可以修改分数，再重新评定。"

    def act(self, form: ReasonForm) -> None:
        judging.reopen_judging(contest=self.object, reason=form.cleaned_data["reason"], by=self.viewer)


class PublishContest(ContestAct, FormPage):
    title = "公布结果"
    submit_label = "公布结果"
    form_class = PublishForm

    def act(self, form: PublishForm) -> int:
        body = form.cleaned_data["body"]
        return judging.publish_contest(contest=self.object, body=body, by=self.viewer, on=self.viewer.on)

    def get_success_message(self) -> str:
        return f"已公布，并为 {self.result} 人写入荣誉。"


class UnpublishContest(ContestAct, ConfirmPage):
    title = "撤回公布"
    form_class = ReasonForm
    submit_label = "撤回公布"

    def get_question(self) -> str:
        return f"撤回“{self.object}”的结果？"

    def get_consequence(self) -> str:
        return "获奖干部记录中因此写入的荣誉一并删除；更正后可以重新公布。"

    def act(self, form: ReasonForm) -> int:
        reason = form.cleaned_data["reason"]
        return judging.unpublish_contest(contest=self.object, reason=reason, by=self.viewer)

    def get_success_message(self) -> str:
        return f"已撤回，删除 {self.result} 条荣誉。"


class CancelContest(ContestAct, ConfirmPage):
    title = "取消比拼"
    form_class = ReasonForm
    submit_label = "取消比拼"
    keep_label = "保留比拼"
    success_message = "已取消。"

    def get_question(self) -> str:
        return f"取消“{self.object}”？"

    def get_consequence(self) -> str:
        count = self.object.entries.filter(withdrawn_at__isnull=True).count()
        return f"已有 {count} 件作品，取消后保留备查，不再评分。取消不能恢复。"

    def act(self, form: ReasonForm) -> None:
        judging.cancel_contest(contest=self.object, reason=form.cleaned_data["reason"], by=self.viewer)
