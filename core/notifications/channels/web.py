"""One POST to the address an administrator has configured: no redirect is followed, nothing waits long."""

import http.client
import json
import socket
import ssl
from typing import Any
from urllib.parse import SplitResult, urlsplit

from core.notifications.channels.base import TIMEOUT, NotReachedError, RefusedError

MOST_ANSWER = 64 << 10


def parsed(url: str) -> SplitResult:
    """The parts of an address we would call; ValueError for anything but plain http(s) to a host."""
    parts = urlsplit(url)
    plain = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    if not plain or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(url)
    _ = parts.port  # a wrong one raises ValueError
    return parts


def post_json(url: str, message: dict[str, Any]) -> bytes:
    try:
        parts = parsed(url)
    except ValueError as error:
        raise NotReachedError("地址不是 http 或 https 网址") from error
    connection = _connect(parts)
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    try:
        body = json.dumps(message, ensure_ascii=False).encode()
        connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
        answer = connection.getresponse()
        status, data = answer.status, answer.read(MOST_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        raise RefusedError("连上后没有等到回答，不知道是否送达") from error
    finally:
        connection.close()
    if 300 <= status < 400:
        raise RefusedError("对方要求转到别的网址，没有跟随")
    if status != http.HTTPStatus.OK:
        raise RefusedError(f"对方回答 HTTP {status}")
    return data


def _connect(parts: SplitResult) -> http.client.HTTPConnection:
    secure = parts.scheme == "https"
    opener = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = opener(parts.hostname or "", parts.port, timeout=TIMEOUT)
    try:
        connection.connect()
    except OSError as error:
        connection.close()
        raise NotReachedError(_why(error)) from error
    return connection


def _why(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "找不到这个主机，请检查网络和地址"
    if isinstance(error, ssl.SSLError):
        return "对方的证书不被信任"
    return "连接超时" if isinstance(error, TimeoutError) else "连不上对方"
