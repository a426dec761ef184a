from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import audit
from core.choices import AuditAction
from core.crypto.cipher import ensure_keyfile
from core.crypto.keyfile import Keyring, rotation_finished, with_new_key
from core.crypto.rotation import Tally, reencrypt_all

MOST_NAMED = 20


class Command(BaseCommand):
    help = "启用新的数据密钥，并用它重新加密全部加密字段；中断后再次执行即可继续。系统可照常使用。"

    def handle(self, *args: Any, **options: Any) -> None:
        ring = self._ring_with_target(ensure_keyfile())
        tally = reencrypt_all(self._progress)
        audit.record(
            action=AuditAction.KEYS_ROTATED,
            by=None,
            object_type="keyfile",
            object_id=ring.rotating_to,
            label=f"重新加密 {tally.changed} 个值",
            reason=f"{len(tally.unreadable)} 个值无法读出" if tally.unreadable else "",
            result="failed" if tally.unreadable else "ok",
        )
        self._refuse_unreadable(tally)
        rotation_finished(ensure_keyfile())
        self.stdout.write(f"已重新加密 {tally.changed} 个值。")
        self.stdout.write("旧密钥保留在密钥文件中，供读取旧备份。请重新备份密钥文件。")

    def _ring_with_target(self, ring: Keyring) -> Keyring:
        target = ring.data_keys.get(ring.rotating_to)
        if target and target.suite == settings.FIELD_CIPHER:
            self.stdout.write(f"继续上次未完成的轮换，密钥 {ring.rotating_to}。")
            return ring
        ring = with_new_key(ring, settings.FIELD_CIPHER)
        self.stdout.write(f"已启用新密钥 {ring.rotating_to}。")
        return ring

    def _progress(self, label: str, done: int, total: int) -> None:
        self.stdout.write(f"{label} {done}/{total}")

    def _refuse_unreadable(self, tally: Tally) -> None:
        if tally.unreadable:
            named = "、".join(tally.unreadable[:MOST_NAMED])
            raise CommandError(
                f"{len(tally.unreadable)} 个值无法读出，保持原样：{named}。请从备份恢复这些记录后再次执行。"
            )
