"""propose_rotation PLAN --by NAME [--all] [--most N] [--promote] [--json]: the page 系统建议, by hand."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.access import Viewer
from core.errors import DomainError
from people.access import viewer_for
from people.models import User
from rotation.choices.proposals import PeopleChoice, PostChoice
from rotation.models import RotationPlan
from rotation.proposer.framing import Wish
from rotation.queries.proposals import late_people, people_chosen, posts_chosen
from rotation.services.proposals import Proposed, make_proposals


class Command(BaseCommand):
    help = "为一份轮岗方案计算系统建议，写成新的备选方案；以承办人的身份执行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plan", type=int, help="方案编号")
        parser.add_argument("--by", required=True, help="承办人的登录名")
        parser.add_argument(
            "--all", action="store_true", help="考虑全部在职干部，默认只考虑任职年限临近或超过的"
        )
        parser.add_argument("--most", type=int, help="最多调整人数")
        parser.add_argument("--promote", action="store_true", help="可以提任到高一层次的岗位")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *_: Any, **options: Any) -> None:
        now = timezone.now()
        viewer = self._viewer(options["by"])
        plan = RotationPlan.objects.visible_to(viewer).filter(pk=options["plan"]).first()
        if plan is None:
            raise CommandError("没有这份方案，或者它不在此人的知悉范围内。")
        try:
            made = make_proposals(plan=plan, wish=_wish(plan, viewer, options), by=viewer, at=now)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(
            json.dumps(_as_json(made), ensure_ascii=False) if options["json"] else _as_text(made)
        )

    @staticmethod
    def _viewer(username: str) -> Viewer:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有登录名为“{username}”的账号。")
        return viewer_for(user, on=timezone.localdate())


def _wish(plan: RotationPlan, viewer: Viewer, options: dict[str, Any]) -> Wish:
    choice = PeopleChoice.ALL if options["all"] else PeopleChoice.PRESSING
    people = people_chosen(viewer, plan, unit=plan.unit, choice=choice)
    return Wish(
        people=tuple(people),
        posts=tuple(posts_chosen(viewer.on, unit=plan.unit, choice=PostChoice.ALL)),
        must_move=tuple(late_people(people, viewer.on)),
        most_moves=options["most"],
        promote=options["promote"],
    )


def _as_json(made: Proposed) -> dict[str, Any]:
    variants = [
        {"letter": v.letter, "moves": [_move(m) for m in _moves(v)], "gives_up": v.gives_up}
        for v in made.variants
    ]
    return {"variants": variants, "unmeetable": list(made.unmeetable), "proven": made.proven}


def _moves(variant: Any) -> Any:
    return variant.moves.select_related("cadre", "to_post__unit").order_by("position")


def _move(move: Any) -> dict[str, Any]:
    return {"cadre": move.cadre.name, "from": move.from_text, "to": str(move.to_post), "reason": move.reason}


def _as_text(made: Proposed) -> str:
    lines = []
    for variant in made.variants:
        lines.append(f"方案{variant.letter}")
        lines += [
            f"  {m['cadre']}：{m['from']} → {m['to']}（{m['reason']}）" for m in map(_move, _moves(variant))
        ]
        lines += [f"  取舍：{sentence}" for sentence in variant.gives_up]
    return "\n".join([*lines, *made.unmeetable])
