"""Classes registered so far get their public key, and those ahead of us the state of an announced class."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.db import migrations
from django.db.models import Count

BATCH = 500


def fill(apps: Any, schema_editor: Any) -> None:
    classes = apps.get_model("training", "TrainingClass").objects.using(schema_editor.connection.alias)
    pending = []
    for found in classes.annotate(people=Count("participations")).iterator(chunk_size=BATCH):
        found.uid = uuid4()
        found.seats_taken = found.people
        if found.ends_on > date.today() and not found.people:
            found.state = "published"
        pending.append(found)
        if len(pending) == BATCH:
            classes.bulk_update(pending, ["uid", "seats_taken", "state"])
            pending = []
    classes.bulk_update(pending, ["uid", "seats_taken", "state"])


class Migration(migrations.Migration):
    dependencies = [("training", "0003_the_whole_of_training")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
