"""Import of the office's own files: read, check everything at once, answer in the same workbook, apply.

`workbook` and `headers` find the table, `values` read the cells, `roster` and `lrmx` say what a row means
to the database, `service` is the one door: dry_run, apply, undo. Other apps register their own kinds.
"""
