"""The command that makes decisions take effect, standing still when all is done but nothing is kept yet."""

import sys
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from rotation.services.room import effects  # noqa: E402

hand_over = effects._hand_over


def stand_still(*args: object) -> None:
    hand_over(*args)  # type: ignore[arg-type]
    print("half", flush=True)  # noqa: T201
    time.sleep(120)


if __name__ == "__main__":
    effects._hand_over = stand_still
    call_command("apply_rotations", on=sys.argv[1])
