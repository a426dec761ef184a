"""The kinds of notifications in words; apps register theirs in contributions.py."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """Of a `sealed` kind nothing but its existence is said outside the system."""

    key: str
    label: str
    icon: str = "bell"
    sealed: bool = False


_kinds: dict[str, Kind] = {}
OTHER = Kind("other", "其他提醒")


def register_kind(key: str, label: str, icon: str = "bell", *, sealed: bool = False) -> None:
    """Give a kind its words; again with the same key replaces it, so reloads are harmless."""
    _kinds[key] = Kind(key, label, icon, sealed)


def kind_of(key: str) -> Kind:
    """A kind nobody registered is shown among the others rather than not at all."""
    return _kinds.get(key, OTHER)


def choices() -> list[tuple[str, str]]:
    return [(kind.key, kind.label) for kind in sorted(_kinds.values(), key=lambda kind: kind.key)]
