"""300 posts, each with a holder who is moved to the next: how long the whole variant takes to be re-checked.

    .venv/bin/python -m benchmarks.rotation [--posts 300]

Fails when a re-check (facts read anew, every rule held against every move) takes more than 300 ms, or when it
asks more queries for many moves than for few.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

MOST_MS = 300
ROUNDS = 7
UNITS = 15
TODAY, EFFECTIVE = date(2026, 11, 2), date(2026, 12, 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cadre-bench-") as folder:
        _set_up(Path(folder))
        return measure(options.posts)


def _set_up(folder: Path) -> None:
    os.environ["CADRE_DATA_DIR"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def build(count: int) -> Any:
    """A variant that moves every holder to the next post: one long cycle."""
    from people.models import Appointment
    from rotation.models import Move
    from tests.factories.people import make_unit
    from tests.factories.plans import draft_plan, make_office, make_post, seat, variant_of

    root = make_unit("管委会")
    units = [make_unit(parent=root) for _ in range(UNITS)]
    posts = [make_post(f"岗位{n}", unit=units[n % UNITS], headcount=1) for n in range(count)]
    for post in posts:
        seat(post, birth_month=date(1980, 1, 1), retirement_month=date(2043, 1, 1))
    variant = variant_of(draft_plan(make_office(), effective_on=EFFECTIVE))
    held = list(Appointment.objects.select_related("post").order_by("pk"))
    Move.objects.bulk_create(
        Move(
            variant=variant,
            position=n,
            cadre_id=row.cadre_id,
            from_appointment=row,
            from_post=row.post,
            from_text=str(row),
            to_post=posts[(n + 1) % count],
        )
        for n, row in enumerate(held)
    )
    return variant


def measure(count: int) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from rotation.checks import check_moves
    from rotation.models import Move
    from rotation.queries.checks import check_all, check_variant, wanted_of

    variant = build(count)
    found = check_variant(variant, on=TODAY)
    moves = list(Move.objects.filter(variant=variant).select_related("cadre"))
    facts = found.facts
    assert facts is not None
    whole = _median(lambda: check_variant(variant, on=TODAY))
    rules = _median(lambda: check_moves(facts, wanted_of(moves)))
    asked = []
    for some in (moves[:3], moves):
        with CaptureQueriesContext(connection) as queries:
            check_all(some, on=TODAY, effective_on=EFFECTIVE)
        asked.append(len(queries))
    print(f"{count} moves, {len(found.checks)} checks: whole {whole:.0f} ms, rules alone {rules:.0f} ms")
    print(f"queries: {asked[0]} for 3 moves, {asked[1]} for {count}")
    return int(whole > MOST_MS or asked[0] != asked[1])


def _median(act: Any) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()  # of this process alone: other work on the machine does not count
        act()
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
