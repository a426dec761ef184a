"""Writing down what was said: drafts saved by themselves, the end of writing, signature, archive."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.debug import sensitive_post_parameters

from core.access import Permission
from core.errors import DomainError
from core.exports import download
from core.keys import key_of
from core.web.views import ConfirmPage, FormPage, Permissions
from wellbeing.access import seers_of
from wellbeing.choices.talks import WRITABLE_STATES, Right, TalkState
from wellbeing.forms.talks import CorrectionForm, RecordForm, ReleaseForm, RemarkForm, UploadForm
from wellbeing.models import Talk
from wellbeing.queries.people import people_around
from wellbeing.queries.talks import talk_counts
from wellbeing.services.door import OpenTalk, open_attachment, open_talk
from wellbeing.services.drafting import (
    Draft,
    attach_file,
    drop_attachment,
    finalise_talk,
    save_draft,
    set_details,
)
from wellbeing.services.talks import archive_talk, correct_talk, release_summary, sign_summary
from wellbeing.views.talks import TalkerMixin, TalkMixin, talk_url

# What is typed here must not stand in a report about a fault.
unlogged = method_decorator(sensitive_post_parameters(), name="dispatch")


@unlogged
class RecordTalk(TalkerMixin, FormPage):
    """The record form. The same address takes autosaves (htmx), 存草稿 and 提交定稿."""

    template_name = "wellbeing/record.html"
    form_class = RecordForm
    title = "登记谈心谈话"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(state__in=WRITABLE_STATES)

    @cached_property
    def opened(self) -> OpenTalk:
        return open_talk(viewer=self.viewer, talk=self.object, at=timezone.now())

    def get_form_kwargs(self) -> dict[str, Any]:
        users = people_around(self.object.cadre_id, on=self.viewer.on).exclude(pk=self.viewer.user_id)
        return {**super().get_form_kwargs(), "users": users}

    def get_initial(self) -> dict[str, Any]:
        if self.request.method == "POST":
            return {}
        names = ("kind", "reason", "way", "place", "superior")
        details = {name: getattr(self.object, name) for name in names}
        held_on = self.object.held_on or self.viewer.on
        return {**details, **self.opened.texts, "held_on": held_on, "version": self.opened.version}

    def form_valid(self, form: RecordForm) -> HttpResponse:
        if self.request.htmx:  # type: ignore[attr-defined]
            return self._autosave(form)
        return super().form_valid(form)

    def form_invalid(self, form: RecordForm) -> HttpResponse:
        if self.request.htmx:  # type: ignore[attr-defined]
            words = "；".join(str(error) for errors in form.errors.values() for error in errors)
            return self._saved(f"没有保存：{words}", status=422)
        return super().form_invalid(form)

    def _autosave(self, form: RecordForm) -> HttpResponse:
        try:
            version = self._save(form)
        except DomainError as refusal:
            return self._saved(refusal.message, status=422)
        now = timezone.localtime()
        return self._saved(f"草稿已自动保存 {now:%H:%M}", version=version)

    def _saved(self, words: str, *, version: int | None = None, status: int = 200) -> HttpResponse:
        context = {"words": words, "version": version, "failed": status != 200}
        return render(self.request, "wellbeing/saved.html", context, status=status)

    def _draft(self, form: RecordForm) -> Draft:
        return Draft(form.texts(), form.cleaned_data.get("version") or 0)

    def _save(self, form: RecordForm) -> int:
        version = save_draft(talk=self.object, draft=self._draft(form), by=self.viewer, at=timezone.now())
        set_details(talk=self.object, values=form.details(), by=self.viewer)
        return version

    def act(self, form: RecordForm) -> None:
        if self.request.POST.get("act") != "finish":
            self._save(form)
            return
        set_details(talk=self.object, values=form.details(), by=self.viewer)
        finalise_talk(
            talk=self.object, draft=self._draft(form), by=self.viewer, at=timezone.now(), on=self.viewer.on
        )

    def get_success_message(self) -> str:
        finished = self.request.POST.get("act") == "finish"
        return "已定稿。可以送本人签阅、交办跟进事项，或直接归档。" if finished else "草稿已保存。"

    def get_success_url(self) -> str:
        if self.object.state in WRITABLE_STATES:
            return reverse("wellbeing:record", args=[self.object.pk])
        return talk_url(self.object)

    def get_cancel_url(self) -> str:
        return talk_url(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        talk, on = self.object, self.viewer.on
        counts = talk_counts([talk.cadre_id], until=on)
        return super().get_context_data(
            talk=talk,
            seers=seers_of(talk, on=on, at=timezone.now(), asking=self.viewer),
            last=counts.get(talk.cadre_id),
            files=self.opened.files if self.request.method == "GET" else (),
            saved_at=self.opened.saved_at if self.request.method == "GET" else None,
            **kwargs,
        )


class WhoSees(TalkerMixin):
    """现在谁能看到, as it would be with the superior chosen in the form right now."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        talk = self.object
        chosen = request.GET.get("superior", "")
        around = people_around(talk.cadre_id, on=self.viewer.on).exclude(pk=self.viewer.user_id)
        found = around.filter(pk=key_of(chosen)).first()
        talk.superior = found
        seers = seers_of(talk, on=self.viewer.on, at=timezone.now(), asking=self.viewer)
        context = {"seers": seers, "talk": talk, "then": found}
        return render(request, "wellbeing/who_sees.html", context)


