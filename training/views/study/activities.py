"""学习活动: the list, one activity, and what is done with it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import Case, QuerySet, When
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.web.forms import Form
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, PressMixin
from training.choices import ActivityState, AttendanceState, StudyKind
from training.filters.study import ActivityFilter
from training.forms.study import (
    EditActivityForm,
    NewActivityForm,
    PostponeForm,
    ReasonForm,
    RecordFieldsForm,
)
from training.models import ActivityFile, Article, Attendance, StudyActivity, StudyLeave
from training.queries.study import Tally, activity_list, agenda_of, attendance_rows, tally_of
from training.queries.study.leave import latest_leaves, leaves_to_decide
from training.services.study import (
    cancel_activity,
    create_activity,
    hold_activity,
    postpone_activity,
    reopen_activity,
    sync_roster,
    update_activity,
    write_record,
)
from training.views.study.common import (
    ActivityAct,
    Crumbs,
    PlacesMixin,
    activity_url,
    now,
    study_crumbs,
)

NAMES_SHOWN = 12
NEAR = timedelta(days=14)


def audience_of(activity: Any) -> str:
    return str(activity.group or activity.unit or "全区在职干部")


def heads_of(activity: Any) -> str:
    """Came and due once it was held, before that whom it expects."""
    if activity.state == ActivityState.HELD:
        return f"{activity.came}/{activity.due}"
    return str(activity.due)


class ActivityListPage(PlacesMixin, ListPage):
    title = "学习活动"
    place = "activities"
    template_name = "training/study/list.html"
    permission = Permission.VIEW_TRAINING
    model = StudyActivity
    filterset_class = ActivityFilter
    noun = "学习活动"
    counter = "场"
    main_filters = ("kind", "state", "group")
    acts_template = "training/study/list_acts.html"
    empty_icon = "users-round"
    empty_hint = "可以新建一场，也可以先建“活动系列”，一次排定几个月的周一例会和主题党日。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "recent"
    sorts = (
        Sort("recent", "最近", ("far", "-held_on", "-starts_at")),
        Sort("date", "时间", ("held_on", "starts_at")),
        Sort("kind", "类别", ("kind", "held_on")),
        Sort("title", "名称", ("title",)),
        Sort("due", "应到人数", ("due",)),
    )
    columns = (
        ListColumn("title", "活动名称", str, sort="title", link=activity_url, width=36),
        ListColumn(
            "kind",
            "类别",
            lambda a: a.get_kind_display(),
            sort="kind",
            css="nowrap",
            template="training/study/cells/kind.html",
        ),
        ListColumn("theme", "主题", lambda a: a.get_theme_display(), on_page=False),
        ListColumn(
            "date",
            "时间",
            lambda a: a.held_on,
            sort="date",
            css="num nowrap",
            template="training/study/cells/when.html",
        ),
        ListColumn("place", "地点", lambda a: a.place, width=20),
        ListColumn("audience", "参加范围", audience_of, width=20),
        ListColumn("due", "到/应到", heads_of, sort="due", css="num right nowrap"),
        ListColumn(
            "state",
            "状态",
            lambda a: a.get_state_display(),
            css="nowrap",
            template="training/study/cells/state.html",
        ),
        ListColumn("chair", "主持人", lambda a: a.chair, on_page=False),
        ListColumn("recorder", "记录人", lambda a: a.recorder, on_page=False),
    )

    @property
    def views(self) -> Any:  # type: ignore[override]
        on = self.viewer.on
        return (
            SavedView("全部", ""),
            SavedView("即将开展", f"state=planned&since={on:%Y-%m-%d}&sort=date"),
            SavedView("待登记", "todo=register"),
            SavedView(f"{on.year}年", f"year={on.year}"),
        )

    def get_queryset(self) -> QuerySet[Any]:
        """What lies more than two weeks ahead comes after what is near and what was."""
        far = Case(When(held_on__gt=self.viewer.on + NEAR, then=1), default=0)
        return activity_list(self.viewer).annotate(far=far)  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(today=self.viewer.on, **kwargs)


class ActivityPage(DetailPage):
    permission = Permission.VIEW_TRAINING
    model = StudyActivity
    template_name = "training/study/activity.html"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("group__unit", "unit", "slot", "series")

    def get_crumbs(self) -> Crumbs:
        return study_crumbs((self.object.title, ""))

    @cached_property
    def editable(self) -> bool:
        reach = StudyActivity.objects.visible_to(self.viewer).in_reach(self.viewer, Permission.EDIT_STUDY)
        return reach.filter(pk=self.object.pk).exists()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        activity, tally = self.object, tally_of(self.object)
        rows = attendance_rows(activity, self.viewer)
        own = next((row for row in rows if row.cadre_id == self.viewer.cadre_id), None)
        reads = bool(self.viewer.paths(Permission.VIEW_TRAINING)) or own is not None
        return super().get_context_data(
            tally=tally,
            own=own,
            own_leave=self._own_leave(own),
            leaves_waiting=self._leaves_waiting() if self.editable else 0,
            now=now(),
            reads=reads,
            missing=[row for row in rows if row.state in MISSING][:NAMES_SHOWN],
            people_seen=len(rows),
            agenda=agenda_of(activity, self.viewer),
            files=self._files(),
            audience=audience_of(activity),
            editable=self.editable,
            steps=_steps(activity, tally),
            next_step=self._next_step(self._has_unmarked(rows)) if self.editable else None,
            article=self._article(),
            begun=activity.slot.starts_at <= now(),
            is_learning=activity.kind == StudyKind.LEARNING,
            **kwargs,
        )

    def _own_leave(self, own: Attendance | None) -> StudyLeave | None:
        return latest_leaves().filter(attendance=own).first() if own is not None else None

    def _leaves_waiting(self) -> int:
        return leaves_to_decide(self.viewer).filter(attendance__slot=self.object.slot).count()

    def _article(self) -> Article | None:
        """What was withdrawn since is not led to."""
        wanted = self.object.article_id
        return Article.objects.visible_to(self.viewer).filter(pk=wanted).first() if wanted else None

    def _files(self) -> list[ActivityFile]:
        rows = ActivityFile.objects.visible_to(self.viewer).filter(activity=self.object)
        return list(rows.select_related("stored"))

    def _has_unmarked(self, rows: Iterable[Attendance]) -> bool:
        """Whether somebody is left to mark whom the viewer may mark: the own row is a colleague's."""
        unmarked = (row for row in rows if row.state == AttendanceState.EXPECTED)
        return any(row.cadre_id != self.viewer.cadre_id for row in unmarked)

    def _next_step(self, has_unmarked: bool) -> tuple[str, str, str] | None:
        """The one red button: what this activity needs next."""
        activity = self.object
        steps = {
            "sheet": ("登记考勤", "clipboard-check", "training:activity_sheet"),
            "hold": ("登记已开展", "circle-check", "training:activity_hold"),
            "record": ("填写记录", "file-pen-line", "training:activity_record"),
        }
        if activity.state == ActivityState.PLANNED and activity.slot.starts_at <= now():
            name = "sheet" if has_unmarked else "hold"
        elif activity.state == ActivityState.HELD and not activity.minutes:
            name = "record"
        else:
            return None
        label, icon, url_name = steps[name]
        return label, icon, reverse(url_name, args=[activity.pk])


