"""A worker process that knows the sample jobs: `python -m tests.core.jobs.process [worker options]`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cadre_dev.settings")
    import django

    django.setup()
    from django.core.management import call_command

    import tests.core.jobs.sample  # noqa: F401

    call_command("worker", *sys.argv[1:])
