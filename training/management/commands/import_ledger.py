from people.imports.command import ImportCommand


class Command(ImportCommand):
    help = "导入培训台账（.xlsx、.xls、.csv）；默认只核对，加 --apply 写入。"
    kind = "ledger"
