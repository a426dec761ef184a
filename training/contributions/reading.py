"""What articles, quizzes and evaluations answer: the menu, what is due, and what they say about needs."""

from collections.abc import Iterator, Sequence
from datetime import date

from core.access import Permission, Viewer
from core.asking import Steps, asked
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from people.contracts import Duty, Link, NeedSignal, Panel, Press, duties, home_panels, needs
from training.access import EDITS_ARTICLES
from training.contributions.scope import SEES, looks_after_others
from training.models import Article
from training.queries.articles import overdue_articles, progress_steps, to_read, with_read_mark
from training.queries.evaluations import evaluation_signals, to_answer
from training.queries.quizzes import due_for_me, quiz_signals

CHASED = 20  # overdue must-reads that the office is reminded of: older ones are history
NEWEST = 4
register(MenuItem("内强素质·学习", 25, "引学文章", "newspaper", "training:articles", SEES))
register_kind("training.article", "引学必读", "newspaper")
register_kind("training.quiz", "测验", "list-checks")
register_kind("training.evaluation", "学员评价", "star")


@duties.register(
    "training.must_read",
    order=20,
    permission=Permission.SIGN_UP,
    waits=to_read,
    label="待读必读",
    listed=Link("training:articles"),
)
def unread_must_reads(*, viewer: Viewer) -> Iterator[Duty]:
    for article in (yield from asked(to_read(viewer).defer("text"))):
        yield Duty(
            key=f"training.must_read:{article.pk}",
            title=f"阅读：{article.title}",
            due_on=article.due_on,
            link=Link("training:article", (article.pk,)),
            cadre_id=viewer.cadre_id,
            reason="必读，读完请在文章页确认。",
        )


@duties.register(
    "training.quiz",
    order=21,
    permission=Permission.SIGN_UP,
    waits=due_for_me,
    label="待答测验",
    listed=Link("training:quizzes"),
)
def quizzes_due(*, viewer: Viewer) -> Iterator[Duty]:
    for quiz in (yield from asked(due_for_me(viewer))):
        yield Duty(
            key=f"training.quiz:{quiz.pk}",
            title=f"测验：{quiz.title}",
            due_on=quiz.due_on,
            link=Link("training:quiz_take", (quiz.pk,)),
            cadre_id=viewer.cadre_id,
            reason=f"{quiz.pass_mark} 分及格，还可答 {quiz.attempts_allowed - quiz.tries} 次。",
        )


@duties.register("training.evaluation", order=22, permission=Permission.SIGN_UP, waits=to_answer)
def evaluations_open(*, viewer: Viewer) -> Iterator[Duty]:
    for evaluation in (yield from asked(to_answer(viewer))):
        yield Duty(
            key=f"training.evaluation:{evaluation.pk}",
            title=f"评价：{evaluation.training_class.name}",
            due_on=evaluation.closes_on,
            link=Link("training:evaluation_answer", (evaluation.pk,)),
            cadre_id=viewer.cadre_id,
            reason="匿名填写，两分钟。",
        )


@duties.register("training.unread", order=23, permission=SEES, waits=overdue_articles)
def overdue_must_reads(*, viewer: Viewer) -> Iterator[Duty]:
    """One duty for all must-reads that are past their deadline and not read by everyone."""
    if not any(viewer.paths(permission) for permission in EDITS_ARTICLES):
        return
    late = yield from asked(overdue_articles(viewer).defer("text")[:CHASED])
    progress = yield from progress_steps(late)
    open_ones = [article for article in late if progress[article.pk].unread]
    if open_ones:
        unread = sum(progress[article.pk].unread for article in open_ones)
        yield Duty(
            key="training.unread",
            title=f"{len(open_ones)} 篇必读已到期，仍有人未读",
            due_on=open_ones[0].due_on,
            link=Link("training:articles"),
            count=len(open_ones),
            reason=f"共 {unread} 人次未读，可以提醒，或登记纸质阅读。",
            press=_chase(open_ones),
        )


def _chase(late: Sequence[Article]) -> Press | None:
    """On the spot only where it is one article: who is reminded of what is to be seen."""
    return Press("提醒未读的人", Link("training:article_remind", (late[0].pk,))) if len(late) == 1 else None


@home_panels.register(
    "training.reading",
    order=40,
    permission=Permission.SIGN_UP,
    label="引学文章",
    later=looks_after_others,
)
def newest_articles(*, viewer: Viewer) -> Steps[Panel | None]:
    """The latest articles for a cadre, read or not."""
    if not viewer.on_own_record(Permission.SIGN_UP):
        return None
    published = Article.objects.visible_to(viewer).published().defer("text")
    newest = with_read_mark(published, viewer.cadre_id).order_by("-published_on", "-pk")[:NEWEST]
    rows = yield from asked(newest)
    context: dict[str, object] = {"articles": rows}
    return Panel("training.reading", "引学文章", "training/articles/home.html", context) if rows else None


@needs.register("training.quiz", order=20)
def missed_in_quizzes(*, since: date, until: date) -> Iterator[NeedSignal]:
    yield from quiz_signals(since=since, until=until)


@needs.register("training.evaluation", order=30)
def low_evaluations(*, since: date, until: date) -> Iterator[NeedSignal]:
    yield from evaluation_signals(since=since, until=until)
