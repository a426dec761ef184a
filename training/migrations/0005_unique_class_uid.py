import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0004_fill_new_columns")]

    operations = [
        migrations.AlterField(
            model_name="trainingclass",
            name="uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
