"""回避: nobody decides about a task that they, or a relative of theirs, answer for (security.md R2, R3)."""

from datetime import date

from core.access import Viewer
from core.errors import DomainError
from park.access import approvers_of, avoids
from park.models import Task

OWN_TASK = "不能审核本人承担的任务，请由责任领导或其他审核人办理。"
NAMED = 3


def check_may_decide(task: Task, by: Viewer, on: date) -> None:
    """Refuses whoever must stay out, and names who may decide instead."""
    if by.cadre_id is not None and by.cadre_id == task.owner_id:
        raise DomainError(OWN_TASK, code="own_task")
    if avoids(task, by):
        raise DomainError(way_out(task, on), code="relative")


def way_out(task: Task, on: date) -> str:
    """What a relative of the owner is told: who decides, or how somebody comes to."""
    names = [user.name for user in approvers_of(task, on)[:NAMED]]
    if names:
        return f"责任人是您的亲属，按任职回避的规定不能由您审核、审批，请由{'、'.join(names)}办理。"
    return (
        "责任人是您的亲属，按任职回避的规定不能由您审核、审批；现在没有其他审核人，"
        "请园区工作人员为任务另定责任领导，或请安全管理员授权其他领导。"
    )
