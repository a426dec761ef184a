"""From a cadre to the key, and from a row to its texts. Who may do so is decided by the callers."""

import base64
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction

from core.crypto import DecryptionError
from core.crypto.suites import SUITES
from core.errors import DomainError
from people.models import Cadre
from wellbeing.models.keys import CadreKey
from wellbeing.sealing import cipher
from wellbeing.sealing.cipher import SealingKey
from wellbeing.sealing.fields import SealedField, sealed_fields


class ErasedError(DomainError):
    """The key was destroyed on purpose: what it sealed is gone."""

    def __init__(self) -> None:
        super().__init__("该干部的个人密钥已销毁，相关内容已永久清除，无法再打开或登记。", code="erased")


def key_of(cadre_id: int) -> SealingKey:
    """The existing key, read afresh each time so that a destroyed one never serves again."""
    found = CadreKey.objects.filter(cadre_id=cadre_id).first()
    if found is None:  # sealed rows without a key: the row of the key was removed behind our back
        raise DecryptionError(cipher.DAMAGED)
    return _unwrapped(found)


def key_for(cadre: Cadre) -> SealingKey:
    """The cadre's key, made on first use; two writers at once end up with the same one."""
    found = CadreKey.objects.filter(cadre=cadre).first()
    if found is None:
        try:
            with transaction.atomic():
                return _unwrapped(_made(cadre))
        except IntegrityError:
            found = CadreKey.objects.get(cadre=cadre)
    return _unwrapped(found)


def _made(cadre: Cadre) -> CadreKey:
    suite = settings.FIELD_CIPHER
    secret = base64.b64encode(secrets.token_bytes(SUITES[suite].key_bytes)).decode("ascii")
    made: CadreKey = CadreKey.objects.create(cadre=cadre, suite=suite, wrapped=secret)
    return made


def _unwrapped(found: CadreKey) -> SealingKey:
    if not found.wrapped:
        raise ErasedError
    return SealingKey(found.uid, found.suite, base64.b64decode(str(found.wrapped)))


def seal_row(row: models.Model, key: SealingKey, texts: Mapping[str, str]) -> dict[str, str]:
    """Puts a token for each given text on the row, and returns the tokens for an update."""
    uid = row.uid  # type: ignore[attr-defined]
    tokens = {
        field.name: cipher.seal_text(key, texts[field.name], context=field.context_for(uid))
        for field in sealed_fields(type(row))
        if field.name in texts
    }
    for name, token in tokens.items():
        setattr(row, name, token)
    return tokens


def open_row(row: models.Model, key: SealingKey, names: Iterable[str]) -> dict[str, str]:
    """The texts of some fields; "" where nothing was ever sealed."""
    return {name: _opened(row, key, name) for name in names}


def _opened(row: models.Model, key: SealingKey, name: str) -> str:
    field: Any = row._meta.get_field(name)
    assert isinstance(field, SealedField)
    token = getattr(row, name)
    uid = row.uid  # type: ignore[attr-defined]
    return cipher.open_text(key, token, context=field.context_for(uid)) if token else ""
