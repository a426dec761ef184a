"""首页 of the three administrators: what runs, who may what, what was done. Never a cadre's content."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.access import Permission, Viewer
from core.asking import Steps, asked
from core.choices import AuditAction
from core.jobs.filters import failed_of_week
from core.jobs.queries import SILENCE
from core.models import AuditEvent, Job
from core.models.audit import AuditResult
from core.models.jobs import WorkerBeat
from people.checks import ACCOUNT_CHECKS, accounts_to_check
from people.contracts import Duty, Figure, Link, Panel, Press, duties, home_figures, home_panels
from people.models import User

RUNS, GRANTS, AUDITS = Permission.MANAGE_ACCOUNTS, Permission.MANAGE_GRANTS, Permission.VIEW_AUDIT
WEEK = timedelta(days=7)
FRESH = timedelta(days=2)  # a backup older than this is a backup missed
LEAST_FREE = 10  # per cent of the disk
SHOWN = 8
# Whom each administrator is to look at: the office of the one is not the office of the other.
OF_SYSTEM, OF_SECURITY = ("departed", "unused"), ("locked", "without", "ending", "year_old")


def failed_jobs(viewer: Viewer) -> QuerySet[Job]:
    return failed_of_week(Job.objects.visible_to(viewer))


def newest_backup() -> datetime | None:
    """When the newest file came into the backup folder; None without a folder, or with an empty one."""
    folder = settings.BACKUP_DIR
    files = (one.stat().st_mtime for one in Path(folder).iterdir() if one.is_file()) if folder else ()
    newest = max(files, default=0.0)
    return datetime.fromtimestamp(newest, tz=timezone.get_current_timezone()) if newest else None


def free_share() -> int:
    """Per cent of the data disk that is free."""
    disk = shutil.disk_usage(settings.DATA_DIR)
    return round(100 * disk.free / disk.total)


# The system administrator


@home_figures.register("core.running", order=5, permission=RUNS)
def running_figures(*, viewer: Viewer) -> Iterator[Figure]:
    alive = yield from asked(WorkerBeat.objects.filter(at__gte=timezone.now() - SILENCE))
    jobs = Link("jobs")
    yield Figure("后台执行进程", len(alive), "个", jobs, note="在运行" if alive else "没有运行，任务不会执行")
    yield Figure("失败的任务", failed_jobs(viewer), "个", jobs, "failed=week", "最近 7 天")
    yield Figure("磁盘剩余", free_share(), "%", Link("help_part", ("操作手册",)), note="数据目录所在磁盘")
    yield Figure("最近备份", *_backup_words(viewer.on), Link("help_part", ("操作手册",)), note=_backup_note())
    users = Link("people:accounts")
    yield Figure("启用的账号", User.objects.filter(is_active=True), "个", users, "active=True")


def _backup_words(on: date) -> tuple[int | str, str]:
    newest = newest_backup()
    return ((on - timezone.localdate(newest)).days, "天前") if newest else ("—", "")


def _backup_note() -> str:
    return "按备份目录里最新的文件" if settings.BACKUP_DIR else "没有设置备份目录，不能核对"


@duties.register("core.worker", order=1, permission=RUNS)
def worker_stands_still(*, viewer: Viewer) -> Iterator[Duty]:
    alive = yield from asked(WorkerBeat.objects.filter(at__gte=timezone.now() - SILENCE))
    if not alive:
        reason = "提醒、导入、批量生成档案都靠它。请启动 manage.py worker，或检查系统服务。"
        yield Duty("core.worker", "后台执行进程没有运行", viewer.on, Link("jobs"), reason=reason)


@duties.register("core.failed_jobs", order=2, permission=RUNS, waits=failed_jobs)
def jobs_failed(*, viewer: Viewer) -> Iterator[Duty]:
    rows = yield from asked(failed_jobs(viewer).order_by("-created_at")[:1])
    for job in rows:
        link = Link("jobs", query="failed=week")
        yield Duty(
            "core.failed_jobs", "有任务没有完成", None, link, reason=f"最近一个：{job.title}，{job.message}"
        )


@duties.register("core.disk", order=3, permission=RUNS)
def disk_is_full(*, viewer: Viewer) -> Iterator[Duty]:
    if (left := free_share()) < LEAST_FREE:
        reason = "清理旧备份和日志，或扩容；写满后不能再保存。"
        yield Duty("core.disk", f"磁盘只剩 {left}%", viewer.on, Link("jobs"), reason=reason)


@duties.register("core.backup", order=4, permission=RUNS)
def backup_is_old(*, viewer: Viewer) -> Iterator[Duty]:
    link = Link("help_part", ("操作手册",))
    newest = newest_backup()
    if not settings.BACKUP_DIR:
        reason = "把每天备份所放的目录写进 CADRE_BACKUP_DIR，系统才能核对备份是不是按时做了。"
        yield Duty("core.backup", "没有设置备份目录", None, link, reason=reason)
    elif newest is None or newest < timezone.now() - FRESH:
        said = f"最近一次是 {timezone.localdate(newest):%Y-%m-%d}。" if newest else "备份目录是空的。"
        yield Duty("core.backup", "备份没有按时做", viewer.on, link, reason=f"{said}请检查备份任务。")


# Accounts and grants


def _to_check(code: str, permission: Permission, order: int) -> None:
    check = ACCOUNT_CHECKS[code]

    def waits(viewer: Viewer) -> QuerySet[Any]:
        return accounts_to_check(code, viewer.on)

    @duties.register(f"core.accounts_{code}", order=order, permission=permission, waits=waits)
    def source(*, viewer: Viewer) -> Iterator[Duty]:
        found = yield from asked(waits(viewer).order_by("name", "pk"))
        link = Link("people:accounts", query=f"check={code}")
        names = "、".join(user.name for user in found[:3])
        more = f"等 {len(found)} 人" if len(found) > 3 else ""
        title = f"{len(found)} 个账号：{check.label}"
        yield Duty(f"core.accounts_{code}", title, None, link, count=len(found), reason=f"{names}{more}")


for _order, _code in enumerate(OF_SYSTEM, start=10):
    _to_check(_code, RUNS, _order)
for _order, _code in enumerate(OF_SECURITY, start=12):
    _to_check(_code, GRANTS, _order)


@home_figures.register("core.grants", order=5, permission=GRANTS)
def grant_figures(*, viewer: Viewer) -> Iterator[Figure]:
    link = Link("people:accounts")
    for code, label in (
        ("without", "还没有授权"),
        ("ending", "授权将到期"),
        ("year_old", "授权应复核"),
        ("locked", "登录被锁定"),
    ):
        note = ACCOUNT_CHECKS[code].label
        yield Figure(label, accounts_to_check(code, viewer.on), "个账号", link, f"check={code}", note)
    yield Figure("停用的账号", User.objects.filter(is_active=False), "个", link, "active=False")


def _week_ago() -> datetime:
    return timezone.now() - WEEK


# The auditor


def _since(viewer: Viewer) -> str:
    return f"{viewer.on - WEEK:%Y-%m-%d}"


def _of_week(viewer: Viewer, condition: Q) -> QuerySet[AuditEvent]:
    """As the list of the log says it: from the day a week ago on."""
    rows: QuerySet[AuditEvent] = AuditEvent.objects.visible_to(viewer)
    return rows.filter(condition, at__date__gte=viewer.on - WEEK)


def _verified() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(action=AuditAction.AUDIT_CHECKED).defer("changes").order_by("-seq")[:1]


@home_figures.register("core.audit", order=5, permission=AUDITS)
def audit_figures(*, viewer: Viewer) -> Iterator[Figure]:
    log, since = Link("people:audit"), _since(viewer)
    last = yield from asked(_verified())
    days = (viewer.on - timezone.localdate(last[0].at)).days if last else "—"
    note = "还没有校验过" if not last else "通过" if last[0].result == AuditResult.OK else "没有通过"
    yield Figure("日志校验", days, "天前" if last else "", log, f"action={AuditAction.AUDIT_CHECKED}", note)
    for label, condition, query in (
        ("本周导出", Q(action=AuditAction.EXPORTED), f"action={AuditAction.EXPORTED}"),
        ("本周登录失败", Q(action=AuditAction.LOGIN_FAILED), f"action={AuditAction.LOGIN_FAILED}"),
        ("本周新授权", Q(action=AuditAction.GRANT_ADDED), f"action={AuditAction.GRANT_ADDED}"),
        ("本周被拒绝", Q(result=AuditResult.REFUSED), f"result={AuditResult.REFUSED}"),
    ):
        yield Figure(label, _of_week(viewer, condition), "次", log, f"{query}&since={since}", "最近 7 天")


@duties.register("core.verify", order=1, permission=AUDITS)
def log_to_verify(*, viewer: Viewer) -> Iterator[Duty]:
    last = yield from asked(_verified())
    if last and last[0].result != AuditResult.OK:
        reason = "请立即保全服务器，查明原因。"
        yield Duty("core.verify", "审计日志校验没有通过", viewer.on, Link("people:audit"), reason=reason)
    elif not last or last[0].at < _week_ago():
        yield Duty(
            key="core.verify",
            title="一周没有校验审计日志" if last else "还没有校验过审计日志",
            due_on=viewer.on,
            link=Link("people:audit"),
            reason="从第一条算到最后一条，看有没有改动、缺失。",
            press=Press("现在校验", Link("people:audit_verify")),
        )


@home_panels.register("core.exports", order=10, permission=AUDITS, label="本周的导出")
def exports_of_the_week(*, viewer: Viewer) -> Steps[Panel | None]:
    rows = _of_week(viewer, Q(action=AuditAction.EXPORTED)).defer("changes").order_by("-seq")
    events = yield from asked(rows[:SHOWN])
    query = f"action={AuditAction.EXPORTED}&since={_since(viewer)}"
    context: dict[str, object] = {"events": events, "query": query}
    return Panel("core.exports", "本周的导出", "people/home_events.html", context) if events else None
