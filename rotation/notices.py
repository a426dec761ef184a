"""What the public papers of a decision say: 任前公示, and the letter that appoints and removes."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from core.templatetags.ui import cn_date
from rotation.letters import Letter
from rotation.models import DecidedMove, RotationPlan

WHERE = (
    "公示期间，对公示对象有情况和问题需要反映的，请以书面或者当面方式向组织人事部门反映；"
    "反映问题应当实事求是，提倡署真实姓名。"
)


def notice_letter(plan: RotationPlan, moves: Sequence[DecidedMove], *, on: date) -> Letter:
    """任前公示: each person, present post and proposed post, in the order of strokes."""
    first = plan.notice_from or on
    lines = (
        f"经党工委会议研究，拟对下列{len(moves)}名同志的职务作出调整，现予公示。",
        *(f"{line.cadre.name}，{_person(line, on)}。" for line in _by_strokes(moves)),
        f"公示时间：{cn_date(first)}至{cn_date(plan.notice_to)}。",
        WHERE,
    )
    return _letter(plan, "", "干部任前公示", lines, first)


def _person(line: DecidedMove, on: date) -> str:
    cadre = line.cadre
    born = f"{cadre.birth_month.year}年{cadre.birth_month.month}月生" if cadre.birth_month else ""
    to = f"拟任{line.to_text}" if line.to_text else f"拟免去{line.from_text}职务"
    known = (
        cadre.get_sex_display(),
        born,
        cadre.get_political_status_display(),
        f"现任{line.from_text}" if line.from_text else "",
    )
    return "，".join([*filter(None, known), to])


def appointment_letter(plan: RotationPlan, moves: Sequence[DecidedMove], *, on: date) -> Letter:
    """关于…任免职务的通知: who is appointed to what, and what they cease to be."""
    ordered = _by_strokes(moves)
    names = "、".join(line.cadre.name for line in ordered[:2])
    several = "等同志" if len(ordered) > 2 else "同志"
    lines = ("经党工委会议研究决定：", *(_act(line) for line in ordered))
    since = f"以上任免自{cn_date(plan.effective_on)}起计算。"
    promoted = "提任人员试用期一年。" if any(line.kind == "promotion" for line in ordered) else ""
    return _letter(
        plan,
        plan.document_no,
        f"关于{names}{several}职务任免的通知",
        tuple(filter(None, (*lines, since, promoted))),
        min(on, plan.effective_on),
    )


def _act(line: DecidedMove) -> str:
    """One sentence: 某某同志任某职，免去其某职务。"""
    removed = f"免去其{line.from_text}职务" if line.from_text and line.to_text else ""
    if not line.to_text:
        return f"免去{line.cadre.name}同志{line.from_text}职务。"
    return f"{line.cadre.name}同志任{line.to_text}{'，' + removed if removed else ''}。"


def _by_strokes(moves: Sequence[DecidedMove]) -> list[DecidedMove]:
    return sorted(moves, key=lambda line: line.cadre.name_stroke_key)


def _letter(plan: RotationPlan, number: str, title: str, lines: tuple[str, ...], day: date) -> Letter:
    zone = f"{settings.ZONE_NAME}党工委"
    return Letter(plan.title, number, title, "各部门、各单位", lines, zone, day)
