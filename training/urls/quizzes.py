from django.urls import path

from training.views import quizzes

urlpatterns = [
    path("questions/", quizzes.QuestionListPage.as_view(), name="questions"),
    path("questions/new/", quizzes.NewQuestion.as_view(), name="question_new"),
    path("questions/<int:pk>/edit/", quizzes.EditQuestion.as_view(), name="question_edit"),
    path("questions/<int:pk>/retire/", quizzes.RetireQuestion.as_view(), name="question_retire"),
    path("quizzes/", quizzes.QuizListPage.as_view(), name="quizzes"),
    path("quizzes/new/", quizzes.NewQuiz.as_view(), name="quiz_new"),
    path("quizzes/<int:pk>/", quizzes.QuizPage.as_view(), name="quiz"),
    path("quizzes/<int:pk>/close/", quizzes.CloseQuiz.as_view(), name="quiz_close"),
    path("quizzes/<int:pk>/edit/", quizzes.EditQuiz.as_view(), name="quiz_edit"),
    path("quizzes/<int:pk>/mine/", quizzes.MyAnswers.as_view(), name="quiz_mine"),
    path("quizzes/<int:pk>/remind/", quizzes.RemindTakers.as_view(), name="quiz_remind"),
    path("quizzes/<int:pk>/take/", quizzes.TakeQuiz.as_view(), name="quiz_take"),
]
