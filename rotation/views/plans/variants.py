"""The workspace of a variant: the board, the moves, the checks, the chains; and what is done to it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property

from core import exports
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.keys import key_of
from core.web.views import ConfirmPage, DetailPage, FormPage
from rotation.choices.plans import CaseDuty, Verdict
from rotation.domino_chart import domino_chart
from rotation.exports.plans import TITLE, plan_xlsx
from rotation.forms.plans import DropForm, MoveForm, VariantForm, WaiverForm
from rotation.models import Move, RotationPlan, Variant, Waiver
from rotation.queries.plans import Line, Side, board_of, colour_of, lines_of, sides_of, workspace_variants
from rotation.services.plans import waive
from rotation.services.variants import (
    MoveDraft,
    add_move,
    add_variant,
    change_move,
    choose_variant,
    copy_variant,
    remove_move,
    remove_variant,
    rename_variant,
    undo_edit,
)
from rotation.views.plans.shared import (
    EDITS,
    Act,
    Crumbs,
    DrafterMixin,
    VariantDrafterMixin,
    VariantMixin,
    plan_url,
    variant_url,
)

WORKSPACE = "rotation/plan/workspace.html"


class WorkspaceMixin(VariantMixin):
    """Everything on the page that an edit changes, in one fragment."""

    @cached_property
    def siblings(self) -> list[Any]:
        return workspace_variants(self.viewer, self.kwargs["pk"])

    @cached_property
    def object(self) -> Any:
        found = next((variant for variant in self.siblings if variant.pk == self.kwargs["pk"]), None)
        if found is None:
            raise Http404
        return found

    @property
    def drafts(self) -> bool:
        return bool(self.object.drafts_it)

    @cached_property
    def side(self) -> Side:
        return sides_of(self.plan, [self.object], on=self.viewer.on)[0]

    @cached_property
    def lines(self) -> list[Line]:
        rows = Waiver.objects.visible_to(self.viewer).filter(variant=self.object).select_related("by")
        return lines_of(self.side, list(rows))

    def workspace(self) -> dict[str, Any]:
        side = self.side
        colours = {move.pk: colour_of(side, move) for move in side.moves}
        met = sum(1 for line in self.lines if line.check.verdict == Verdict.MEETS)
        return {
            "variant": self.object,
            "plan": self.plan,
            "side": side,
            "may_check": self.may_check,
            "rows": [(move, colours[move.pk]) for move in side.moves],
            "board": board_of(self.viewer, self.plan, side, self.unit_asked),
            "problems": [line for line in self.lines if line.check.verdict != Verdict.MEETS],
            "met": [line for line in self.lines if line.check.verdict == Verdict.MEETS],
            "met_n": met,
            "chart": domino_chart(
                side.chains, colours=colours if self.may_check else {}, emptied=side.emptied_ids
            ),
            "last_edit": self.object.last_edit if self.may_edit else None,
            "may_edit": self.may_edit,
            "drafts": self.drafts,
        }

    @cached_property
    def may_check(self) -> bool:
        """Checks tell of relatives and effect periods: not for those who are only asked what they think."""
        return bool(self.object.duty != CaseDuty.CONSULTED)

    @property
    def unit_asked(self) -> int | None:
        wanted = self.request.GET.get("unit") or self.request.POST.get("unit") or ""
        return key_of(wanted) or None


class VariantPage(WorkspaceMixin, DetailPage):
    template_name = "rotation/plan/variant.html"

    def get_title(self) -> str:
        return f"{self.object}{'：' + self.object.title if self.object.title else ''}"

    def get_crumbs(self) -> Crumbs:
        return self.plan_crumbs(str(self.object))

    def get_template_names(self) -> list[str]:
        return [WORKSPACE if self.request.htmx else self.template_name]  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.workspace(), siblings=self.siblings, **kwargs)


class VariantAct(Act, WorkspaceMixin, VariantDrafterMixin):
    """A change from the workspace: htmx gets the whole of it again, re-checked."""

    def get_success_url(self) -> str:
        chosen = f"?unit={self.unit_asked}" if self.unit_asked else ""
        return variant_url(self.object) + chosen

    def answer(self, refused: str) -> HttpResponse:
        if not self.request.htmx:  # type: ignore[attr-defined]
            return super().answer(refused)
        self.__dict__.pop("siblings"), self.__dict__.pop("object")  # the last edit is another by now
        return render(self.request, WORKSPACE, {**self.workspace(), "refused": refused})


class Drop(VariantAct):
    """A card dropped on a post; on no post it is a removal."""

    def act(self) -> None:
        form = DropForm(self.request.POST, viewer=self.viewer)
        if not form.is_valid():
            raise DomainError("干部或岗位不在您管理的范围内，请刷新页面后再试。", code="out_of_scope")
        draft = MoveDraft(form.cleaned_data["cadre"], form.cleaned_data["to_post"])
        add_move(variant=self.object, draft=draft, by=self.viewer, at=timezone.now())


class Undo(VariantAct):
    success_message = "已撤销上一步修改。"

    def act(self) -> None:
        undo_edit(variant=self.object, by=self.viewer, at=timezone.now())


class Choose(VariantAct):
    success_message = "已选定。"

    def act(self) -> None:
        choose_variant(variant=self.object, by=self.viewer)


class Copy(VariantAct):
    success_message = "已复制，可在新的备选方案上修改。"

    def act(self) -> None:
        self.made = copy_variant(variant=self.object, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return variant_url(getattr(self, "made", self.object))


class TakeOut(VariantAct):
    """Takes one move out of the variant."""

    def act(self) -> None:
        move = Move.objects.visible_to(self.viewer).filter(variant=self.object, pk=self.kwargs["move"])
        found = move.select_related("variant__plan", "cadre").first()
        if found is None:
            raise Http404
        remove_move(move=found, by=self.viewer, at=timezone.now())


# Forms


class NewVariant(DrafterMixin, FormPage):
    title = "新增备选方案"
    form_class = VariantForm
    submit_label = "新增备选方案"
    result: Variant

    def get_crumbs(self) -> Crumbs:
        return self.plan_crumbs(self.title)

    def act(self, form: VariantForm) -> Variant:
        return add_variant(plan=self.object, by=self.viewer, at=timezone.now(), **form.cleaned_data)

    def get_cancel_url(self) -> str:
        return plan_url(self.object)

    def get_success_url(self) -> str:
        return variant_url(self.result)


class _VariantForm(VariantDrafterMixin, FormPage):
    def get_crumbs(self) -> Crumbs:
        return self.variant_crumbs(self.title)

    def get_success_url(self) -> str:
        return variant_url(self.object)


class EditVariant(_VariantForm):
    title = "名称和说明"
    form_class = VariantForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"row": self.object}

    def act(self, form: VariantForm) -> None:
        rename_variant(variant=self.object, by=self.viewer, **form.cleaned_data)


class RemoveVariant(VariantDrafterMixin, ConfirmPage):
    title = "删除备选方案"
    submit_label = "删除备选方案"
    success_message = "已删除。"

    def get_crumbs(self) -> Crumbs:
        return self.variant_crumbs(self.title)

    def get_question(self) -> str:
        return f"删除{self.object}"

    def get_consequence(self) -> str:
        return "其中的人员调整、修改记录和说明一并删除，不能恢复；需要保留的可以先复制。"

    def act(self, form: Any) -> None:
        self.back = plan_url(self.plan)
        remove_variant(variant=self.object, by=self.viewer)

    def get_cancel_url(self) -> str:
        return variant_url(self.object)

    def get_success_url(self) -> str:
        return getattr(self, "back", "") or plan_url(self.plan)


class NewMove(_VariantForm):
    title = "安排人员"
    template_name = "rotation/plan/move_form.html"
    form_class = MoveForm
    submit_label = "安排并核对"

    def get_initial(self) -> dict[str, Any]:
        """`?cadre=` and `?post=` come from the cards of the board."""
        form = DropForm(
            {"cadre": self.request.GET.get("cadre", ""), "to_post": self.request.GET.get("post", "")},
            viewer=self.viewer,
        )
        form.is_valid()
        found = {name: value for name, value in form.cleaned_data.items() if value is not None}
        cadre = found.get("cadre")
        return found | ({"cadre": cadre.staff_no or cadre.name} if cadre else {})

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"viewer": self.viewer}

    def act(self, form: MoveForm) -> Move:
        data = form.cleaned_data
        draft = MoveDraft(data["cadre"], data["to_post"], data["kind"] or None, reason=data["reason"])
        return add_move(variant=self.object, draft=draft, by=self.viewer, at=timezone.now())


class EditMove(VariantDrafterMixin, FormPage):
    model = Move
    template_name = "rotation/plan/move_form.html"
    form_class = MoveForm
    submit_label = "保存并核对"

    def get_queryset(self) -> Any:
        rows = Move.objects.visible_to(self.viewer)
        return rows.select_related("variant__plan__unit", "variant__plan__chosen", "cadre", "to_post__unit")

    @property
    def plan(self) -> RotationPlan:
        plan: RotationPlan = self.object.variant.plan
        return plan

    def get_title(self) -> str:
        return f"修改{self.object.cadre.name}的调整"

    def get_crumbs(self) -> Crumbs:
        return self.plan_crumbs(self.get_title())

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"viewer": self.viewer, "row": self.object}

    def act(self, form: MoveForm) -> None:
        data = form.cleaned_data
        change_move(
            move=self.object,
            kind=data["kind"] or None,
            reason=data["reason"],
            to_post=data["to_post"],
            by=self.viewer,
            at=timezone.now(),
        )

    def get_success_url(self) -> str:
        return variant_url(self.object.variant)


class Waive(WorkspaceMixin, _VariantForm, DrafterMixin):
    """Why the variant is put forward although this fails."""

    title = "说明理由"
    template_name = "rotation/plan/waive.html"
    form_class = WaiverForm
    submit_label = "保存理由"
    success_message = "已说明理由，随方案上会。"

    @cached_property
    def line(self) -> Line:
        key = self.request.POST.get("key") or self.request.GET.get("key", "")
        found = next((ln for ln in self.lines if ln.key == key and ln.check.verdict == Verdict.FAILS), None)
        if found is None:
            raise Http404
        return found

    def get_initial(self) -> dict[str, Any]:
        given = self.line.waiver
        return {"key": self.line.key, "reason": given.reason if given else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(line=self.line, **kwargs)

    def act(self, form: WaiverForm) -> Waiver:
        return waive(variant=self.object, by=self.viewer, at=timezone.now(), **form.cleaned_data)


class Workbook(WorkspaceMixin):
    """干部调整方案表 as xlsx; who took it stands in the log."""

    permission = EDITS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.drafts:
            raise Http404
        now = timezone.now()
        content = plan_xlsx(self.side, by=self.viewer.name, at=now)
        label = f"{TITLE}：方案 {self.plan.pk} {self.object}"
        record(action=AuditAction.EXPORTED, by=self.viewer, subject=self.plan, label=label, at=now)
        return exports.download(content, f"{TITLE}_{self.viewer.on:%Y-%m-%d}.xlsx")
