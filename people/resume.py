"""The 简历 of a 任免审批表 as text and as periods with their interludes (domain.md 3.3).

A line is `yyyy.MM--yyyy.MM` padded to 18 columns, then the text; lines without a date continue the one
before; （其间：…） holds one or more periods of its own.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from people.services.records import ResumeLine

_WIDTH = 18
_MONTH = r"\d{4}\s*[.\-/年．。]?\s*\d{1,2}(?:\.\d{1,2}(?!\d))?月?"
_TO = r"(?:[—–―－─‐〜～~-]+|至|到)"
_NOW = r"至今|现在|今"
_SPAN = re.compile(rf"(?:(?<!\s)\s+)?(?P<start>{_MONTH})\s*{_TO}\s*(?P<end>{_MONTH}(?!\d)|{_NOW})?\s*")
_INTERLUDE = re.compile(r"[（(]\s*其间\s*[:：,，]?")
_OPEN, _CLOSE = "（(", "）)"


def read_resume(text: str) -> list[ResumeLine]:
    """Periods in the order written; text before the first date is a period without dates."""
    blocks: list[str] = []
    for line in _lines(text):
        if not blocks or (_starts_period(line) and not _is_open(blocks[-1])):
            blocks.append(line)
        else:
            blocks[-1] += line
    return [_period(block) for block in blocks]


def write_resume(lines: Iterable[ResumeLine]) -> str:
    written: list[str] = []
    for line in lines:
        written.append(f"{_span(line):<{_WIDTH}}{line.text}".rstrip())
        for inner in line.interludes:
            written.append(
                f"{'':<{_WIDTH}}（其间：{_span(inner)}{'  ' if inner.starts_on else ''}{inner.text}）"
            )
    return "\n".join(written)


def _lines(text: str) -> list[str]:
    parts = re.split(r"[\n\r\x0b\x0c\u2028]+", text.replace("\u3000", " "))
    return [part.strip() for part in parts if part.strip()]


def _starts_period(line: str) -> bool:
    return _match(line) is not None


def _match(text: str) -> re.Match[str] | None:
    head = unicodedata.normalize("NFKC", text[:30])
    if len(head) != len(text[:30]):
        head = text[:30]
    return _SPAN.match(head + text[30:])


def _is_open(block: str) -> bool:
    """Whether a bracket of 其间 is still open: then a dated line is a further period inside it."""
    found = list(_INTERLUDE.finditer(block))
    return bool(found) and _closing(block, found[-1].end()) is None


def _closing(text: str, start: int) -> int | None:
    """Where the bracket that was opened before `start` closes."""
    depth = 1
    for position in range(start, len(text)):
        if text[position] in _OPEN:
            depth += 1
        elif text[position] in _CLOSE:
            depth -= 1
            if depth == 0:
                return position
    return None


def _period(block: str) -> ResumeLine:
    rest, interludes = _take_interludes(block)
    match = _match(rest)
    if match is None:
        return ResumeLine(None, None, rest.strip(), tuple(interludes))
    text = rest[match.end() :].strip()
    return ResumeLine(_date(match["start"]), _date(match["end"]), text, tuple(interludes))


def _take_interludes(block: str) -> tuple[str, list[ResumeLine]]:
    interludes: list[ResumeLine] = []
    while found := _INTERLUDE.search(block):
        end = _closing(block, found.end())
        inner = block[found.end() : len(block) if end is None else end]
        interludes += _inner(inner)
        block = block[: found.start()].rstrip() + ("" if end is None else block[end + 1 :])
    return block, interludes


def _inner(text: str) -> list[ResumeLine]:
    """One period or several, each beginning with its dates; words without a date are one period."""
    starts = [match.start() for match in _SPAN.finditer(text) if _at_boundary(text, match.start())]
    if not starts:
        return [ResumeLine(None, None, _trimmed(text))] if _trimmed(text) else []
    parts = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    lead = _trimmed(text[: starts[0]])
    lines = [_dated(part) for part in parts]
    return [ResumeLine(None, None, lead), *lines] if lead else lines


def _at_boundary(text: str, position: int) -> bool:
    return position == 0 or not text[position - 1].isdigit()


def _dated(part: str) -> ResumeLine:
    match = _SPAN.match(part)
    if match is None:
        return ResumeLine(None, None, _trimmed(part))
    return ResumeLine(_date(match["start"]), _date(match["end"]), _trimmed(part[match.end() :]))


def _trimmed(text: str) -> str:
    return text.strip(" ；;，,、\n")


def _date(text: str | None) -> date | None:
    numbers = re.findall(r"\d+", text or "")
    if not numbers:
        return None
    if len(numbers) == 1:
        numbers = [numbers[0][:4], numbers[0][4:]]
    month = int(numbers[1])
    return date(int(numbers[0]), month, 1) if 1 <= month <= 12 and int(numbers[0]) > 0 else None


def _span(line: ResumeLine) -> str:
    if line.starts_on is None:
        return ""
    end = f"{line.ends_on:%Y.%m}" if line.ends_on else ""
    return f"{line.starts_on:%Y.%m}--{end}"
