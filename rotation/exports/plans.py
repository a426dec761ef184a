"""干部调整方案表: the moves of a variant in the office's columns, with what the checks say."""

from datetime import date, datetime

from core import exports
from core.templatetags.ui import cn_month
from rotation.choices.plans import MoveKind, Verdict
from rotation.models import Move
from rotation.queries.plans import Side

TITLE = "干部调整方案表"


def plan_xlsx(side: Side, *, by: str, at: datetime) -> bytes:
    plan = side.variant.plan
    note = exports.source_note(
        source=f"{plan.title}{side.variant}，任职日期 {plan.effective_on}", by=by, at=at
    )
    title = f"{TITLE}（{plan.title}·{side.variant}）"
    return exports.xlsx_bytes(title, columns(side), side.moves, note=note)


def columns(side: Side) -> list[exports.Column]:
    place = {move.pk: number for number, move in enumerate(side.moves, start=1)}
    column = exports.Column
    return [
        column("no", "序号", 6, lambda m: place[m.pk]),
        column("name", "姓名", 10, lambda m: m.cadre.name),
        column("sex", "性别", 6, lambda m: m.cadre.get_sex_display()),
        column("born", "出生年月", 12, lambda m: _month(m.cadre.birth_month)),
        column("education", "学历", 10, lambda m: _education(side, m)),
        column("party", "政治面貌", 12, lambda m: m.cadre.get_political_status_display()),
        column("rank", "职级", 14, lambda m: m.cadre.rank),
        column("now", "现任职务", 26, lambda m: m.from_text or "无现职"),
        column("since", "任现职时间", 12, lambda m: _since(side, m)),
        column("to", "拟任职务", 26, lambda m: str(m.to_post) if m.to_post else ""),
        column("off", "拟免职务", 26, lambda m: m.from_text),
        column("kind", "类型", 10, lambda m: MoveKind(m.kind).label),
        column("reason", "任免理由", 30, lambda m: m.reason),
        column("red", "不具备", 40, lambda m: said(side, m, Verdict.FAILS)),
        column("yellow", "需关注", 40, lambda m: said(side, m, Verdict.ATTENTION)),
        column("origin", "来源", 10, lambda m: m.get_origin_display()),
    ]


def said(side: Side, move: Move, verdict: Verdict) -> str:
    """What the checks of that verdict say of the move, one to a line."""
    checks = [c for c in side.checks.by_move.get(move.pk, ()) if c.verdict == verdict]
    return "\n".join(f"{c.message}（{c.evidence}）" if c.evidence else c.message for c in checks)


def _month(day: date | None) -> str:
    return cn_month(day) if day else ""


def _since(side: Side, move: Move) -> str:
    facts = side.checks.facts
    person = facts.people.get(move.cadre_id) if facts else None
    return _month(person.tenure.since) if person and person.tenure else ""


def _education(side: Side, move: Move) -> str:
    facts = side.checks.facts
    person = facts.people.get(move.cadre_id) if facts else None
    return person.education if person else ""
