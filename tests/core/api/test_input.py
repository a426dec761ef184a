"""Strict input: what DRF alone would let through or fall over (security.md 0.5)."""

from io import BytesIO

import pytest
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError

from core.api.parsers import MAX_BYTES, StrictJSONParser, depth
from core.api.serializers import StrictSerializer
from core.errors import DomainError


def parse(raw: bytes) -> object:
    return StrictJSONParser().parse(BytesIO(raw))


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b'{"a": 1e999}', "超出范围"),
        (b'{"a": NaN}', "NaN 不是"),
        (b'{"a": -Infinity}', "-Infinity 不是"),
        (b"[" * 2000 + b"]" * 2000, "嵌套超过 20 层"),
        (b'{"a": 1, "a": 2}', "「a」出现了两次"),
        (b'{"a": {"b": 1, "b": 1}}', "「b」出现了两次"),
        (b'{"a": 1', "第 1 行第 8 列"),
        (b"", "第 1 行第 1 列"),
        (b'{"a": ' + b"9" * 5000 + b"}", "不是有效的 JSON"),
        (b'"\xff"', "UTF-8"),
        (b'{"a": "\\ud800"}', "不完整的字符"),
        (b'"' + b"x" * MAX_BYTES + b'"', "超过 1 MB"),
    ],
)
def test_refused(raw: bytes, says: str) -> None:
    with pytest.raises(ParseError, match=says):
        parse(raw)


def test_ordinary_json_is_read() -> None:
    assert parse('{"甲": [1, 2.5, null, true, "\\u5f20]}"]}'.encode()) == {"甲": [1, 2.5, None, True, "张]}"]}


@pytest.mark.parametrize(
    ("text", "levels"), [("1", 0), ("[[]]", 2), ('{"[": "[["}', 1), ('["\\"[", {}]', 2), ('["\\\\", []]', 2)]
)
def test_depth_counts_brackets_outside_strings(text: str, levels: int) -> None:
    assert depth(text) == levels


class Form(StrictSerializer):
    name = serializers.CharField()
    number = serializers.IntegerField(read_only=True)


@pytest.mark.parametrize("key", ["number", "level", "created_by", "__class__"])
def test_unknown_and_read_only_keys_are_refused(key: str) -> None:
    form = Form(data={"name": "x", key: 1})
    with pytest.raises(ValidationError) as refused:
        form.is_valid(raise_exception=True)
    assert refused.value.get_codes() == {key: ["unknown_or_readonly_field"]}


def test_known_keys_pass() -> None:
    form = Form(data={"name": "x"})
    assert form.is_valid()
    assert form.validated_data == {"name": "x"}


def test_domain_errors_know_their_place() -> None:
    from core.api.errors import handle

    refused = handle(DomainError("开始日期不能晚于结束日期。", field="starts_on", code="order"), {})
    assert refused.status_code == 422
    assert refused.data == {
        "code": "order",
        "message": "开始日期不能晚于结束日期。",
        "request_id": "",
        "fields": {"starts_on": ["开始日期不能晚于结束日期。"]},
    }
    assert handle(DomainError("别人改过。", code="conflict"), {}).status_code == 409
    assert handle(RuntimeError(), {}) is None
