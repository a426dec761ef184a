"""The bell's page, one's own settings, and the channels of the administrator."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import View

from core.access import Permission
from core.choices import ChannelKind
from core.errors import DomainError
from core.keys import keys_of
from core.models import Channel, Notification, NotificationSetting
from core.notifications import queries, services
from core.notifications.channels.base import path_of
from core.notifications.filters import NotificationFilter
from core.notifications.forms import FORMS, ChannelForm, SettingForm
from core.notifications.kinds import kind_of
from core.templatetags.ui import cn_time
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import FormPage, FramePage, ListPage, ObjectMixin, ViewerMixin

Crumbs = Sequence[tuple[str, str]]
MOST_CHOSEN = 200


def open_url(row: Notification) -> str:
    return reverse("notification", args=[row.pk])


class NotificationList(ListPage):
    title = "通知"
    model = Notification
    template_name = "core/notifications/list.html"
    filterset_class = NotificationFilter
    main_filters = ("kind", "unread")
    views = (SavedView("全部", ""), SavedView("未读", "unread=true"))
    noun = "通知"
    counter = "条"
    empty_icon = "bell"
    empty_hint = "有新的任务、班次或到期事项时，会在这里告诉您。"
    default_sort = "-when"
    sorts = (Sort("when", "时间", ("created_at",)), Sort("kind", "类别", ("kind", "-created_at")))
    acts_template = "core/notifications/acts.html"
    bulk_template = "core/notifications/bulk.html"
    columns = (
        ListColumn("title", "内容", str, template="core/notifications/title_cell.html"),
        ListColumn("state", "状态", lambda row: row.read_at, template="core/notifications/state_cell.html"),
        ListColumn("kind", "类别", lambda row: kind_of(row.kind).label, sort="kind", css="nowrap"),
        ListColumn("when", "时间", lambda row: cn_time(row.created_at), sort="when", css="num nowrap"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kinds=queries.unread_by_kind(self.viewer), **kwargs)


class OpenNotification(ObjectMixin):
    """Goes where the notification leads; having gone there is having read it."""

    model = Notification

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        services.mark_read(by=self.viewer, at=timezone.now(), only=[self.object.pk])
        return redirect(path_of(self.object) or reverse("notifications"))


class MarkRead(ViewerMixin, View):
    """The chosen ones, or all when the button says so."""

    def post(self, request: HttpRequest) -> HttpResponse:
        count = services.mark_read(by=self.viewer, at=timezone.now(), only=self._chosen(request))
        messages.success(request, f"已把 {count} 条通知标为已读。")
        return redirect("notifications")

    def _chosen(self, request: HttpRequest) -> list[int] | None:
        if "all" in request.POST:
            return None
        return keys_of(request.POST.getlist("chosen")[:MOST_CHOSEN])


class Settings(FormPage):
    title = "通知设置"
    form_class = SettingForm
    success_message = "已保存通知设置。"
    template_name = "core/notifications/settings.html"

    def get_crumbs(self) -> Crumbs:
        return [("首页", reverse("home")), ("通知", reverse("notifications")), (self.title, "")]

    def get_success_url(self) -> str:
        return reverse("notifications")

    def get_form_kwargs(self) -> dict[str, Any]:
        own = NotificationSetting.objects.visible_to(self.viewer).first()
        return super().get_form_kwargs() | {"instance": own or NotificationSetting()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(open_channels=queries.open_channels(), **kwargs)

    def act(self, form: SettingForm) -> NotificationSetting:
        return services.change_setting(values=form.cleaned_data, by=self.viewer)


class ChannelsPage(FramePage):
    title = "通知渠道"
    permission: ClassVar = Permission.MANAGE_ACCOUNTS
    template_name = "core/notifications/channels.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(states=queries.channel_states(self.viewer), **kwargs)


class ChannelMixin(ViewerMixin):
    permission: ClassVar = Permission.MANAGE_ACCOUNTS

    @cached_property
    def kind(self) -> ChannelKind:
        if self.kwargs["kind"] not in ChannelKind.values:
            raise Http404
        return ChannelKind(self.kwargs["kind"])

    @cached_property
    def channel(self) -> Channel | None:
        return Channel.objects.visible_to(self.viewer).filter(kind=self.kind).first()


class EditChannel(ChannelMixin, FormPage):
    success_message = "已保存通知渠道，可以发送一条测试消息。"

    def get_title(self) -> str:
        return self.kind.label

    def get_crumbs(self) -> Crumbs:
        return [("首页", reverse("home")), ("通知渠道", reverse("channels")), (self.get_title(), "")]

    def get_form_class(self) -> type[ChannelForm]:
        return FORMS[self.kind]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"channel": self.channel}

    def get_initial(self) -> dict[str, Any]:
        form = self.get_form_class()
        shown = [name for name in form.base_fields if name not in form.secrets]
        return {name: getattr(self.channel, name) for name in shown} if self.channel else {}

    def get_success_url(self) -> str:
        return reverse("channels")

    def act(self, form: ChannelForm) -> Channel:
        return services.change_channel(kind=self.kind, values=form.values(), by=self.viewer)


class TestChannel(ChannelMixin):
    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        if self.channel is None:
            raise Http404
        try:
            services.test_channel(channel=self.channel, by=self.viewer, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"已通过{self.kind.label}发出一条测试消息，请到那里查收。")
        return redirect("channels")
