"""Importing a plan: paste or upload, look the reading through beside the source, apply."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.errors import DomainError
from core.web.forms import Form
from core.web.views import ConfirmPage, DetailPage, FormPage, ObjectMixin
from park import proposals
from park.forms.plans import DescribeForm, DocumentForm, EntryForm, FigureForm
from park.models import ActionPlan, PlanProposal
from park.proposals import Entries, Entry
from park.services import plans as services
from park.views.links import Crumbs, plan_crumbs, plan_url

STEPS = ("提供方案", "核对拆分", "填写责任")
MOST_FIGURES = 20


def steps(now: int) -> list[tuple[int, str, str]]:
    states = {True: "done", False: ""}
    return [(n, words, "now" if n == now else states[n < now]) for n, words in enumerate(STEPS, start=1)]


class ImportPlan(FormPage):
    permission: ClassVar = Permission.EDIT_PARK
    title = "导入行动方案"
    template_name = "park/plans/import.html"
    submit_label = "拆分方案"
    form_class = DocumentForm

    def get_crumbs(self) -> Crumbs:
        return plan_crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(steps=steps(1), **kwargs)

    def act(self, form: DocumentForm) -> PlanProposal:
        data = form.cleaned_data
        return services.start_proposal(
            text=data["plan_text"], file_name=data["file_name"], by=self.viewer, on=self.viewer.on
        )

    def get_success_url(self) -> str:
        return reverse("park:proposal", args=[self.result.uid])

    def get_cancel_url(self) -> str:
        return reverse("park:plans")


class ProposalMixin(ObjectMixin):
    permission: ClassVar = Permission.EDIT_PARK
    model = PlanProposal
    lookup = "uid"

    @cached_property
    def entries(self) -> Entries:
        return proposals.load_entries(self.object.content)

    def here(self, anchor: str = "") -> str:
        return reverse("park:proposal", args=[self.object.uid]) + (f"#{anchor}" if anchor else "")


class ProposalPage(ProposalMixin, DetailPage):
    """Every entry beside its words in the source; nothing is written before 生成方案."""

    template_name = "park/plans/proposal.html"

    def get_crumbs(self) -> Crumbs:
        return plan_crumbs(("核对拆分", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entries = self.entries
        parents = {entry.parent for entry in entries}
        return super().get_context_data(
            steps=steps(2),
            entries=[
                (
                    entry,
                    entry.words(self.object.text),
                    entry.id not in parents,
                    self._mergeable(entry, parents),
                )
                for entry in entries
            ],
            counts=proposals.count(entries),
            describe=DescribeForm(initial={"title": self.object.title, "year": self.object.year}),
            **kwargs,
        )

    def _mergeable(self, entry: Entry, parents: set[str]) -> bool:
        following = proposals.next_sibling(self.entries, entry.id)
        return following is not None and not {entry.id, following.id} & parents


class DescribeProposal(ProposalMixin, FormPage):
    title = "修改方案名称"
    form_class = DescribeForm

    def get_crumbs(self) -> Crumbs:
        return plan_crumbs(("核对拆分", self.here()), (self.title, ""))

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.object.title, "year": self.object.year}

    def act(self, form: DescribeForm) -> None:
        services.describe_proposal(proposal=self.object, values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return self.here()


class ChangeEntry(ProposalMixin):
    """merge, split, drop and take: one POST, and back to the place."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, uid: str, key: str, act: str) -> HttpResponse:
        text, year = self.object.text, self.object.year
        changes: dict[str, tuple[str, Callable[[Entries], Entries]]] = {
            "merge": ("合并条目", lambda e: proposals.merge(e, key, text=text, year=year)),
            "split": ("逐句拆分", lambda e: proposals.split(e, key, text=text, year=year)),
            "drop": ("不采用条目", lambda e: proposals.drop(e, key)),
            "take": ("恢复条目", lambda e: proposals.drop(e, key, dropped=False)),
        }
        if act not in changes:
            raise Http404
        what, change = changes[act]
        version = request.POST.get("version", "")
        try:
            services.change_proposal(
                proposal=self.object,
                change=change,
                version=int(version) if version.isdecimal() and len(version) < 9 else -1,
                by=self.viewer,
                what=what,
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(self.here(key))


class EditEntry(ProposalMixin, FormPage):
    """What an entry becomes: the task, its figures, the names in it; and where it could be split."""

    title = "修改条目"
    template_name = "park/plans/entry.html"
    form_class = EntryForm
    success_message = "已保存。"

    @cached_property
    def entry(self) -> Entry:
        try:
            return proposals.find_entry(self.entries, self.kwargs["key"])
        except DomainError as gone:
            raise Http404 from gone

    def get_crumbs(self) -> Crumbs:
        return plan_crumbs(("核对拆分", self.here()), (self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "entry": self.entry}

    @cached_property
    def figure_forms(self) -> list[FigureForm]:
        """The figures found and one empty line for another."""
        data = self.request.POST or None
        found = [
            FigureForm(data, figure=figure, prefix=f"f{place}")
            for place, figure in enumerate(self.entry.figures[:MOST_FIGURES])
        ]
        return [*found, FigureForm(data, prefix="new", empty_permitted=True)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            entry=self.entry,
            words=self.entry.words(self.object.text),
            figure_forms=self.figure_forms,
            version=self.object.version,
            **kwargs,
        )

    def form_valid(self, form: Any) -> HttpResponse:
        invalid = [figure for figure in self._filled() if not figure.is_valid()]  # each shows its own fault
        if invalid:
            return self.form_invalid(form)
        return super().form_valid(form)

    def _filled(self) -> list[FigureForm]:
        *found, new = self.figure_forms
        return [*found, new] if new.has_changed() else found

    def act(self, form: EntryForm) -> None:
        figures = [
            figure.as_figure()
            for figure in self._filled()
            if figure.figure or figure.cleaned_data.get("value")
        ]
        values = {**form.values(), "figures": tuple(figures)}
        version = self.request.POST.get("version", "")
        services.change_proposal(
            proposal=self.object,
            change=lambda entries: proposals.edit(entries, self.entry.id, **values),
            version=int(version) if version.isdecimal() and len(version) < 9 else -1,
            by=self.viewer,
            what="修改条目",
        )

    def get_success_url(self) -> str:
        return self.here(self.entry.id)


class ApplyProposal(ProposalMixin, ConfirmPage):
    title = "生成方案"
    submit_label = "生成方案"
    keep_label = "继续核对"
    dangerous = False

    def get_crumbs(self) -> Crumbs:
        return plan_crumbs(("核对拆分", self.here()), (self.title, ""))

    def get_question(self) -> str:
        return f"生成“{self.object}”？"

    def get_consequence(self) -> str:
        found = proposals.count(self.entries)
        return (
            f"将写入条目 {found.items} 条、任务 {found.tasks} 项、指标 {found.figures} 个、"
            f"项目 {found.projects} 个、企业 {found.enterprises} 家。"
            "任务的责任领导、责任部门、责任人和完成时限都空着，填齐后才能交办。"
        )

    def act(self, form: Form) -> ActionPlan:
        return services.apply_proposal(
            proposal=self.object, by=self.viewer, on=self.viewer.on, at=timezone.now()
        )

    def get_success_message(self) -> str:
        return "已生成方案，请填写各项任务的责任。"

    def get_success_url(self) -> str:
        return reverse("park:plan_fill", args=[self.result.pk])

    def get_cancel_url(self) -> str:
        return plan_url(self.object.plan) if self.object.plan else self.here()


class DiscardProposal(ProposalMixin, ConfirmPage):
    title = "放弃拆分"
    submit_label = "放弃这份拆分"
    keep_label = "继续核对"
    success_message = "已放弃，没有写入任何内容。"

    def get_crumbs(self) -> Crumbs:
        return plan_crumbs(("核对拆分", self.here()), (self.title, ""))

    def get_question(self) -> str:
        return f"放弃“{self.object}”的拆分？"

    def get_consequence(self) -> str:
        return "还没有写入任何任务和指标；放弃后可以重新导入。"

    def act(self, form: Form) -> None:
        services.discard_proposal(proposal=self.object, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("park:plans")

    def get_cancel_url(self) -> str:
        return self.here()