MISSING = (AttendanceState.LEAVE, AttendanceState.ABSENT, AttendanceState.LATE)


def _steps(activity: StudyActivity, tally: Tally) -> list[tuple[int, str, str]]:
    """How far the activity has come, as a row of numbered steps."""
    if activity.state == ActivityState.CANCELLED:
        return []
    marked = tally.due > 0 and not tally.unmarked
    held = activity.state == ActivityState.HELD
    done = [True, marked or held, held, bool(activity.minutes), held and tally.made_up == tally.make_ups > 0]
    words = ("安排", "登记考勤", "已开展、学时入账", "活动记录", "补学完成")
    count = 4 if not tally.make_ups else 5
    now_at = next((place for place, is_done in enumerate(done[:count]) if not is_done), None)
    return [
        (place + 1, words[place], "done" if done[place] else "now" if place == now_at else "")
        for place in range(count)
    ]


class NewActivity(FormPage):
    permission: ClassVar = Permission.EDIT_STUDY
    title = "安排学习活动"
    submit_label = "保存活动"
    form_class = NewActivityForm

    def get_crumbs(self) -> Crumbs:
        return study_crumbs((self.title, ""))

    def get_initial(self) -> dict[str, Any]:
        """Prefilled by whoever leads here, such as the obligation clock."""
        asked = self.request.GET
        return {name: asked[name] for name in ("kind", "theme", "group", "day") if asked.get(name)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def act(self, form: NewActivityForm) -> StudyActivity:
        return create_activity(values=form.values(), when=form.when(), by=self.viewer)

    def get_success_message(self) -> str:
        count = tally_of(self.result).due
        return f"已安排，应到 {count} 人。" if count else "已安排，但名册里还没有人，请核对学习组成员。"

    def get_success_url(self) -> str:
        return activity_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:activities")


class EditActivity(ActivityAct, FormPage):
    title = "修改学习活动"
    form_class = EditActivityForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer, "row": self.object}

    def act(self, form: EditActivityForm) -> None:
        update_activity(activity=self.object, values=form.values(), by=self.viewer)


