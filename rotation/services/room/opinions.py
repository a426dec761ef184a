"""领导意见: given in order, confirmed with the own password, withdrawn until the meeting decides."""

from datetime import datetime

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from people.models import User
from rotation.choices.decisions import Stance
from rotation.models import Candidate, Case, LeaderOpinion, Move, Speaker
from rotation.queries.room.cases import next_speaker, standing_opinions
from rotation.services.room.cases import check_handled_by, check_open, tell_next


@transaction.atomic
def give_opinion(
    *,
    case: Case,
    stance: Stance,
    password: str,
    by: Viewer,
    at: datetime,
    choice: Move | None = None,
    words: str = "",
) -> LeaderOpinion:
    """The leader's own opinion, when it is their turn; one who is absent gives it in writing at any time."""
    check_open(case)
    speaker = speaker_of(case, by)
    _check_turn(case, speaker)
    if not User.objects.get(pk=by.user_id).check_password(password):
        raise DomainError("密码不正确，意见没有提交。", field="password", code="wrong_password")
    return _write(speaker, stance, choice, words, in_writing=bool(speaker.absence), by=by, at=at)


@transaction.atomic
def register_written_opinion(
    *, speaker: Speaker, stance: Stance, words: str, by: Viewer, at: datetime, choice: Move | None = None
) -> LeaderOpinion:
    """What a leader on leave has handed in on paper, entered by whoever handles the plan."""
    check_open(speaker.case)
    check_handled_by(speaker.case.plan, by)
    if not speaker.absence:
        raise DomainError("没有请假的领导由本人发表意见，不能代为登记。", code="not_absent")
    if not words.strip():
        raise DomainError("请照书面意见录入内容。", field="words", code="no_words")
    return _write(speaker, stance, choice, words, in_writing=True, by=by, at=at)


def _write(
    speaker: Speaker,
    stance: Stance,
    choice: Move | None,
    words: str,
    *,
    in_writing: bool,
    by: Viewer,
    at: datetime,
) -> LeaderOpinion:
    case = speaker.case
    opinion = LeaderOpinion(
        case=case,
        speaker=speaker,
        stance=stance,
        choice=_chosen(case, stance, choice),
        words=_worded(stance, words),
        in_writing=in_writing,
        given_at=at,
    )
    save_validated(opinion)
    record(
        action=AuditAction.OPINION_CHANGED, by=by, subject=opinion, label=f"发表意见：{case.number}", at=at
    )
    tell_next(case, on=by.on)
    return opinion


def _chosen(case: Case, stance: Stance, choice: Move | None) -> Move | None:
    """Who agrees in a case on one post says to whom; one who stands alone is meant without saying."""
    if stance != Stance.AGREE or case.post_id is None:
        return None
    moves: list[Move] = [
        candidate.move for candidate in Candidate.objects.filter(case=case).select_related("move")
    ]
    if choice is None and len({move.cadre_id for move in moves}) == 1:
        return moves[0]
    if choice not in moves:
        raise DomainError("请选择同意的人选。", field="choice", code="no_choice")
    return choice


def _worded(stance: Stance, words: str) -> str:
    plain = words.strip()
    if stance != Stance.AGREE and not plain:
        raise DomainError("不同意或暂缓请写明理由。", field="words", code="no_words")
    return plain


@transaction.atomic
def withdraw_opinion(*, case: Case, by: Viewer, at: datetime) -> None:
    """Until the meeting decides; the withdrawn one is kept. It is the leader's turn again."""
    check_open(case)
    standing = LeaderOpinion.objects.filter(case=case, speaker=speaker_of(case, by)).standing()
    if not standing.update(withdrawn_at=at):
        raise DomainError("您还没有发表意见，不用撤回。", code="nothing")
    record(action=AuditAction.OPINION_CHANGED, by=by, subject=case, label=f"撤回意见：{case.number}", at=at)


def speaker_of(case: Case, by: Viewer) -> Speaker:
    rows = Speaker.objects.filter(case=case, user=by.user_id).select_related("user")
    speaker: Speaker | None = rows.first()
    if speaker is None:
        raise DomainError("您不在这个议题的参会领导之列。", code="not_speaker")
    if speaker.excluded:
        raise DomainError("您须回避这个议题，不能发表意见。", code="excluded")
    speaker.case = case
    return speaker


def _check_turn(case: Case, speaker: Speaker) -> None:
    if speaker.pk in standing_opinions(case):
        raise DomainError("您已经发表过意见，要改请先撤回。", code="spoken")
    turn = next_speaker(case)
    if speaker.absence or turn is None or turn.pk == speaker.pk:
        return
    if speaker.is_main:
        raise DomainError("主要领导末位表态，请等其他领导都发表意见。", code="main_is_last")
    raise DomainError("还没有轮到您发表意见。", code="not_your_turn")
