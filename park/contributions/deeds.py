"""先进事迹 and 领导小组: their place in the menu, and who is to be looked at again after a move."""

from collections.abc import Iterator

from core.access import Permission, Viewer
from core.web.menu import MenuItem, register
from park.contributions.menu import GROUP
from park.queries.groups import moved_in_sight
from people.contracts import Duty, Link, duties, how_many_wait

register(MenuItem(GROUP, 70, "先进事迹", "award", "park:deeds", Permission.VIEW_PARK))


@duties.register("park.moved_members", order=24, permission=Permission.EDIT_PARK, waits=moved_in_sight)
def moved_members(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "park.moved_members")
    if count:
        yield Duty(
            key="park.staff.groups",
            title=f"{count} 名领导小组成员职务已变",
            due_on=None,
            link=Link("park:groups"),
            count=count,
            reason="按新职务继续担任，或退出后由接任者加入。",
        )
