"""Who is proposed to speak, and why."""

from datetime import date

from training.rota import Candidate, propose

ON = date(2026, 11, 2)


def someone(pk: int, department: str = "经济发展局", age: int | None = 33, spoke=None, **values) -> Candidate:
    return Candidate(pk, f"干部{pk}", department, age, spoke, **values)


def order(*candidates: Candidate, count: int = 9) -> list[int]:
    return [one.candidate.cadre_id for one in propose(candidates, count=count, on=ON, youth_age=40)]


def test_young_people_who_never_spoke_come_first_then_whoever_spoke_longest_ago() -> None:
    found = order(
        someone(1, age=50),
        someone(2, spoke=date(2026, 5, 1)),
        someone(3, spoke=date(2025, 1, 9)),
        someone(4, age=40),
        someone(5, age=None),
    )
    assert found == [4, 3, 2, 1, 5]


def test_departments_take_turns() -> None:
    found = order(*(someone(pk) for pk in (1, 2, 3)), someone(4, "规划建设局"), someone(5, "财政金融局"))
    assert found == [1, 4, 5, 2, 3]


def test_a_department_that_spoke_much_per_head_waits() -> None:
    busy = someone(1, "经济发展局", department_load=3, department_size=6)
    calm = someone(2, "规划建设局", department_load=4, department_size=20)
    assert order(busy, calm, count=1) == [2]


def test_the_reason_says_age_last_speech_and_department() -> None:
    [first] = propose([someone(1, spoke=date(2026, 1, 9), department_load=2)], count=1, on=ON, youth_age=40)
    assert first.reason == "33 岁，属青年干部；上次发言在 10 个月前；经济发展局近一年发言 2 人次。"
