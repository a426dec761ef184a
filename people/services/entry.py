"""A cadre comes into the register together with the post held: by it everyone's scope is decided."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.access import Viewer
from people.models import Cadre
from people.services.appointments import appoint
from people.services.cadres import create_cadre


@transaction.atomic
def enter_cadre(*, values: Mapping[str, Any], position: Mapping[str, Any], by: Viewer) -> Cadre:
    """`position` has what `appoint` takes: unit, title, starts_on."""
    cadre = create_cadre(values=values, by=by)
    appoint(cadre=cadre, values=position, by=by)
    return cadre
