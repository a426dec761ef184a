"""Where a viewer may write: what is visible but out of reach is refused, the rest does not exist."""

from rest_framework.exceptions import PermissionDenied

from core.access import Permission, Viewer
from people.models import Cadre, Unit

OUT_OF_REACH = "这条记录不在你的管理范围内，请联系它所属部门的经办人办理。"


def require_cadre(viewer: Viewer, cadre: Cadre, permission: Permission = Permission.EDIT_CADRE) -> None:
    """The own record counts as out of reach: nobody keeps the own file (rule R2)."""
    if not Cadre.objects.visible_to(viewer, permission).filter(pk=cadre.pk).exists():
        raise PermissionDenied(OUT_OF_REACH, code="out_of_reach")


def require_unit(viewer: Viewer, permission: Permission, unit: Unit | None) -> None:
    """No unit at all stands for the top of the tree."""
    path = (unit.path or "") if unit else ""
    if not any(path.startswith(prefix) for prefix in viewer.paths(permission)):
        raise PermissionDenied(OUT_OF_REACH, code="out_of_reach")


def private_allowed(viewer: Viewer, cadre: Cadre, permission: Permission) -> bool:
    """Whether the permission reaches this very cadre."""
    allowed: bool = Cadre.objects.visible_to(viewer, permission).filter(pk=cadre.pk).exists()
    return allowed
