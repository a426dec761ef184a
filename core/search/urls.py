"""The pages of the global search."""

from django.urls import path

from core.search import views

urlpatterns = [
    path("", views.SearchPage.as_view(), name="search"),
    path("suggest/", views.SuggestPart.as_view(), name="search-suggest"),
]
