"""Pages of the personnel register, under the names that other apps link to."""

from django.urls import path

from people.views import accounts, audit, cadre, edits, roster, units

app_name = "people"
urlpatterns = [
    path("search/", roster.SearchPage.as_view(), name="search"),
    path("cadres/", roster.RosterPage.as_view(), name="cadres"),
    path("cadres/incomplete/", roster.IncompletePage.as_view(), name="cadres_incomplete"),
    path("cadres/new/", edits.NewCadre.as_view(), name="cadre_new"),
    path("cadres/<int:pk>/", cadre.CadrePage.as_view(), name="cadre"),
    path("cadres/<int:pk>/next/", cadre.NeighbourView.as_view(step=1), name="cadre_next"),
    path("cadres/<int:pk>/previous/", cadre.NeighbourView.as_view(step=-1), name="cadre_previous"),
    path("cadres/<int:pk>/timeline/", cadre.TimelinePart.as_view(), name="timeline"),
    path("cadres/<int:pk>/photo/", cadre.PhotoView.as_view(), name="photo"),
    path("cadres/<int:pk>/reveal/<slug:field>/", cadre.RevealField.as_view(), name="reveal"),
    path("cadres/<int:pk>/edit/", edits.EditCadre.as_view(), name="cadre_edit"),
    path("cadres/<int:pk>/photo/edit/", edits.EditPhoto.as_view(), name="photo_edit"),
    path("cadres/<int:pk>/resume/", edits.EditResume.as_view(), name="resume_edit"),
    path("cadres/<int:pk>/posts/new/", edits.AddAppointment.as_view(), name="appointment_add"),
    path("cadres/<int:pk>/posts/<int:row>/", edits.EditAppointment.as_view(), name="appointment_edit"),
    path("cadres/<int:pk>/<slug:kind>/new/", edits.AddRecord.as_view(), name="record_add"),
    path("cadres/<int:pk>/<slug:kind>/<int:row>/", edits.EditRecord.as_view(), name="record_edit"),
    path("cadres/<int:pk>/<slug:kind>/<int:row>/remove/", edits.RemoveRecord.as_view(), name="record_remove"),
    path("units/", units.UnitList.as_view(), name="units"),
    path("units/new/", units.NewUnit.as_view(), name="unit_new"),
    path("units/<int:pk>/", units.UnitPage.as_view(), name="unit"),
    path("units/<int:pk>/edit/", units.EditUnit.as_view(), name="unit_edit"),
    path("units/<int:pk>/close/", units.CloseUnit.as_view(), name="unit_close"),
    path("units/<int:pk>/posts/new/", units.NewPost.as_view(), name="post_new"),
    path("units/<int:pk>/posts/<int:post>/", units.EditPost.as_view(), name="post_edit"),
    path("accounts/", accounts.AccountList.as_view(), name="accounts"),
    path("accounts/new/", accounts.NewAccount.as_view(), name="account_new"),
    path("accounts/<int:pk>/", accounts.AccountPage.as_view(), name="account"),
    path("accounts/<int:pk>/reset/", accounts.ResetPassword.as_view(), name="account_reset"),
    path("accounts/<int:pk>/switch/", accounts.SwitchAccount.as_view(), name="account_switch"),
    path("accounts/<int:pk>/grants/new/", accounts.GrantRole.as_view(), name="grant_new"),
    path("accounts/<int:pk>/grants/<int:grant>/", accounts.RevokeGrant.as_view(), name="grant_revoke"),
    path("audit/", audit.AuditList.as_view(), name="audit"),
    path("audit/verify/", audit.VerifyAudit.as_view(), name="audit_verify"),
    path("audit/<int:pk>/", audit.AuditPage.as_view(), name="audit_event"),
]
