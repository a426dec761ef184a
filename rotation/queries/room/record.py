"""What a decision keeps of what it saw: plain data in a fixed form, from the rows as they stand."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rotation.models import Candidate, Case, CaseFile, LeaderOpinion, Move, RotationPlan, Variant
from rotation.queries.room.comparison import comparison_of


def moves_laid_before(plan: RotationPlan) -> list[Move]:
    """Every move that a case of the plan is about, each once, by strokes."""
    rows = Move.objects.filter(pk__in=Candidate.objects.filter(case__plan=plan).values("move"))
    related = ("cadre", "to_post__unit", "from_post__unit", "variant")
    return list(rows.select_related(*related).order_by("cadre__name_stroke_key", "pk"))


def record_of(
    plan: RotationPlan, meeting: Mapping[str, Any], rulings: Mapping[int, Mapping[str, Any]], on: date
) -> dict[str, Any]:
    return {
        "plan": {
            "id": plan.pk,
            "title": plan.title,
            "effective_on": plan.effective_on.isoformat(),
            "purpose": str(plan.purpose),
        },
        "meeting": dict(meeting),
        "variants": [_variant(variant) for variant in plan.variants.all()],
        "rulings": [{"move": pk, **ruling} for pk, ruling in sorted(rulings.items())],
        "opinions": [_opinion(row) for row in _opinions(plan)],
        "files": [_file(row) for row in CaseFile.objects.filter(case__plan=plan).select_related("file")],
        "comparisons": [
            {"case": case.number, "comparison": comparison_of(case, on=on).as_data()}
            for case in Case.objects.filter(plan=plan).order_by("pk")
        ],
    }


def _variant(variant: Variant) -> dict[str, Any]:
    moves = variant.moves.select_related("cadre", "to_post__unit")
    return {
        "letter": variant.letter,
        "title": variant.title,
        "origin": variant.origin,
        "note": variant.note,
        "moves": [_move(move) for move in moves.order_by("position", "pk")],
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "move": move.pk,
        "cadre": move.cadre_id,
        "name": move.cadre.name,
        "staff_no": move.cadre.staff_no or "",
        "from": move.from_text,
        "from_appointment": move.from_appointment_id,
        "to_post": move.to_post_id,
        "to": str(move.to_post or ""),
        "kind": move.kind,
        "origin": move.origin,
        "reason": str(move.reason),
    }


def _opinions(plan: RotationPlan) -> Any:
    rows = LeaderOpinion.objects.filter(case__plan=plan).standing()
    return rows.select_related("speaker__user", "case").order_by("case", "speaker__position")


def _opinion(row: LeaderOpinion) -> dict[str, Any]:
    return {
        "case": row.case.number,
        "leader": row.speaker.user.name,
        "stance": row.stance,
        "choice": row.choice_id,
        "words": str(row.words),
        "in_writing": row.in_writing,
        "given_at": row.given_at.isoformat(),
    }


def _file(row: CaseFile) -> dict[str, Any]:
    return {
        "cadre": row.cadre_id,
        "file": row.file_id,
        "number": row.file.number,
        "code": row.file.code,
        "sha256": row.sha256,
        "data_digest": row.data_digest,
    }
