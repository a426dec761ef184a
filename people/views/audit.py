"""审计日志: who did what when; the auditor reads and checks, nobody changes."""

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters as filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from core import audit
from core.access import Permission, Role
from core.choices import AuditAction
from core.models import AuditEvent
from core.models.audit import AuditResult
from core.templatetags.ui import cn_time
from core.web.forms import DateInput
from core.web.listing import ListColumn
from core.web.views import DetailPage, ListPage, ViewerMixin


class AuditFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="操作人或对象")
    action = filters.ChoiceFilter(choices=AuditAction.choices, label="操作", empty_label="全部操作")
    result = filters.ChoiceFilter(choices=AuditResult.choices, label="结果", empty_label="全部结果")
    since = filters.DateFilter(field_name="at", lookup_expr="date__gte", label="起始日期", widget=DateInput)
    until = filters.DateFilter(field_name="at", lookup_expr="date__lte", label="截止日期", widget=DateInput)
    ip = filters.CharFilter(label="地址")
    request_id = filters.CharFilter(label="请求编号")

    class Meta:
        model = AuditEvent
        fields: list[str] = []

    def search(self, rows: QuerySet[AuditEvent], name: str, value: str) -> QuerySet[AuditEvent]:
        return rows.filter(Q(actor_name__icontains=value) | Q(label__icontains=value))


def role_words(event: AuditEvent) -> str:
    known = dict(Role.choices)
    return "、".join(str(known.get(code, code)) for code in event.roles.split())


def event_url(event: AuditEvent) -> str:
    return reverse("people:audit_event", args=[event.pk])


class AuditList(ListPage):
    title = "审计日志"
    permission = Permission.VIEW_AUDIT
    model = AuditEvent
    filterset_class = AuditFilter
    main_filters = ("action", "result", "since", "until")
    acts_template = "people/audit_acts.html"
    noun = "记录"
    counter = "条"
    empty_icon = "shield-check"
    export_permission = Permission.VIEW_AUDIT
    columns = (
        ListColumn("seq", "序号", lambda e: e.seq, link=event_url, css="num"),
        ListColumn("at", "时间", lambda e: cn_time(e.at), css="num nowrap", width=20),
        ListColumn("actor", "操作人", lambda e: e.actor_name or "（未登录）", css="nowrap"),
        ListColumn("roles", "角色", role_words, width=20),
        ListColumn("action", "操作", lambda e: audit.label(e.action), css="nowrap"),
        ListColumn("label", "对象", lambda e: e.label, width=40),
        ListColumn("result", "结果", lambda e: e.result, template="people/result_cell.html"),
        ListColumn("ip", "地址", lambda e: e.ip, css="num"),
    )


class AuditPage(DetailPage):
    template_name = "people/audit_event.html"
    permission: ClassVar = Permission.VIEW_AUDIT
    model = AuditEvent

    def get_title(self) -> str:
        return f"第 {self.object.seq} 条"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [("首页", reverse("home")), ("审计日志", reverse("people:audit")), (self.get_title(), "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            event=self.object,
            action=audit.label(self.object.action),
            roles=role_words(self.object),
            changes=audit.readable_changes(self.object),
            **kwargs,
        )


class VerifyAudit(ViewerMixin):
    """Recomputes the chain from the first event to the last."""

    permission: ClassVar = Permission.VIEW_AUDIT
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        problems = audit.verify()
        audit.record(
            action=AuditAction.AUDIT_CHECKED,
            by=self.viewer,
            label=problems[0] if problems else "完整无误",
            result=AuditResult.FAILED if problems else AuditResult.OK,
        )
        if problems:
            more = f"等 {len(problems)} 处问题" if len(problems) > 1 else ""
            messages.error(request, f"日志校验未通过：{problems[0]}{more}请立即保全服务器并查明原因。")
        else:
            messages.success(request, "日志校验通过：从第一条到最后一条首尾相连，没有改动和缺失。")
        at_home = request.POST.get("back") == "home"
        return HttpResponseRedirect(reverse("home" if at_home else "people:audit"))
