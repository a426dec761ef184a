"""Judging: hidden scores, the ranking, and what its publication writes into the cadres' records."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from people.choices import HonourKind
from people.models import Honour
from people.services.records import add_record, remove_record
from training.choices import ContestState
from training.models import Contest, ContestEntry, ContestJudge, ContestScore
from training.queries.audience import accounts_of
from training.scoring import Points, award_for, final_score, is_step, ranks
from training.services.contests import locked, move, need, not_own, note, tell


@transaction.atomic
def start_judging(*, contest: Contest, by: Viewer, on: date) -> None:
    """No more entries; the judges are told."""
    need(contest, ContestState.OPEN)
    if not contest.entries.filter(withdrawn_at__isnull=True).exists():
        raise DomainError("还没有作品，不能开始评分。", code="no_entries")
    judges = list(contest.judges.values_list("user_id", flat=True))
    if not judges:
        raise DomainError("还没有评委，请先添加评委，再开始评分。", code="no_judges")
    move(contest, ContestState.JUDGING, "开始评分", by)
    tell(contest, judges, on, f"请为比拼评分：{contest.title}")


@transaction.atomic
def score_entry(
    *, entry: ContestEntry, judge: ContestJudge, points: Decimal, by: Viewer, at: datetime, comment: str = ""
) -> ContestScore:
    """A judge's score; given again it replaces the first, as long as judging goes on."""
    contest = Contest.objects.select_for_update().get(pk=entry.contest_id)
    need(contest, ContestState.JUDGING)
    if judge.user_id != by.user_id or judge.contest_id != contest.pk:
        raise DomainError("只有评委本人可以评分。", code="not_allowed")
    if entry.cadre_id == by.cadre_id:
        raise DomainError("不能给自己的作品评分。", field="points", code="own_record")
    if not is_step(points):
        raise DomainError("分数应在 0 到 100 之间，以 0.5 为一档。", field="points", code="not_a_step")
    row = ContestScore.objects.filter(entry=entry, judge=judge).first()
    row = row or ContestScore(entry=entry, judge=judge)
    row.points, row.comment, row.scored_at = points, comment, at
    save_validated(row)
    record(action=AuditAction.CONTEST_SCORED, by=by, subject=row, label=f"评分：{entry}（{contest}）")
    return row


@transaction.atomic
def close_judging(*, contest: Contest, by: Viewer, on: date) -> None:
    """Counts the scores once every judge has scored every entry but the own one."""
    contest = locked(contest)
    need(contest, ContestState.JUDGING)
    not_own(contest, by)
    if missing := missing_scores(contest):
        names = "、".join(f"{judge.user.name}（{count} 件）" for judge, count in missing.items())
        raise DomainError(f"还有评委没有评完：{names}。请提醒评委，或移除没有评分的评委。", code="not_scored")
    _rank(contest)
    contest.closed_on = on
    move(contest, ContestState.CLOSED, "评定", by, "closed_on")


@transaction.atomic
def reopen_judging(*, contest: Contest, reason: str, by: Viewer) -> None:
    """Back to the judges; the places fall away until it is closed again."""
    contest = locked(contest)
    need(contest, ContestState.CLOSED)
    not_own(contest, by)
    if not reason.strip():
        raise DomainError("请写明退回评分的原因。", field="reason", code="missing_reason")
    contest.entries.update(score=None, rank=None, award="")
    contest.closed_on = None
    move(contest, ContestState.JUDGING, "退回评分", by, "closed_on", reason=reason.strip())


