from growth.services.binding import bound
from growth.services.checking import (
    apply_correction,
    ask_correction,
    confirm_lines,
    declare_none,
    refuse_correction,
    withdraw_correction,
    withdraw_declaration,
)
from growth.services.making import (
    BATCH_JOB,
    MOST_AT_ONCE,
    check_may_make,
    existing_file,
    make_growth_file,
    order_growth_files,
    store_file,
)
from growth.services.reading import needs_purpose, preview_growth_file, purpose_stated, read_growth_file

__all__ = [
    "BATCH_JOB",
    "MOST_AT_ONCE",
    "apply_correction",
    "ask_correction",
    "bound",
    "check_may_make",
    "confirm_lines",
    "declare_none",
    "existing_file",
    "make_growth_file",
    "needs_purpose",
    "order_growth_files",
    "preview_growth_file",
    "purpose_stated",
    "read_growth_file",
    "refuse_correction",
    "store_file",
    "withdraw_correction",
    "withdraw_declaration",
]
