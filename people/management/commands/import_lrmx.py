from people.imports.command import ImportCommand


class Command(ImportCommand):
    help = "导入干部任免审批表（.lrmx）；默认只核对，加 --apply 写入。"
    kind = "lrmx"
