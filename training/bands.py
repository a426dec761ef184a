"""In which third of comparable people somebody stands: never a rank, nothing of a small group. Pure."""

from django.db.models import TextChoices


class Band(TextChoices):
    UPPER = "upper", "前三分之一"
    MIDDLE = "middle", "中间三分之一"
    LOWER = "lower", "后三分之一"


def band_of(*, above: int, equal: int, below: int) -> Band | None:
    """`equal` counts the person too. Those who are equal stand together, where the middle of them stands:
    nobody is in the upper third because many share the last place. None where all are equal."""
    people = above + equal + below
    if equal == people:
        return None
    if 3 * (2 * above + equal) <= 2 * people:
        return Band.UPPER
    return Band.LOWER if 3 * (2 * below + equal) <= 2 * people else Band.MIDDLE
