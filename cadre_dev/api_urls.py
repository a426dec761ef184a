"""The routing table of /api/v1/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from core.api.docs import DocsPage, SchemaView
from core.api.jobs import JobViewSet
from core.api.notifications import NotificationViewSet
from core.api.saved_views import SavedViewViewSet
from core.api.search import SearchView
from growth import api as growth
from park import api as park
from people import api as people
from rotation import api as rotation
from training import api as training
from wellbeing import api as wellbeing

router = SimpleRouter()
router.register("cadres", people.CadreViewSet, basename="api-cadres")
router.register("units", people.UnitViewSet, basename="api-units")
router.register("posts", people.PostViewSet, basename="api-posts")
router.register("appointments", people.AppointmentViewSet, basename="api-appointments")
router.register("kin-ties", people.KinTieViewSet, basename="api-kin-ties")
router.register("jobs", JobViewSet, basename="api-jobs")
router.register("saved-views", SavedViewViewSet, basename="api-saved-views")
router.register("notifications", NotificationViewSet, basename="api-notifications")
for app in (growth, training, park, wellbeing, rotation):
    for prefix, viewset, basename in app.ROUTES:
        router.register(prefix, viewset, basename=basename)

urlpatterns = [
    path("", include(router.urls)),
    path("search/", SearchView.as_view(), name="api-search"),
    path("statistics/", people.StatisticsView.as_view(), name="api-statistics"),
    path("auth/login/", people.Login.as_view(), name="api-login"),
    path("auth/logout/", people.Logout.as_view(), name="api-logout"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", DocsPage.as_view(), name="api-docs"),
]
