"""What the conditions of a post mean: how each value is written, checked and said. Pure."""

from dataclasses import dataclass

from core.errors import DomainError
from people.choices import PostClass
from rotation.choices.tenure import Criterion, Strength

EDUCATION_LEVELS = ("中专", "大专", "大学", "研究生")
OTHER_NAMES = {"高中": "中专", "专科": "大专", "本科": "大学", "硕士": "研究生", "博士": "研究生"}
NUMBERS = {
    Criterion.AGE_BELOW: ("周岁", 20, 65),
    Criterion.LEVEL_YEARS: ("年", 1, 15),
    Criterion.WORK_YEARS: ("年", 1, 45),
    Criterion.APPRAISAL_COMPETENT: ("年", 1, 10),
}
WITHOUT_VALUE = frozenset({Criterion.PARTY_MEMBER, Criterion.GRASS_ROOTS_EXPERIENCE})
WORDS = {
    Criterion.PARTY_MEMBER: "中共党员",
    Criterion.EDUCATION_AT_LEAST: "{value}及以上学历",
    Criterion.AGE_BELOW: "年龄不超过{value}周岁",
    Criterion.SPECIALTY: "所学专业或专长为“{value}”",
    Criterion.GRASS_ROOTS_EXPERIENCE: "有基层工作或挂职经历",
    Criterion.LEVEL_YEARS: "任下一层次职务满{value}年",
    Criterion.POST_CLASS_EXPERIENCE: "有{value}任职经历",
    Criterion.WORK_YEARS: "工龄满{value}年",
    Criterion.TITLE_CONTAINS: "具有“{value}”专业技术职务",
    Criterion.APPRAISAL_COMPETENT: "近{value}年年度考核均为称职（合格）以上",
}
HINTS = {
    Criterion.EDUCATION_AT_LEAST: f"填 {'、'.join(EDUCATION_LEVELS)} 之一。",
    Criterion.AGE_BELOW: "填周岁，如 45。",
    Criterion.SPECIALTY: "填专业中应含有的字，如 会计。",
    Criterion.LEVEL_YEARS: "填年数，如 3。",
    Criterion.POST_CLASS_EXPERIENCE: f"填 {'、'.join(PostClass.labels)} 之一。",
    Criterion.WORK_YEARS: "填年数，如 5。",
    Criterion.TITLE_CONTAINS: "填职务中应含有的字，如 工程师。",
    Criterion.APPRAISAL_COMPETENT: "填年数，如 3。",
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition of a post as others read it."""

    id: int
    post_id: int
    strength: Strength
    criterion: Criterion
    value: str
    note: str = ""

    @property
    def words(self) -> str:
        return words_of(self.criterion, self.value)

    @property
    def number(self) -> int:
        """The value where it is a number."""
        return int(self.value)

    @property
    def post_class(self) -> str:
        """The code of the class of posts that is asked for."""
        return next((code for code, label in PostClass.choices if label == self.value), "")


def words_of(criterion: Criterion, value: str) -> str:
    return WORDS[criterion].format(value=value)


def education_rank(text: str) -> int:
    """How high an education stands, 1 is the lowest; 0 for words that name none."""
    plain = text.strip()
    for name, same in OTHER_NAMES.items():
        if name in plain:
            plain = same
    found = (place for place, name in enumerate(EDUCATION_LEVELS, start=1) if name in plain)
    return max(found, default=0)


def checked_value(criterion: Criterion, value: str) -> str:
    """The value as it is kept, or a refusal that says how to write it."""
    plain = value.strip()
    if criterion in WITHOUT_VALUE:
        return ""
    if criterion in NUMBERS:
        _, least, most = NUMBERS[criterion]
        if not (plain.isascii() and plain.isdigit() and least <= int(plain) <= most):
            raise _wrong(f"请填 {least} 到 {most} 之间的整数。")
        return str(int(plain))
    if criterion == Criterion.EDUCATION_AT_LEAST:
        plain = OTHER_NAMES.get(plain, plain)
        if plain not in EDUCATION_LEVELS:
            raise _wrong(HINTS[criterion])
    if criterion == Criterion.POST_CLASS_EXPERIENCE and plain not in PostClass.labels:
        raise _wrong(HINTS[criterion])
    if not plain:
        raise _wrong(HINTS[criterion])
    return plain


def _wrong(hint: str) -> DomainError:
    return DomainError(hint, field="value", code="wrong_value")
