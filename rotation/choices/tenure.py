"""Closed lists of tenure, posts and what posts ask for (domain.md 2.2)."""

from django.db.models import TextChoices


class TenureBasis(TextChoices):
    """What a limit counts: the same post without a break, or all posts of one leading level together."""

    SAME_POST = "same_post", "同一岗位连续任职"
    SAME_LEVEL = "same_level", "同一层次领导职务累计"


class TenureState(TextChoices):
    OK = "ok", "年限内"
    WARN = "warn", "临近年限"
    OVER = "over", "超过年限"
    HARD = "hard", "必须交流"


class ExtensionState(TextChoices):
    REQUESTED = "requested", "待审批"
    APPROVED = "approved", "已同意"
    REFUSED = "refused", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"


class Readiness(TextChoices):
    """When a prepared successor could take the post over."""

    NOW = "now", "可即时接任"
    ONE_YEAR = "one_year", "一年内可接任"
    TWO_YEARS = "two_years", "两年内可接任"


class Strength(TextChoices):
    HARD = "hard", "必备条件"
    PREFERRED = "preferred", "优先条件"


class Criterion(TextChoices):
    """What can be asked of whoever is to hold a post; `rotation.requirements` says what each value means."""

    PARTY_MEMBER = "party_member", "中共党员"
    EDUCATION_AT_LEAST = "education_at_least", "学历不低于"
    AGE_BELOW = "age_below", "年龄不超过"
    SPECIALTY = "specialty", "专业或专长含"
    GRASS_ROOTS_EXPERIENCE = "grass_roots_experience", "基层工作或挂职经历"
    LEVEL_YEARS = "level_years", "任下一层次职务满"
    POST_CLASS_EXPERIENCE = "post_class_experience", "任过岗位类别"
    WORK_YEARS = "work_years", "工龄满"
    TITLE_CONTAINS = "title_contains", "专业技术职务含"
    APPRAISAL_COMPETENT = "appraisal_competent", "近年考核均为称职以上"


class Situation(TextChoices):
    """What about a post asks for somebody's attention."""

    VACANT = "vacant", "空缺"
    OVER_HEADCOUNT = "over", "超职数"
    NO_SUCCESSOR = "none", "没有后备"
    SINGLE_SUCCESSOR = "single", "只有一名后备"
