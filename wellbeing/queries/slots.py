"""Whom a cadre may turn to, and which times those people offer."""

from datetime import date, datetime

from django.db.models import QuerySet

from people.models import User
from wellbeing.choices.triggers import TalkerRelation
from wellbeing.models import TalkDuty, TalkSlot
from wellbeing.queries.organisation import Organisation, Placements


def talkers_for(cadre_id: int, *, on: date) -> dict[int, TalkerRelation]:
    """Account → relation of those who stand above the cadre today, and of those who owe him a talk."""
    organisation, place = Organisation.on(on), Placements([cadre_id]).on(cadre_id, on)
    found: dict[int, TalkerRelation] = {}
    for relation in TalkerRelation:
        talker = organisation.talker_for(relation, cadre_id=cadre_id, unit_path=place.path)
        if talker is not None:
            found.setdefault(talker, relation)
    owing = TalkDuty.objects.unmet().filter(cadre_id=cadre_id, talker__isnull=False)
    for talker_id, code in owing.values_list("talker_id", "relation"):
        found.setdefault(talker_id, TalkerRelation(code))
    return found


def talker_choices(cadre_id: int, *, on: date) -> list[tuple[User, TalkerRelation]]:
    """The same with the accounts, in the order of the relations."""
    relations = talkers_for(cadre_id, on=on)
    users = User.objects.filter(pk__in=relations)
    order = list(TalkerRelation)
    return sorted(((user, relations[user.pk]) for user in users), key=lambda pair: order.index(pair[1]))


def open_slots(cadre_id: int, *, on: date, after: datetime) -> QuerySet[TalkSlot]:
    """Free times ahead that the cadre's own talkers offer."""
    talkers = talkers_for(cadre_id, on=on)
    slots: QuerySet[TalkSlot] = TalkSlot.objects.free().filter(talker_id__in=talkers, starts_at__gt=after)
    return slots.select_related("talker")
