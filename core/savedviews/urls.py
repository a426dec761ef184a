"""The pages of saved views."""

from django.urls import path

from core.savedviews import views

urlpatterns = [
    path("new/", views.NewView.as_view(), name="view-new"),
    path("<int:pk>/edit/", views.EditView.as_view(), name="view-edit"),
    path("<int:pk>/delete/", views.DeleteView.as_view(), name="view-delete"),
    path("<int:pk>/first/", views.SetFirst.as_view(), name="view-first"),
]
