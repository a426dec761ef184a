"""信息核对 for tests: a campaign that runs around the factories' day, opened by the service itself."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.access import Role, Viewer
from growth.campaigns import meant
from growth.models import CheckCampaign, CheckMember
from growth.services import open_campaign
from people.models import Cadre
from tests.factories.people import TODAY, make_viewer

AT = datetime(2026, 11, 2, 2, tzinfo=UTC)


def make_campaign(
    *, by: Viewer | None = None, parts: tuple[str, ...] = ("merit",), **values: Any
) -> CheckCampaign:
    values.setdefault("title", "2026年度干部信息核对")
    values.setdefault("year", 2026)
    values.setdefault("starts_on", TODAY)
    values.setdefault("ends_on", TODAY + timedelta(days=20))
    by = by or make_viewer(Role.HR)
    cadres = meant(on=by.on, unit=values.get("unit"), staff_types=values.get("staff_types", ()))
    return open_campaign(values=values | {"parts": list(parts)}, cadres=cadres, by=by, at=AT)


def member_of(campaign: CheckCampaign, cadre: Cadre) -> CheckMember:
    found: CheckMember = CheckMember.objects.select_related("campaign", "cadre").get(
        campaign=campaign, cadre=cadre
    )
    return found


def later(days: int) -> date:
    return TODAY + timedelta(days=days)
