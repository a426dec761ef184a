"""What differs between two files of one person: line by line, from their canonical data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from growth.lines import labelled, row_words

Lines = dict[str, tuple[str, str]]  # id of a line -> (where it stands, what it says)
Kind = Literal["added", "removed", "changed"]
WORDS: dict[Kind, str] = {"added": "新增", "removed": "不再有", "changed": "改为"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that was added, removed or changed; the other side is empty."""

    kind: Kind
    place: str
    before: str = ""
    after: str = ""

    @property
    def words(self) -> str:
        return WORDS[self.kind]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Both as parsed canonical JSON; in the order of the later file, what is gone at the end."""
    old, new = _lines(before), _lines(after)
    found = [_compare(key, old, new) for key in (*new, *(key for key in old if key not in new))]
    return [difference for difference in found if difference]


def _compare(key: str, old: Lines, new: Lines) -> Difference | None:
    if key not in old:
        return Difference("added", new[key][0], after=new[key][1])
    if key not in new:
        return Difference("removed", old[key][0], before=old[key][1])
    if old[key][1] != new[key][1]:
        return Difference("changed", new[key][0], before=old[key][1], after=new[key][1])
    return None


def _lines(data: Mapping[str, Any]) -> Lines:
    """Every line of the file with an id that stays the same while the line is about the same thing."""
    found: Lines = {}
    identity = data["identity"]
    for name, label in (("name", "姓名"), ("unit", "所在部门"), ("post", "现任职务")):
        found[f"identity.{name}"] = ("封面", f"{label}：{identity[name]}")
    for section in data["sections"]:
        heading = ""
        for place, block in enumerate(section["blocks"]):
            heading = block["text"] if _is_heading(block) else heading
            where = "·".join(filter(None, (section["title"], heading)))
            for key, text in _of_block(block, f"{section['key']}.{heading or place}"):
                found.setdefault(key, (where, text))
    return found


def _is_heading(block: Mapping[str, Any]) -> bool:
    return set(block) == {"text"} and len(block["text"]) < 30


def _of_block(block: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    if "columns" in block:
        yield from _of_table(block, prefix)
    elif "shares" in block:
        yield from _of_form(block, prefix)
    elif "lines" in block:
        for line in block["lines"]:
            yield _key(line, f"{prefix}.{line['period']}"), f"{line['period'].strip()}　{line['text']}"
    elif "items" in block or "rows" in block:
        for fact in block.get("items") or block["rows"]:
            value = f"{fact['label']}：{fact['value']}{fact.get('unit', '')}"
            yield f"{prefix}.{fact['label']}", value
    elif "text" in block and not _is_heading(block):
        yield f"{prefix}.text", block["text"]


def _of_table(block: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    titles = [column["title"] for column in block["columns"]]
    for row in block["rows"]:
        yield _key(row, f"{prefix}.{row['cells'][0]}"), row_words(titles, row["cells"])


def _of_form(block: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    grid = (((cell["label"], cell["text"]) for cell in row if not cell["photo"]) for row in block["rows"])
    for label, text in labelled(grid):
        yield f"{prefix}.{label}", f"{label}：{text}"


def _key(line: Mapping[str, Any], otherwise: str) -> str:
    source = line.get("source")
    return source["key"] if source else otherwise