@transaction.atomic
def publish_contest(*, contest: Contest, body: str, by: Viewer, on: date) -> int:
    """Announces the ranking and writes an honour for each prize; returns how many."""
    contest = locked(contest)
    need(contest, ContestState.CLOSED)
    not_own(contest, by)
    winners = list(contest.entries.exclude(award="").select_related("cadre"))
    for entry in winners:
        entry.honour = _honour(contest, entry, body, by, on)
        save_validated(entry, update_fields=["honour"])
    contest.published_on = on
    move(contest, ContestState.PUBLISHED, "公布", by, "published_on")
    entered = contest.entries.filter(withdrawn_at__isnull=True).values("cadre")
    tell(contest, accounts_of(entered), on, f"比拼结果已公布：{contest.title}")
    return len(winners)


@transaction.atomic
def unpublish_contest(*, contest: Contest, reason: str, by: Viewer) -> int:
    """Takes the ranking back, and the honours it wrote."""
    contest = locked(contest)
    need(contest, ContestState.PUBLISHED)
    not_own(contest, by)
    if not reason.strip():
        raise DomainError("请写明撤回公布的原因。", field="reason", code="missing_reason")
    honours = list(Honour.objects.filter(contest_entry__contest=contest))
    for honour in honours:
        remove_record(row=honour, by=by)
    contest.published_on = None
    move(contest, ContestState.CLOSED, "撤回公布", by, "published_on", reason=reason.strip())
    return len(honours)


@transaction.atomic
def cancel_contest(*, contest: Contest, reason: str, by: Viewer) -> None:
    need(contest, ContestState.OPEN, ContestState.JUDGING)
    if not reason.strip():
        raise DomainError("请写明取消原因。", field="reason", code="missing_reason")
    contest.cancel_reason = reason.strip()
    move(contest, ContestState.CANCELLED, "取消", by, "cancel_reason", reason=reason.strip())


@transaction.atomic
def remind_judges(*, contest: Contest, by: Viewer, on: date) -> int:
    need(contest, ContestState.JUDGING)
    users = [judge.user_id for judge in missing_scores(contest)]
    told = tell(contest, users, on, f"请尽快为比拼评分：{contest.title}")
    note(contest, f"提醒评委：{contest}", by, {})
    return told


def missing_scores(contest: Contest) -> dict[ContestJudge, int]:
    """Each judge who has not scored everything → how many entries are missing."""
    entries = list(contest.entries.filter(withdrawn_at__isnull=True))
    given = set(ContestScore.objects.filter(entry__in=entries).values_list("judge_id", "entry_id"))
    found: dict[ContestJudge, int] = {}
    for judge in contest.judges.select_related("user").order_by("pk"):
        mine = [entry for entry in entries if entry.cadre_id != judge.user.cadre_id]
        if left := sum((judge.pk, entry.pk) not in given for entry in mine):
            found[judge] = left
    return found


def _rank(contest: Contest) -> None:
    entries = list(contest.entries.filter(withdrawn_at__isnull=True).prefetch_related("scores__judge"))
    given = {e.pk: [Points(s.points, s.judge.weight) for s in e.scores.all()] for e in entries}
    scores = {pk: final_score(all_of, drops_extremes=contest.drops_extremes) for pk, all_of in given.items()}
    if None in scores.values():
        raise DomainError("有作品没有任何评委的评分，请增加评委后再评定。", code="not_scored")
    places = ranks({pk: score for pk, score in scores.items() if score is not None})
    for entry in entries:
        entry.score, entry.rank = scores[entry.pk], places[entry.pk]
        entry.award = award_for(
            places[entry.pk],
            first=contest.first_prizes,
            second=contest.second_prizes,
            third=contest.third_prizes,
        )
    ContestEntry.objects.bulk_update(entries, ["score", "rank", "award"])


def _honour(contest: Contest, entry: ContestEntry, body: str, by: Viewer, on: date) -> Honour:
    values = {
        "kind": HonourKind.AWARD,
        "title": f"“{contest.title}”{entry.get_award_display()}"[:100],
        "awarded_on": on,
        "awarding_body": body,
        "deed": f"{contest.get_kind_display()}作品《{entry.title}》",
    }
    return add_record(model=Honour, cadre=entry.cadre, values=values, by=by)
