import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0009_post_participations")]

    operations = [
        migrations.AlterField(
            model_name="trainingclass",
            name="uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
