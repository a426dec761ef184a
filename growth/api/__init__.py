"""The endpoints of this app, as `cadre_dev.api_urls` puts them up."""

from growth.api.checks import CampaignViewSet, CheckMemberViewSet, WindowViewSet
from growth.api.files import CorrectionViewSet, GrowthFileViewSet, ReadingViewSet

ROUTES = [
    ("growth-files", GrowthFileViewSet, "api-growth-files"),
    ("corrections", CorrectionViewSet, "api-corrections"),
    ("growth-readings", ReadingViewSet, "api-growth-readings"),
    ("check-campaigns", CampaignViewSet, "api-check-campaigns"),
    ("check-members", CheckMemberViewSet, "api-check-members"),
    ("correction-windows", WindowViewSet, "api-correction-windows"),
]
