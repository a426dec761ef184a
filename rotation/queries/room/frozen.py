"""What a decision kept, read back: a decided case shows what the leaders saw, not what is true by now."""

import json
from datetime import date
from typing import Any

from rotation.models import Case, Decision
from rotation.queries.room.comparison import Comparison, comparison_from, comparison_of


def comparison_shown(case: Case, *, on: date) -> Comparison:
    if case.closed_at is None:
        return comparison_of(case, on=on)
    decision = Decision.objects.filter(plan=case.plan_id).first()
    kept = kept_comparisons(decision).get(case.number) if decision else None
    return comparison_from(kept) if kept else comparison_of(case, on=on)


def kept_comparisons(decision: Decision) -> dict[str, Any]:
    """Number of the case → its comparison."""
    return {row["case"]: row["comparison"] for row in json.loads(decision.record)["comparisons"]}
