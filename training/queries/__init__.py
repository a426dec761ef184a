from training.queries.amounts import (
    YearFigure,
    hours_by_year,
    hours_for,
    standings_for,
    yearly_series,
    yearly_series_for,
)
from training.queries.classes import (
    ENDED,
    ON_THE_LIST,
    TrainingYear,
    class_history,
    class_list,
    occupying_classes,
    participations_between,
)
from training.queries.conversion import conversion_book, conversion_of, learners
from training.queries.rules import RuleBook, terms_of
from training.queries.standings import (
    UnitOverview,
    count_by_status,
    hours_gap,
    hours_status,
    ledger_cadres,
    overview_by_unit,
    party_status,
)
from training.queries.statements import (
    HoursLine,
    HoursStatement,
    hours_of,
    kind_label,
    statements_for,
)

__all__ = [
    "ENDED",
    "ON_THE_LIST",
    "HoursLine",
    "HoursStatement",
    "RuleBook",
    "TrainingYear",
    "UnitOverview",
    "YearFigure",
    "class_history",
    "class_list",
    "conversion_book",
    "conversion_of",
    "count_by_status",
    "hours_by_year",
    "hours_for",
    "hours_gap",
    "hours_of",
    "hours_status",
    "kind_label",
    "learners",
    "ledger_cadres",
    "occupying_classes",
    "overview_by_unit",
    "participations_between",
    "party_status",
    "standings_for",
    "statements_for",
    "terms_of",
    "yearly_series",
    "yearly_series_for",
]
