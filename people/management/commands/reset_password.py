"""The way back for an administrator who has forgotten the password: by whoever holds the server."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from people.models import User
from people.services.accounts import ONE_TIME_HOURS, reset_password


class Command(BaseCommand):
    help = "在服务器上重置一个账号的密码（管理员的密码只能这样重置），记入审计日志"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="登录名")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有登录名为“{username}”的账号，请核对。")
        password = reset_password(user=user, by=None, issued_at=timezone.now())
        self.stdout.write(f"{username}\t{password}\t{ONE_TIME_HOURS} 小时内有效，首次登录须修改")
