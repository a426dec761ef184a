"""The day of a moment is the day of the office: moments are kept in UTC, eight hours behind it."""

import re

from tests.architecture.project import APPS, files, name

# A timetable is reckoned in the hours of the office from its form to its answer.
ALLOWED = {"training/timetable/problem.py: starts_at.date()"}
DAY_OF_A_MOMENT = re.compile(r"\b(at|\w+_at|moment|now\(\))\.date\(\)")


def test_a_day_is_asked_of_the_local_calendar() -> None:
    ours = [path for app in APPS for path in files("*.py", under=app) if "migrations" not in path.parts]
    found = [
        f"{name(path)}: {match[0]}"
        for path in ours
        for match in DAY_OF_A_MOMENT.finditer(path.read_text(encoding="utf-8"))
    ]
    assert set(found) == ALLOWED


AT_IMPORT = re.compile(r"^[A-Z]\w* = .*(\blocaldate\(\)|\btoday\(\))$", re.M)


def test_no_test_takes_the_day_when_it_is_imported() -> None:
    """A run that begins before midnight ends on another day."""
    ours = [path for path in files("*.py", under="tests") if AT_IMPORT.search(path.read_text("utf-8"))]
    assert [name(path) for path in ours] == []
