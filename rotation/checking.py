"""What the checks of a variant say: pure shapes, known to pages, papers, the API and the solver."""

from collections.abc import Iterable
from dataclasses import dataclass

from rotation.choices.plans import Verdict

_GRAVITY = {Verdict.MEETS: 0, Verdict.ATTENTION: 1, Verdict.FAILS: 2}


@dataclass(frozen=True, slots=True)
class Check:
    """One rule held against one move, post or unit.

    `code` names the rule (kinship.direct_line, tenure.minimum, …); `evidence` is what was looked at, in
    words; `source` is where the rule stands. `cadre_id`, `post_id`, `unit_id` say whom it is about.
    """

    code: str
    verdict: Verdict
    message: str
    evidence: str = ""
    source: str = ""
    cadre_id: int | None = None
    post_id: int | None = None
    unit_id: int | None = None


def gravest(checks: Iterable[Check]) -> Verdict:
    """What several checks come to together; without any, nothing speaks against it."""
    return max((check.verdict for check in checks), key=_GRAVITY.__getitem__, default=Verdict.MEETS)


def key_of(check: Check) -> str:
    """Names the check for good: the rule and whom, which post and which unit it is about."""
    return f"{check.code}|{check.cadre_id or ''}|{check.post_id or ''}|{check.unit_id or ''}"
