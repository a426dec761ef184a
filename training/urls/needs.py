from django.urls import path

from training.views import needs

urlpatterns = [
    path("needs/", needs.NeedsBoard.as_view(), name="needs"),
    path("needs/<int:pk>/", needs.NeedPage.as_view(), name="need"),
    path("needs/<int:pk>/close/", needs.CloseNeed.as_view(), name="need_close"),
    path("needs/<int:pk>/edit/", needs.EditNeed.as_view(), name="need_edit"),
    path("needs/effects/", needs.EffectListPage.as_view(), name="need_effects"),
    path("needs/effects/<int:pk>/", needs.EffectPage.as_view(), name="need_effect"),
    path("needs/list/", needs.NeedListPage.as_view(), name="need_list"),
    path("needs/new/", needs.NewNeed.as_view(), name="need_new"),
    path("needs/programme/", needs.FoundProgramme.as_view(), name="need_programme"),
    path("needs/reasons/", needs.ReasonsPage.as_view(), name="need_reasons"),
    path("needs/weights/", needs.WeightsPage.as_view(), name="need_weights"),
    path("needs/weights/<slug:kind>/new/", needs.NewWeight.as_view(), name="need_weight_new"),
    path("needs/wish/", needs.NewWish.as_view(), name="need_wish"),
]