class AttachFile(TalkerMixin, FormPage):
    title = "添加附件"
    form_class = UploadForm
    submit_label = "上传"
    success_message = "附件已加密保存。"

    def act(self, form: UploadForm) -> None:
        upload = form.cleaned_data["upload"]
        attach_file(talk=self.object, upload=upload, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        writable = self.object.state in WRITABLE_STATES
        return reverse("wellbeing:record", args=[self.object.pk]) if writable else talk_url(self.object)


class DropFile(TalkerMixin, ConfirmPage):
    title = "删除附件"
    submit_label = "删除附件"
    success_message = "附件已删除。"

    def get_question(self) -> str:
        return "删除这个附件？"

    def get_consequence(self) -> str:
        return "删除后不能恢复。"

    def act(self, form: Any) -> None:
        drop_attachment(talk=self.object, pk=self.kwargs["row"], by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("wellbeing:record", args=[self.object.pk])


class GetFile(TalkMixin):
    """An attachment, for the talker and the superior; each opening is in the audit log."""

    permission: ClassVar[Permissions] = Permission.HOLD_TALK

    def get(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        try:
            found = open_attachment(viewer=self.viewer, talk=self.object, pk=row, at=timezone.now())
        except Talk.DoesNotExist:
            raise Http404 from None
        response = download(found.data, found.name)
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response


@unlogged
class ReleaseSummary(TalkerMixin, FormPage):
    title = "送本人签阅"
    form_class = ReleaseForm
    submit_label = "送本人签阅"
    success_message = "已送本人签阅，本人会收到提醒。"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(state=TalkState.FINAL)

    def get_initial(self) -> dict[str, Any]:
        opened = open_talk(viewer=self.viewer, talk=self.object, at=timezone.now())
        return {"summary": opened.texts["summary"]}

    def act(self, form: ReleaseForm) -> None:
        release_summary(
            talk=self.object,
            summary=form.cleaned_data["summary"],
            by=self.viewer,
            at=timezone.now(),
            on=self.viewer.on,
        )


class ArchiveTalk(TalkerMixin, ConfirmPage):
    title = "归档"
    submit_label = "归档"
    dangerous = False
    success_message = "已归档。以后只能补充更正。"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(state__in=[TalkState.FINAL, TalkState.SIGNING])

    def get_question(self) -> str:
        signing = self.object.state == TalkState.SIGNING
        return "本人还没有签阅，现在归档？" if signing else "不送本人签阅，直接归档？"

    def get_consequence(self) -> str:
        return "归档后原记录不能再改，只能按时间补充更正。"

    def act(self, form: Any) -> None:
        archive_talk(talk=self.object, by=self.viewer, at=timezone.now())

    def get_cancel_url(self) -> str:
        return talk_url(self.object)


@unlogged
class CorrectTalk(TalkMixin, FormPage):
    permission: ClassVar[Permissions] = Permission.HOLD_TALK
    title = "补充更正"
    form_class = CorrectionForm
    submit_label = "提交"
    success_message = "已补充。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = (
            super()
            .get_queryset()
            .filter(state=TalkState.ARCHIVED)
            .exclude(cadre_id=self.viewer.cadre_id or 0)
        )
        return rows.filter(talker_id=self.viewer.user_id) | rows.filter(superior_id=self.viewer.user_id)

    def act(self, form: CorrectionForm) -> None:
        correct_talk(talk=self.object, text=form.cleaned_data["text"], by=self.viewer, at=timezone.now())


@unlogged
class SignTalk(TalkMixin, FormPage):
    """On the cadre's phone: the summary, a remark, one button."""

    permission: ClassVar[Permissions] = Permission.OWN_TALK
    template_name = "wellbeing/sign.html"
    title = "签阅谈话摘要"
    form_class = RemarkForm
    submit_label = "已阅，签名"
    success_message = "已签阅。"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(cadre_id=self.viewer.cadre_id, state=TalkState.SIGNING)

    @cached_property
    def summary(self) -> str:
        opened = open_talk(viewer=self.viewer, talk=self.object, at=timezone.now())
        assert opened.right == Right.SUBJECT
        return opened.texts["summary"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(talk=self.object, summary=self.summary, **kwargs)

    def act(self, form: RemarkForm) -> None:
        sign_summary(talk=self.object, remark=form.cleaned_data["remark"], by=self.viewer, at=timezone.now())
