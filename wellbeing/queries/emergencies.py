"""Which talks an emergency access may be asked for: that they were held, nothing else about them."""

from django.db.models import QuerySet

from people.models import Cadre
from wellbeing.choices.talks import TalkState
from wellbeing.models import Talk

READABLE = (TalkState.DRAFT, TalkState.FINAL, TalkState.SIGNING, TalkState.ARCHIVED)


def talks_to_ask_for(cadres: QuerySet[Cadre]) -> QuerySet[Talk]:
    rows: QuerySet[Talk] = Talk.objects.filter(cadre__in=cadres, state__in=READABLE, erased_at__isnull=True)
    return rows.select_related("cadre", "talker").order_by("-held_on", "-pk")
