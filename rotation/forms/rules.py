"""The form of a new version of the amounts that moves are judged by."""

from people.forms import RecordForm
from rotation.models import MoveRule


class MoveRuleForm(RecordForm):
    model = MoveRule
    sections = (
        ("施行", ("starts_on",)),
        ("提任", ("chief_years", "deputy_years", "county_work_years", "county_posts", "career_source")),
        (
            "基层工作经历",
            ("grass_roots_years", "grass_roots_words", "grass_roots_except", "grass_roots_source"),
        ),
        (
            "会议决定",
            ("quorum_part", "quorum_whole", "majority_part", "majority_whole", "meeting_source"),
        ),
        ("试用期", ("probation_months", "probation_source")),
        ("到龄", ("term_years", "soon_months", "retirement_source")),
        ("部门结构", ("young_age", "old_age", "mix_least", "mix_source")),
        ("公示和回访", ("notice_days", "revisit_months", "notice_source")),
    )
    names = tuple(name for _, part in sections for name in part)
