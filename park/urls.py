from django.urls import URLPattern

app_name = "park"
urlpatterns: list[URLPattern] = []
