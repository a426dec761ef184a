"""入党时间, which holds a month, the name of another party, or both."""

import re

from people.imports.dates import read_date
from people.imports.text import squeeze
from people.imports.values import as_text, read_text
from people.imports.workbook import CellValue
from people.partial_date import PartialDate

_DATE_IN_TEXT = re.compile(r"\d{4}(?:[年./-]?\d{1,2})(?:[月./-]?\d{1,2})?[日月]?")


def read_party(value: CellValue) -> tuple[PartialDate | None, str]:
    """入党时间: a date, or words such as 民建, or both ("200606；民建"); the words are kept as written."""
    if not isinstance(value, str):
        return read_date(value), ""
    text = as_text(value)
    if re.search(r"\d", text) is None:
        return None, read_text(text, longest=60)
    match = _DATE_IN_TEXT.match(squeeze(text))
    rest = _DATE_IN_TEXT.sub("", squeeze(text), count=1).strip("；;,，、()（） ") if match else ""
    if not match or not rest or re.search(r"\d", rest):
        return read_date(text), ""
    return read_date(match.group()), read_text(text, longest=60)
