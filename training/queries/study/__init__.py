from training.queries.study.activities import (
    Tally,
    activity_list,
    agenda_of,
    attendance_rows,
    tally_of,
)
from training.queries.study.calendar import day_book, named_days
from training.queries.study.clock import StudyClock, figures_on, zone_clock
from training.queries.study.cover import attendance_by_cadre, integrity_cover
from training.queries.study.own import OwnStudy, make_ups_of, own_study, speeches_of, study_histories
from training.queries.study.rosters import away, expected_cadres, units_at
from training.queries.study.speakers import candidates_for, speaker_list
from training.queries.study.streaks import absence_streaks

__all__ = [
    "OwnStudy",
    "StudyClock",
    "Tally",
    "absence_streaks",
    "activity_list",
    "agenda_of",
    "attendance_by_cadre",
    "attendance_rows",
    "away",
    "candidates_for",
    "day_book",
    "expected_cadres",
    "figures_on",
    "integrity_cover",
    "make_ups_of",
    "named_days",
    "own_study",
    "speaker_list",
    "speeches_of",
    "study_histories",
    "tally_of",
    "units_at",
    "zone_clock",
]
