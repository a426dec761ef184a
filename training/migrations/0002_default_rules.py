"""The two requirements of the regulation, to begin with; the office changes them on the page 学时规则."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import migrations

SOURCE = "《干部教育培训工作条例》（2023）第十四条"
# The day the current five-year plan began; the amounts were the same under the regulation before it.
SINCE = date(2023, 1, 1)
RULES = (
    {"regime": "annual", "required_hours": Decimal(90), "required_days": Decimal(12), "cycle_years": 1},
    {"regime": "five_year", "required_hours": Decimal(550), "required_days": Decimal(90), "cycle_years": 5},
)


def open_rules(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("training", "HourRule").objects.using(schema_editor.connection.alias)
    for rule in RULES:
        rules.get_or_create(
            regime=rule["regime"],
            starts_on=SINCE,
            defaults={**rule, "cycle_starts_in": 2023, "source": SOURCE},
        )


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]

    operations = [migrations.RunPython(open_rules, migrations.RunPython.noop)]
