"""Forms of 先进事迹 and 领导小组."""

from django import forms

from core.web.forms import Form
from park.choices import GroupRole
from park.forms.people import PersonField
from park.models import LeadingGroup
from people.forms import RecordForm


class NominateForm(Form):
    cadre = PersonField(label="干部")
    title = forms.CharField(label="标题", max_length=100)
    text = forms.CharField(label="主要事迹", max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))


class DeedForm(Form):
    title = forms.CharField(label="标题", max_length=100)
    text = forms.CharField(label="主要事迹", max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))


class VerifyForm(Form):
    note = forms.CharField(label="核实情况", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class AnnounceForm(Form):
    until = forms.DateField(label="公示到", help_text="从今天起不少于 5 天")


class PublishForm(Form):
    awarding_body = forms.CharField(label="发布单位", max_length=100)


class RefuseForm(Form):
    reason = forms.CharField(label="原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class GroupForm(RecordForm):
    model = LeadingGroup
    names = ("name", "founded_on", "document_no", "duties")


class SeatForm(Form):
    cadre = PersonField(label="干部")
    role = forms.ChoiceField(label="组内职务", choices=GroupRole.choices, initial=GroupRole.MEMBER)
    starts_on = forms.DateField(label="任职日期", help_text="按这一天的任职登记凭何职务")


class LeaveForm(Form):
    ends_on = forms.DateField(label="退出日期", help_text="这一天以后不再是成员，此前的记录保留")


class CloseGroupForm(Form):
    ended_on = forms.DateField(label="撤销日期", help_text="全部成员同日退出；小组和历任成员的记录保留")
