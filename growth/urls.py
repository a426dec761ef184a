from django.urls import path

from growth.views import approval, campaigns, check, corrections, files, mine, orders, verify, windows

app_name = "growth"
urlpatterns = [
    path("", files.FileList.as_view(), name="files"),
    path("make/", orders.MakeMany.as_view(), name="make_many"),
    path("make/<int:pk>/", orders.MakeFile.as_view(), name="make"),
    path("verify/", verify.VerifyPage.as_view(), name="verify"),
    path("mine/", mine.MinePage.as_view(), name="mine"),
    path("mine/correct/", mine.AskCorrection.as_view(), name="ask_correction"),
    path("mine/missing/", mine.ReportMissing.as_view(), name="report_missing"),
    path("check/", check.OwnChecks.as_view(), name="checks"),
    path("check/<int:pk>/", check.CheckOverview.as_view(), name="check"),
    path("check/<int:pk>/<str:key>/", check.CheckPartPage.as_view(), name="check_part"),
    path("campaigns/", campaigns.CampaignList.as_view(), name="campaigns"),
    path("campaigns/new/", campaigns.NewCampaign.as_view(), name="campaign_new"),
    path("campaigns/<int:pk>/", campaigns.CampaignPage.as_view(), name="campaign"),
    path("campaigns/<int:pk>/extend/", campaigns.ExtendCampaign.as_view(), name="campaign_extend"),
    path("campaigns/<int:pk>/close/", campaigns.CloseCampaign.as_view(), name="campaign_close"),
    path("campaigns/<int:pk>/remind/", campaigns.RemindBehind.as_view(), name="campaign_remind"),
    path("campaigns/<int:pk>/add/", campaigns.AddNewcomers.as_view(), name="campaign_add"),
    path("windows/", windows.WindowList.as_view(), name="windows"),
    path("windows/new/", windows.NewWindow.as_view(), name="window_new"),
    path("windows/<int:pk>/end/", windows.EndWindow.as_view(), name="window_end"),
    path("readings/", corrections.ReadingList.as_view(), name="readings"),
    path("corrections/", corrections.CorrectionList.as_view(), name="corrections"),
    path("corrections/<uuid:uid>/", corrections.CorrectionPage.as_view(), name="correction"),
    path("corrections/<uuid:uid>/withdraw/", mine.WithdrawCorrection.as_view(), name="withdraw"),
    path("corrections/<uuid:uid>/proof/", mine.ProofFile.as_view(), name="proof"),
    path("approval/<int:pk>.pdf", approval.ApprovalForm.as_view(), {"kind": "pdf"}, name="approval_pdf"),
    path("approval/<int:pk>.docx", approval.ApprovalForm.as_view(), {"kind": "docx"}, name="approval_docx"),
    path("<int:pk>/compare/", files.ComparePage.as_view(), name="compare"),
    path("<int:pk>/", files.FilePage.as_view(), name="file"),
    path("<int:pk>/pages/<int:number>.png", files.PageImage.as_view(), name="page"),
    path("<int:pk>/download/", files.Download.as_view(), name="download"),
]