class RecordPage(ActivityAct, FormPage):
    title = "填写活动记录"
    form_class = RecordFieldsForm
    success_message = "已保存活动记录。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def act(self, form: RecordFieldsForm) -> None:
        write_record(activity=self.object, values=form.cleaned_data, by=self.viewer)


class PostponeActivity(ActivityAct, FormPage):
    title = "活动改期"
    submit_label = "改期并通知"
    form_class = PostponeForm
    success_message = "已改期，应到的人会收到通知。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "activity": self.object}

    def act(self, form: PostponeForm) -> None:
        postpone_activity(
            activity=self.object,
            when=form.when(),
            reason=form.cleaned_data["reason"],
            by=self.viewer,
            on=self.viewer.on,
        )


class CancelActivity(ActivityAct, ConfirmPage):
    title = "取消活动"
    submit_label = "取消活动并通知"
    keep_label = "保留活动"
    form_class = ReasonForm
    success_message = "已取消，应到的人会收到通知。"

    def get_question(self) -> str:
        return f"取消“{self.object}”？"

    def get_consequence(self) -> str:
        count = self.object.slot.attendances.count()
        return f"应到的 {count} 人会收到取消通知。取消后不能恢复，需要时重新安排一次。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "label": "取消原因"}

    def act(self, form: ReasonForm) -> None:
        cancel_activity(activity=self.object, reason=form.cleaned_data["reason"], by=self.viewer, at=now())


class HoldActivity(ActivityAct, FormPage):
    """Whoever is still unmarked is absent; the page says so before it is done."""

    title = "登记已开展"
    submit_label = "登记已开展"
    form_class = Form
    template_name = "training/study/hold.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(tally=tally_of(self.object), activity=self.object, **kwargs)

    def act(self, form: Any) -> None:
        hold_activity(activity=self.object, by=self.viewer, at=now())

    def get_success_message(self) -> str:
        tally = tally_of(self.object)
        return f"已登记开展：应到 {tally.due} 人，到 {tally.came} 人；学时已入账。"


class ReopenActivity(ActivityAct, ConfirmPage):
    title = "撤回“已开展”"
    submit_label = "撤回登记"
    form_class = ReasonForm
    success_message = "已撤回，入账的学时已冲销。"

    def get_question(self) -> str:
        return f"撤回“{self.object}”的已开展登记？"

    def get_consequence(self) -> str:
        return "这场活动已入账的学时会全部冲销，考勤保留；更正后再次登记即重新入账。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "label": "撤回原因"}

    def act(self, form: ReasonForm) -> None:
        reopen_activity(activity=self.object, reason=form.cleaned_data["reason"], by=self.viewer, at=now())


class SyncRoster(ActivityAct, PressMixin):
    """按名册更新应到名单。"""

    def act(self) -> str:
        synced = sync_roster(activity=self.object, by=self.viewer)
        return f"应到名单已按当天名册更新：增加 {synced.added} 人，减少 {synced.removed} 人。"
