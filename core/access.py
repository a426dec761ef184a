"""Who may do what, on which part of the unit tree, as of which day.

Permissions are an enum, roles are sets of them, scope is data (people.RoleGrant). Everything is denied
that no grant allows; grants only add. The roles and their limits follow the access matrix in
docs/architecture.md; the three administrators (SYS, SEC, AUD) never see a cadre's content.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import TextChoices

T = TypeVar("T")


class Permission(TextChoices):
    """Stored nowhere but in code; the values are short codes for logs and the API."""

    VIEW_CADRE = "cadre.view", "查看干部基本信息"
    EDIT_CADRE = "cadre.edit", "维护干部信息"
    EXPORT_CADRE = "cadre.export", "导出干部名册"
    VIEW_RESUME = "resume.view", "查看简历与考核"
    VIEW_FAMILY = "family.view", "查看家庭成员、身份证号和联系方式"
    IMPORT = "import.run", "导入花名册、台账和任免审批表"
    VIEW_TRAINING = "training.view", "查看培训与学时"
    EDIT_TRAINING = "training.edit", "维护培训班次与学时"
    SIGN_UP = "training.sign_up", "报名、签到和填报自学"
    NOMINATE = "training.nominate", "推荐参训人选、填报培训需求"
    EDIT_STUDY = "study.edit", "维护学习活动与考勤"
    VIEW_PARK = "park.view", "查看园区任务、项目和企业"
    EDIT_PARK = "park.edit", "分解、交办和维护园区任务"
    APPROVE_PARK = "park.approve", "审核销号和延期"
    REPORT_PARK = "park.report", "填报本人承担任务的进展和走访"
    PLAN_TALK = "talk.plan", "安排谈心谈话"
    HOLD_TALK = "talk.hold", "开展谈心谈话并记录"
    VIEW_TALK_COVERAGE = "talk.coverage", "查看谈心谈话覆盖情况"
    OWN_TALK = "talk.own", "查看和签阅本人谈话、申请谈话"
    BREAK_GLASS = "talk.break_glass", "申请紧急调阅谈话内容"
    APPROVE_BREAK_GLASS = "talk.break_glass_approve", "批准紧急调阅"
    REVIEW_BREAK_GLASS = "talk.break_glass_review", "复核紧急调阅"
    EDIT_CHECKUP = "checkup.edit", "安排健康体检"
    VIEW_CHECKUP_COVERAGE = "checkup.coverage", "查看体检覆盖情况"
    EDIT_CARE = "care.edit", "办理慰问、救助和帮扶"
    APPROVE_CARE = "care.approve", "审批慰问、救助和帮扶"
    REPORT_CARE = "care.report", "报告干部的婚育、住院、丧亲和困难"
    OWN_WELLBEING = "wellbeing.own", "查看本人体检、慰问和活动，提出申请"
    VIEW_DISCIPLINE = "discipline.view", "查看督查问题和处理"
    EDIT_DISCIPLINE = "discipline.edit", "开展督查、登记问题和处理"
    VIEW_EFFECT_PERIOD = "discipline.flag", "查看是否处于影响期"
    VIEW_SECONDMENT = "secondment.view", "查看挂职"
    EDIT_SECONDMENT = "secondment.edit", "办理挂职"
    APPROVE_SECONDMENT = "secondment.approve", "审批挂职"
    REVIEW_SECONDMENT = "secondment.review", "审阅挂职月报、填写派出单位意见"
    VIEW_ROTATION = "rotation.view", "查看轮岗方案"
    EDIT_ROTATION = "rotation.edit", "拟订轮岗方案"
    DECIDE_ROTATION = "rotation.decide", "研究决定轮岗方案"
    VIEW_GROWTH_SELF = "growth.self", "查看成长档案本人版"
    VIEW_GROWTH_LEADER = "growth.leader", "查看成长档案领导版"
    VIEW_GROWTH_ARCHIVE = "growth.archive", "查看成长档案归档版"
    MAKE_GROWTH = "growth.make", "生成成长档案"
    VIEW_UNIT = "unit.view", "查看机构与岗位"
    EDIT_UNIT = "unit.edit", "维护机构与岗位"
    MANAGE_ACCOUNTS = "account.manage", "管理账号"
    VIEW_GRANTS = "grant.view", "查看授权"
    MANAGE_GRANTS = "grant.manage", "授予和收回角色"
    VIEW_AUDIT = "audit.view", "查阅审计日志"
    EDIT_RULES = "rule.edit", "维护学时等规则"
    SHARE_VIEWS = "view.share", "按角色共享常用视图"


class Role(TextChoices):
    SYSADMIN = "SYS", "系统管理员"
    SECADMIN = "SEC", "安全管理员"
    AUDITOR = "AUD", "安全审计员"
    HR = "HR", "组织人事专员"
    PARTY = "PTY", "党务专员"
    DEPARTMENT_HEAD = "DH", "部门负责人"
    VICE_LEADER = "VL", "分管领导"
    TOP_LEADER = "TL", "主要领导"
    DISCIPLINE = "JJ", "纪检专员"
    CADRE = "ME", "干部本人"


P = Permission
_SEES = frozenset({P.VIEW_CADRE, P.VIEW_UNIT, P.VIEW_TRAINING, P.VIEW_PARK, P.VIEW_SECONDMENT})
_TALKS = frozenset({P.HOLD_TALK, P.VIEW_TALK_COVERAGE})
_LEADS = (
    _SEES
    | _TALKS
    | {
        P.VIEW_RESUME,
        P.VIEW_GROWTH_LEADER,
        P.APPROVE_PARK,
        P.APPROVE_CARE,
        P.VIEW_CHECKUP_COVERAGE,
        P.VIEW_DISCIPLINE,
        P.VIEW_ROTATION,
        P.DECIDE_ROTATION,
        P.APPROVE_SECONDMENT,
        P.REVIEW_SECONDMENT,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.SYSADMIN: frozenset({P.MANAGE_ACCOUNTS, P.VIEW_GRANTS, P.VIEW_UNIT}),
    Role.SECADMIN: frozenset({P.VIEW_GRANTS, P.MANAGE_GRANTS, P.VIEW_UNIT}),
    Role.AUDITOR: frozenset({P.VIEW_AUDIT, P.VIEW_GRANTS, P.REVIEW_BREAK_GLASS}),
    Role.HR: _SEES
    | {
        P.EDIT_CADRE,
        P.EXPORT_CADRE,
        P.VIEW_RESUME,
        P.VIEW_FAMILY,
        P.IMPORT,
        P.EDIT_TRAINING,
        P.EDIT_STUDY,
        P.NOMINATE,
        P.VIEW_GROWTH_SELF,
        P.VIEW_GROWTH_LEADER,
        P.VIEW_GROWTH_ARCHIVE,
        P.MAKE_GROWTH,
        P.EDIT_UNIT,
        P.EDIT_RULES,
        P.EDIT_PARK,
        P.PLAN_TALK,
        P.EDIT_CHECKUP,
        P.VIEW_CHECKUP_COVERAGE,
        P.REPORT_CARE,
        P.VIEW_EFFECT_PERIOD,
        P.EDIT_SECONDMENT,
        P.REVIEW_SECONDMENT,
        P.VIEW_ROTATION,
        P.EDIT_ROTATION,
        P.SHARE_VIEWS,
    }
    | _TALKS,
    Role.PARTY: _SEES
    | _TALKS
    | {
        P.EDIT_STUDY,
        P.PLAN_TALK,
        P.EDIT_CHECKUP,
        P.VIEW_CHECKUP_COVERAGE,
        P.EDIT_CARE,
        P.SHARE_VIEWS,
        P.REPORT_CARE,
    },
    Role.DEPARTMENT_HEAD: _SEES
    | _TALKS
    | {
        P.VIEW_RESUME,
        P.NOMINATE,
        P.EDIT_PARK,
        P.APPROVE_PARK,
        P.REVIEW_SECONDMENT,
        P.REPORT_CARE,
        P.VIEW_CHECKUP_COVERAGE,
    },
    Role.VICE_LEADER: _LEADS | {P.APPROVE_BREAK_GLASS},
    Role.TOP_LEADER: _LEADS | {P.VIEW_GROWTH_ARCHIVE, P.VIEW_GRANTS, P.BREAK_GLASS},
    Role.DISCIPLINE: frozenset(
        {
            P.VIEW_CADRE,
            P.VIEW_UNIT,
            P.VIEW_DISCIPLINE,
            P.EDIT_DISCIPLINE,
            P.VIEW_EFFECT_PERIOD,
            P.APPROVE_BREAK_GLASS,
        }
    )
    | _TALKS,
    # On the own record only, whatever the scope of the grant says.
    Role.CADRE: frozenset(
        {
            P.VIEW_CADRE,
            P.VIEW_RESUME,
            P.VIEW_FAMILY,
            P.VIEW_TRAINING,
            P.SIGN_UP,
            P.VIEW_GROWTH_SELF,
            P.MAKE_GROWTH,
            P.VIEW_PARK,
            P.REPORT_PARK,
            P.OWN_TALK,
            P.OWN_WELLBEING,
            P.VIEW_SECONDMENT,
        }
    ),
}

# Separation of duties: each administrator role excludes every other role (security.md 1.2).
EXCLUSIVE_ROLES = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})

# The one role that reaches the own record (rule R2: nobody reads or signs the own case as staff).
OWN_RECORD_ROLE = Role.CADRE

# What a staff or leader role still reads of a declared relative: level L2, and no act of any kind (rule R2).
ON_RELATIVES = frozenset(
    {P.VIEW_CADRE, P.VIEW_TRAINING, P.VIEW_PARK, P.VIEW_SECONDMENT, P.VIEW_CHECKUP_COVERAGE}
)


@dataclass(frozen=True, slots=True)
class ScopedGrant:
    """One role on one part of the unit tree; `path` is the unit's materialised path, "" the whole tree."""

    role: Role
    path: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person reading or acting on one day; grants outside their dates are already left out."""

    user_id: int
    name: str
    on: date
    cadre_id: int | None = None
    grants: tuple[ScopedGrant, ...] = ()
    _asked: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def remember(self, question: str, answer: Callable[[], T]) -> T:
        """Asks the database once per request for what several parts of one page show."""
        if question not in self._asked:
            self._asked[question] = answer()
        known: T = self._asked[question]
        return known

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def can(self, permission: Permission) -> bool:
        """Whether any grant holds the permission, wherever its scope is."""
        return any(permission in ROLE_PERMISSIONS[grant.role] for grant in self.grants)

    def paths(self, permission: Permission) -> tuple[str, ...]:
        """Path prefixes of the subtrees on which a staff or leader role holds the permission."""
        scoped = (grant for grant in self.grants if grant.role != OWN_RECORD_ROLE)
        return tuple(sorted({g.path for g in scoped if permission in ROLE_PERMISSIONS[g.role]}))

    def sees_all(self, permission: Permission) -> bool:
        return "" in self.paths(permission)

    def on_own_record(self, permission: Permission) -> bool:
        """Whether the permission holds on the viewer's own cadre record."""
        return self.cadre_id is not None and any(
            grant.role == OWN_RECORD_ROLE and permission in ROLE_PERMISSIONS[grant.role]
            for grant in self.grants
        )
