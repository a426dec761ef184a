from rotation.urls import tenure

app_name = "rotation"
urlpatterns = [
    *tenure.urlpatterns,
]
