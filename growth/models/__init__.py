from growth.models.campaigns import (
    CHECK_COLOURS,
    CheckCampaign,
    CheckedPart,
    CheckMember,
    CheckState,
    CorrectionWindow,
)
from growth.models.declarations import Declarable, NoneDeclared
from growth.models.files import EDITION_PERMISSIONS, GrowthFile, readable_cadres
from growth.models.readings import GrowthReading, ReadingWay
from growth.models.verdicts import CorrectionRequest, CorrectionState, LineVerdict

__all__ = [
    "CHECK_COLOURS",
    "EDITION_PERMISSIONS",
    "CheckCampaign",
    "CheckMember",
    "CheckState",
    "CheckedPart",
    "CorrectionRequest",
    "CorrectionState",
    "CorrectionWindow",
    "Declarable",
    "GrowthFile",
    "GrowthReading",
    "LineVerdict",
    "NoneDeclared",
    "ReadingWay",
    "readable_cadres",
]
