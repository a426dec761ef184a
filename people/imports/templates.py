"""An empty workbook of each kind of import: columns by their best names, and a sheet that explains them."""

import io

import xlsxwriter

from people.imports.headers import Column, Layout

NOTES = "填写说明"
NOTE_HEAD = ("列", "是否必填", "表头也可以写作", "说明")
MOST_ALIASES = 8
EMPTY_ROWS = 200  # formatted as text, so that Excel keeps zeros and dates as they are typed
HINTS = {
    "staff_no": "按文本填写，前面的 0 会保留；同一人始终用同一工号。",
    "id_number": "18 位，按文本填写；演示数据请用 999999 开头的号码。",
    "phone": "11 位手机号，按文本填写。",
    "sex": "男、女。",
    "birth": "1980.05、1980-05、1980年5月都可以。",
    "party_joined": "1999.07；民主党派写党派名称。",
    "work_started": "2001.08、2001年8月都可以。",
    "post_since": "任现职的年月，如 2021.03。",
    "unit": "机构的名称或简称；花名册里有系统还没有的机构，导入时可以一并新增。",
    "political_status": "中共党员、预备党员、共青团员、群众、无党派人士，或民主党派名称。",
    "staff_type": "公务员、参公、事业编、工勤、选调生、岗位聘用、国企、编外、挂职、借调。",
    "rank": "一级主任科员、四级调研员、管理岗八级、专业技术十级等。",
    "leadership_level": "乡科级正职、县处级副职等；没有领导职务的留空。",
    "health": "健康、一般、较差。",
    "due": "12月底前、6月30日前、全年、长期坚持、每季度都能认。",
    "percent": "30、30%、0.3 都按 30% 读。",
    "people": "一格可以写多人，用顿号、逗号或空格隔开；也可以每人一行。",
    "starts": "2026-03-01、2026.3.1、3月1日都可以。",
    "ends": "同开始时间。",
    "score": "数字，如 92 或 92.5。",
    "done": "是、否，或 已检、未检。",
    "recheck": "是、否。不得填写体检结论。",
}


def template_of(layout: Layout) -> bytes:
    """An .xlsx that the import understands at once; it holds no row, so nobody imports an example."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#eef0f3", "border": 1, "text_wrap": True})
        must = book.add_format({"bold": True, "bg_color": "#fbf1f0", "font_color": "#9b1c1f", "border": 1})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(layout.title)
        for place, column in enumerate(layout.offered):
            needed = layout.need_of(column.key)
            sheet.set_column(place, place, max(10, len(column.title) * 2 + 4), text)
            sheet.write_string(0, place, column.title, must if needed else head)
        sheet.freeze_panes(1, 0)
        _explain(book, layout)
    return out.getvalue()


def _explain(book: xlsxwriter.Workbook, layout: Layout) -> None:
    notes = book.add_worksheet(NOTES)
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for place, (label, width) in enumerate(zip(NOTE_HEAD, (20, 18, 60, 50), strict=True)):
        notes.set_column(place, place, width, wrap)
        notes.write_string(0, place, label, bold)
    for row, column in enumerate(layout.offered, start=1):
        for place, words in enumerate(_note(layout, column)):
            notes.write_string(row, place, words, wrap)


def _note(layout: Layout, column: Column) -> tuple[str, str, str, str]:
    others = [alias.replace("|", "（下一级）") for alias in column.aliases if alias != column.title]
    return (
        column.title,
        layout.need_of(column.key) or "可以不填",
        "、".join(others[:MOST_ALIASES]),
        HINTS.get(column.key, ""),
    )
