from dataclasses import replace
from datetime import date

import pytest

from core.access import Permission, Role, ScopedGrant, Viewer
from core.models import Job
from core.web import menu
from core.web.menu import MenuItem
from people.models import User

TODAY = date(2026, 3, 5)
HR = Viewer(1, "周敏", TODAY, grants=(ScopedGrant(Role.HR, ""),))
OWN = Viewer(2, "王示例", TODAY, cadre_id=7, grants=(ScopedGrant(Role.CADRE, ""),))


@pytest.fixture(autouse=True)
def _only_these(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "_frame_counts", {})
    items = [
        MenuItem("管理", 20, "后台任务", "list-checks", "jobs", None, count=lambda viewer: 3),
        MenuItem("干部", 10, "干部名册", "users", "people:cadres", Permission.VIEW_CADRE, audience="staff"),
        MenuItem(
            "干部", 5, "我的档案", "user", "people:cadre", None, audience="own", args=lambda v: (v.cadre_id,)
        ),
        MenuItem("管理", 10, "没有的页面", "x", "no-such-page", None),
        MenuItem("管理", 40, "审计日志", "shield-check", "people:audit", Permission.VIEW_AUDIT),
    ]
    monkeypatch.setattr(menu, "_items", items)


def labels(viewer: Viewer, path: str = "/") -> list[tuple[str, list[str]]]:
    return [(group, [link.label for link in links]) for group, links in menu.menu_for(viewer, path)]


def test_only_what_the_viewer_may_open_and_the_installation_serves() -> None:
    assert labels(HR) == [("干部", ["干部名册"]), ("管理", ["后台任务"])]


def test_a_cadre_finds_the_own_record_and_no_roster_of_one() -> None:
    assert labels(OWN) == [("干部", ["我的档案"]), ("管理", ["后台任务"])]


def test_the_place_of_a_deeper_page_is_current() -> None:
    current = [
        link.label for _, links in menu.menu_for(HR, "/cadres/12/edit/") for link in links if link.current
    ]
    assert current == ["干部名册"]


def test_counts_stand_beside_their_place() -> None:
    assert [link.count for _, links in menu.menu_for(replace(HR), "/") for link in links] == [0, 3]


@pytest.mark.django_db
def test_rows_that_wait_are_counted_with_one_query(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    user = User.objects.create(username="zhou")
    Job.objects.bulk_create(Job(key="k", title="任务", owner=user) for _ in range(3))
    viewer = Viewer(user.pk, "周敏", TODAY, grants=(ScopedGrant(Role.HR, ""),))
    items = [
        MenuItem("管理", 20, "后台任务", "x", "jobs", None, count=Job.objects.visible_to),
        MenuItem("管理", 30, "通知", "x", "notifications", None, count=lambda viewer: Job.objects.none()),
        MenuItem("干部", 10, "干部名册", "x", "people:cadres", None, count=lambda viewer: User.objects.all()),
        MenuItem("审计", 10, "审计", "x", "people:audit", Permission.VIEW_AUDIT, count=lambda viewer: 1 / 0),
    ]
    monkeypatch.setattr(menu, "_items", items)
    menu.register_frame_count("jobs", lambda viewer: Job.objects.filter(owner=viewer.user_id)[:2])
    with django_assert_num_queries(1):
        found = {link.label: link.count for _, links in menu.menu_for(viewer, "/") for link in links}
        assert menu.frame_counts(viewer)["jobs"] == 2
    assert found == {"后台任务": 3, "通知": 0, "干部名册": 1}


def test_registering_twice_changes_nothing() -> None:
    before = len(menu._items)
    menu.register(menu._items[0])
    assert len(menu._items) == before


def many(group: str, number: int, **more: object) -> list[MenuItem]:
    """Places that everyone may open: the jobs page under different labels and addresses."""
    return [
        MenuItem(group, order, f"{group}{order}", "x", "phone_menu", None, args=_key(group, order), **more)
        for order in range(number)
    ]


def _key(group: str, order: int):
    slug = {"干部": "a", "管理": "b", "外塑形象": "c"}[group]
    return lambda viewer: (f"{slug}{order}",)


def opened(viewer: Viewer, path: str) -> list[str]:
    return [section.label for section in menu.sections_for(viewer, path) if section.open]


def test_a_short_menu_is_open_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "_items", many("干部", 3) + many("管理", 3))
    assert opened(HR, "/") == ["干部", "管理"]
    assert opened(HR, "/menu/a1/") == ["干部", "管理"]


def test_of_a_long_menu_the_section_of_the_page_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "_items", many("外塑形象", 12) + many("干部", 6) + many("管理", 7))
    assert opened(HR, "/menu/a1/") == ["干部"]
    assert opened(HR, "/") == ["干部", "管理"]


def test_what_is_ones_own_stands_apart_and_is_open_for_a_cadre(monkeypatch: pytest.MonkeyPatch) -> None:
    items = many("干部", 11, audience="own") + many("外塑形象", 9)
    monkeypatch.setattr(menu, "_items", items)
    sections = menu.sections_for(OWN, "/")
    assert [section.label for section in sections] == [menu.OWN, "外塑形象"]
    assert [section.open for section in sections] == [True, False]


def test_a_folded_section_says_what_waits_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    viewer = Viewer(1, "周敏", TODAY, grants=HR.grants)
    items = many("外塑形象", 12, count=lambda viewer: 2) + many("干部", 12)
    monkeypatch.setattr(menu, "_items", items)
    assert [section.count for section in menu.sections_for(viewer, "/menu/a1/")] == [24, 0]
