"""The installation's keys: one JSON file of mode 0600 beside the database, never inside it.

Imported by settings.py, so nothing here may need Django's settings or models. Key ids are random: a key file
that was lost and made anew can never answer for the old one, it says "no such key" instead.
"""

import base64
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from core.crypto.suites import SUITES

VERSION = 1
MAC_KEY_BYTES = 32
Stamp = tuple[int, int, int]


class KeyfileError(ImproperlyConfigured):
    """The key file cannot be used; the message is Chinese and never holds key material."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """One key for fields and files; which cipher it serves is fixed for its life."""

    id: str
    suite: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keyring:
    """Everything in the key file. Old data keys stay, so that older rows and backups remain readable."""

    path: Path
    data_keys: Mapping[str, DataKey] = field(repr=False)
    active: Mapping[str, str]  # cipher -> id of the key that encrypts new values
    index_key: bytes = field(repr=False)
    audit_key: bytes = field(repr=False)
    rotating_to: str = ""  # id of the key an unfinished rotation leads to
    stamp: Stamp = (0, 0, 0)

    def active_key(self, suite: str) -> DataKey:
        if suite not in self.active:
            known = "、".join(sorted(self.active))
            raise KeyfileError(f"加密算法“{suite}”不可用：CADRE_CIPHER 可填 {known}。")
        return self.data_keys[self.active[suite]]


def load_keyring(path: Path) -> Keyring:
    """The keys in `path`; the file is made first when it is missing."""
    if not path.exists():
        _create(path)
    return _read(path)


def stamp_of(path: Path) -> Stamp:
    """Changes whenever the file is replaced; raises OSError when it cannot be seen."""
    info = path.stat()
    return (info.st_mtime_ns, info.st_ino, info.st_size)


def with_new_key(ring: Keyring, suite: str) -> Keyring:
    """Add a key for `suite`, make it the active one and note that a rotation to it is under way."""
    key = _new_key(suite)
    grown = replace(
        ring,
        data_keys={**ring.data_keys, key.id: key},
        active={**ring.active, suite: key.id},
        rotating_to=key.id,
    )
    return _replace(grown)


def rotation_finished(ring: Keyring) -> Keyring:
    return _replace(replace(ring, rotating_to=""))


# -- writing ---------------------------------------------------------------------------------------


def _create(path: Path) -> None:
    """Several processes may start at once: the link makes exactly one of their files the key file."""
    fresh = _write_beside(path, _dump(_new_keyring(path)))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    except OSError as error:
        raise KeyfileError(f"无法建立密钥文件 {path}：{_cause(error)}。请检查该目录的写权限。") from error
    finally:
        fresh.unlink()
    _sync_folder(path.parent)


def _replace(ring: Keyring) -> Keyring:
    fresh = _write_beside(ring.path, _dump(ring))
    fresh.replace(ring.path)
    _sync_folder(ring.path.parent)
    return _read(ring.path)


def _write_beside(path: Path, text: str) -> Path:
    """A complete, synced file next to `path`, so that whoever sees `path` sees all of it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise KeyfileError(f"无法写入密钥文件 {path}：{_cause(error)}。请检查目录是否存在、可写。") from error
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _new_keyring(path: Path) -> Keyring:
    keys = [_new_key(suite) for suite in SUITES]
    return Keyring(
        path=path,
        data_keys={key.id: key for key in keys},
        active={key.suite: key.id for key in keys},
        index_key=secrets.token_bytes(MAC_KEY_BYTES),
        audit_key=secrets.token_bytes(MAC_KEY_BYTES),
    )


def _new_key(suite: str) -> DataKey:
    return DataKey(f"k{secrets.token_hex(4)}", suite, secrets.token_bytes(SUITES[suite].key_bytes))


def _dump(ring: Keyring) -> str:
    content = {
        "version": VERSION,
        "active": dict(ring.active),
        "rotating_to": ring.rotating_to,
        "data_keys": {k.id: {"suite": k.suite, "key": _encoded(k.secret)} for k in ring.data_keys.values()},
        "blind_index_key": _encoded(ring.index_key),
        "audit_key": _encoded(ring.audit_key),
    }
    return json.dumps(content, indent=2) + "\n"


# -- reading ---------------------------------------------------------------------------------------


def _read(path: Path) -> Keyring:
    try:
        stamp = stamp_of(path)
        _refuse_open_mode(path)
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyfileError(
            f"无法读取密钥文件 {path}：{_cause(error)}。请检查文件权限，或从备份恢复原文件。"
        ) from error
    try:
        return _parse(path, stamp, json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # `from None`: the parser's own message may quote key material.
        raise KeyfileError(
            f"密钥文件 {path} 的内容不完整或已损坏（{type(error).__name__}）。"
            "请从备份恢复原文件；不要删除重建，否则已加密的内容将无法读出。"
        ) from None


def _refuse_open_mode(path: Path) -> None:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyfileError(f"密钥文件 {path} 对其他用户开放，不能使用。请执行 chmod 600 {path} 后重试。")


def _parse(path: Path, stamp: Stamp, content: dict[str, Any]) -> Keyring:
    if content["version"] != VERSION:
        raise ValueError("version")
    keys = {kid: _parse_key(kid, entry) for kid, entry in content["data_keys"].items()}
    ring = Keyring(
        path=path,
        data_keys=keys,
        active={str(suite): str(kid) for suite, kid in content["active"].items()},
        index_key=_decoded(content["blind_index_key"], MAC_KEY_BYTES),
        audit_key=_decoded(content["audit_key"], MAC_KEY_BYTES),
        rotating_to=str(content.get("rotating_to", "")),
        stamp=stamp,
    )
    if set(ring.active) != set(SUITES) or any(keys[k].suite != suite for suite, k in ring.active.items()):
        raise ValueError("active")
    return ring


def _parse_key(kid: str, entry: dict[str, str]) -> DataKey:
    suite = SUITES[entry["suite"]]
    if not kid.isalnum():
        raise ValueError("id")
    return DataKey(kid, suite.name, _decoded(entry["key"], suite.key_bytes))


def _encoded(secret: bytes) -> str:
    return base64.b64encode(secret).decode("ascii")


def _decoded(text: str, length: int) -> bytes:
    secret = base64.b64decode(text, validate=True)
    if len(secret) != length:
        raise ValueError("length")
    return secret


def _cause(error: Exception) -> str:
    causes: dict[type[Exception], str] = {
        FileNotFoundError: "目录不存在",
        PermissionError: "没有权限",
        IsADirectoryError: "这是一个目录",
    }
    return causes.get(type(error), type(error).__name__)
