"""核对规则: the amounts that moves are judged by, from a day on."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual

from core.access import Permission, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet
from rotation.thresholds import GRASS_ROOTS, MEETING, NOT_ROOTED, ROOTED_UNITS, share_words

STATUTORY_NOTICE = 5  # working days; longer is allowed, shorter is not
MOST_PARTS = 10  # a share is told in words up to tenths


class MoveRuleQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """By what moves are judged is no secret."""
        return self if viewer.can(Permission.VIEW_UNIT) or viewer.cadre_id else self.none()


def amount(label: str, default: int, most: int, **options: Any) -> Any:
    """A whole number from 1 to `most`."""
    limits = [MinValueValidator(1), MaxValueValidator(most)]
    return models.PositiveSmallIntegerField(label, default=default, validators=limits, **options)


def source(label: str, **options: Any) -> Any:
    words = "写明文件名称和条款，会显示在核对结果上。"
    return models.CharField(label, max_length=200, help_text=words, **options)


@classify(
    plain=(
        "chief_years deputy_years county_work_years county_posts career_source grass_roots_years "
        "grass_roots_words grass_roots_except grass_roots_source quorum_part quorum_whole majority_part "
        "majority_whole meeting_source probation_months "
        "probation_source term_years soon_months retirement_source young_age old_age mix_least mix_source "
        "notice_days revisit_months notice_source starts_on ends_on created_at"
    )
)
class MoveRule(Period):
    """One version of all amounts; `rotation.thresholds` is how the checks read it."""

    chief_years = amount("副职提任正职须任满（年）", 2, 20)
    deputy_years = amount("下级正职提任上级副职须任满（年）", 3, 20)
    county_work_years = amount("提任县处级须有工龄（年）", 5, 40)
    county_posts = amount("提任县处级一般须有下一级职位经历（个）", 2, 10)
    career_source = source("提任资格的依据")
    grass_roots_years = amount("提任县处级须有基层工作经历（年）", 2, 20)
    grass_roots_words = models.CharField(
        "基层单位用词",
        max_length=200,
        default=ROOTED_UNITS,
        help_text="用顿号分开；简历或任职的单位、职务含其中一个词的时间计为基层工作经历。",
    )
    grass_roots_except = models.CharField(
        "不作基层单位的用词",
        max_length=200,
        default=NOT_ROOTED,
        blank=True,
        help_text="用顿号分开；认定时先略去这些词，如城乡建设局的“城乡”、农业农村局的“农村”。",
    )
    grass_roots_source = source("基层工作经历的依据", default=GRASS_ROOTS)
    probation_months = amount("试用期（月）", 12, 60)
    probation_source = source("试用期的依据")
    term_years = amount("一届任期（年）", 5, 20)
    soon_months = amount("距到龄不满几个月提示", 24, 120)
    retirement_source = source("到龄的依据")
    young_age = amount("年轻干部不超过（周岁）", 35, 60)
    old_age = amount("部门全部达到几岁时提示（周岁）", 50, 70)
    mix_least = amount("部门不满几人不看结构", 3, 100)
    mix_source = source("结构的依据")
    notice_days = amount("任前公示（工作日）", 5, 60)
    revisit_months = amount("任职几个月后回访", 3, 24)
    notice_source = source("公示的依据")
    quorum_part = amount("到会须达应到的几分之几：分子", 2, MOST_PARTS)
    quorum_whole = amount("到会须达应到的几分之几：分母", 3, MOST_PARTS)
    majority_part = amount("同意须超过应到的几分之几：分子", 1, MOST_PARTS)
    majority_whole = amount("同意须超过应到的几分之几：分母", 2, MOST_PARTS)
    meeting_source = source("会议决定的依据", default=MEETING)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: Any = MoveRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "核对规则"
        ordering = ["-starts_on"]
        constraints = [
            Period.ends_after_start("move_rule_ends_after_start"),
            models.UniqueConstraint(
                fields=["starts_on"],
                name="one_move_rule_from_a_day",
                violation_error_message="从这一天起已有一版规则，请另选生效日期。",
            ),
            models.CheckConstraint(
                condition=Q(young_age__lt=F("old_age")),
                name="move_rule_young_before_old",
                violation_error_message="年轻干部的年龄应小于提示的年龄。",
            ),
            models.CheckConstraint(
                condition=Q(notice_days__gte=STATUTORY_NOTICE),
                name="move_rule_notice_long_enough",
                violation_error_message=f"任前公示不得少于 {STATUTORY_NOTICE} 个工作日。",
            ),
            models.CheckConstraint(
                condition=Q(quorum_part__lte=F("quorum_whole"))
                & Q(GreaterThanOrEqual(F("quorum_part") * 3, F("quorum_whole") * 2)),
                name="move_rule_quorum_of_two_thirds",
                violation_error_message="到会比例不得低于应到的三分之二，也不能超过全部。",
            ),
            models.CheckConstraint(
                condition=Q(majority_part__lt=F("majority_whole"))
                & Q(GreaterThanOrEqual(F("majority_part") * 2, F("majority_whole"))),
                name="move_rule_majority_of_half",
                violation_error_message="同意比例不得低于应到的半数，并须小于全部（“超过”全部做不到）。",
            ),
        ]

    @property
    def quorum(self) -> str:
        return share_words(self.quorum_part, self.quorum_whole)

    @property
    def majority(self) -> str:
        return share_words(self.majority_part, self.majority_whole)

    def __str__(self) -> str:
        return f"核对规则（{self.starts_on:%Y-%m-%d} 起）"
