"""The page for the screen in the room: the code, and who is there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from core.charts import qr_svg
from core.web.views import DetailPage
from training.checkin import WINDOW, code_of, seconds_left, token_of, window_at
from training.queries.checkin import board, is_cancelled, rule_for, secret_of, windows_of
from training.views.slots import OfSlot, owner_link, slot_words


class ScreenMixin(OfSlot):
    def board_context(self) -> dict[str, Any]:
        """Everything that changes while the page stands: asked for every few seconds."""
        slot, now = self.slot, timezone.now()
        windows, window = windows_of(slot, rule_for(slot)), window_at(now)
        secret = secret_of(slot)
        code = code_of(secret, window)
        path = reverse("training:scan", args=[token_of(secret, slot.pk, window)])
        leaving = slot.needs_sign_out and now >= windows.out_from
        open_now = windows.phase(now) in ("open", "late") or (leaving and now <= windows.out_until)
        shown = open_now and not is_cancelled(slot)
        return {
            "slot": slot,
            "now": now,
            "phase": windows.phase(now),
            "leaving": leaving,
            "windows": windows,
            "shown": shown,
            "code": (code[:3], code[3:]),
            "qr": qr_svg(self.request.build_absolute_uri(path), title="签到二维码") if shown else "",
            "left": seconds_left(now),
            "seconds": int(WINDOW.total_seconds()),
            "board": board(slot, self.viewer),
        }


class ScreenPage(ScreenMixin, DetailPage):
    template_name = "training/checkin/screen.html"

    def get_title(self) -> str:
        return f"签到大屏：{owner_link(self.slot)[0]}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            owner=owner_link(self.slot)[0], when=slot_words(self.slot), **self.board_context(), **kwargs
        )


class ScreenBoard(ScreenMixin):
    """The part that is asked for again and again."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        response = render(request, "training/checkin/board.html", self.board_context())
        response["Cache-Control"] = "no-store"
        return response
