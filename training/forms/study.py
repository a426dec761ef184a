"""Forms of study activities: they read and check; services write."""

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from core.access import Permission, Viewer
from core.web.forms import Form
from people.forms import RecordForm, UnitChoice, units_within
from people.models import Cadre
from training.models import (
    AgendaItem,
    Article,
    StudyActivity,
    StudyGroup,
    StudySeries,
)
from training.services.study import (
    ACTIVITY_FIELDS,
    RECORD_FIELDS,
    SERIES_FIELDS,
    When,
)
from training.services.study.leave import ASKED

MORNING = time(9)
EVERYONE = "全区在职干部"


class TimeInput(forms.TimeInput):
    """The browser's own time picker, in minutes."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class GroupChoice(forms.ModelChoiceField):
    """Groups with their kind, so that a committee is not taken for its branch."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.get_kind_display()}）"


def groups_within(viewer: Viewer, present: int | None = None) -> Any:
    """Open groups that the viewer may plan for, and the one that stands there now."""
    reach = StudyGroup.objects.visible_to(viewer).in_reach(viewer, Permission.EDIT_STUDY)
    open_ones = reach.open_on(viewer.on)
    return (open_ones | StudyGroup.objects.filter(pk__in=[present] if present else [])).order_by(
        "kind", "name"
    )


class AudienceForm(RecordForm):
    """Something that is held by a group, by a unit or by everyone."""

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        row = kwargs.get("row")
        if not kwargs.get("initial"):  # a page's empty initial would hide the row's values
            kwargs.pop("initial", None)
        super().__init__(*args, **kwargs)
        everyone = EVERYONE if viewer.sees_all(Permission.EDIT_STUDY) else "请选择"
        self.fields["group"] = GroupChoice(
            groups_within(viewer, row.group_id if row else None),
            label="学习组",
            required=False,
            empty_label="不选",
            help_text="支部、支委会、党小组、中心组的活动选学习组",
        )
        self.fields["unit"] = UnitChoice(
            units_within(viewer, Permission.EDIT_STUDY, row.unit_id if row else None),
            label="参加机构",
            required=False,
            empty_label=everyone,
            help_text="没有选学习组时，由这个机构及下级的人参加",
        )
        self.fields["theme"].help_text = "学习型组织活动、廉政教育须选主题"


class WhenFields(Form):
    """Day, time, length and place; `when()` gives them as moments."""

    day = forms.DateField(label="日期")
    at = forms.TimeField(label="开始时刻", widget=TimeInput, initial=MORNING)
    minutes = forms.IntegerField(label="时长（分钟）", min_value=10, max_value=600, initial=90)
    place = forms.CharField(label="地点", max_length=100, required=False)

    def when(self) -> When:
        data = self.cleaned_data
        starts_at = timezone.make_aware(datetime.combine(data["day"], data["at"]))
        return When(starts_at, starts_at + timedelta(minutes=data["minutes"]), data["place"])


class ActivityForm(AudienceForm):
    """What an activity is; without a name it is called by its kind and day."""

    model = StudyActivity
    names = ACTIVITY_FIELDS
    sections: ClassVar[Any] = (
        ("活动", ("kind", "theme", "title", "group", "unit", "form")),
        ("时间地点", ("day", "at", "minutes", "place")),
        ("安排", ("chair", "recorder", "guests", "article", "agenda_note")),
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        self.fields["article"] = forms.ModelChoiceField(
            Article.objects.visible_to(viewer).published().order_by("-published_on", "-pk"),
            label="传达的文件文章",
            required=False,
            empty_label="不选",
            help_text="文件会议精神传达可以选引学里的必读文章",
        )
        self.fields["title"].required = False
        self.fields["title"].help_text = "留空自动按类别和日期命名"
        self.fields["form"].help_text = "例如 集中学习、参观、观影、交流研讨"

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}


class NewActivityForm(WhenFields, ActivityForm):
    def values(self) -> dict[str, Any]:
        values, day = super().values(), self.cleaned_data["day"]
        kind = StudyActivity(kind=values["kind"]).get_kind_display()
        values["title"] = values["title"] or f"{kind}（{day.month}月{day.day}日）"
        return values


