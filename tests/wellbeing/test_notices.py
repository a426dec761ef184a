"""What the closed room tells leaves the system without a word of what it is about (security.md B18)."""

from core.notifications import kinds


def test_every_kind_of_the_room_is_sealed() -> None:
    """All but 文体活动, which everybody may know of."""
    room = {key: kind for key, kind in kinds._kinds.items() if key.startswith("wellbeing.")}
    own = [kind for key, kind in room.items() if key != "wellbeing.activity"]
    assert own
    assert [kind.key for kind in own if not kind.sealed] == []
