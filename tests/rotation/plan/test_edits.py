"""Any sequence of edits: one move a person, undo leads back step by step, chains hold exactly the moves."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from rotation.models import Move
from rotation.queries.plans import sides_of
from rotation.services.variants import change_move, copy_variant, remove_move, undo_edit
from tests.factories.people import TODAY, make_unit
from tests.factories.plans import NOW, draft_plan, make_office, make_post, move, seat, seen_by, variant_of

pytestmark = pytest.mark.django_db
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 3), st.integers(0, 4)),
        st.tuples(st.just("change"), st.integers(0, 3), st.integers(0, 4)),
        st.tuples(st.just("off"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("remove"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("undo"), st.just(0), st.just(0)),
    ),
    max_size=12,
)


@pytest.fixture
def zone():
    unit = make_unit()
    posts = [make_post(f"岗{n}", unit=unit, headcount=2) for n in range(5)]
    return posts, [seat(posts[n], f"某{n}") for n in range(4)], make_office()


@given(edits=EDITS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_edits_and_undo_agree_with_a_plain_model(zone, edits):
    posts, people, drafter = zone
    variant = variant_of(draft_plan(drafter))
    now: dict[int, int | None] = {}
    past: list[dict[int, int | None]] = []
    for act, who, where in edits:
        if act == "add" and where != who:
            past.append(dict(now))
            now[who] = where
            move(variant, people[who], posts[where], drafter)
        elif act == "change" and who in now and where != who:
            past.append(dict(now))
            now[who] = where
            rows = Move.objects.select_related("variant__plan", "cadre")
            held = rows.get(variant=variant, cadre=people[who])
            values = {"kind": None, "reason": "改派", "to_post": posts[where]}
            change_move(move=held, by=seen_by(drafter), at=NOW, **values)
        elif act == "off":
            past.append(dict(now))
            now[who] = None
            move(variant, people[who], None, drafter)
        elif act == "remove" and who in now:
            past.append(dict(now))
            del now[who]
            held = Move.objects.get(variant=variant, cadre=people[who])
            remove_move(move=held, by=seen_by(drafter), at=NOW)
        elif act == "undo":
            _undo(variant, drafter, nothing=not past)
            now = past.pop() if past else now
        stored = [(m.cadre_id, m.to_post_id) for m in Move.objects.filter(variant=variant)]
        wanted = [(people[a].pk, None if b is None else posts[b].pk) for a, b in now.items()]
        assert sorted(stored, key=str) == sorted(wanted, key=str)  # nobody twice
    _check_side(variant, posts, people, now)
    _check_copy(variant, drafter)


def _undo(variant, drafter, *, nothing):
    if nothing:
        with pytest.raises(DomainError, match="没有可以撤销"):
            undo_edit(variant=variant, by=seen_by(drafter), at=NOW)
    else:
        undo_edit(variant=variant, by=seen_by(drafter), at=NOW)


def _check_copy(variant, drafter):
    """The same moves under another letter, whatever was edited before."""
    copy = copy_variant(variant=variant, by=seen_by(drafter), at=NOW)
    names = ("cadre", "to_post", "kind", "from_appointment")
    one, other = (set(Move.objects.filter(variant=v).values_list(*names)) for v in (variant, copy))
    assert one == other


def _check_side(variant, posts, people, now):
    (side,) = sides_of(variant.plan, [variant], on=TODAY)
    told = sorted(link.move_id for chain in side.chains for link in chain.links)
    assert told == sorted(m.pk for m in side.moves)
    where = {n: now.get(n, n) for n in range(4)}
    empty = {posts[n].pk for n in now if n not in where.values()}
    assert set(side.emptied_ids) == empty
    over = {c.post_id for c in side.checks.checks if c.code == "post.overfilled"}
    assert over == {posts[n].pk for n in range(5) if list(where.values()).count(n) > 2 and n in now.values()}
