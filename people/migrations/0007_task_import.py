from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0006_quiz_scores_import"),
    ]

    operations = [
        migrations.AlterField(
            model_name="importbatch",
            name="kind",
            field=models.CharField(
                choices=[
                    ("roster", "干部花名册"),
                    ("ledger", "培训台账"),
                    ("lrmx", "干部任免审批表"),
                    ("quiz_scores", "测验成绩"),
                    ("tasks", "任务分解表"),
                ],
                max_length=12,
                verbose_name="类型",
            ),
        ),
    ]
