"""The amounts by which moves are judged: one version of the rule in force, as the pure parts read it.

The defaults are those of domain.md 2.2 and 2.7, as the migration opens them; what counts is the version that
the office has put in force for the day (`rotation.models.MoveRule`).
"""

from dataclasses import dataclass

CAREER = "《党政领导干部选拔任用工作条例》提任资格"
PROBATION = "提任非选举产生的领导职务、新录用公务员试用期一年（《公务员法》第三十四条及干部选拔任用规定）"
RETIREMENT = "国务院关于渐进式延迟法定退休年龄的办法；提任一般应能任满一届"
STRUCTURE = "班子和干部队伍结构（年龄、专业）要求"
NOTICE = "《党政领导干部选拔任用工作条例》：公示期不少于五个工作日"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Years, months and ages, each group with where it stands. `mix_least`: below that a mix says nothing."""

    chief_years: int = 2
    deputy_years: int = 3
    county_work_years: int = 5
    county_posts: int = 2
    career_source: str = CAREER
    probation_months: int = 12
    probation_source: str = PROBATION
    term_years: int = 5
    soon_months: int = 24
    retirement_source: str = RETIREMENT
    young_age: int = 35
    old_age: int = 50
    mix_least: int = 3
    mix_source: str = STRUCTURE
    notice_days: int = 5
    revisit_months: int = 3
    notice_source: str = NOTICE


USUAL = Thresholds()