class EditActivityForm(ActivityForm):
    sections = (
        ("活动", ("kind", "theme", "title", "group", "unit", "form")),
        ("安排", ("chair", "recorder", "guests", "article", "agenda_note")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = True
        self.fields["title"].help_text = ""


class RecordFieldsForm(RecordForm):
    """Minutes and decisions (会议记录)."""

    model = StudyActivity
    names = RECORD_FIELDS
    sections = (
        ("", ("chair", "recorder", "form", "guests")),
        ("内容", ("minutes", "decisions", "agenda_note")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("initial", None)
        super().__init__(*args, **kwargs)
        self.fields["minutes"].widget.attrs["rows"] = 12
        self.fields["minutes"].help_text = "到会情况按考勤自动统计，这里只写学习和讨论的内容"
        self.fields["decisions"].help_text = "形成的决议、成果和下步措施"


class PostponeForm(WhenFields):
    sections = (("", ("day", "at", "minutes", "place", "reason")),)

    reason = forms.CharField(label="改期原因", max_length=200)

    def __init__(self, *args: Any, activity: StudyActivity, **kwargs: Any) -> None:
        slot = activity.slot
        kwargs["initial"] = {
            "day": activity.held_on,
            "at": timezone.localtime(slot.starts_at).time(),
            "minutes": int((slot.ends_at - slot.starts_at).total_seconds()) // 60,
            "place": slot.place,
        }
        super().__init__(*args, **kwargs)


class ReasonForm(Form):
    """One sentence that says why; the label is the page's."""

    reason = forms.CharField(label="原因", max_length=200)

    def __init__(self, *args: Any, label: str = "原因", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label


class SeriesForm(AudienceForm):
    model = StudySeries
    names = SERIES_FIELDS
    sections: ClassVar = (
        ("活动", ("name", "kind", "theme", "group", "unit")),
        ("周期", ("weekday", "every_weeks", "every_months", "nth", "holiday_shift")),
        ("时间地点", ("starts_at", "minutes", "place", "starts_on", "ends_on")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].widget = TimeInput()
        self.fields["every_weeks"].help_text = "1 表示每周，2 表示隔周"
        self.fields["every_months"].help_text = "填了就按月：1 每月，2 每两月；0 表示按周"
        self.fields["nth"].help_text = "按月时生效，例如每月第一个周五"
        self.fields["ends_on"].help_text = "留空表示长期"


class PlanForm(Form):
    until = forms.DateField(label="排定到", help_text="已排定的不会重复；遇节假日按系列的设置调整")


class DayForm(Form):
    """One day from which on something ends."""

    on = forms.DateField(label="最后一天")

    def __init__(self, *args: Any, label: str = "最后一天", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = label


class AgendaForm(RecordForm):
    model = AgendaItem
    names = ("topic", "speaker_text", "minutes", "outline")
    sections: ClassVar = (("", ("topic", "who", "speaker_text", "minutes", "outline")),)

    who = forms.CharField(
        label="发言人（本区干部）", max_length=60, required=False, help_text="写姓名；重名时写工号"
    )

    def __init__(self, *args: Any, viewer: Viewer, row: AgendaItem | None = None, **kwargs: Any) -> None:
        kwargs.pop("initial", None)
        super().__init__(*args, row=row, **kwargs)
        self.reach = Cadre.objects.visible_to(viewer, Permission.EDIT_STUDY)
        if row is not None and row.speaker is not None:
            self.initial["who"] = row.speaker.name

    def clean_who(self) -> Cadre | None:
        words = self.cleaned_data["who"].strip()
        if not words:
            return None
        found = list(self.reach.filter(name=words)[:2] or self.reach.filter(staff_no=words)[:2])
        if len(found) > 1:
            raise forms.ValidationError(f"“{words}”有重名，请填工号。")
        if not found:
            raise forms.ValidationError(f"没有找到“{words}”；外请的发言人写在下一栏。")
        return found[0]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"speaker": data["who"], **{name: data[name] for name in self.names}}


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploads at once."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        one = super().clean
        given = data if isinstance(data, list | tuple) else [data]
        return [one(upload, initial) for upload in given]


class FilesForm(Form):
    sections = (("", ("uploads", "caption")),)

    uploads = FilesField(label="照片和文件", help_text="可一次选多个：照片、PDF、Word、Excel、PPT")
    caption = forms.CharField(label="说明", max_length=100, required=False)


class MaterialForm(Form):
    """What absentees study; who of them is ticked on the page."""

    sections = (("", ("text", "link", "upload", "due_on")),)

    text = forms.CharField(
        label="学习材料正文", max_length=20000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    link = forms.URLField(label="材料链接", max_length=400, required=False, assume_scheme="https")
    upload = forms.FileField(label="材料文件", required=False, help_text="PDF、Word、Excel 或 PPT")
    due_on = forms.DateField(label="完成期限")


class ReflectionForm(Form):
    reflection = forms.CharField(
        label="学习体会",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="不少于 30 个字：学了什么，对自己的工作有什么用",
    )


class AskLeaveForm(Form):
    reason = forms.ChoiceField(
        label="事由", choices=[(one.value, one.label) for one in ASKED], widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="说明",
        max_length=200,
        required=False,
        help_text="一句话写明去向；事由选“其他”时必填。病情不必写。",
    )


class RemarkForm(Form):
    remark = forms.CharField(label="退回意见", max_length=200, required=False, help_text="退回时必填")


def plan_default(on: date) -> date:
    """Two months ahead, as the nightly job plans."""
    return on + timedelta(days=60)
