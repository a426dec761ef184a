"""信息核对 and the windows in which corrections are taken."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.access import Role
from growth.models import CheckMember, CorrectionWindow
from tests.architecture.url_access import HR, NOBODY, PK, Access, World, api, form, page
from tests.factories.checks import make_campaign
from tests.factories.people import make_viewer

ME = frozenset({Role.CADRE})


def api_form(answer: int) -> Access:
    return Access(HR, {"pk": "campaign.pk"}, method="post", answer=answer, anonymous=401, forbidden=ME)


def member_form(answer: int) -> Access:
    return Access(HR, {"pk": "checked.pk"}, method="post", answer=answer, anonymous=401, forbidden=ME)


ROWS: dict[str, Access] = {
    "growth/mine/missing/": page(NOBODY),  # which part is in the query
    "growth/check/": page(ME),
    "growth/check/<int:pk>/": page(NOBODY, pk="campaign.pk"),
    "growth/check/<int:pk>/<str:key>/": page(NOBODY, pk="campaign.pk", key="=merit"),
    "growth/campaigns/": page(HR),
    "growth/campaigns/new/": page(HR),
    "growth/campaigns/<int:pk>/": page(HR, pk="campaign.pk"),
    "growth/campaigns/<int:pk>/extend/": page(HR, pk="campaign.pk"),
    "growth/campaigns/<int:pk>/close/": page(HR, pk="campaign.pk"),
    "growth/campaigns/<int:pk>/remind/": form(HR, 302, pk="campaign.pk"),
    "growth/campaigns/<int:pk>/add/": form(HR, 302, pk="campaign.pk"),
    "growth/campaigns/<int:pk>/people/": page(HR, pk="campaign.pk"),
    "growth/campaigns/<int:pk>/people/<int:row>/excuse/": page(HR, pk="campaign.pk", row="checked.pk"),
    "growth/campaigns/<int:pk>/people/<int:row>/restore/": page(HR, pk="campaign.pk", row="checked.pk"),
    "growth/windows/": page(HR),
    "growth/windows/new/": page(HR),
    "growth/windows/<int:pk>/end/": page(HR, pk="window.pk"),
    "api/v1/check-campaigns/$": api(HR | ME),
    f"api/v1/check-campaigns/{PK}/$": api(HR, pk="campaign.pk"),
    f"api/v1/check-campaigns/{PK}/extend/$": api_form(400),
    f"api/v1/check-campaigns/{PK}/close/$": api_form(200),
    f"api/v1/check-campaigns/{PK}/people/$": api_form(400),
    f"api/v1/check-campaigns/{PK}/remind/$": api_form(200),
    "api/v1/check-members/$": api(HR | ME),
    f"api/v1/check-members/{PK}/$": api(HR, pk="checked.pk"),
    f"api/v1/check-members/{PK}/excuse/$": member_form(400),
    f"api/v1/check-members/{PK}/restore/$": member_form(409),
    "api/v1/correction-windows/$": api(HR | ME),
    f"api/v1/correction-windows/{PK}/$": api(HR | ME, pk="window.pk"),
}


def things(world: World) -> dict[str, Any]:
    today = timezone.localdate()
    by = make_viewer(Role.HR, on=today)
    campaign = make_campaign(by=by, starts_on=today, ends_on=today + timedelta(days=9))
    CheckMember.objects.exclude(cadre=world.cadre).delete()  # whoever asks is asked nothing
    return {
        "campaign": campaign,
        "checked": campaign.members.get(),
        "window": CorrectionWindow.objects.create(title="下半年更正", starts_on=today),
    }
