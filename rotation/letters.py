"""What the letters of a secondment say: the letter of dispatch, the notice of return. Pure: words only."""

from dataclasses import dataclass
from datetime import date

from core.templatetags.ui import cn_date
from people.choices import StudyWhileAway
from rotation.choices.secondments import Direction, Outcome
from rotation.models import ReturnPlan, Secondment


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in the manner of GB/T 9704: number, title, to whom, paragraphs, who signs and when."""

    name: str
    number: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    signer: str
    signed_on: date

    @property
    def file_name(self) -> str:
        return f"{self.title}（{self.name}）"


def span_words(row: Secondment) -> str:
    return f"{cn_date(row.starts_on)}至{cn_date(row.planned_end_on)}"


_TIES = "挂职期间，该同志的人事、工资和组织关系不变，"


def dispatch_letter(row: Secondment, *, zone: str, signed_on: date) -> Letter:
    """Who is sent goes to the host; who comes in is confirmed to the home organisation."""
    name, goals = row.cadre.name, f"挂职任务：{_sentence(row.goals)}" if row.goals.strip() else ""
    if row.direction == Direction.IN:
        title = "挂职干部接收函"
        lines = (
            f"经研究，同意你单位{name}同志到{row.place}挂任{row.title}，挂职时间为{span_words(row)}。",
            f"{_TIES}由本区安排工作并负责日常管理和考核。",
            _released(row),
            goals,
            "期满后，由本区出具鉴定意见。",
            "特此函告。",
        )
    else:
        title = "挂职干部派遣函"
        lines = (
            f"经研究，选派{name}同志到你单位挂任{row.title}，挂职时间为{span_words(row)}。",
            f"{_TIES}不占你单位职数，由你单位安排工作并负责日常管理和考核。",
            _released(row),
            goals,
            "期满后，请填写接收单位鉴定意见。",
            "请予接洽。",
        )
    kept = tuple(line for line in lines if line)
    return Letter(name, row.document_no, title, row.organisation, kept, zone, signed_on)


def _released(row: Secondment) -> str:
    words = "脱产挂职，不再承担原岗位工作" if row.released else "不脱产，仍承担原岗位的相应工作"
    if row.direction == Direction.IN:
        return f"挂职方式：{words}。"
    study = {
        StudyWhileAway.EXCUSED: "派出单位的集中学习按规定免予参加",
        StudyWhileAway.REMOTE: "派出单位的集中学习以远程方式参加",
        StudyWhileAway.NORMAL: "派出单位的集中学习照常参加，请予支持",
    }[StudyWhileAway(row.study_rule)]
    return f"挂职方式：{words}；{study}。"


def return_letter(row: Secondment, *, zone: str, signed_on: date) -> Letter:
    """To the person's own unit, or for somebody who was here, to the home organisation."""
    name, number, last = row.cadre.name, row.return_document_no, cn_date(row.last_day)
    if row.direction == Direction.IN:
        first = f"你单位{name}同志在{row.place}挂任{row.title}，于{last}期满，请安排其返岗。"
        lines: tuple[str, ...] = (first, "特此函告。")
        return Letter(name, number, "挂职干部期满函", row.organisation, lines, zone, signed_on)
    plan = getattr(row, "return_plan", None)
    first = f"{name}同志在{row.organisation}挂任{row.title}，于{last}期满，{_goal(plan)}。"
    words = (plan.handover, plan.care) if plan else ()
    more = tuple(_sentence(text) for text in words if text.strip())
    lines = (first, *more, "请做好工作衔接和返岗谈话。")
    to = f"{name}同志及所在部门"
    return Letter(name, number, "挂职干部返岗通知", to, lines, zone, signed_on)


def _goal(plan: ReturnPlan | None) -> str:
    if plan is None:
        return "返回派出单位"
    return "经协商留接收单位任职" if plan.outcome == Outcome.KEEP else f"返回派出单位，{plan.position}"


def _sentence(text: str) -> str:
    words = "；".join(line.strip().rstrip("。；") for line in text.splitlines() if line.strip())
    return f"{words}。"
