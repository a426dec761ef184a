"""One person's values against each other: identity number, sex, birth, work, party, post.

Files, forms and the API ask here and tell the answers each in their own way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from people.choices import Sex
from people.identity import Identity
from people.partial_date import PartialDate

ADULT_AT, WORK_AT = 18, 14


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record will hold: new values over stored ones."""

    identity: Identity | None = None
    sex: str = ""
    birth: PartialDate | None = None
    work_started_on: date | None = None
    party_joined_on: date | None = None
    post_since: PartialDate | None = None
    rank_since: date | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`fields` are those at odds, the likelier wrong first; a doubt may stand, a fault may not."""

    fields: tuple[str, ...]
    code: str
    message: str
    doubt: bool = False


def disagreements(facts: Facts) -> Iterator[Disagreement]:
    yield from _sex(facts)
    yield from _birth(facts)
    yield from _work(facts)
    yield from _after_birth(facts)
    yield from _odd_dates(facts)


def _sex(facts: Facts) -> Iterator[Disagreement]:
    if facts.identity is None or not facts.sex or facts.sex == facts.identity.sex:
        return
    said, meant = Sex(facts.sex).label, facts.identity.sex.label
    message = f"性别“{said}”与身份证号不符（第 17 位表示{meant}）；请核对性别和身份证号。"
    yield Disagreement(("sex", "id_number"), "sex_mismatch", message)


def _birth(facts: Facts) -> Iterator[Disagreement]:
    identity, birth = facts.identity, facts.birth
    if identity is None or birth is None:
        return
    same = birth.day == identity.born_on if birth.exact else birth.month == identity.born_on.replace(day=1)
    if same:
        return
    shown = PartialDate(identity.born_on, exact=birth.exact)
    message = f"出生年月 {birth} 与身份证号不符（身份证号为 {shown}）；请核对出生年月和身份证号。"
    yield Disagreement(("birth_month", "id_number"), "birth_mismatch", message)


def _work(facts: Facts) -> Iterator[Disagreement]:
    birth, started = facts.birth, facts.work_started_on
    if birth is None or started is None or years_between(birth.day, started) >= WORK_AT:
        return
    message = (
        f"参加工作时间 {started:%Y.%m} 时不满 {WORK_AT} 周岁（出生年月 {birth.day:%Y.%m}）；"
        "请核对出生年月和参加工作时间。"
    )
    yield Disagreement(("work_started_on", "birth_month"), "work_before_14", message)


def _after_birth(facts: Facts) -> Iterator[Disagreement]:
    """Nobody joins a party, takes a post or a rank before being born."""
    if facts.birth is None:
        return
    post_since = facts.post_since.day if facts.post_since else None
    dates = {
        "party_joined_on": facts.party_joined_on,
        "post_since": post_since,
        "rank_since": facts.rank_since,
    }
    for field, day in dates.items():
        if day and day < facts.birth.month:
            message = f"{day:%Y.%m} 早于出生年月 {facts.birth.day:%Y.%m}；请核对这一格和出生年月。"
            yield Disagreement((field,), "before_birth", message)


def _odd_dates(facts: Facts) -> Iterator[Disagreement]:
    birth, joined, started = facts.birth, facts.party_joined_on, facts.work_started_on
    if birth and joined and 0 <= years_between(birth.day, joined) < ADULT_AT:
        message = f"入党时间 {joined:%Y.%m} 时不满 18 周岁；请核对。"
        yield Disagreement(("party_joined_on",), "party_before_18", message, doubt=True)
    if started and facts.post_since and facts.post_since.month < started.replace(day=1):
        message = f"任现职时间 {facts.post_since} 早于参加工作时间 {started:%Y.%m}；请核对。"
        yield Disagreement(("post_since",), "post_before_work", message, doubt=True)


def years_between(born: date, on: date) -> int:
    """Full years by month, as personnel forms count."""
    return ((on.year - born.year) * 12 + on.month - born.month) // 12
