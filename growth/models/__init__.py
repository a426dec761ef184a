from growth.models.files import EDITION_PERMISSIONS, GrowthFile
from growth.models.readings import GrowthReading, ReadingWay
from growth.models.verdicts import CorrectionRequest, CorrectionState, LineVerdict

__all__ = [
    "EDITION_PERMISSIONS",
    "CorrectionRequest",
    "CorrectionState",
    "GrowthFile",
    "GrowthReading",
    "LineVerdict",
    "ReadingWay",
]
