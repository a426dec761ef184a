"""JSON as it should be: bounded in size and depth, no numbers that are none, no key twice."""

import json
import math
from collections.abc import Iterable
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser

MAX_BYTES = 1_000_000
MAX_DEPTH = 20


class StrictJSONParser(JSONParser):
    """The standard parser lets 1e999 and 2000 levels through, and both end in a server error further on."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any | None = None) -> Any:
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            refuse("请求内容超过 1 MB，请分批提交。")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            refuse("请求内容不是 UTF-8 编码的 JSON。")
        if depth(text) > MAX_DEPTH:
            refuse(f"JSON 嵌套超过 {MAX_DEPTH} 层。")
        return loads(text)


class FormParser(MultiPartParser):
    """A form with a file: the fields named by the view's `json_fields` are JSON, as strictly read as a body.

    The result is a plain dict, so that lists of objects are what they are in JSON.
    """

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any | None = None) -> Any:
        read: Any = super().parse(stream, media_type, parser_context)
        nested = getattr((parser_context or {}).get("view"), "json_fields", ())
        sent = {name: _only_one(name, read.data.getlist(name)) for name in read.data}
        data = {name: _nested(text) if name in nested else text for name, text in sent.items()}
        return data | {name: _only_one(name, read.files.getlist(name)) for name in read.files}


def _only_one(name: str, values: list[Any]) -> Any:
    if len(values) > 1:
        refuse(f"字段「{name[:40]}」出现了两次。")
    return values[0]


def _nested(text: str) -> Any:
    if depth(text) > MAX_DEPTH:
        refuse(f"JSON 嵌套超过 {MAX_DEPTH} 层。")
    return loads(text)


def loads(text: str) -> Any:
    try:
        data = json.loads(
            text, parse_float=_finite, parse_constant=_no_constant, object_pairs_hook=_no_duplicates
        )
    except ValueError as error:
        place = (
            f"（第 {error.lineno} 行第 {error.colno} 列）" if isinstance(error, json.JSONDecodeError) else ""
        )
        raise ParseError(f"请求内容不是有效的 JSON{place}。", code="invalid_json") from error
    if "\\u" in text:
        _no_lone_surrogates(data)
    return data


def depth(text: str) -> int:
    """The deepest nesting of brackets outside strings; one pass, no recursion."""
    deepest = level = 0
    quoted = escaped = False
    for char in text:
        if quoted:
            quoted = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            quoted = True
        elif char in "[{":
            level += 1
            deepest = max(deepest, level)
        elif char in "]}":
            level -= 1
    return deepest


def refuse(message: str) -> NoReturn:
    raise ParseError(message, code="invalid_json")


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        refuse(f"数值 {number[:20]} 超出范围。")
    return value


def _no_constant(name: str) -> NoReturn:
    refuse(f"{name} 不是 JSON 数值。")


def _no_duplicates(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            refuse(f"字段「{key[:40]}」出现了两次。")
        result[key] = value
    return result


def _no_lone_surrogates(data: Any) -> None:
    """Half a character can be written in JSON but not stored."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        refuse("文字中含有不完整的字符（单独的 \\ud800–\\udfff）。")
