"""Who may read and who may change study activities over HTTP."""

from core.access import Permission
from core.api.permissions import Declaration

EDITING: Declaration = {
    "list": Permission.VIEW_TRAINING,
    "retrieve": Permission.VIEW_TRAINING,
    "create": Permission.EDIT_STUDY,
    "partial_update": Permission.EDIT_STUDY,
}
MARKING: Declaration = {
    "list": Permission.VIEW_TRAINING,
    "retrieve": Permission.VIEW_TRAINING,
    "partial_update": Permission.EDIT_STUDY,
}
