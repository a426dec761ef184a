"""The first accounts of a real installation: the three separate administrators and one personnel officer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from core.access import Role
from people.models import User
from people.services.accounts import create_account, grant_role

FIRST_ACCOUNTS = (
    ("sysadmin", "系统管理员", Role.SYSADMIN),
    ("secadmin", "安全管理员", Role.SECADMIN),
    ("auditor", "安全审计员", Role.AUDITOR),
    ("hr", "组织人事专员", Role.HR),
)


class Command(BaseCommand):
    help = "新装系统时建立首批账号（三员和组织人事专员），一次性密码只显示这一次"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("系统中已有账号，不再建立首批账号；请由系统管理员在“用户与授权”中新建。")
        self.stdout.write("登录名\t姓名\t一次性密码")
        for username, name, role in FIRST_ACCOUNTS:
            user, password = create_account(username=username, name=name, by=None, issued_at=timezone.now())
            grant_role(user=user, role=role, starts_on=timezone.localdate(), by=None, reason="系统初装")
            self.stdout.write(f"{username}\t{name}\t{password}")
