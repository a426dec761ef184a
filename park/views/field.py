"""What the pages of projects and enterprises share: rights, forms about one row, photos."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from django.urls import reverse

from core.access import Permission
from core.web.views import FormPage, ObjectMixin, Permissions
from park.access import may_edit_row
from park.models import Enterprise, Project
from park.views.links import Crumbs

PLACES: dict[type[Any], tuple[str, str, str]] = {
    Project: ("园区项目", "park:projects", "park:project"),
    Enterprise: ("园区企业", "park:enterprises", "park:enterprise"),
}


def project_url(project: Project) -> str:
    return reverse("park:project", args=[project.pk])


def enterprise_url(enterprise: Enterprise) -> str:
    return reverse("park:enterprise", args=[enterprise.pk])


def subject_url(subject: Any) -> str:
    name = PLACES[type(subject)][2] if type(subject) in PLACES else "park:task"
    return reverse(name, args=[subject.pk])


def crumbs_of(model: type[Any], *more: tuple[str, str]) -> Crumbs:
    label, url_name, _ = PLACES[model]
    return [("首页", reverse("home")), (label, reverse(url_name)), *more]


class RowForm(ObjectMixin, FormPage):
    """A form about one row of `model`, for those who look after it; other forms override `allowed`."""

    permission: ClassVar[Permissions] = Permission.EDIT_PARK

    def get_queryset(self) -> Any:
        rows = self.model.objects.visible_to(self.viewer)
        return rows.select_related("lead_department", "lead_official")

    def allowed(self) -> bool:
        return may_edit_row(self.object, self.viewer)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.may(self.permission) or not self.allowed():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return crumbs_of(self.model, (str(self.object), subject_url(self.object)), (self.get_title(), ""))

    def get_success_url(self) -> str:
        return subject_url(self.object)
