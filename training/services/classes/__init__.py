from training.services.classes.held import (
    CLASS_FIELDS,
    check_quarters,
    create_class,
    delete_class,
    update_class,
)
from training.services.classes.moves import advance_classes, cancel_class, move_class
from training.services.classes.planning import PLAN_FIELDS, change_plan, copy_class, plan_class
from training.services.classes.slots import SlotValues, clock_of, set_slots

__all__ = [
    "CLASS_FIELDS",
    "PLAN_FIELDS",
    "SlotValues",
    "advance_classes",
    "cancel_class",
    "change_plan",
    "check_quarters",
    "clock_of",
    "copy_class",
    "create_class",
    "delete_class",
    "move_class",
    "plan_class",
    "set_slots",
    "update_class",
]
