from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("park", "0008_load_rules"),
        ("people", "0010_kin_dismissals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="progressreport",
            index=models.Index(
                condition=models.Q(("corrects__isnull", False)), fields=["corrects"], name="report_corrects"
            ),
        ),
    ]
