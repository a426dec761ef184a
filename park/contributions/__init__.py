"""What the park side answers to the common questions; importing a part registers it."""

import park.contributions.menu
import park.contributions.tasks
import park.imports.apply  # noqa: F401 - registers 任务分解表
