"""信息核对 as the cadre goes through it on the phone: part by part, then 确认核对完毕."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.errors import DomainError
from growth.campaigns import Part, is_on, lines_of_part, own_checks, parts_for
from growth.models import CheckMember
from growth.services import confirm_part, finish
from growth.views.mine import OwnMixin


class OwnChecks(OwnMixin):
    """Every campaign that asked the reader, the latest first."""

    title = "年度信息核对"
    template_name = "growth/check/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = own_checks(self.viewer).order_by("-campaign__starts_on", "-pk")
        shown = [(row, is_on(row.campaign, self.viewer.on)) for row in rows]
        return super().get_context_data(rows=shown, **kwargs)


class OfCheck(OwnMixin):
    """A page of one campaign, by its number; to whom it does not ask, it does not exist."""

    @cached_property
    def member(self) -> CheckMember:
        return get_object_or_404(own_checks(self.viewer), campaign=self.kwargs["pk"])

    @cached_property
    def parts(self) -> list[Part]:
        return parts_for(self.member)

    @property
    def here(self) -> str:
        return reverse("growth:check", args=[self.member.campaign_id])

    def part_url(self, part: Part | None) -> str:
        """The page of a part; the overview where there is none."""
        return f"{self.here}{part.key}/" if part else self.here

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [("首页", reverse("home")), ("年度信息核对", reverse("growth:checks")), (self.get_title(), "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        campaign = self.member.campaign
        return super().get_context_data(
            member=self.member,
            campaign=campaign,
            is_on=is_on(campaign, self.viewer.on),
            late=campaign.is_open and campaign.ends_on < self.viewer.on,
            checked=sum(part.checked is not None for part in self.parts),
            parts=[(part, self.part_url(part)) for part in self.parts],
            **kwargs,
        )


class CheckOverview(OfCheck):
    template_name = "growth/check/overview.html"

    def get_title(self) -> str:
        return self.member.campaign.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        left = next((part for part in self.parts if part.checked is None), None)
        return super().get_context_data(next_url=self.part_url(left) if left else "", **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            finish(member=self.member, by=self.viewer, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "已确认核对完毕，谢谢。")
        return HttpResponseRedirect(self.here)


class CheckPartPage(OfCheck):
    """One part: its lines, 有误 at each, 无误 for the rest."""

    template_name = "growth/check/part.html"

    @cached_property
    def place(self) -> int:
        keys = [part.key for part in self.parts]
        if self.kwargs["key"] not in keys:
            raise Http404
        return keys.index(self.kwargs["key"])

    @property
    def at(self) -> Part:
        return self.parts[self.place]

    def get_title(self) -> str:
        return self.at.title

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        home, checks, _ = super().get_crumbs()
        return [home, checks, (self.member.campaign.title, self.here), (self.at.title, "")]

    def neighbour(self, step: int) -> Part | None:
        to = self.place + step
        return self.parts[to] if 0 <= to < len(self.parts) else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = lines_of_part(self.cadre, self.at.key, self.viewer)
        before, after = self.neighbour(-1), self.neighbour(1)
        return super().get_context_data(
            part=self.at,
            lines=lines,
            open_lines=sum(line.is_open for line in lines),
            disputed=sum(line.request is not None for line in lines),
            here=self.part_url(self.at),
            before_url=self.part_url(before) if before else "",
            after=after,
            after_url=self.part_url(after),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            confirm_part(member=self.member, part=self.at.key, by=self.viewer, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(self.part_url(self.at))
        return HttpResponseRedirect(self.part_url(self.neighbour(1)))
