"""年度信息核对: who is asked to check the own record, how far each has come; when corrections are taken."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.links import user_key
from core.periods import Period, PeriodQuerySet
from growth.models.verdicts import CorrectionRequest, CorrectionState
from people.choices import CadreStatus, StaffType
from people.models import Cadre, Unit
from people.models.cadres import cadre_seen

EDIT, OWN = Permission.EDIT_CADRE, Permission.VIEW_GROWTH_SELF


class CheckState(models.TextChoices):
    """Where one cadre stands; reckoned from the two times of the row."""

    OPEN = "open", "未开始"
    BEGUN = "begun", "核对中"
    DONE = "done", "已核对"


CHECK_COLOURS = {CheckState.OPEN: "yellow", CheckState.BEGUN: "blue", CheckState.DONE: "green"}
IN_STATE = {
    CheckState.OPEN: Q(began_at=None, done_at=None),
    CheckState.BEGUN: Q(began_at__isnull=False, done_at=None),
    CheckState.DONE: Q(done_at__isnull=False),
}
# Whoever has left meanwhile is not waited for; what was done stays.
STAYS = Q(cadre__status=CadreStatus.ACTIVE) | Q(done_at__isnull=False)


class CampaignQuerySet(models.QuerySet["CheckCampaign"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those who keep records; a cadre knows of those that ask for the own."""
        if viewer.paths(EDIT):
            return self
        if not viewer.on_own_record(OWN):
            return self.none()
        return self.filter(members__cadre=viewer.cadre_id)

    def running(self) -> Self:
        return self.filter(closed_at=None)


