"""The base views under the one name that the apps import from: pages and forms, and the list."""

from core.web.lists import MOST_CHOSEN, PAGE_SIZES, ListPage
from core.web.pages import (
    ConfirmPage,
    DetailPage,
    FormPage,
    FramePage,
    ObjectMixin,
    Permissions,
    PressMixin,
    ViewerMixin,
)

__all__ = [
    "MOST_CHOSEN",
    "PAGE_SIZES",
    "ConfirmPage",
    "DetailPage",
    "FormPage",
    "FramePage",
    "ListPage",
    "ObjectMixin",
    "Permissions",
    "PressMixin",
    "ViewerMixin",
]
