from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.access import Permission
from people.access import viewer_for
from people.models import User

pytestmark = pytest.mark.django_db


def test_the_first_accounts_can_log_in_and_hold_one_role_each():
    output = StringIO()
    call_command("setup_accounts", stdout=output)
    rows = [line.split("\t") for line in output.getvalue().splitlines()[1:]]
    assert [row[0] for row in rows] == ["sysadmin", "secadmin", "auditor", "hr"]
    for username, _, password in rows:
        user = User.objects.get(username=username)
        assert user.check_password(password)
        assert user.must_change_password
    hr = viewer_for(User.objects.get(username="hr"), on=timezone.localdate())
    assert hr.can(Permission.IMPORT)


def test_it_never_adds_accounts_to_a_system_in_use():
    call_command("setup_accounts", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("setup_accounts", stdout=StringIO())
    assert User.objects.count() == 4
