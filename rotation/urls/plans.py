from django.urls import path

from rotation.views.plans import acts, lists, page, variants

urlpatterns = [
    path("plans/", lists.PlanList.as_view(), name="plans"),
    path("plans/new/", lists.NewPlan.as_view(), name="plan_new"),
    path("plans/options/cadres/", lists.CadreOptions.as_view(), name="plan_cadre_options"),
    path("plans/options/posts/", lists.PostOptions.as_view(), name="plan_post_options"),
    path("plans/members/<int:pk>/remove/", acts.RemoveMember.as_view(), name="plan_member_remove"),
    path("plans/moves/<int:pk>/", variants.EditMove.as_view(), name="move_edit"),
    path("plans/variants/<int:pk>/", variants.VariantPage.as_view(), name="variant"),
    path("plans/variants/<int:pk>/choose/", variants.Choose.as_view(), name="variant_choose"),
    path("plans/variants/<int:pk>/copy/", variants.Copy.as_view(), name="variant_copy"),
    path("plans/variants/<int:pk>/drop/", variants.Drop.as_view(), name="variant_drop"),
    path("plans/variants/<int:pk>/edit/", variants.EditVariant.as_view(), name="variant_edit"),
    path("plans/variants/<int:pk>/moves/new/", variants.NewMove.as_view(), name="move_new"),
    path("plans/variants/<int:pk>/moves/<int:move>/out/", variants.TakeOut.as_view(), name="move_out"),
    path("plans/variants/<int:pk>/plan.xlsx", variants.Workbook.as_view(), name="variant_xlsx"),
    path("plans/variants/<int:pk>/remove/", variants.RemoveVariant.as_view(), name="variant_remove"),
    path("plans/variants/<int:pk>/undo/", variants.Undo.as_view(), name="variant_undo"),
    path("plans/variants/<int:pk>/waive/", variants.Waive.as_view(), name="variant_waive"),
    path("plans/<int:pk>/", page.PlanPage.as_view(), name="plan"),
    path("plans/<int:pk>/compare/", page.ComparePage.as_view(), name="plan_compare"),
    path("plans/<int:pk>/edit/", lists.EditPlan.as_view(), name="plan_edit"),
    path("plans/<int:pk>/members/new/", acts.NewMember.as_view(), name="plan_member_new"),
    path("plans/<int:pk>/opinion/", acts.GiveOpinion.as_view(), name="plan_opinion"),
    path("plans/<int:pk>/steps/<slug:action>/", acts.TakeStep.as_view(), name="plan_step"),
    path("plans/<int:pk>/variants/new/", variants.NewVariant.as_view(), name="variant_new"),
]
