from django.urls import include, path

from training.urls import articles, classes, contests, evaluations, hours, needs, quizzes
from training.views import ledger, rules

app_name = "training"
urlpatterns = [
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
    *classes.urlpatterns,
    *contests.urlpatterns,
    *evaluations.urlpatterns,
    *hours.urlpatterns,
    *needs.urlpatterns,
    *quizzes.urlpatterns,
]
