"""学时入账: every entry of the ledger, how it was reckoned, and taking it out of the count."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.templatetags.ui import cn_time
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import DetailPage, FormPage, ListPage, ObjectMixin
from people.choices import CadreStatus
from people.contracts import Link
from people.models import Cadre
from training.choices import HourSource, Ledger
from training.conversion import UNITS
from training.filters.hours import EntryFilter
from training.forms.hours import LessonForm, ReverseForm
from training.models import HourEntry
from training.queries.entries import entry_list, history_of, kind_words, may_restore, source_link
from training.services import restore_entry, reverse_entry
from training.services.online import register_lessons
from training.views.acts import ActView
from training.views.ledger import Crumbs, ledger_crumbs


def entry_url(row: HourEntry) -> str:
    return reverse("training:hour_entry", args=[row.pk])


class EntryListPage(ListPage):
    title = "学时入账"
    permission = Permission.VIEW_TRAINING
    model = HourEntry
    filterset_class = EntryFilter
    main_filters = ("year", "unit", "source")
    views = (
        SavedView("全部", ""),
        SavedView("自学填报", "source=self_filed"),
        SavedView("已冲销", "state=reversed"),
    )
    acts_template = "training/hours/entry_acts.html"
    noun = "入账"
    counter = "笔"
    empty_icon = "hours"
    empty_hint = "登记班次学员、学习活动考勤或通过自学填报后，学时自动入账。"
    export_permission = Permission.EXPORT_CADRE
    default_sort = "-day"
    sorts = (
        Sort("day", "学习日期", ("starts_on",)),
        Sort("name", "姓名拼音", ("cadre__name_pinyin", "starts_on")),
        Sort("posted", "入账时间", ("posted_at",)),
        Sort("hours", "学时", ("hours",)),
    )
    columns = (
        ListColumn(
            "name",
            "姓名",
            lambda row: row.cadre.name,
            sort="name",
            css="nowrap",
            link=lambda row: reverse("training:statement", args=[row.cadre_id]),
        ),
        ListColumn("unit", "部门", lambda row: row.unit_name or "", width=20),
        ListColumn("title", "事项", lambda row: row.title, link=entry_url, width=30),
        ListColumn("source", "来源", lambda row: row.get_source_display(), css="nowrap"),
        ListColumn("kind", "类别", kind_words, on_page=False, width=16),
        ListColumn("ledger", "台账", lambda row: row.get_ledger_display(), css="nowrap"),
        ListColumn(
            "day",
            "日期",
            lambda row: row.starts_on,
            sort="day",
            template="training/cells/dates.html",
            css="num nowrap",
        ),
        ListColumn("ends_on", "结束日期", lambda row: row.ends_on, on_page=False),
        ListColumn(
            "hours",
            "学时",
            lambda row: row.hours,
            sort="hours",
            template="training/cells/number.html",
            css="num right",
        ),
        ListColumn("days", "天数", lambda row: row.days, on_page=False),
        ListColumn("how", "怎么算的", lambda row: row.how, width=36),
        ListColumn(
            "posted",
            "入账",
            lambda row: cn_time(row.posted_at),
            sort="posted",
            on_page=False,
            width=18,
        ),
        ListColumn("by", "入账人", lambda row: row.posted_by, on_page=False),
        ListColumn("reason", "冲销原因", lambda row: row.reversal_reason, on_page=False, width=30),
        ListColumn(
            "state",
            "状态",
            lambda row: "已冲销" if row.reversed_at else "有效",
            template="training/hours/state_cell.html",
            css="nowrap",
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return entry_list(self.viewer)

    def get_crumbs(self) -> Crumbs:
        return ledger_crumbs((self.title, ""))


class RegisterLessons(FormPage):
    """A list of a network academy: one lesson, many people."""

    title = "登记网络课件"
    permission: ClassVar = Permission.EDIT_TRAINING
    form_class = LessonForm
    submit_label = "登记"

    def get_crumbs(self) -> Crumbs:
        return ledger_crumbs(("学时入账", reverse("training:hour_entries")), (self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        reach = Cadre.objects.visible_to(self.viewer, Permission.EDIT_TRAINING)
        return {**super().get_form_kwargs(), "editable": reach.filter(status=CadreStatus.ACTIVE)}

    def act(self, form: LessonForm) -> list[Any]:
        values = dict(form.cleaned_data)
        return register_lessons(cadres=values.pop("names"), **values, by=self.viewer, at=timezone.now())

    def get_success_message(self) -> str:
        return f"已登记 {len(self.result)} 人，学时计入网络培训台账。"

    def get_success_url(self) -> str:
        return f"{reverse('training:hour_entries')}?source={HourSource.ONLINE}"


class EntryScope(ObjectMixin):
    """One entry among those the viewer may see; `reach` narrows it to those that may be changed."""

    permission: ClassVar = Permission.VIEW_TRAINING
    reach: ClassVar[Permission] = Permission.VIEW_TRAINING
    model = HourEntry

    def get_queryset(self) -> QuerySet[Any]:
        rows = HourEntry.objects.visible_to(self.viewer, self.reach)
        return rows.select_related("cadre", "rule")

    def get_success_url(self) -> str:
        return reverse("training:hour_entry", args=[self.object.pk])


class EntryPage(EntryScope, DetailPage):
    """Tap a number: what it is made of, by which rule, and what became of it."""

    template_name = "training/hours/entry.html"

    def get_title(self) -> str:
        return str(self.object.title)

    def get_crumbs(self) -> Crumbs:
        cadre = self.object.cadre
        if cadre.pk == self.viewer.cadre_id:
            own = ("我的学时", reverse("training:my_hours"))
            return [("首页", reverse("home")), own, (self.get_title(), "")]
        statement = (cadre.name, reverse("training:statement", args=[cadre.pk]))
        return ledger_crumbs(statement, (self.get_title(), ""))

    @cached_property
    def may_change(self) -> bool:
        """One query, and only for those who edit training at all: never the own record."""
        reach = HourEntry.objects.visible_to(self.viewer, Permission.EDIT_TRAINING)
        return self.may(Permission.EDIT_TRAINING) and reach.filter(pk=self.object.pk).exists()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry, history = self.object, history_of(self.object)
        return super().get_context_data(
            kind=kind_words(entry),
            history=history,
            unit_words=UNITS[entry.rule.basis] if entry.rule else "",
            source_url=_url_of(source_link(entry)),
            is_class=entry.source == HourSource.CLASS,
            is_party=entry.ledger == Ledger.PARTY,
            may_reverse=self.may_change and entry.reversed_at is None,
            may_restore=self.may_change and may_restore(entry, history),
            **kwargs,
        )


def _url_of(link: Link | None) -> str:
    return reverse(link.url_name, args=link.args) if link else ""


class ReverseEntry(EntryScope, FormPage):
    permission: ClassVar = Permission.EDIT_TRAINING
    reach = Permission.EDIT_TRAINING
    form_class = ReverseForm
    submit_label = "冲销"
    dangerous = True
    success_message = "已冲销，这笔学时不再计入。"
    template_name = "training/hours/reverse.html"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(reversed_at__isnull=True)

    def get_title(self) -> str:
        return f"冲销学时：{self.object.cadre.name}"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return ledger_crumbs((self.object.title, entry_url(self.object)), (self.get_title(), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, **kwargs)

    def act(self, form: ReverseForm) -> None:
        reason = form.cleaned_data["reason"]
        reverse_entry(entry=self.object, reason=reason, by=self.viewer, at=timezone.now())


class RestoreEntry(EntryScope, ActView):
    permission: ClassVar = Permission.EDIT_TRAINING
    reach = Permission.EDIT_TRAINING

    def act(self) -> str:
        self.copy = restore_entry(entry=self.object, by=self.viewer, at=timezone.now())
        return "已恢复，学时重新入账。"

    def get_success_url(self) -> str:
        shown = getattr(self, "copy", self.object)
        return reverse("training:hour_entry", args=[shown.pk])
