from training.services.enrolment.applying import apply_for, withdraw_own
from training.services.enrolment.deciding import (
    approve,
    dispatch,
    drop_out,
    enrol_people,
    promote,
    reject,
    sign_off,
    withdraw,
)
from training.services.enrolment.nominating import nominate, set_quotas
from training.services.enrolment.queue import promote_waiting, tell, waiting_list
from training.services.enrolment.steps import Hop, lock_class, move, record_steps, refuse_own

__all__ = [
    "Hop",
    "apply_for",
    "approve",
    "dispatch",
    "drop_out",
    "enrol_people",
    "lock_class",
    "move",
    "nominate",
    "promote",
    "promote_waiting",
    "record_steps",
    "refuse_own",
    "reject",
    "set_quotas",
    "sign_off",
    "tell",
    "waiting_list",
    "withdraw",
    "withdraw_own",
]
