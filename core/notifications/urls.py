from django.urls import path

from core.notifications import views

urlpatterns = [
    path("", views.NotificationList.as_view(), name="notifications"),
    path("read/", views.MarkRead.as_view(), name="notifications-read"),
    path("settings/", views.Settings.as_view(), name="notification-settings"),
    path("channels/", views.ChannelsPage.as_view(), name="channels"),
    path("channels/<slug:kind>/", views.EditChannel.as_view(), name="channel"),
    path("channels/<slug:kind>/test/", views.TestChannel.as_view(), name="channel-test"),
    path("<int:pk>/", views.OpenNotification.as_view(), name="notification"),
]
