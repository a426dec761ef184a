from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from core.access import Permission, Role, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet
from people.models.cadres import Cadre
from people.models.units import Unit


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)

    def visible_to(self, viewer: Viewer) -> models.QuerySet["User"]:
        if viewer.can(Permission.MANAGE_ACCOUNTS) or viewer.can(Permission.VIEW_GRANTS):
            return self.all()
        return self.filter(pk=viewer.user_id)


@classify(
    plain=(
        "username is_active must_change_password password_changed_at password_issued_at session_generation "
        "last_login created_at"
    ),
    personal="name cadre",
    sensitive="password",
)
class User(AbstractBaseUser):
    """An account. Rights come from RoleGrant alone: there is no superuser and no staff flag."""

    username = models.CharField(
        "登录名", max_length=64, unique=True, error_messages={"unique": "该登录名已被使用。"}
    )
    name = models.CharField("姓名", max_length=60)
    cadre = models.OneToOneField(
        Cadre,
        models.PROTECT,
        related_name="account",
        null=True,
        blank=True,
        verbose_name="对应干部",
        error_messages={"unique": "该干部已有账号。"},
    )
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录须修改密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    password_issued_at = models.DateTimeField("一次性密码发放时间", null=True, blank=True)
    session_generation = models.PositiveIntegerField("登录批次", default=0, editable=False)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)

    objects = UserManager()

    # What the session's backend has already read; None where the grants are still to be asked for.
    known_grants: "list[RoleGrant] | None" = None

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_session_auth_hash(self) -> str:
        """Ends with the generation: a session from before an account was disabled never opens again."""
        return f"{super().get_session_auth_hash()}:{self.session_generation}"

    def has_module_perms(self, app_label: str) -> bool:
        return False


@classify(plain="user created_at", sensitive="encoded")
class PasswordHistory(models.Model):
    """Earlier password hashes, so that the last five can be refused."""

    user = models.ForeignKey(User, models.CASCADE, related_name="old_passwords")
    encoded = models.CharField(max_length=128)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.user}·{timezone.localdate(self.created_at):%Y-%m-%d}"


class RoleGrantQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        if viewer.can(Permission.VIEW_GRANTS):
            return self
        return self.filter(user_id=viewer.user_id)


@classify(plain="user role unit starts_on ends_on granted_by granted_at reason")
class RoleGrant(Period):
    """One role for one account on one subtree for a time; no unit means the whole zone."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name="账号")
    role = models.CharField("角色", max_length=8, choices=Role)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="管辖机构"
    )
    granted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="授权人"
    )
    granted_at = models.DateTimeField("授权时间", auto_now_add=True)
    reason = models.CharField("依据", max_length=200, blank=True)

    objects: Any = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "授权"
        ordering = ["user", "role", "starts_on"]
        constraints = [Period.ends_after_start("role_grant_ends_after_start")]

    def __str__(self) -> str:
        return f"{self.user}·{self.get_role_display()}·{self.unit or '全区'}"