@classify(
    plain=(
        "year title starts_on ends_on parts unit staff_types chosen note opened_at opened_by closed_at "
        "closed_by"
    ),
)
class CheckCampaign(models.Model):
    """One round in which cadres check their records. It runs until it is closed; `ends_on` is when it is due.

    `parts` holds keys of sections of the growth file. Who is asked: a unit with all below it or everyone, of
    certain kinds of staff or of all; or, with `chosen`, people picked in the roster.
    """

    year = models.PositiveSmallIntegerField(
        "年度", validators=[MinValueValidator(2000), MaxValueValidator(2199)]
    )
    title = models.CharField("名称", max_length=60)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("截止日期")
    parts = models.JSONField("核对内容", default=list)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="部门（含下级）"
    )
    staff_types = models.JSONField("身份", default=list, blank=True)
    chosen = models.BooleanField("名册中选定", default=False)
    note = models.CharField("给干部的说明", max_length=200, blank=True)
    opened_at = models.DateTimeField("发起时间")
    opened_by = user_key("发起人")
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    closed_by = user_key("结束人", null=True)

    objects: Any = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "信息核对"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="check_campaign_span",
                violation_error_message="截止日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="check_campaign_closed_by_someone",
            ),
            models.UniqueConstraint(
                fields=["title"],
                name="check_campaign_title_once",
                violation_error_message="已有同名的信息核对，请换一个名称。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def audience(self) -> str:
        """Who was asked, in words."""
        if self.chosen:
            return "名册中选定的人员"
        place = f"{self.unit.name}（含下级）" if self.unit else "全部在职干部"
        kinds = "、".join(str(StaffType(kind).label) for kind in self.staff_types)
        return f"{place}，{kinds}" if kinds else place


class MemberQuerySet(models.QuerySet["CheckMember"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those who keep records, in their scope and never themselves; the cadre the own row."""
        condition = Q(pk__in=())
        if viewer.paths(EDIT):
            condition |= cadre_seen(viewer, EDIT)
        if viewer.on_own_record(OWN):
            condition |= Q(cadre=viewer.cadre_id)
        return self.filter(condition)

    def expected(self) -> Self:
        """Nobody who has left meanwhile or was taken off the list."""
        return self.listed().filter(STAYS)

    def expected_or_excused(self) -> Self:
        return self.filter(STAYS | Q(excused_at__isnull=False))

    def listed(self) -> Self:
        return self.filter(excused_at=None)

    def excused(self) -> Self:
        return self.filter(excused_at__isnull=False)

    def in_state(self, state: CheckState) -> Self:
        return self.filter(IN_STATE[state])

    def with_disputes(self) -> Self:
        """Adds `disputed`: whether a correction the cadre asked for is still to be decided."""
        waiting = CorrectionRequest.objects.filter(cadre=OuterRef("cadre"), state=CorrectionState.OPEN)
        return self.annotate(disputed=Exists(waiting))


@classify(plain="campaign unit lines digest excused_at excused_by", personal="cadre began_at done_at excuse")
class CheckMember(models.Model):
    """One cadre of a campaign. `lines` and `digest` say of how many lines, and of which, it was the word.

    `excuse`: why the office does not wait for this one (免核对), such as long leave; it can be taken back.
    """

    campaign = models.ForeignKey(
        CheckCampaign, models.CASCADE, related_name="members", verbose_name="信息核对"
    )
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="+", verbose_name="干部")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="时任部门"
    )
    began_at = models.DateTimeField("开始核对", null=True, blank=True)
    done_at = models.DateTimeField("核对完毕", null=True, blank=True)
    lines = models.PositiveIntegerField("核对条数", default=0)
    digest = models.CharField("核对内容摘要", max_length=64, blank=True)
    excused_at = models.DateTimeField("免核对时间", null=True, blank=True)
    excused_by = user_key("免核对经办人", null=True)
    excuse = models.CharField("免核对原因", max_length=200, blank=True)

    objects: Any = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "核对人员"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "cadre"], name="checked_once_per_campaign"),
            models.CheckConstraint(
                condition=Q(done_at=None, digest="") | (Q(done_at__isnull=False) & ~Q(digest="")),
                name="what_was_checked_is_kept",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(began_at__isnull=False), name="checked_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(excused_at=None, excused_by=None, excuse="")
                | (Q(excused_at__isnull=False, excused_by__isnull=False, done_at=None) & ~Q(excuse="")),
                name="an_excused_check_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["cadre", "done_at"], name="check_of_cadre")]

    def __str__(self) -> str:
        return f"{self.cadre}·{self.campaign}"

    @property
    def state(self) -> CheckState:
        if self.done_at:
            return CheckState.DONE
        return CheckState.BEGUN if self.began_at else CheckState.OPEN


class CheckedPartQuerySet(models.QuerySet["CheckedPart"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(member__in=CheckMember.objects.visible_to(viewer))


@classify(plain="member part lines at digest")
class CheckedPart(models.Model):
    """A part gone through: each of its lines confirmed or disputed; `digest` is of what stood there then."""

    member = models.ForeignKey(CheckMember, models.CASCADE, related_name="parts", verbose_name="核对人员")
    part = models.CharField("部分", max_length=60)
    lines = models.PositiveIntegerField("条数")
    digest = models.CharField("内容摘要", max_length=64)
    at = models.DateTimeField("核对时间")

    objects: Any = CheckedPartQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "已核对的部分"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["member", "part"], name="part_checked_once")]

    def __str__(self) -> str:
        return f"{self.member}·{self.part}"


class CorrectionWindowQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """When requests are taken is no secret to those who may make or decide them."""
        return self if viewer.can(EDIT) or viewer.can(OWN) else self.none()


@classify(plain="title unit starts_on ends_on note")
class CorrectionWindow(Period):
    """A time in which requests for corrections are taken, of a unit with all below it or of everyone.

    Outside every window only those are taken whose cadre a running campaign asks.
    """

    title = models.CharField("名称", max_length=60)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="部门（含下级）"
    )
    note = models.CharField("说明", max_length=200, blank=True)

    objects: Any = CorrectionWindowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更正受理时间"
        ordering = ["-starts_on", "-pk"]
        constraints = [Period.ends_after_start("correction_window_ends_after_start")]

    def __str__(self) -> str:
        return self.title
