from people.imports.command import ImportCommand


class Command(ImportCommand):
    help = "导入任务分解表（.xlsx、.xls、.csv）；默认只核对，加 --apply 写入。"
    kind = "tasks"
