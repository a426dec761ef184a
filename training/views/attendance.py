"""The forms of attendance: for chosen people, from a list, for all who are left, and about a suspicion."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property

from core.web.views import ConfirmPage, FormPage
from people.choices import CadreStatus
from people.models import Cadre
from training.choices import AttendanceSource, AttendanceState
from training.forms.attendance import NameListForm, ReasonForm, VerdictForm
from training.models import Attendance
from training.queries.checkin import permission_for, roster
from training.services.attendance import (
    Verdict,
    clear_suspicion,
    expect_more,
    register,
    register_rest_absent,
)
from training.views.slots import OfSlot, chosen_rows, redirect_to


class MarkChosen(OfSlot, FormPage):
    """The list sends the chosen here; the address then names them, so that a refusal loses nobody."""

    title = "登记考勤"
    submit_label = "登记"
    form_class = VerdictForm
    template_name = "training/slots/mark.html"

    @cached_property
    def rows(self) -> list[Attendance]:
        return chosen_rows(self, self.request.GET.get("rows", "").split(","))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.rows:
            messages.error(request, "请先在名单中选择人员；本人的考勤由其他经办人登记。")
            return redirect_to("slot", self.slot)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "chosen" in request.POST or not request.GET.get("rows"):
            chosen = [pk for pk in request.POST.getlist("chosen") if pk.isdecimal()]
            return redirect_to("slot_mark", self.slot, f"?rows={','.join(chosen)}")
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rows=self.rows, slot=self.slot, **kwargs)

    def act(self, form: VerdictForm) -> int:
        data = form.cleaned_data
        verdict = Verdict(
            AttendanceState(data["state"]), reason=data["reason"], leave_reason=data["leave_reason"]
        )
        return register(slot=self.slot, rows=self.rows, verdict=verdict, by=self.viewer, at=timezone.now())

    def get_success_message(self) -> str:
        return f"已登记 {self.result} 人。" if self.result else "没有改动。"


class ImportNames(OfSlot, FormPage):
    """A list of names or numbers; whoever is not exactly one expected person is told and left out."""

    title = "导入签到名单"
    submit_label = "登记名单"
    form_class = NameListForm

    def act(self, form: NameListForm) -> int:
        data = form.cleaned_data
        rows, strangers, self.unknown = self._sorted(data["words"])
        if data["add_missing"]:
            rows += expect_more(slot=self.slot, cadres=strangers, by=self.viewer)
        else:
            self.unknown += [cadre.name for cadre in strangers]
        verdict = Verdict(AttendanceState(data["state"]), data["reason"], source=AttendanceSource.IMPORTED)
        return register(slot=self.slot, rows=rows, verdict=verdict, by=self.viewer, at=timezone.now())

    def _sorted(self, words: list[str]) -> tuple[list[Attendance], list[Cadre], list[str]]:
        """Rows of expected people, people who are not expected, and words that are nobody or several."""
        rows: dict[str, list[Attendance]] = {}
        for row in roster(self.slot, self.viewer).exclude(cadre_id=self.viewer.cadre_id or 0):
            for word in {row.cadre.name, row.cadre.staff_no or ""}:
                rows.setdefault(word, []).append(row)
        found = [rows[word][0] for word in words if len(rows.get(word, ())) == 1]
        left = [word for word in words if word not in rows]
        strangers, unknown = self._strangers(left)
        several = [word for word in words if len(rows.get(word, ())) > 1]
        return list({row.pk: row for row in found}.values()), strangers, [*unknown, *several]

    def _strangers(self, words: list[str]) -> tuple[list[Cadre], list[str]]:
        reach = Cadre.objects.visible_to(self.viewer, permission_for(self.slot))
        reach = reach.filter(status=CadreStatus.ACTIVE).exclude(pk=self.viewer.cadre_id or 0)
        people: dict[str, list[Cadre]] = {}
        for cadre in reach.filter(name__in=words) | reach.filter(staff_no__in=words):
            for word in {cadre.name, cadre.staff_no or ""}:
                people.setdefault(word, []).append(cadre)
        known = [people[word][0] for word in words if len(people.get(word, ())) == 1]
        return list({cadre.pk: cadre for cadre in known}.values()), [
            word for word in words if len(people.get(word, ())) != 1
        ]

    def get_success_message(self) -> str:
        if self.unknown:
            names = "、".join(self.unknown[:20])
            messages.warning(
                self.request,
                f"有 {len(self.unknown)} 个没有登记：{names}。请核对是否在应到名单中；同名的请用工号。",
            )
        return f"已登记 {self.result} 人。"


class RestAbsent(OfSlot, ConfirmPage):
    title = "其余记为缺席"
    submit_label = "其余记为缺席"
    keep_label = "返回名单"

    @cached_property
    def rows(self) -> list[Attendance]:
        rows = roster(self.slot, self.viewer).filter(state=AttendanceState.EXPECTED)
        return list(rows.exclude(cadre_id=self.viewer.cadre_id or 0))

    def get_question(self) -> str:
        return f"把还没有登记的 {len(self.rows)} 人记为缺席？"

    def get_consequence(self) -> str:
        return "离线手机补传的签到到达后会自动改为到课；记错的可以更正并写明原因。操作会记入审计日志。"

    def act(self, form: Any) -> int:
        return register_rest_absent(slot=self.slot, rows=self.rows, by=self.viewer, at=timezone.now())

    def get_success_message(self) -> str:
        return f"已把 {self.result} 人记为缺席。"


class ClearSuspicion(OfSlot, FormPage):
    """Someone has asked, and writes what was found."""

    permission: ClassVar = OfSlot.permission
    form_class = ReasonForm
    submit_label = "确认无疑点"
    success_message = "已消除疑点。"

    @cached_property
    def row(self) -> Attendance:
        rows = Attendance.objects.visible_to(self.viewer, permission_for(self.slot)).exclude(suspicion="")
        own = self.viewer.cadre_id or 0
        found = rows.filter(slot=self.slot).exclude(cadre_id=own).select_related("cadre", "slot")
        return get_object_or_404(found, pk=self.kwargs["row"])

    def get_title(self) -> str:
        return f"核实疑点：{self.row.cadre.name}"

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["reason"].label = "核实情况"
        form.fields["reason"].help_text = self.row.suspicion
        return form

    def act(self, form: ReasonForm) -> None:
        clear_suspicion(attendance=self.row, reason=form.cleaned_data["reason"], by=self.viewer)
