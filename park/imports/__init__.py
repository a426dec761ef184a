"""任务分解表: responsibility lists that exist as workbooks (see people.imports)."""
