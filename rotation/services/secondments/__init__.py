"""The changes of a secondment, in the order in which they come."""

from rotation.services.secondments.away import (
    correct_start,
    decide_extension,
    dispatch,
    end,
    report_in,
    request_extension,
)
from rotation.services.secondments.homecoming import arrange_return, bring_home, make_task, settle
from rotation.services.secondments.hosts import (
    VALID_DAYS,
    fill_host_form,
    make_host_form,
    open_host_form,
    revoke_host_form,
)
from rotation.services.secondments.notes import read_note, send_note
from rotation.services.secondments.opinions import PARTIES, STAGES, complete, record_opinion
from rotation.services.secondments.planning import (
    FIELDS,
    PLAN_MOVES,
    approve,
    cancel,
    change,
    move_plan,
    open_secondment_rule,
    recommend,
    write_plan,
)
from rotation.services.secondments.steps import Hop

__all__ = [
    "FIELDS",
    "PARTIES",
    "PLAN_MOVES",
    "STAGES",
    "VALID_DAYS",
    "Hop",
    "approve",
    "arrange_return",
    "bring_home",
    "cancel",
    "change",
    "complete",
    "correct_start",
    "decide_extension",
    "dispatch",
    "end",
    "fill_host_form",
    "make_host_form",
    "make_task",
    "move_plan",
    "open_host_form",
    "open_secondment_rule",
    "read_note",
    "recommend",
    "record_opinion",
    "report_in",
    "request_extension",
    "revoke_host_form",
    "send_note",
    "settle",
    "write_plan",
]
