from rotation.urls import secondments, tenure

app_name = "rotation"
urlpatterns = [
    *secondments.urlpatterns,
    *tenure.urlpatterns,
]
