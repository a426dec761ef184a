from django.urls import path

from growth.views import approval, corrections, files, mine, orders, verify

app_name = "growth"
urlpatterns = [
    path("", files.FileList.as_view(), name="files"),
    path("make/", orders.MakeMany.as_view(), name="make_many"),
    path("make/<int:pk>/", orders.MakeFile.as_view(), name="make"),
    path("verify/", verify.VerifyPage.as_view(), name="verify"),
    path("mine/", mine.MinePage.as_view(), name="mine"),
    path("mine/correct/", mine.AskCorrection.as_view(), name="ask_correction"),
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
