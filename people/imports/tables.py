"""The tables of a workbook as rows, with a note on everything that is not read."""

from people.imports.faults import Fault, FileRefused
from people.imports.headers import Layout, Table, find_tables, hidden_tables
from people.imports.reading import Findings
from people.imports.rows import Passed, Row, read_rows
from people.imports.text import one_line
from people.imports.workbook import Workbook, address


def data_rows(book: Workbook, layout: Layout, findings: Findings) -> list[Row]:
    """All data rows of all sheets that hold such a table; what is left out is said as a warning."""
    tables = find_tables(book, layout)
    rows: list[Row] = []
    for table in tables:
        _warn_of_columns(table, findings)
        found, passed = read_rows(table)
        _warn_of_rows(table, passed, found, findings)
        rows += found
    for name in hidden_tables(book, layout):
        message = f"工作表“{name}”是隐藏的，没有导入；需要导入请先取消隐藏。"
        findings.warn(Fault(name, "", "", "hidden_sheet", message))
    if not rows:
        sheet = tables[0].sheet.name
        message = f"工作表“{sheet}”只有表头，没有数据行；请确认选对了文件。"
        raise FileRefused(message, code="no_rows", sheet=sheet)
    return rows


def _warn_of_columns(table: Table, findings: Findings) -> None:
    for heading in table.unknown:
        text = one_line(heading.text)
        message = f"“{text}”列不在导入范围内，这一列没有读取；需要导入的请改为系统认识的列名。"
        findings.warn(Fault(table.sheet.name, heading.cell, text, "unknown_column", message))


def _warn_of_rows(table: Table, passed: list[Passed], rows: list[Row], findings: Findings) -> None:
    for row in passed:
        if row.section:
            message = f"这一行没有作为数据，“{row.section}”作为下面各行的所在部门；请核对。"
            findings.warn(Fault(row.sheet, row.cell, "", "section_row", message))
            continue
        message = f"这一行（“{row.text}”）看来是标题、合计或说明，没有作为数据导入。"
        findings.warn(Fault(row.sheet, row.cell, "", "passed_row", message))
    for hidden in (row for row in rows if row.number in table.sheet.facts.hidden_rows):
        cell = address(hidden.number, 1)
        message = f"第 {hidden.number} 行是隐藏行，已一并读取；不需要的请删除。"
        findings.warn(Fault(table.sheet.name, cell, "", "hidden_row", message))
