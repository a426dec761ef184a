from django.urls import path

from rotation.views.proposals import AskForProposals

urlpatterns = [
    path("plans/<int:pk>/propose/", AskForProposals.as_view(), name="propose"),
]
