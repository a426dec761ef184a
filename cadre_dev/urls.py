"""The routing table of the pages; /api/v1 has its own in api_urls.py."""

from django.urls import include, path

from cadre_dev.health import healthz
from cadre_dev.help.views import HelpPage, HelpPicture
from core.web import install
from core.web.phone import PhoneMenuPage
from people.login import LoginView, LogoutView, PasswordChangeView, StillHere
from people.views.home import HomePage, HomePart

urlpatterns = [
    path("", HomePage.as_view(), name="home"),
    path("home/<str:key>/", HomePart.as_view(), name="home_part"),
    path("menu/<slug:key>/", PhoneMenuPage.as_view(), name="phone_menu"),
    path("manifest.webmanifest", install.manifest, name="manifest"),
    path("sw.js", install.service_worker, name="service_worker"),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("still-here/", StillHere.as_view(), name="still_here"),
    path("password/", PasswordChangeView.as_view(), name="password_change"),
    path("healthz", healthz, name="healthz"),
    path("", include("people.urls")),
    path("training/", include("training.urls")),
    path("growth/", include("growth.urls")),
    path("park/", include("park.urls")),
    path("wellbeing/", include("wellbeing.urls")),
    path("rotation/", include("rotation.urls")),
    path("help/", HelpPage.as_view(), name="help"),
    path("help/pictures/<str:name>", HelpPicture.as_view(), name="help_picture"),
    path("help/<str:slug>/", HelpPage.as_view(), name="help_part"),
    path("search/", include("core.search.urls")),
    path("views/", include("core.savedviews.urls")),
    path("bulk/", include("core.bulk.urls")),
    path("notifications/", include("core.notifications.urls")),
    path("jobs/", include("core.jobs.urls")),
    path("api/v1/", include("cadre_dev.api_urls")),
]

handler400 = "core.api.fallback.bad_request"
handler403 = "core.api.fallback.forbidden"
handler404 = "core.api.fallback.not_found"
handler500 = "core.api.fallback.server_error"
