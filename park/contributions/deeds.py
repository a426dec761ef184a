"""先进事迹 and 领导小组: their place in the menu."""

from core.access import Permission
from core.web.menu import MenuItem, register
from park.contributions.menu import GROUP

register(MenuItem(GROUP, 70, "先进事迹", "award", "park:deeds", Permission.VIEW_PARK))
