"""Keeping, sharing and forgetting a view of a list."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.http import QueryDict

from core.access import EXCLUSIVE_ROLES, OWN_RECORD_ROLE, Permission, Role, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.models import DefaultView, SavedView
from core.saving import apply_changes, changes_to, save_validated, values_of
from core.web import picking

MOST_VIEWS = 20  # of one person for one list: more tabs than that nobody reads
FIELDS = ("list_key", "name", "query", "columns", "roles")
SHAREABLE = tuple(role for role in Role if role not in EXCLUSIVE_ROLES and role != OWN_RECORD_ROLE)


def parts_of(query_string: str) -> dict[str, Any]:
    """An address as a view keeps it: filters and order, and the columns beside them."""
    query = QueryDict(query_string)
    columns = list(dict.fromkeys(query.getlist("col")))[: picking.MOST_COLUMNS]
    return {"query": picking.bare(query), "columns": columns}


def with_columns(query_string: str, columns: Sequence[str]) -> str:
    """The address of a list with these columns."""
    query = QueryDict(query_string, mutable=True)
    if columns:
        query.setlist("col", list(columns))
    return query.urlencode()


@transaction.atomic
def save_view(
    *, list_key: str, name: str, query_string: str, by: Viewer, roles: Sequence[str] = (), first: bool = False
) -> SavedView:
    """A new view of the present address; `first`: the list opens with it."""
    mine = SavedView.objects.owned_by(by).filter(list_key=list_key)
    if mine.count() >= MOST_VIEWS:
        message = f"这个列表已存了 {MOST_VIEWS} 个视图，请先删除不用的。"
        raise DomainError(message, code="too_many_views")
    view = SavedView(
        list_key=list_key,
        name=name.strip(),
        owner_id=by.user_id,
        roles=_roles(roles, by),
        **parts_of(query_string),
    )
    save_validated(view)
    record(action=AuditAction.VIEW_CHANGED, by=by, subject=view, changes=values_of(view, FIELDS))
    if first:
        set_first(view=view, first=True, by=by)
    return view


@transaction.atomic
def update_view(*, view: SavedView, values: Mapping[str, Any], by: Viewer) -> SavedView:
    """Changes name, roles or (as `query_string`) what the view shows; only its owner may."""
    _refuse_others(view, by)
    given = dict(values)
    if "query_string" in given:
        given |= parts_of(given.pop("query_string"))
    if "roles" in given:
        given["roles"] = _roles(given["roles"], by)
    changes = changes_to(view, given)
    if changes:
        apply_changes(view, changes)
        save_validated(view)
        record(action=AuditAction.VIEW_CHANGED, by=by, subject=view, changes=changes)
    return view


@transaction.atomic
def delete_view(*, view: SavedView, by: Viewer) -> None:
    _refuse_others(view, by)
    record(action=AuditAction.VIEW_CHANGED, by=by, subject=view, label=f"删除视图：{view}")
    view.delete()


@transaction.atomic
def set_first(*, view: SavedView, first: bool, by: Viewer) -> None:
    """Whether the viewer's list opens with the view; a view of others that is shared may be chosen too."""
    if first:
        DefaultView.objects.update_or_create(
            user_id=by.user_id, list_key=view.list_key, defaults={"view": view}
        )
    else:
        DefaultView.objects.filter(user=by.user_id, view=view).delete()


def opens_with(*, view: SavedView, by: Viewer) -> bool:
    return DefaultView.objects.filter(user=by.user_id, view=view).exists()


def _roles(roles: Iterable[str], by: Viewer) -> str:
    wanted = [role for role in SHAREABLE if role in set(roles)]
    if wanted and not by.can(Permission.SHARE_VIEWS):
        raise DomainError("你没有共享视图的权限，可以先存为自己的视图。", field="roles", code="not_allowed")
    return f",{','.join(role.value for role in wanted)}," if wanted else ""


def _refuse_others(view: SavedView, by: Viewer) -> None:
    if view.owner_id != by.user_id:
        message = "这是别人共享的视图，不能修改；可以另存为自己的视图。"
        raise DomainError(message, code="not_allowed")
