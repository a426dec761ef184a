"""A worker process that knows the sample jobs: `python -m tests.core.jobs.process [worker options]`.

It keeps no clock: what is due every five minutes would come among the jobs of a test now and then.
"""

import os
import sys
from dataclasses import replace

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cadre_dev.settings")
    import django

    django.setup()
    from django.core.management import call_command

    import tests.core.jobs.sample  # noqa: F401
    from core.jobs.registry import REGISTRY

    for key, found in list(REGISTRY.items()):
        REGISTRY[key] = replace(found, schedule="")
    call_command("worker", *sys.argv[1:])
