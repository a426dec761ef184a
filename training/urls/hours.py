from django.urls import path

from training.views import conversions, hour_entries, ledger, reach, self_filed

urlpatterns = [
    path("conversions/", conversions.ConversionsPage.as_view(), name="conversions"),
    path("conversions/new/", conversions.NewConversion.as_view(), name="conversion_new"),
    path(
        "conversions/<int:pk>/new/",
        conversions.NewConversionVersion.as_view(),
        name="conversion_version",
    ),
    path("hours/entries/", hour_entries.EntryListPage.as_view(), name="hour_entries"),
    path("hours/entries/lessons/new/", hour_entries.RegisterLessons.as_view(), name="lessons_new"),
    path("hours/entries/<int:pk>/", hour_entries.EntryPage.as_view(), name="hour_entry"),
    path("hours/entries/<int:pk>/restore/", hour_entries.RestoreEntry.as_view(), name="hour_entry_restore"),
    path("hours/entries/<int:pk>/reverse/", hour_entries.ReverseEntry.as_view(), name="hour_entry_reverse"),
    path("hours/<int:pk>/reach/", ledger.ReachCard.as_view(), name="reach_card"),
    path("hours/reach/", reach.ReachPage.as_view(), name="reach"),
    path("self-filed/", self_filed.FilingListPage.as_view(), name="self_filed_list"),
    path("self-filed/approve/", self_filed.ApproveChosen.as_view(), name="self_filed_approve_chosen"),
    path("self-filed/mine/", self_filed.MyFilings.as_view(), name="self_filed_mine"),
    path("self-filed/new/", self_filed.NewFiling.as_view(), name="self_filed_new"),
    path("self-filed/<int:pk>/", self_filed.FilingPage.as_view(), name="self_filed"),
    path("self-filed/<int:pk>/approve/", self_filed.ApproveFiling.as_view(), name="self_filed_approve"),
    path("self-filed/<int:pk>/delete/", self_filed.DeleteFiling.as_view(), name="self_filed_delete"),
    path("self-filed/<int:pk>/edit/", self_filed.EditFiling.as_view(), name="self_filed_edit"),
    path("self-filed/<int:pk>/evidence/", self_filed.FilingEvidence.as_view(), name="self_filed_evidence"),
    path("self-filed/<int:pk>/return/", self_filed.ReturnFiling.as_view(), name="self_filed_return"),
    path("self-filed/<int:pk>/submit/", self_filed.SubmitFiling.as_view(), name="self_filed_submit"),
    path("self-filed/<int:pk>/withdraw/", self_filed.WithdrawFiling.as_view(), name="self_filed_withdraw"),
]
