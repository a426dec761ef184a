from django.urls import path

from training.views import evaluations

urlpatterns = [
    path("classes/<int:pk>/evaluation/", evaluations.OpenEvaluation.as_view(), name="evaluation_open"),
    path("evaluations/", evaluations.EvaluationListPage.as_view(), name="evaluations"),
    path("evaluations/<int:pk>/", evaluations.EvaluationPage.as_view(), name="evaluation"),
    path("evaluations/<int:pk>/answer/", evaluations.AnswerEvaluation.as_view(), name="evaluation_answer"),
    path("evaluations/<int:pk>/close/", evaluations.CloseEvaluation.as_view(), name="evaluation_close"),
    path("evaluations/<int:pk>/remind/", evaluations.RemindAttendees.as_view(), name="evaluation_remind"),
    path("evaluations/lecturers/", evaluations.LecturersPage.as_view(), name="lecturers"),
    path("evaluations/new/", evaluations.NewEvaluation.as_view(), name="evaluation_new"),
    path("evaluations/templates/", evaluations.TemplateListPage.as_view(), name="evaluation_templates"),
    path("evaluations/templates/new/", evaluations.NewTemplate.as_view(), name="evaluation_template_new"),
    path("evaluations/templates/<int:pk>/", evaluations.TemplatePage.as_view(), name="evaluation_template"),
    path(
        "evaluations/templates/<int:pk>/switch/",
        evaluations.SwitchTemplate.as_view(),
        name="evaluation_template_switch",
    ),
]
