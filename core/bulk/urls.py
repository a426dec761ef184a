"""The pages of bulk changes."""

from django.urls import path

from core.bulk import views

urlpatterns = [
    path("", views.BulkList.as_view(), name="bulks"),
    path("new/", views.NewBulk.as_view(), name="bulk-new"),
    path("<uuid:uid>/", views.BulkPage.as_view(), name="bulk"),
    path("<uuid:uid>/apply/", views.ApplyBulk.as_view(), name="bulk-apply"),
    path("<uuid:uid>/undo/", views.UndoBulk.as_view(), name="bulk-undo"),
]
