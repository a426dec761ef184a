from django.urls import path

from training.views import articles

urlpatterns = [
    path("articles/", articles.ArticleListPage.as_view(), name="articles"),
    path("articles/new/", articles.NewArticle.as_view(), name="article_new"),
    path("articles/<int:pk>/", articles.ArticlePage.as_view(), name="article"),
    path("articles/<int:pk>/confirm/", articles.ConfirmReading.as_view(), name="article_confirm"),
    path("articles/<int:pk>/edit/", articles.EditArticle.as_view(), name="article_edit"),
    path("articles/<int:pk>/file/", articles.ArticleFile.as_view(), name="article_file"),
    path("articles/<int:pk>/readers/", articles.ReadersPage.as_view(), name="article_readers"),
    path(
        "articles/<int:pk>/readers/<int:row>/cancel/",
        articles.CancelReading.as_view(),
        name="reading_cancel",
    ),
    path("articles/<int:pk>/remind/", articles.RemindUnread.as_view(), name="article_remind"),
    path("articles/<int:pk>/restore/", articles.RestoreArticle.as_view(), name="article_restore"),
    path("articles/<int:pk>/withdraw/", articles.WithdrawArticle.as_view(), name="article_withdraw"),
]
