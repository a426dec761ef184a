from django.urls import path

from rotation.views.tenure import forecast, lists, move_rules, posts, rules

urlpatterns = [
    path("tenure/", lists.TenureListPage.as_view(), name="tenure"),
    path("tenure/cadres/<int:pk>/extend/", rules.NewExtension.as_view(), name="tenure_extend"),
    path("tenure/checks/", move_rules.MoveRulesPage.as_view(), name="move_rules"),
    path("tenure/checks/new/", move_rules.NewMoveRule.as_view(), name="move_rule_new"),
    path("tenure/extensions/", lists.ExtensionListPage.as_view(), name="tenure_extensions"),
    path("tenure/extensions/<int:pk>/", rules.ExtensionPage.as_view(), name="tenure_extension"),
    path(
        "tenure/extensions/<int:pk>/withdraw/",
        rules.WithdrawExtension.as_view(),
        name="tenure_extension_withdraw",
    ),
    path("tenure/forecast/", forecast.ForecastPage.as_view(), name="forecast"),
    path("tenure/late/", lists.LateTenures.as_view(), name="tenure_late"),
    path("tenure/posts/", lists.PostListPage.as_view(), name="posts"),
    path("tenure/posts/<int:pk>/", posts.PostPage.as_view(), name="post"),
    path("tenure/posts/<int:pk>/requirements/new/", posts.NewRequirement.as_view(), name="requirement_new"),
    path("tenure/posts/<int:pk>/successors/new/", posts.NewSuccessor.as_view(), name="successor_new"),
    path("tenure/requirements/<int:pk>/", posts.EditRequirement.as_view(), name="requirement_edit"),
    path(
        "tenure/requirements/<int:pk>/remove/", posts.RemoveRequirement.as_view(), name="requirement_remove"
    ),
    path("tenure/rules/", rules.TenureRulesPage.as_view(), name="tenure_rules"),
    path("tenure/rules/new/", rules.NewTenureRule.as_view(), name="tenure_rule_new"),
    path("tenure/staffing/", lists.StaffingPage.as_view(), name="staffing"),
    path("tenure/staffing/<int:pk>/", posts.SetStaffing.as_view(), name="staffing_set"),
    path("tenure/successors/<int:pk>/", posts.EditSuccessor.as_view(), name="successor_edit"),
    path("tenure/successors/<int:pk>/end/", posts.EndSuccessor.as_view(), name="successor_end"),
]
