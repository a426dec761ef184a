"""What the closed room tells leaves the system without a word of what it is about (security.md B18)."""

from core.notifications import kinds


def test_every_kind_of_the_room_is_sealed() -> None:
    own = [kind for key, kind in kinds._kinds.items() if key.startswith("wellbeing.")]
    assert own
    assert [kind.key for kind in own if not kind.sealed] == []
