from growth.models.declarations import Declarable, NoneDeclared
from growth.models.files import EDITION_PERMISSIONS, GrowthFile, readable_cadres
from growth.models.readings import GrowthReading, ReadingWay
from growth.models.verdicts import CorrectionRequest, CorrectionState, LineVerdict

__all__ = [
    "EDITION_PERMISSIONS",
    "CorrectionRequest",
    "CorrectionState",
    "Declarable",
    "GrowthFile",
    "GrowthReading",
    "LineVerdict",
    "NoneDeclared",
    "ReadingWay",
    "readable_cadres",
]
