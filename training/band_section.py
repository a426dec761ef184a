"""学时所在区间 in the leader edition alone (security.md 1.6, "rank band"): the third in which the hours of
the year stand among comparable cadres. Other editions do not even read it."""

from growth.contracts import (
    Chapter,
    Edition,
    Fact,
    Facts,
    Paragraph,
    Section,
    SectionContext,
    Source,
    Summary,
    register_section,
)
from growth.wording import day_words
from training.hours import plain
from training.queries.bands import Place, place_steps
from training.queries.evaluations import FEWEST

KEY, TITLE, ORDER = "training_band", "学时所在区间", 41


@register_section(KEY, order=ORDER, load=place_steps, editions=(Edition.LEADER,))
def band_section(context: SectionContext, place: Place | None) -> Section | None:
    if place is None or not (place.hours and (place.is_suppressed or place.band)):
        return None
    if place.band is None:
        words = f"全区在岗的{place.level}不足{FEWEST}人，不列所在区间。"
        return Section(KEY, TITLE, ORDER, (Paragraph(words),), chapter=Chapter.TRAINING)
    source = _source(context, place)
    among = f"与全区在岗的{place.level}共{place.people}人比较，学时相同的并列，不列名次"
    blocks = (Facts((Fact(f"{context.as_of.year}年学时", f"{place.band.label}（{among}）", source),)),)
    line = Fact("学时区间", f"同层次{place.people}人中居{place.band.label}", source)
    return Section(KEY, TITLE, ORDER, blocks, Summary(lines=(line,)), Chapter.TRAINING)


def _source(context: SectionContext, place: Place) -> Source:
    """Who is compared and as of which day; the cadre, who does not see it, has not confirmed it."""
    year, hours = context.as_of.year, plain(place.hours)
    text = (
        f"{year}年{hours}学时，与{day_words(context.as_of)}全区在岗的{place.level}{place.people}人比较，"
        f"居{place.band.label if place.band else ''}"
    )
    return Source("学时比较", f"training.band:{context.cadre.pk}:{year}", context.as_of, "系统比较", text)
