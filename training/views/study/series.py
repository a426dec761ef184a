"""活动系列: what comes round by itself, and how far ahead it is planned."""

from typing import Any, ClassVar

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse

from core.access import Permission
from core.web.listing import ListColumn, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin
from training.choices import ActivityState
from training.forms.study import DayForm, PlanForm, SeriesForm, plan_default
from training.models import StudyActivity, StudySeries
from training.models.study import NTH
from training.services.study import Planned, create_series, end_series, plan_series, update_series
from training.views.study.activities import audience_of
from training.views.study.common import Crumbs, PlacesMixin, study_crumbs


def series_url(series: StudySeries) -> str:
    return reverse("training:series", args=[series.pk])


def rhythm_words(series: StudySeries) -> str:
    """每周周一 08:30; 每月第一个周五 15:00."""
    day, at = series.get_weekday_display(), f"{series.starts_at:%H:%M}"
    if series.every_months:
        every = "每月" if series.every_months == 1 else f"每 {series.every_months} 个月"
        return f"{every}{dict(NTH)[series.nth]}{day} {at}"
    every = "每周" if series.every_weeks == 1 else f"每 {series.every_weeks} 周"
    return f"{every}{day} {at}"


class SeriesListPage(PlacesMixin, ListPage):
    title = "活动系列"
    place = "series_list"
    template_name = "training/study/list.html"
    permission = Permission.EDIT_STUDY
    model = StudySeries
    noun = "活动系列"
    counter = "个系列"
    acts_template = "training/study/series_acts.html"
    empty_icon = "repeat"
    empty_hint = "例如“周一学习例会”：每周一 08:30，遇节假日顺延。建好后可一次排定几个月。"
    default_sort = "kind"
    sorts = (
        Sort("kind", "类别", ("kind", "name")),
        Sort("name", "名称", ("name",)),
        Sort("planned", "排定到", ("planned_until",)),
    )
    columns = (
        ListColumn("name", "名称", str, sort="name", link=series_url, width=24),
        ListColumn("kind", "类别", lambda s: s.get_kind_display(), sort="kind", css="nowrap"),
        ListColumn("rhythm", "周期", rhythm_words, css="nowrap", width=20),
        ListColumn("shift", "节假日", lambda s: s.get_holiday_shift_display(), css="nowrap"),
        ListColumn("audience", "参加范围", audience_of, width=20),
        ListColumn("ahead", "待开展", lambda s: s.ahead, css="num right"),
        ListColumn(
            "planned",
            "排定到",
            lambda s: s.planned_until,
            sort="planned",
            css="num nowrap",
            template="training/study/cells/date.html",
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        planned = Q(activities__state=ActivityState.PLANNED, activities__held_on__gte=self.viewer.on)
        rows = StudySeries.objects.visible_to(self.viewer).select_related("group", "unit")
        return rows.annotate(  # type: ignore[no-any-return]
            ahead=Count("activities", filter=planned), planned_until=Max("activities__held_on")
        )


class SeriesAct(ObjectMixin):
    permission: ClassVar = Permission.EDIT_STUDY
    model = StudySeries

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("group__unit", "unit")

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        listed = ("活动系列", reverse("training:series_list"))
        return study_crumbs(listed, (self.object.name, series_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return series_url(self.object)


class SeriesPage(DetailPage):
    permission = Permission.EDIT_STUDY
    model = StudySeries
    template_name = "training/study/series.html"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("group", "unit")

    def get_crumbs(self) -> Crumbs:
        return study_crumbs(("活动系列", reverse("training:series_list")), (self.object.name, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        activities = StudyActivity.objects.visible_to(self.viewer).filter(series=self.object)
        ahead = activities.filter(state=ActivityState.PLANNED, held_on__gte=self.viewer.on)
        return super().get_context_data(
            words=rhythm_words(self.object),
            audience=audience_of(self.object),
            ahead=list(ahead.select_related("slot").order_by("held_on")),
            held=activities.filter(state=ActivityState.HELD).count(),
            plan_form=PlanForm(initial={"until": plan_default(self.viewer.on)}),
            ended=self.object.ends_on is not None and self.object.ends_on < self.viewer.on,
            **kwargs,
        )


class NewSeries(FormPage):
    permission: ClassVar = Permission.EDIT_STUDY
    title = "新建活动系列"
    submit_label = "保存系列"
    form_class = SeriesForm
    success_message = "已新建系列，下一步把它排定到具体日期。"

    def get_crumbs(self) -> Crumbs:
        return study_crumbs(("活动系列", reverse("training:series_list")), (self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def act(self, form: SeriesForm) -> StudySeries:
        return create_series(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return series_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:series_list")


class EditSeries(SeriesAct, FormPage):
    title = "修改活动系列"
    form_class = SeriesForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer, "row": self.object}

    def act(self, form: SeriesForm) -> Planned:
        return update_series(series=self.object, values=form.cleaned_data, by=self.viewer, on=self.viewer.on)

    def get_success_message(self) -> str:
        done: Planned = self.result
        words = [f"重新排定 {len(done.made)} 场" if done.removed or done.made else ""]
        words += [f"更新 {done.moved} 场" if done.moved else ""]
        words += [f"{done.kept} 场已有议程、登记或改期的保持原样" if done.kept else ""]
        return "，".join(["已保存", *filter(None, words)]) + "。"


class PlanSeries(SeriesAct, FormPage):
    title = "排定活动"
    submit_label = "排定"
    form_class = PlanForm

    def get_initial(self) -> dict[str, Any]:
        return {"until": plan_default(self.viewer.on)}

    def act(self, form: PlanForm) -> Planned:
        return plan_series(
            series=self.object, until=form.cleaned_data["until"], by=self.viewer, on=self.viewer.on
        )

    def get_success_message(self) -> str:
        made = len(self.result.made)
        return f"已排定 {made} 场，应到名单按当天名册列好。" if made else "到这一天的活动都已排定。"


class EndSeries(SeriesAct, ConfirmPage):
    title = "停办系列"
    submit_label = "停办系列"
    form_class = DayForm

    def get_question(self) -> str:
        return f"停办“{self.object}”？"

    def get_consequence(self) -> str:
        return "最后一天以后还没有人登记的活动会撤掉，已开展的不受影响。"

    def get_initial(self) -> dict[str, Any]:
        return {"on": self.viewer.on}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "label": "最后一天"}

    def act(self, form: DayForm) -> int:
        return end_series(series=self.object, on=form.cleaned_data["on"], by=self.viewer)

    def get_success_message(self) -> str:
        return f"已停办，撤掉 {self.result} 场未开展的活动。"
