"""The amounts by which moves are judged: one version of the rule in force, as the pure parts read it.

The defaults are those of domain.md 2.2 and 2.7, as the migration opens them; what counts is the version that
the office has put in force for the day (`rotation.models.MoveRule`).
"""

from dataclasses import dataclass

CAREER = "《党政领导干部选拔任用工作条例》提任资格"
GRASS_ROOTS = "《党政领导干部选拔任用工作条例》：提任县处级领导职务的，一般应有两年以上基层工作经历"
ROOTED_UNITS = "乡、镇、街道、村、社区"
NOT_ROOTED = "城乡、乡村、农村、城镇、村镇"
MEETING = "《党政领导干部选拔任用工作条例》：三分之二以上成员到会，以应到会成员超过半数同意形成决定"
PROBATION = "提任非选举产生的领导职务、新录用公务员试用期一年（《公务员法》第三十四条及干部选拔任用规定）"
RETIREMENT = "国务院关于渐进式延迟法定退休年龄的办法；提任一般应能任满一届"
STRUCTURE = "班子和干部队伍结构（年龄、专业）要求"
NOTICE = "《党政领导干部选拔任用工作条例》：公示期不少于五个工作日"


DIGITS = "零一二三四五六七八九十"


def share_words(part: int, whole: int) -> str:
    """三分之二, 半数."""
    if (part, whole) == (1, 2):
        return "半数"
    return f"{DIGITS[whole]}分之{DIGITS[part]}"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Years, months, ages and shares, each group with where it stands. `mix_least`: below that a mix says
    nothing. `grass_roots_words`: by what a unit of the grass roots is known, leaving aside
    `grass_roots_except`."""

    chief_years: int = 2
    deputy_years: int = 3
    county_work_years: int = 5
    county_posts: int = 2
    career_source: str = CAREER
    grass_roots_years: int = 2
    grass_roots_words: str = ROOTED_UNITS
    grass_roots_except: str = NOT_ROOTED
    grass_roots_source: str = GRASS_ROOTS
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
    quorum_part: int = 2
    quorum_whole: int = 3
    majority_part: int = 1
    majority_whole: int = 2
    meeting_source: str = MEETING

    def is_quorum(self, present: int, due: int) -> bool:
        """Whether so many of those who were to come may decide."""
        return due > 0 and present * self.quorum_whole >= due * self.quorum_part

    def is_majority(self, agree: int, due: int) -> bool:
        """Whether so many of those who were to come carry a decision: more than the share."""
        return agree * self.majority_whole > due * self.majority_part

    @property
    def quorum(self) -> str:
        return share_words(self.quorum_part, self.quorum_whole)

    @property
    def majority(self) -> str:
        return share_words(self.majority_part, self.majority_whole)


USUAL = Thresholds()
