"""The hours ledger, self-filed study, conversion rules: a part of the table of training."""

from datetime import UTC, datetime
from typing import Any

from core.access import Role
from tests.architecture.url_access import (
    HR,
    NOBODY,
    PK,
    SEE_TRAINING,
    SEE_TRAINING_OF_OTHERS,
    Access,
    World,
    api,
    form,
    page,
)

CADRE = frozenset({Role.CADRE})
DECIDE = HR | {Role.DEPARTMENT_HEAD}


ROWS: dict[str, Access] = {
    "training/conversions/": page(SEE_TRAINING),
    "training/conversions/new/": page(HR),
    "training/conversions/<int:pk>/new/": page(HR, pk="conversion.pk"),
    "training/hours/entries/": page(SEE_TRAINING),
    "training/hours/entries/<int:pk>/": page(SEE_TRAINING_OF_OTHERS, pk="hour_entry.pk"),
    "training/hours/entries/<int:pk>/restore/": form(HR, 302, pk="hour_entry.pk"),
    "training/hours/entries/<int:pk>/reverse/": page(HR, pk="hour_entry.pk"),
    "training/hours/<int:pk>/reach/": page(SEE_TRAINING_OF_OTHERS, pk="cadre.pk"),
    "training/hours/entries/lessons/new/": page(HR),
    "training/hours/reach/": page(SEE_TRAINING),
    # self-filed study: the own record through ME alone, decided on by those who nominate
    "training/self-filed/": page(DECIDE),
    "training/self-filed/approve/": form(DECIDE, 302),
    "training/self-filed/mine/": page(CADRE),
    "training/self-filed/new/": page(CADRE),
    "training/self-filed/<int:pk>/": page(SEE_TRAINING_OF_OTHERS, pk="filing.pk"),
    "training/self-filed/<int:pk>/approve/": form(DECIDE, 302, pk="filing.pk"),
    "training/self-filed/<int:pk>/delete/": page(NOBODY, pk="filing.pk"),
    "training/self-filed/<int:pk>/edit/": page(NOBODY, pk="filing.pk"),
    "training/self-filed/<int:pk>/evidence/": page(SEE_TRAINING_OF_OTHERS, pk="filing.pk"),
    "training/self-filed/<int:pk>/return/": page(DECIDE, pk="filing.pk"),
    "training/self-filed/<int:pk>/submit/": form(NOBODY, pk="filing.pk"),
    "training/self-filed/<int:pk>/withdraw/": form(NOBODY, pk="filing.pk"),
    "api/v1/hour-entries/$": api(SEE_TRAINING),
    f"api/v1/hour-entries/{PK}/$": api(SEE_TRAINING_OF_OTHERS, pk="hour_entry.pk"),
    "api/v1/conversion-rules/$": api(SEE_TRAINING),
    f"api/v1/conversion-rules/{PK}/$": api(SEE_TRAINING, pk="conversion.pk"),
    "api/v1/self-filed/$": api(DECIDE),
    f"api/v1/self-filed/{PK}/$": api(DECIDE, pk="filing.pk"),
    f"api/v1/self-filed/{PK}/decide/$": Access(
        DECIDE, {"pk": "filing.pk"}, method="post", answer=400, anonymous=401
    ),
}


def things(world: World) -> dict[str, Any]:
    """A filing of the cadre that waits, the entry of a participation, a conversion rule."""
    from tests.factories.hours import make_filing
    from tests.factories.people import make_viewer
    from training.models import ConversionRule, HourEntry

    day = datetime.now(UTC).date()
    return {
        "filing": make_filing(make_viewer(cadre=world.cadre, on=day)),
        "hour_entry": HourEntry.objects.get(source_key=world.participation.source_key),
        "conversion": ConversionRule.objects.order_by("pk")[0],
    }
