"""系统建议: asked for by a drafter, worked out in the background, written down as variants of the plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from core import jobs
from core.access import Viewer
from core.errors import DomainError
from core.models import Job
from people.models import Cadre, Post
from rotation.choices.plans import Origin
from rotation.facts import Facts
from rotation.models import RotationPlan, Variant
from rotation.proposer import Answer, Criterion, Proposal, propose, why
from rotation.proposer.framing import Wish, frame, kind_of
from rotation.proposer.solver import Watch
from rotation.queries.facts import load_facts
from rotation.queries.proposals import kept_out_of
from rotation.services.variants import MoveDraft, add_variant, check_editable

JOB = "rotation.proposals"
SECONDS = 25.0
MOST_PEOPLE, MOST_POSTS = 400, 200


@dataclass(frozen=True, slots=True)
class Proposed:
    """The variants written, the best first, and what no answer could have."""

    variants: tuple[Variant, ...]
    unmeetable: tuple[str, ...]
    proven: bool


@transaction.atomic
def ask_for_proposals(*, plan: RotationPlan, wish: Wish, by: Viewer) -> Job:
    """Queues the search; one at a time for a plan."""
    check_editable(plan, by)
    _check_size(wish)
    return jobs.start(
        JOB,
        by=by,
        params={"plan": plan.pk, "wish": wish_to_json(wish)},
        label=plan.title,
        unique=f"rotation-proposals:{plan.pk}",
    )


def make_proposals(
    *, plan: RotationPlan, wish: Wish, by: Viewer, at: datetime, watch: Watch | None = None
) -> Proposed:
    """Searches outside any transaction, then writes all variants in one."""
    check_editable(plan, by)
    kept_out = kept_out_of(plan)
    people = tuple(pk for pk in wish.people if pk not in kept_out)
    facts = load_facts(
        cadre_ids=people, post_ids=wish.posts, on=max(by.on, plan.effective_on), obstacles_on=by.on
    )
    problem = frame(facts, Wish(**{**_fields(wish), "people": people}))
    answer = propose(problem, seconds=SECONDS, watch=watch)
    return _write_down(plan, wish, facts, answer, by, at)


@transaction.atomic
def _write_down(
    plan: RotationPlan, wish: Wish, facts: Facts, answer: Answer, by: Viewer, at: datetime
) -> Proposed:
    variants = tuple(
        add_variant(
            plan=plan,
            by=by,
            at=at,
            title=f"系统建议 {place}",
            origin=Origin.MACHINE,
            moves=_drafts(proposal, facts),
            weights={criterion.value: weight for criterion, weight in wish.weights.items()},
            gives_up=[*proposal.gives_up, *answer.unmeetable],
            note="" if answer.proven else "在时限内找到，不一定是最优。",
        )
        for place, proposal in enumerate(answer.proposals, start=1)
    )
    return Proposed(variants, answer.unmeetable, answer.proven)


def _drafts(proposal: Proposal, facts: Facts) -> list[MoveDraft]:
    cadres = Cadre.objects.in_bulk([option.person for option in proposal.options])
    posts = Post.objects.select_related("unit").in_bulk([option.place for option in proposal.options])
    return [
        MoveDraft(
            cadre=cadres[option.person],
            to_post=posts[option.place],
            kind=kind_of(facts, facts.people[option.person], facts.posts[option.place]),
            origin=Origin.MACHINE,
            reason=why(option),
        )
        for option in proposal.options
    ]


def _check_size(wish: Wish) -> None:
    if not wish.people:
        message = "所选范围里没有可以调整的干部，请扩大范围，或指定人选。参与办理的人员及其亲属不在其内。"
        raise DomainError(message, field="choice", code="no_people")
    if not wish.posts:
        raise DomainError(
            "所选范围里没有登记的岗位，请扩大范围，或先登记岗位。", field="posts", code="no_posts"
        )
    if len(wish.people) > MOST_PEOPLE or len(wish.posts) > MOST_POSTS:
        message = (
            f"一次最多考虑 {MOST_PEOPLE} 人、{MOST_POSTS} 个岗位"
            f"（现为 {len(wish.people)} 人、{len(wish.posts)} 个），请缩小范围。"
        )
        raise DomainError(message, field="unit", code="too_many")
    if not any(wish.weights.values()):
        raise DomainError("请至少给一项权重填大于 0 的数。", field="pressure", code="no_weight")


def _fields(wish: Wish) -> dict[str, Any]:
    return {name: getattr(wish, name) for name in Wish.__dataclass_fields__}


def wish_to_json(wish: Wish) -> dict[str, Any]:
    weights = {criterion.value: weight for criterion, weight in wish.weights.items()}
    rows = {name: list(value) for name, value in _fields(wish).items() if isinstance(value, tuple)}
    return {**_fields(wish), **rows, "weights": weights}


def wish_from_json(data: Mapping[str, Any]) -> Wish:
    weights = {Criterion(name): int(weight) for name, weight in data["weights"].items()}
    rows = {name: tuple(value) for name, value in data.items() if isinstance(value, list)}
    return Wish(**{**data, **rows, "weights": weights})
