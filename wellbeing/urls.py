from django.urls import path

from wellbeing.views import (
    duties,
    emergencies,
    findings,
    followups,
    inspections,
    own,
    privacy,
    records,
    talks,
)

app_name = "wellbeing"
TALKS = [
    path("talks/records/", talks.TalkList.as_view(), name="talks"),
    path("talks/new/", talks.PlanTalk.as_view(), name="talk_new"),
    path("talks/<int:pk>/", talks.TalkPage.as_view(), name="talk"),
    path("talks/<int:pk>/cancel/", talks.CancelTalk.as_view(), name="talk_cancel"),
    path("talks/<int:pk>/superior/", talks.ChangeSuperior.as_view(), name="talk_superior"),
    path("talks/<int:pk>/record/", records.RecordTalk.as_view(), name="record"),
    path("talks/<int:pk>/record/seers/", records.WhoSees.as_view(), name="who_sees"),
    path("talks/<int:pk>/release/", records.ReleaseSummary.as_view(), name="talk_release"),
    path("talks/<int:pk>/sign/", records.SignTalk.as_view(), name="talk_sign"),
    path("talks/<int:pk>/archive/", records.ArchiveTalk.as_view(), name="talk_archive"),
    path("talks/<int:pk>/correct/", records.CorrectTalk.as_view(), name="talk_correct"),
    path("talks/<int:pk>/files/new/", records.AttachFile.as_view(), name="talk_file_new"),
    path("talks/<int:pk>/files/<int:row>/", records.GetFile.as_view(), name="talk_file"),
    path("talks/<int:pk>/files/<int:row>/remove/", records.DropFile.as_view(), name="talk_file_remove"),
    path("talks/<int:pk>/followups/new/", followups.NewFollowUp.as_view(), name="followup_new"),
    path("talks/mine/", own.MyTalks.as_view(), name="my_talks"),
    path("talks/request/", own.RequestTalk.as_view(), name="talk_request"),
    path("talks/slots/", own.SlotList.as_view(), name="slots"),
    path("talks/slots/new/", own.OfferSlot.as_view(), name="slot_new"),
    path("talks/slots/<int:pk>/book/", own.BookSlot.as_view(), name="slot_book"),
    path("talks/slots/<int:pk>/withdraw/", own.WithdrawSlot.as_view(), name="slot_withdraw"),
]
DUTIES = [
    path("talks/", duties.DutyList.as_view(), name="duties"),
    path("talks/duties/mine/", duties.MyDuties.as_view(), name="my_duties"),
    path("talks/open/", duties.MyOpenTalks.as_view(), name="my_open_talks"),
    path("talks/duties/<int:pk>/assign/", duties.AssignDuty.as_view(), name="duty_assign"),
    path("talks/duties/<int:pk>/waive/", duties.WaiveDuty.as_view(), name="duty_waive"),
    path("talks/coverage/", duties.CoveragePage.as_view(), name="coverage"),
    path("talks/rules/", duties.TalkRules.as_view(), name="rules"),
    path("talks/rules/<slug:code>/new/", duties.NewTalkRule.as_view(), name="rule_new"),
]
EMERGENCIES = [
    path("emergency/", emergencies.EmergencyList.as_view(), name="emergencies"),
    path("emergency/new/", emergencies.AskEmergency.as_view(), name="emergency_new"),
    path("emergency/<int:pk>/", emergencies.EmergencyPage.as_view(), name="emergency"),
    path("emergency/<int:pk>/approve/", emergencies.DecideEmergency.as_view(), name="emergency_approve"),
    path(
        "emergency/<int:pk>/refuse/",
        emergencies.DecideEmergency.as_view(approve=False),
        name="emergency_refuse",
    ),
    path("emergency/<int:pk>/stop/", emergencies.StopEmergency.as_view(), name="emergency_stop"),
    path("emergency/<int:pk>/review/", emergencies.ReviewEmergency.as_view(), name="emergency_review"),
    path("emergency/<int:pk>/read/", emergencies.ReadEmergency.as_view(), name="emergency_read"),
]
FOLLOW_UPS = [
    path("talks/followups/", followups.FollowUpList.as_view(), name="followups"),
    path("talks/followups/<int:pk>/", followups.FollowUpPage.as_view(), name="followup"),
    path("talks/followups/<int:pk>/close/", followups.CloseFollowUp.as_view(), name="followup_close"),
    path("talks/followups/<int:pk>/tell/", followups.TellBack.as_view(), name="followup_tell"),
    path("talks/followups/<int:pk>/owner/", followups.HandOver.as_view(), name="followup_owner"),
]
PRIVACY = [
    path("privacy/", privacy.PrivacyPage.as_view(), name="privacy"),
    path("privacy/data/", privacy.OwnData.as_view(), name="own_data"),
    path("privacy/consents/<slug:purpose>/give/", privacy.GiveConsent.as_view(), name="consent_give"),
    path(
        "privacy/consents/<slug:purpose>/withdraw/",
        privacy.WithdrawConsent.as_view(),
        name="consent_withdraw",
    ),
    path("keeping/", privacy.KeepingPage.as_view(), name="keeping"),
    path("keeping/holds/new/", privacy.HoldCadre.as_view(), name="hold_new"),
    path("keeping/holds/<int:pk>/lift/", privacy.LiftHold.as_view(), name="hold_lift"),
    path("keeping/<slug:kind>/new/", privacy.NewRetention.as_view(), name="retention_new"),
]
INSPECTIONS = [
    path("inspections/", inspections.InspectionList.as_view(), name="inspections"),
    path("inspections/pick/", inspections.PickItem.as_view(), name="inspection_pick"),
    path("inspections/new/", inspections.PlanInspection.as_view(), name="inspection_new"),
    path("inspections/<int:pk>/", inspections.InspectionPage.as_view(), name="inspection"),
    path("inspections/<int:pk>/edit/", inspections.ChangeInspection.as_view(), name="inspection_edit"),
    path("inspections/<int:pk>/check/", inspections.CheckInspection.as_view(), name="inspection_check"),
    path("inspections/<int:pk>/cancel/", inspections.CancelInspection.as_view(), name="inspection_cancel"),
    path("inspections/<int:pk>/close/", inspections.CloseInspection.as_view(), name="inspection_close"),
    path("inspections/<int:pk>/findings/new/", inspections.NewFinding.as_view(), name="finding_new"),
    path("findings/", findings.FindingList.as_view(), name="findings"),
    path("findings/<int:pk>/", findings.FindingPage.as_view(), name="finding"),
    path("findings/<int:pk>/order/", findings.OrderRectification.as_view(), name="finding_order"),
    path("findings/<int:pk>/hand-in/", findings.HandIn.as_view(), name="finding_hand_in"),
    path("findings/<int:pk>/review/", findings.ReviewRectification.as_view(), name="finding_review"),
    path("findings/<int:pk>/outcome/", findings.DecideOutcome.as_view(), name="finding_outcome"),
    path("findings/<int:pk>/repeat/", findings.LinkRepeat.as_view(), name="finding_repeat"),
    path("findings/<int:pk>/files/new/", findings.AttachEvidence.as_view(), name="finding_file_new"),
    path("findings/<int:pk>/files/<int:row>/", findings.EvidenceFile.as_view(), name="finding_file"),
]
urlpatterns = [*TALKS, *DUTIES, *EMERGENCIES, *FOLLOW_UPS, *PRIVACY, *INSPECTIONS]
