"""Calendar files: for a slot or a class, and subscriptions of a cadre that need no login."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.views.generic import View

from core.access import Permission
from core.web.forms import Form
from core.web.views import FormPage, ObjectMixin
from training.ics import Entry, calendar_file
from training.models import CalendarFeed, Slot, TrainingClass
from training.queries.feeds import entries_of_cadre, entries_of_class, entries_of_slots, feed_by_token
from training.services.feeds import note_reading, open_feed, revoke_feed
from training.views.acts import ActView


def ics_response(name: str, entries: list[Entry], *, saved: bool = True) -> HttpResponse:
    response = HttpResponse(calendar_file(name, entries), content_type="text/calendar; charset=utf-8")
    if saved:
        response["Content-Disposition"] = str(content_disposition_header(True, f"{name}.ics"))
    return response


class SlotFile(ObjectMixin):
    permission = Permission.VIEW_TRAINING
    model = Slot

    def get_queryset(self) -> QuerySet[Slot]:
        return super().get_queryset().select_related("training_class", "activity")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        slot = self.object
        return ics_response(str(slot), entries_of_slots([slot], at=timezone.now()))


class ClassFile(ObjectMixin):
    permission = Permission.VIEW_TRAINING
    model = TrainingClass

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return ics_response(self.object.name, entries_of_class(self.object, at=timezone.now()))


@method_decorator(login_not_required, name="dispatch")
class FeedFile(View):
    """What a calendar program fetches by itself: the token is the key, and says whose calendar it is."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        feed = feed_by_token(token)
        if feed is None:
            raise Http404
        now = timezone.now()
        note_reading(feed=feed, on=timezone.localdate(now))
        entries = entries_of_cadre(feed.cadre_id, at=now)
        response = ics_response(f"{feed.cadre.name}的日程", entries, saved=False)
        response["Cache-Control"] = "private, max-age=900"
        return response


class FeedForm(Form):
    name = forms.CharField(
        label="用在哪里", max_length=40, help_text="例如“手机日历”“办公电脑”，便于以后停用"
    )


class FeedsPage(FormPage):
    """The own subscriptions, a form for a new one, and, just after, its address for the only time."""

    title = "日历订阅"
    permission: ClassVar = Permission.VIEW_TRAINING
    template_name = "training/calendar/feeds.html"
    form_class = FeedForm
    submit_label = "建立订阅"

    def may(self, permission: Any) -> bool:
        return super().may(permission) and self.viewer.on_own_record(Permission.VIEW_TRAINING)

    def get_crumbs(self) -> list[tuple[str, str]]:
        mine = ("我的日历", reverse("training:my_calendar"))
        return [("首页", reverse("home")), mine, (self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        feeds = CalendarFeed.objects.visible_to(self.viewer)
        return super().get_context_data(feeds=feeds, fresh=getattr(self, "fresh", ""), **kwargs)

    def form_valid(self, form: FeedForm) -> HttpResponse:
        """Answers with the page itself: the address must not travel through a redirect or a session."""
        response = super().form_valid(form)
        if not hasattr(self, "result"):
            return response
        _, token = self.result
        self.fresh = self.request.build_absolute_uri(reverse("training:feed", args=[token]))
        return self.render_to_response(self.get_context_data(form=FeedForm()))

    def act(self, form: FeedForm) -> Any:
        return open_feed(name=form.cleaned_data["name"], by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("training:feeds")

    def get_cancel_url(self) -> str:
        return reverse("training:my_calendar")


class RevokeFeed(ActView):
    permission: ClassVar = Permission.VIEW_TRAINING
    model = CalendarFeed

    def act(self) -> str:
        revoke_feed(feed=self.object, by=self.viewer, at=timezone.now())
        return "已停用，这个地址不再能读取日程。"

    def get_success_url(self) -> str:
        return reverse("training:feeds")
