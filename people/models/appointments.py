from typing import Any, Self

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet
from people.choices import AppointmentKind
from people.models.cadres import Cadre, cadre_seen
from people.models.units import Post, Unit


class AppointmentQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_CADRE) -> Self:
        return self.filter(cadre_seen(viewer, permission))


@classify(
    plain="kind unit post organisation title is_main starts_on ends_on document_no note",
    personal="cadre",
)
class Appointment(Period):
    """Who was where when: a post held (任职), a secondment (挂职) or a loan (借调).

    Inside the zone `unit` is set, and `post` where the post register has it; elsewhere `organisation`.
    """

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="appointments", verbose_name="干部")
    kind = models.CharField("类型", max_length=12, choices=AppointmentKind, default=AppointmentKind.POST)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="appointments", null=True, blank=True, verbose_name="机构"
    )
    post = models.ForeignKey(
        Post, models.PROTECT, related_name="appointments", null=True, blank=True, verbose_name="岗位"
    )
    organisation = models.CharField("外部单位", max_length=100, blank=True)
    title = models.CharField("职务", max_length=100, blank=True)
    is_main = models.BooleanField("主要职务", default=True)
    document_no = models.CharField("任职文号", max_length=60, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    objects: Any = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            Period.ends_after_start("appointment_ends_after_start"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | ~Q(organisation=""),
                name="appointment_has_a_place",
                violation_error_message="请填写本区机构或外部单位。",
            ),
        ]
        indexes = [
            models.Index(fields=["cadre", "kind", "starts_on", "ends_on"], name="appointment_of_cadre"),
            models.Index(fields=["unit", "kind", "starts_on", "ends_on"], name="appointment_in_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.place}{self.title}"

    @property
    def place(self) -> str:
        return self.unit.name if self.unit else self.organisation
