"""核对规则: a new version from a day on."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.access import Viewer
from rotation.models import MoveRule
from rotation.queries.rules import NAMES
from rotation.services.versions import open_version


@transaction.atomic
def open_move_rule(*, values: Mapping[str, Any], by: Viewer | None) -> MoveRule:
    rule = MoveRule(**values)
    open_version(rule, MoveRule.objects.all(), fields=NAMES, by=by, act="启用核对规则")
    return rule
