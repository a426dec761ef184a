from django.urls import path

from training.views import contests, entries

urlpatterns = [
    path("contests/", contests.ContestListPage.as_view(), name="contests"),
    path("contests/new/", contests.NewContest.as_view(), name="contest_new"),
    path("contests/<int:pk>/", contests.ContestPage.as_view(), name="contest"),
    path("contests/<int:pk>/cancel/", contests.CancelContest.as_view(), name="contest_cancel"),
    path("contests/<int:pk>/close/", contests.CloseJudging.as_view(), name="contest_close"),
    path("contests/<int:pk>/edit/", contests.EditContest.as_view(), name="contest_edit"),
    path("contests/<int:pk>/enter/", entries.EnterContest.as_view(), name="entry_new"),
    path("contests/<int:pk>/enter/other/", entries.EnterForSomebody.as_view(), name="entry_new_for"),
    path("contests/<int:pk>/judges/", contests.JudgesPage.as_view(), name="contest_judges"),
    path("contests/<int:pk>/judges/<int:row>/remove/", contests.RemoveJudge.as_view(), name="judge_remove"),
    path("contests/<int:pk>/publish/", contests.PublishContest.as_view(), name="contest_publish"),
    path("contests/<int:pk>/remind/", contests.RemindJudges.as_view(), name="contest_remind"),
    path("contests/<int:pk>/reopen/", contests.ReopenJudging.as_view(), name="contest_reopen"),
    path("contests/<int:pk>/start/", contests.StartJudging.as_view(), name="contest_start"),
    path("contests/<int:pk>/unpublish/", contests.UnpublishContest.as_view(), name="contest_unpublish"),
    path("entries/<int:pk>/", entries.EntryPage.as_view(), name="entry"),
    path("entries/<int:pk>/edit/", entries.EditEntry.as_view(), name="entry_edit"),
    path("entries/<int:pk>/files/<int:row>/", entries.EntryDownload.as_view(), name="entry_file"),
    path("entries/<int:pk>/files/<int:row>/remove/", entries.RemoveFile.as_view(), name="entry_file_remove"),
    path("entries/<int:pk>/score/", entries.ScoreEntry.as_view(), name="entry_score"),
    path("entries/<int:pk>/withdraw/", entries.WithdrawEntry.as_view(), name="entry_withdraw"),
]
