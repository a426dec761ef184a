"""任职年限 in the growth file."""

from collections.abc import Sequence
from datetime import date

from core.asking import Steps, asked
from core.templatetags.ui import cn_date
from growth.contracts import (
    Block,
    Chapter,
    Fact,
    Facts,
    Paragraph,
    Section,
    SectionContext,
    Source,
    Summary,
    register_section,
)
from growth.wording import duration, months_between
from people.choices import LeadershipLevel
from people.models import Cadre
from rotation.models import TenureRule
from rotation.queries.tenure import tenure_steps, terms_of
from rotation.tenure import Tenure

TENURE = "tenure"


def load_tenures(cadres: Sequence[Cadre], as_of: date) -> Steps[dict[int, Tenure]]:
    rules = yield from asked(TenureRule.objects.covering(as_of))
    return (yield from tenure_steps([cadre.pk for cadre in cadres], as_of, list(map(terms_of, rules))))


@register_section(TENURE, order=51, load=load_tenures)
def tenure_section(context: SectionContext, tenure: Tenure | None) -> Section | None:
    """How long the present post has been held, and what the rule says to it."""
    if tenure is None:
        return None
    held = months_between(tenure.since, context.as_of)  # with the day itself, as the chapter of posts counts
    source = Source("任职年限", f"{TENURE}:{context.cadre.pk}", tenure.since, text="按任职登记计算")
    rows = [
        Fact("现任岗位", f"{tenure.stint.place}{tenure.stint.title}"),
        Fact("同一岗位连续任职", f"{duration(held)}（{cn_date(tenure.since)}起）", source),
    ]
    if tenure.level:
        level = LeadershipLevel(tenure.level).label
        rows.append(Fact("同层次累计", f"{level}，{duration(tenure.level_months)}"))
    if tenure.rule or tenure.level_rule:
        rows.append(Fact("任职年限", _state(tenure)))
    if tenure.extended_until:
        rows.append(Fact("同意延长至", cn_date(tenure.extended_until)))
    sources = dict.fromkeys(rule.source for rule in (tenure.rule, tenure.level_rule) if rule)
    blocks: list[Block] = [Facts(tuple(rows)), *(Paragraph(f"依据：{words}。") for words in sources)]
    return Section(TENURE, "任职年限", 51, tuple(blocks), _due(tenure, source), Chapter.PRACTICE)


def _due(tenure: Tenure, source: Source) -> Summary:
    return Summary() if tenure.is_settled else Summary(points=(Fact("任职年限", _state(tenure), source),))


def _state(tenure: Tenure) -> str:
    words = str(tenure.status.label)
    return f"{words}，{cn_date(tenure.due_on)}到限" if tenure.due_on else words
