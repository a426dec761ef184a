from django.urls import include, path

from training.urls import articles, contests, evaluations, hours, needs, quizzes
from training.views import classes, ledger, participants, rules

app_name = "training"
urlpatterns = [
    path("classes/", classes.ClassListPage.as_view(), name="classes"),
    path("classes/new/", classes.NewClass.as_view(), name="class_new"),
    path("classes/<int:pk>/", classes.ClassPage.as_view(), name="class"),
    path("classes/<int:pk>/edit/", classes.EditClass.as_view(), name="class_edit"),
    path("classes/<int:pk>/delete/", classes.DeleteClass.as_view(), name="class_delete"),
    path("classes/<int:pk>/people/", participants.AddPeople.as_view(), name="people_add"),
    path(
        "classes/<int:pk>/people/<int:row>/",
        participants.EditParticipation.as_view(),
        name="participation_edit",
    ),
    path(
        "classes/<int:pk>/people/<int:row>/remove/",
        participants.RemoveParticipation.as_view(),
        name="participation_remove",
    ),
    path("hours/", ledger.LedgerPage.as_view(), name="ledger"),
    path("hours/behind/", ledger.LedgerBehind.as_view(), name="ledger_behind"),
    path("hours/units/", ledger.LedgerByUnit.as_view(), name="ledger_units"),
    path("hours/mine/", ledger.MyHoursPage.as_view(), name="my_hours"),
    path("hours/<int:pk>/", ledger.StatementPage.as_view(), name="statement"),
    path("rules/", rules.RulesPage.as_view(), name="rules"),
    path("rules/<slug:regime>/new/", rules.NewRuleVersion.as_view(), name="rule_new"),
    path("", include("training.urls.study")),
    path("", include("training.urls.meetings")),
    *articles.urlpatterns,
    *contests.urlpatterns,
    *evaluations.urlpatterns,
    *hours.urlpatterns,
    *needs.urlpatterns,
    *quizzes.urlpatterns,
]
