"""Words of training ledgers for the closed lists, normalised: squeezed, upper case."""

import re
from decimal import Decimal

from people.imports.dates import BadValue
from people.imports.text import squeeze
from people.imports.values import as_text
from people.imports.workbook import CellValue
from training.choices import ClassKind, ResultGrade, Theme

KINDS = {
    "上级调训": ClassKind.DISPATCHED,
    "调训": ClassKind.DISPATCHED,
    "选调": ClassKind.DISPATCHED,
    "组织调训": ClassKind.DISPATCHED,
    "党校主体班": ClassKind.DISPATCHED,
    "主体班": ClassKind.DISPATCHED,
    "专题培训班": ClassKind.TOPICAL,
    "专题培训": ClassKind.TOPICAL,
    "专题班": ClassKind.TOPICAL,
    "专题": ClassKind.TOPICAL,
    "集中": ClassKind.TOPICAL,
    "脱产": ClassKind.TOPICAL,
    "线下": ClassKind.TOPICAL,
    "面授": ClassKind.TOPICAL,
    "讲座": ClassKind.TOPICAL,
    "轮训": ClassKind.TOPICAL,
    "党校培训": ClassKind.DISPATCHED,
    "在岗培训": ClassKind.ON_THE_JOB,
    "在职培训": ClassKind.ON_THE_JOB,
    "岗位培训": ClassKind.ON_THE_JOB,
    "任职培训": ClassKind.ON_THE_JOB,
    "初任培训": ClassKind.ON_THE_JOB,
    "业务培训": ClassKind.ON_THE_JOB,
    "内训": ClassKind.ON_THE_JOB,
    "继续教育": ClassKind.CONTINUING,
    "外出考察": ClassKind.STUDY_VISIT,
    "考察学习": ClassKind.STUDY_VISIT,
    "考察": ClassKind.STUDY_VISIT,
    "外出培训": ClassKind.STUDY_VISIT,
    "外出学习": ClassKind.STUDY_VISIT,
    "网络培训": ClassKind.ONLINE,
    "网络": ClassKind.ONLINE,
    "线上培训": ClassKind.ONLINE,
    "线上": ClassKind.ONLINE,
    "在线学习": ClassKind.ONLINE,
    "在线": ClassKind.ONLINE,
    "网上": ClassKind.ONLINE,
}
KIND_OPTIONS = "、".join(kind.label for kind in ClassKind)

_THEMES = (
    ("党建|党性|党务|理论|意识形态|廉政", Theme.PARTY_BUILDING),
    ("产业", Theme.INDUSTRY),
    ("招商|营商", Theme.INVESTMENT),
    ("项目", Theme.PROJECTS),
    ("安全|应急|消防", Theme.SAFETY),
    ("生态|环保|环境保护", Theme.ENVIRONMENT),
    ("公文|写作|信息", Theme.WRITING),
)
_RESULTS = {
    "优秀": ResultGrade.EXCELLENT,
    "优": ResultGrade.EXCELLENT,
    "优秀学员": ResultGrade.EXCELLENT,
    "良好": ResultGrade.GOOD,
    "良": ResultGrade.GOOD,
    "合格": ResultGrade.PASSED,
    "及格": ResultGrade.PASSED,
    "达标": ResultGrade.PASSED,
    "通过": ResultGrade.PASSED,
    "结业": ResultGrade.PASSED,
    "准予结业": ResultGrade.PASSED,
    "已结业": ResultGrade.PASSED,
    "称职": ResultGrade.PASSED,
    "完成": ResultGrade.PASSED,
    "已完成": ResultGrade.PASSED,
    "是": ResultGrade.PASSED,
    "不合格": ResultGrade.FAILED,
    "不及格": ResultGrade.FAILED,
    "不达标": ResultGrade.FAILED,
    "未通过": ResultGrade.FAILED,
    "未结业": ResultGrade.FAILED,
    "不称职": ResultGrade.FAILED,
    "未完成": ResultGrade.FAILED,
    "否": ResultGrade.FAILED,
}
_PASS_MARK, _FULL_MARK = Decimal(60), Decimal(100)


def theme_of(text: str) -> Theme:
    """The theme that the words speak of; anything else is 其他 and keeps its words."""
    flat = squeeze(text)
    exact = next((theme for theme in Theme if theme.label == flat), None)
    return exact or next((theme for words, theme in _THEMES if re.search(words, flat)), Theme.OTHER)


def kind_of_word(text: str) -> ClassKind | None:
    """The kind that the word stands for, or the first known word in it."""
    flat = squeeze(text).upper()
    return KINDS.get(flat) or kind_in(text)


def kind_in(name: str) -> ClassKind | None:
    """The kind that a class's own name gives away: the first known word, of equals the longest."""
    flat = squeeze(name).upper()
    inside = [word for word in KINDS if word in flat]
    return KINDS[min(inside, key=lambda word: (flat.index(word), -len(word)))] if inside else None


def result_in(text: str) -> tuple[str, str]:
    """(grade or "", words to keep): a mark from 0 to 100 counts as passed from 60 on and is kept in words."""
    flat = squeeze(text)
    if grade := _RESULTS.get(flat):
        return grade.value, ""
    if match := re.fullmatch(r"(\d{1,3}(?:\.\d+)?)分?", flat):
        mark = Decimal(match.group(1))
        if mark <= _FULL_MARK:
            grade = ResultGrade.PASSED if mark >= _PASS_MARK else ResultGrade.FAILED
            return grade.value, f"成绩 {match.group(1)} 分"
    return "", f"考核结果：{text[:60]}"


def read_yes(value: CellValue) -> bool:
    text = squeeze(as_text(value))
    if text in ("是", "脱产", "√", "Y", "全脱产", "脱产培训"):
        return True
    if text in ("否", "不脱产", "×", "N", "半脱产", "在职", "未脱产"):
        return False
    raise BadValue("bad_off_job", f"是否脱产“{text[:10]}”无法识别；请填“是”或“否”。")
