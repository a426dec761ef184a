"""The slots of one campaign: how many places are left, set up for a span of days, changed, taken away."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from core.templatetags.ui import cn_time
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, FormPage, ListPage, ObjectMixin, Permissions
from wellbeing.choices.checkups import BOOKABLE, CampaignState
from wellbeing.filters.checkups import SlotFilter
from wellbeing.forms.checkups import SlotForm, SlotsForm
from wellbeing.models import CheckupSlot
from wellbeing.services.checkups.slots import change_slot, drop_slot, open_slots
from wellbeing.views.checkups.campaigns import EDIT, CampaignMixin, Crumbs, campaign_url, checkup_crumbs
from wellbeing.views.checkups.members import OfCampaign

PLANNING = (CampaignState.DRAFT, *BOOKABLE)


class SlotList(OfCampaign, ListPage):
    title = "体检时段"
    model = CheckupSlot
    filterset_class = SlotFilter
    noun = "时段"
    counter = "个"
    main_filters = ("left",)
    acts_template = "wellbeing/checkups/slot_acts.html"
    empty_icon = "calendar-clock"
    empty_hint = "和体检机构商定日期、时间和每天名额后，在这里设置时段，干部才能预约。"
    export_permission = EDIT
    default_sort = "starts"
    sorts = (Sort("starts", "时间", ("starts_at",)), Sort("place", "地点", ("place", "starts_at")))
    views = (SavedView("全部", ""), SavedView("有空位", "left=free"), SavedView("已满", "left=full"))
    columns = (
        ListColumn(
            "starts", "开始", lambda s: cn_time(s.starts_at), sort="starts", css="num nowrap b", width=20
        ),
        ListColumn("ends", "结束", lambda s: cn_time(s.ends_at), css="num nowrap", width=20),
        ListColumn("place", "地点", lambda s: s.place, sort="place", width=24),
        ListColumn("capacity", "名额", lambda s: s.capacity, css="num right"),
        ListColumn("taken", "已预约", lambda s: s.seats_taken, css="num right"),
        ListColumn("left", "剩余", lambda s: s.seats_left, css="num right"),
        ListColumn(
            "acts", "操作", lambda s: "", template="wellbeing/checkups/slot_cell.html", in_export=False
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = CheckupSlot.objects.visible_to(self.viewer)
        return rows.filter(campaign=self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        changes = self.viewer.sees_all(EDIT) and self.object.state in PLANNING
        return super().get_context_data(campaign=self.object, changes=changes, **kwargs)


def slots_url(campaign_id: int) -> str:
    return reverse("wellbeing:checkup_slots", args=[campaign_id])


class NewSlots(CampaignMixin, FormPage):
    title = "设置时段"
    form_class = SlotsForm
    states = PLANNING

    def get_initial(self) -> dict[str, Any]:
        row = self.object
        return {"first": row.starts_on, "last": row.ends_on, "begins": "08:00", "ends": "10:00"}

    def act(self, form: SlotsForm) -> list[CheckupSlot]:
        return open_slots(campaign=self.object, **form.cleaned_data, by=self.viewer)

    def get_success_message(self) -> str:
        return f"已设置 {len(self.result)} 个时段。"

    def get_success_url(self) -> str:
        return slots_url(self.object.pk)


class OneSlot(ObjectMixin):
    permission: ClassVar[Permissions] = EDIT
    model = CheckupSlot

    def may(self, permission: Permissions) -> bool:
        return self.viewer.sees_all(EDIT)

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = CheckupSlot.objects.visible_to(self.viewer)
        return rows.select_related("campaign").filter(campaign__state__in=PLANNING)

    @cached_property
    def campaign(self) -> Any:
        return self.object.campaign

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return checkup_crumbs(
            (self.campaign.title, campaign_url(self.campaign)),
            ("体检时段", slots_url(self.campaign.pk)),
            (here, ""),
        )

    def get_success_url(self) -> str:
        return slots_url(self.campaign.pk)


class ChangeSlot(OneSlot, FormPage):
    title = "调整时段"
    form_class = SlotForm
    success_message = "已保存；时间或地点有变化的，已通知预约的人。"

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("starts_at", "ends_at", "place", "capacity")}

    def act(self, form: SlotForm) -> None:
        change_slot(slot=self.object, values=form.cleaned_data, by=self.viewer, on=self.viewer.on)


class DropSlot(OneSlot, ConfirmPage):
    title = "删除时段"
    submit_label = "删除时段"
    success_message = "已删除。"

    def get_question(self) -> str:
        return f"删除 {cn_time(self.object.starts_at)} 的时段？"

    def get_consequence(self) -> str:
        return "有人预约的时段不能删除，先改约或取消他们的预约。"

    def act(self, form: Any) -> None:
        _ = self.campaign  # known before the row is gone
        drop_slot(slot=self.object, by=self.viewer)
