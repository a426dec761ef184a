from typing import Any

from core.access import Role
from tests.architecture.url_access import (
    HR,
    PK,
    SEE_TRAINING,
    SEE_TRAINING_OF_OTHERS,
    Access,
    World,
    api,
    page,
)
from tests.architecture.url_rows import (
    meetings,
    training_classes,
    training_hours,
    training_reading,
    training_study,
)

ROWS: dict[str, Access] = {
    # training: the catalogue and the rules are known to whoever sees hours
    "training/classes/": page(SEE_TRAINING),
    "training/classes/new/": page(HR),
    "training/classes/<int:pk>/": page(SEE_TRAINING, pk="participation.training_class_id"),
    "training/classes/<int:pk>/edit/": page(HR, pk="participation.training_class_id"),
    "training/classes/<int:pk>/delete/": page(HR, pk="participation.training_class_id"),
    "training/classes/<int:pk>/people/": page(HR, pk="participation.training_class_id"),
    "training/classes/<int:pk>/people/<int:row>/": page(
        HR, pk="participation.training_class_id", row="participation.pk"
    ),
    "training/classes/<int:pk>/people/<int:row>/remove/": page(
        HR, pk="participation.training_class_id", row="participation.pk"
    ),
    "training/hours/": page(SEE_TRAINING),
    "training/hours/behind/": page(SEE_TRAINING, 302),
    "training/hours/units/": page(SEE_TRAINING),
    "training/hours/mine/": page(frozenset({Role.CADRE})),  # whoever has a record of the own
    "training/hours/<int:pk>/": page(SEE_TRAINING_OF_OTHERS, pk="cadre.pk"),
    "training/rules/": page(SEE_TRAINING),
    "training/rules/<slug:regime>/new/": page(HR, regime="=annual"),
    "api/v1/classes/$": api(SEE_TRAINING),
    f"api/v1/classes/{PK}/$": api(SEE_TRAINING, pk="participation.training_class_id"),
    "api/v1/participations/$": api(SEE_TRAINING),
    f"api/v1/participations/{PK}/$": api(SEE_TRAINING_OF_OTHERS, pk="participation.pk"),
    "api/v1/hours/$": api(SEE_TRAINING),
    f"api/v1/hours/{PK}/$": api(SEE_TRAINING_OF_OTHERS, pk="cadre.pk"),
    **meetings.ROWS,
    **training_classes.ROWS,
    **training_hours.ROWS,
    **training_reading.ROWS,
    **training_study.ROWS,
}


def things(world: World) -> dict[str, Any]:
    return {
        **meetings.things(world),
        **training_classes.things(world),
        **training_hours.things(world),
        **training_reading.things(world),
        **training_study.things(world),
    }
