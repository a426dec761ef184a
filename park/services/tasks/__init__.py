"""What happens to a task, one file for each part of its life."""

from park.services.tasks import extensions, progress
from park.services.tasks.duties import reassign_task, set_units
from park.services.tasks.editing import TASK_FIELDS, create_task, drop_task, fill_tasks, update_task
from park.services.tasks.extensions import ask_extension, decide_extension
from park.services.tasks.issuing import issue_tasks, publish_plan
from park.services.tasks.milestones import mark_milestone, set_milestones
from park.services.tasks.progress import correct_report, report_progress
from park.services.tasks.states import (
    accept_task,
    apply_for_closing,
    close_task,
    refuse_task,
    return_task,
    start_review,
    stop_task,
)
from park.services.tasks.supervising import answer_supervision, remind, supervise

__all__ = [
    "TASK_FIELDS",
    "accept_task",
    "answer_supervision",
    "apply_for_closing",
    "ask_extension",
    "close_task",
    "correct_report",
    "create_task",
    "decide_extension",
    "drop_task",
    "extensions",
    "fill_tasks",
    "issue_tasks",
    "mark_milestone",
    "progress",
    "publish_plan",
    "reassign_task",
    "refuse_task",
    "remind",
    "report_progress",
    "return_task",
    "set_milestones",
    "set_units",
    "start_review",
    "stop_task",
    "supervise",
    "update_task",
]
