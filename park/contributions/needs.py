"""Tasks that ran late speak for training in what they are about."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from park.queries.history import late_between
from people.choices import NeedKind
from people.contracts import Link, NeedSignal, needs

# Words of a task and the theme they speak of; the first that fits.
_THEMES = (
    ("招商|引资|签约|营商", "investment"),
    ("安全|应急|消防", "safety"),
    ("环保|生态|污水|环境整治", "environment"),
    ("党建|廉政|作风|宣传", "party_building"),
    ("公文|信息|写作", "writing"),
    ("产业|亩均|企业", "industry"),
    ("项目|工程|建设|用地|土地|道路|厂房", "projects"),
)


@needs.register("park.task_delay", order=40)
def task_delays(*, since: date, until: date) -> Iterator[NeedSignal]:
    """One signal for each task that passed its day in the period without being closed by then."""
    for task, unit_id in late_between(since, until):
        late_on = (task.due_on or until) + timedelta(days=1)
        yield NeedSignal(
            theme_code=_theme(f"{task.name}{task.measures}"),
            unit_id=unit_id,
            kind=NeedKind.TASK_DELAY,
            happened_on=late_on,
            reason="一项任务超过完成时限没有销号",
            source_label="园区任务",
            cadre_id=task.owner_id,
            link=Link("park:tasks"),
        )


def _theme(text: str) -> str:
    return next((theme for words, theme in _THEMES if re.search(words, text)), "other")
