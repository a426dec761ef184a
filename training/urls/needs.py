from django.urls import path

from training.views.needs import after, board, filed

urlpatterns = [
    path("needs/", board.NeedsBoard.as_view(), name="needs"),
    path("needs/<int:pk>/", filed.NeedPage.as_view(), name="need"),
    path("needs/<int:pk>/close/", filed.CloseNeed.as_view(), name="need_close"),
    path("needs/<int:pk>/edit/", filed.EditNeed.as_view(), name="need_edit"),
    path("needs/effects/", after.EffectListPage.as_view(), name="need_effects"),
    path("needs/effects/<int:pk>/", after.EffectPage.as_view(), name="need_effect"),
    path("needs/list/", filed.NeedListPage.as_view(), name="need_list"),
    path("needs/new/", filed.NewNeed.as_view(), name="need_new"),
    path("needs/programme/", board.FoundProgramme.as_view(), name="need_programme"),
    path("needs/reasons/", board.ReasonsPage.as_view(), name="need_reasons"),
    path("needs/weights/", after.WeightsPage.as_view(), name="need_weights"),
    path("needs/weights/<slug:kind>/new/", after.NewWeight.as_view(), name="need_weight_new"),
    path("needs/wish/", filed.NewWish.as_view(), name="need_wish"),
]
