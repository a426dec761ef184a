"""Who may take which part in a case, and how they hear of it. Titles name nobody and nothing."""

from collections.abc import Iterable
from datetime import date

from core.access import ROLE_PERMISSIONS, Permission, Role, Viewer
from core.errors import DomainError
from core.notifications import notify
from people.models import Cadre, RoleGrant, User
from wellbeing.models import CareCase
from wellbeing.queries.organisation import Placements

EDIT, APPROVE, OWN = Permission.EDIT_CARE, Permission.APPROVE_CARE, Permission.OWN_WELLBEING
KIND = "wellbeing.care"


def refuse_handler(cadre: Cadre, by: Viewer) -> None:
    """Handlers act for the people of their units, never for themselves."""
    if by.cadre_id == cadre.pk:
        raise DomainError("不能为本人办理慰问救助，请由其他经办人办理。", code="self")
    if not Cadre.objects.visible_to(by, EDIT).filter(pk=cadre.pk).exists():
        raise DomainError("该干部不在您经办的范围内，请由所在单位的经办人办理。", code="not_allowed")


def refuse_other_handler(case: CareCase, by: Viewer) -> None:
    """The acts on a case are its handler's; another one of the unit may take it over first."""
    refuse_handler(case.cadre, by)
    if case.handler_id != by.user_id:
        message = f"这件由{case.handler}经办；需要您办理的，请先点“接手办理”。"
        raise DomainError(message, code="not_handler")


def refuse_approver(case: CareCase, by: Viewer) -> None:
    if by.cadre_id == case.cadre_id:
        raise DomainError("不能审批给本人的慰问救助，请由其他领导审批。", code="self")
    if by.user_id == case.handler_id:
        raise DomainError("不能审批自己经办的申请，请由其他领导审批。", code="self")
    if not Cadre.objects.visible_to(by, APPROVE).filter(pk=case.cadre_id).exists():
        raise DomainError("该干部不在您审批的范围内。", code="not_allowed")


def own_cadre(by: Viewer) -> Cadre:
    if by.cadre_id is None or not by.on_own_record(OWN):
        raise DomainError("只有关联了干部档案的本人能办理。", code="not_allowed")
    return Cadre.objects.get(pk=by.cadre_id)


def holders_of(permission: Permission, cadre_id: int, *, on: date) -> list[int]:
    """Accounts that hold the permission where the cadre works, but for the cadre's own."""
    path = Placements([cadre_id]).on(cadre_id, on).path
    roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held and role != Role.CADRE]
    rows = RoleGrant.objects.covering(on).filter(role__in=roles, user__is_active=True)
    rows = rows.exclude(user__cadre_id=cadre_id) | rows.filter(user__cadre_id=None)
    found = rows.values_list("user_id", "unit__path")
    return sorted({user for user, unit_path in found if path.startswith(unit_path or "")})


def accounts_of(cadre_id: int) -> list[int]:
    return list(User.objects.filter(cadre_id=cadre_id, is_active=True).values_list("pk", flat=True))


def tell(users: Iterable[int | None], title: str, *, key: str, on: date, url_name: str, pk: int = 0) -> None:
    notify(
        recipients=sorted({user for user in users if user is not None}),
        kind=KIND,
        title=title,
        key=f"{KIND}:{key}",
        on=on,
        url_name=url_name,
        args=(pk,) if pk else (),
    )
