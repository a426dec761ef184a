"""One shape for every refusal: {code, message, request_id, fields}; bad input is never a server error."""

import logging
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, SuspiciousOperation
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError, IntegrityError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.audit import note_damage
from core.context import request_context
from core.errors import DomainError

logger = logging.getLogger("core.api")

# DRF's own sentences are replaced: they neither name the way out nor speak our words.
MESSAGES = {
    "not_authenticated": "请先登录：带上会话或令牌（Authorization: Token …）。",
    "authentication_failed": "令牌无效或已过期，请重新登录取得令牌。",
    "permission_denied": "你没有做这件事的权限；如工作需要，请向安全管理员申请授权。",
    "not_found": "没有这条记录，或者你不能查看它。",
    "method_not_allowed": "这个地址不支持该操作方式。",
    "not_acceptable": "接口只返回 JSON。",
    "unsupported_media_type": "请以 application/json 提交。",
    "throttled": "操作太频繁，请稍后再试。",
}
# Refusals of services that mean more than "this cannot be done so" (422).
STATUSES = {
    "not_allowed": status.HTTP_403_FORBIDDEN,
    "conflict": status.HTTP_409_CONFLICT,
    "job_running": status.HTTP_409_CONFLICT,
    "job_finished": status.HTTP_409_CONFLICT,
    "file_gone": status.HTTP_410_GONE,
    "no_result": status.HTTP_410_GONE,
    "result_expired": status.HTTP_410_GONE,
    "pdf_unavailable": status.HTTP_503_SERVICE_UNAVAILABLE,
}
BAD_INPUT = (OverflowError, RecursionError, DataError, UnicodeEncodeError, SuspiciousOperation)


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER; None lets a real fault become a logged 500."""
    answer = _answer(exc)
    if answer is None:
        return None
    set_rollback()
    if request := context.get("request"):  # whatever was asked for, a refusal is JSON
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        if isinstance(exc, DomainError) and exc.code == "decryption":  # damage, not a refusal
            viewer = getattr(request, "viewer", None)
            note_damage(exc, by=viewer, where=f"{request.method} {request.path}")
    return answer


def _answer(exc: Exception) -> Response | None:
    match exc:
        case DomainError():
            return _domain(exc)
        case Http404() | ObjectDoesNotExist():
            return problem(404, "not_found", MESSAGES["not_found"])
        case DjangoPermissionDenied():
            return problem(403, "permission_denied", MESSAGES["permission_denied"])
        case DjangoValidationError():
            return _django_validation(exc)
        case exceptions.ValidationError():
            return _validation(exc.get_full_details())
        case exceptions.APIException():
            return _api(exc)
        case IntegrityError():
            logger.warning("integrity error reached the API", exc_info=exc)
            return problem(409, "conflict", "与已有数据冲突，请刷新后核对。")
        case _ if isinstance(exc, BAD_INPUT):
            return problem(400, "invalid", "提交的内容超出可处理的范围，请检查数值和文字。")
    return None


def problem(code: int, name: str, message: str, fields: dict[str, list[str]] | None = None) -> Response:
    return Response(problem_body(name, message, fields), status=code)


def problem_body(name: str, message: str, fields: dict[str, list[str]] | None = None) -> dict[str, Any]:
    return {
        "code": name,
        "message": message,
        "request_id": request_context.get().request_id,
        "fields": fields or {},
    }


def _domain(exc: DomainError) -> Response:
    code = STATUSES.get(exc.code, status.HTTP_422_UNPROCESSABLE_ENTITY)
    fields: dict[str, list[str]] = {}
    for one in exc.all():
        if one.field:
            fields.setdefault(one.field, []).append(one.message)
    return problem(code, exc.code, exc.message, fields)


def _api(exc: exceptions.APIException) -> Response:
    name = str(exc.get_codes())
    message = str(exc.detail) if _is_ours(exc) else MESSAGES.get(exc.default_code, str(exc.detail))
    answer = problem(exc.status_code, name, message)
    if header := getattr(exc, "auth_header", None):
        answer["WWW-Authenticate"] = header
    if wait := getattr(exc, "wait", None):
        answer["Retry-After"] = str(int(wait))
    return answer


def _is_ours(exc: exceptions.APIException) -> bool:
    """Raised with a sentence of our own, which goes with a code of our own."""
    return exc.get_codes() != exc.default_code


def _django_validation(exc: DjangoValidationError) -> Response:
    if hasattr(exc, "error_dict"):
        return _fields({name: list(texts) for name, texts in exc.message_dict.items()})
    return problem(400, "invalid", "；".join(exc.messages))


def _validation(details: Any) -> Response:
    """DRF's nested details, flattened to dotted field names."""
    fields: dict[str, list[str]] = {}
    codes: list[str] = []
    _flatten("", details, fields, codes)
    special = next(
        (code for code in codes if code in {"unknown_or_readonly_field", "unknown_filter"}), "invalid"
    )
    return _fields(fields, special)


def _flatten(path: str, node: Any, fields: dict[str, list[str]], codes: list[str]) -> None:
    if isinstance(node, dict) and set(node) == {"message", "code"} and isinstance(node["code"], str):
        fields.setdefault(path or "non_field_errors", []).append(str(node["message"]))
        codes.append(node["code"])
    elif isinstance(node, dict):
        for key, child in node.items():
            _flatten(f"{path}.{key}" if path else str(key), child, fields, codes)
    else:
        for index, child in enumerate(node):
            leaf = isinstance(child, dict) and set(child) == {"message", "code"}
            _flatten(path if leaf else f"{path}.{index}", child, fields, codes)


def _fields(fields: dict[str, list[str]], code: str = "invalid") -> Response:
    first = next(((name, texts[0]) for name, texts in fields.items() if texts), ("", "提交的内容有误。"))
    message = first[1] if first[0] in {"", "non_field_errors", "__all__"} else f"{first[0]}：{first[1]}"
    return problem(400, code, message, fields)
