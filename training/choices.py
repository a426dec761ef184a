"""Closed lists of cadre training (domain.md 1 and 4.4)."""

from django.db.models import TextChoices


class ClassKind(TextChoices):
    DISPATCHED = "dispatched", "上级调训"
    TOPICAL = "topical", "专题培训班"
    ON_THE_JOB = "on_the_job", "在岗培训"
    CONTINUING = "continuing", "继续教育"
    STUDY_VISIT = "study_visit", "外出考察"
    ONLINE = "online", "网络培训"


class Theme(TextChoices):
    PARTY_BUILDING = "party_building", "党建创新"
    INDUSTRY = "industry", "产业发展"
    INVESTMENT = "investment", "招商引资"
    PROJECTS = "projects", "项目建设"
    SAFETY = "safety", "安全生产"
    ENVIRONMENT = "environment", "生态环保"
    WRITING = "writing", "公文及政务信息写作"
    OTHER = "other", "其他"


class Ledger(TextChoices):
    """Hours are kept in separate ledgers: online hours do not count toward 集中培训 by default."""

    CONCENTRATED = "concentrated", "集中培训"
    ONLINE = "online", "网络培训"

    @classmethod
    def of(cls, kind: str) -> "Ledger":
        return cls.ONLINE if kind == ClassKind.ONLINE else cls.CONCENTRATED


class ResultGrade(TextChoices):
    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "良好"
    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"


class HourRegime(TextChoices):
    """Which requirement a cadre is under (干部教育培训工作条例第十四条)."""

    ANNUAL = "annual", "年度学时"
    FIVE_YEAR = "five_year", "五年学时"


class HoursStatus(TextChoices):
    """Where a cadre stands against the requirement on a day (ui.md 2.4)."""

    MET = "met", "达标"
    ON_PACE = "on_pace", "达到进度"
    BEHIND = "behind", "滞后"
    NO_RULE = "no_rule", "未设要求"
