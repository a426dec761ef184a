"""更正受理时间: when requests for corrections are taken outside a campaign."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone

from core.access import Permission
from core.web.views import ConfirmPage, FormPage, FramePage, ObjectMixin, Permissions
from growth.forms import EndWindowForm, WindowForm
from growth.models import CheckCampaign, CorrectionWindow
from growth.services import end_window, open_window

EDIT = Permission.EDIT_CADRE
Crumbs = Sequence[tuple[str, str]]


def window_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [
        ("首页", reverse("home")),
        ("更正申请", reverse("growth:corrections")),
        ("更正受理时间", reverse("growth:windows")),
        *more,
    ]


class WindowList(FramePage):
    title = "更正受理时间"
    permission: ClassVar[Permissions] = EDIT
    template_name = "growth/windows.html"

    def may(self, permission: Permissions) -> bool:
        return bool(self.viewer.paths(EDIT))

    def get_crumbs(self) -> Crumbs:
        return [*window_crumbs()[:2], (self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        windows = CorrectionWindow.objects.visible_to(self.viewer).select_related("unit")
        rows = [(window, self._state(window)) for window in windows]
        asking = CheckCampaign.objects.visible_to(self.viewer).running()
        return super().get_context_data(
            rows=rows,
            taken=any(state[1] == "受理中" for _, state in rows),
            campaigns=asking.filter(starts_on__lte=self.viewer.on),
            may_change=self.viewer.sees_all(EDIT),
            **kwargs,
        )

    def _state(self, window: CorrectionWindow) -> tuple[str, str]:
        if window.holds(self.viewer.on):
            return ("green", "受理中")
        return ("blue", "未开始") if window.starts_on > self.viewer.on else ("grey", "已结束")


class NewWindow(FormPage):
    title = "新的受理时间"
    permission: ClassVar[Permissions] = EDIT
    form_class = WindowForm
    submit_label = "保存"
    success_message = "已设定受理时间。"

    def may(self, permission: Permissions) -> bool:
        return self.viewer.sees_all(EDIT)

    def get_crumbs(self) -> Crumbs:
        return window_crumbs((self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": self.viewer.on}

    def act(self, form: WindowForm) -> CorrectionWindow:
        return open_window(values=form.cleaned_data, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("growth:windows")


class EndWindow(ObjectMixin, ConfirmPage):
    title = "结束受理"
    permission: ClassVar[Permissions] = EDIT
    model = CorrectionWindow
    form_class = EndWindowForm
    submit_label = "结束受理"
    success_message = "已设定受理到哪天为止。"

    def may(self, permission: Permissions) -> bool:
        return self.viewer.sees_all(EDIT)

    def get_initial(self) -> dict[str, Any]:
        return {"last_day": self.viewer.on}

    def get_crumbs(self) -> Crumbs:
        return window_crumbs((self.title, ""))

    def get_question(self) -> str:
        return f"结束“{self.object.title}”？"

    def get_consequence(self) -> str:
        return "这一天以后，没有其他受理时间、也不在信息核对中的干部不能提出更正申请；已提出的继续处理。"

    def act(self, form: EndWindowForm) -> None:
        last_day = form.cleaned_data["last_day"]
        end_window(window=self.object, last_day=last_day, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("growth:windows")
