"""我的学习活动: what is next, what was, and what is to be made up."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from core.access import Permission
from core.web.views import FormPage, FramePage, ObjectMixin
from training.choices import MakeUpState
from training.forms.study import ReflectionForm
from training.models import MakeUp
from training.queries.study import own_study
from training.services.study import submit_reflection
from training.views.study.common import Crumbs, now
from training.views.study.makeup import COLOURS


class MyStudyPage(FramePage):
    title = "我的学习活动"
    permission = Permission.VIEW_TRAINING
    template_name = "training/study/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.viewer.cadre_id is None or not self.viewer.on_own_record(Permission.VIEW_TRAINING):
            raise Http404
        study = own_study(self.viewer.cadre_id, on=self.viewer.on)
        open_ones = [one for one in study.make_ups if one.state != MakeUpState.ACCEPTED]
        return super().get_context_data(
            study=study, open_make_ups=open_ones, today=self.viewer.on, now=now(), **kwargs
        )


class ReflectPage(ObjectMixin, FormPage):
    """The own make-up: the material above, the reflection below. Nobody else has this page."""

    permission: ClassVar = Permission.SIGN_UP
    model = MakeUp
    form_class = ReflectionForm
    template_name = "training/study/reflect.html"
    submit_label = "提交学习体会"
    success_message = "已提交，等待审核。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = MakeUp.objects.visible_to(self.viewer, Permission.SIGN_UP)
        own = rows.filter(attendance__cadre=self.viewer.cadre_id or 0)
        return own.select_related("attendance__slot__activity", "material_file", "attendance__cadre")

    def get_title(self) -> str:
        return "补学"

    def get_crumbs(self) -> Crumbs:
        mine = ("我的学习活动", reverse("training:my_study"))
        return [("首页", reverse("home")), mine, (self.get_title(), "")]

    def get_initial(self) -> dict[str, Any]:
        return {"reflection": self.object.reflection}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            object=self.object,
            activity=self.object.attendance.slot.activity,
            colour=COLOURS[MakeUpState(self.object.state)],
            material_url=reverse("training:make_up_material", args=[self.object.pk]),
            done=self.object.state == MakeUpState.ACCEPTED,
            **kwargs,
        )

    def act(self, form: ReflectionForm) -> None:
        submit_reflection(make_up=self.object, text=form.cleaned_data["reflection"], by=self.viewer, at=now())

    def get_success_url(self) -> str:
        return reverse("training:my_study")
